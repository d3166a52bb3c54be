"""`framewright serve` as a real process: journeys of a program, with kills and other processes."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from command import COMMAND, run
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path


class Server:
    """A server process and a client of it."""

    def __init__(self, process: subprocess.Popen[bytes], told: dict[str, Any]) -> None:
        self.process = process
        self.told = told["data"]
        self.client = httpx.Client(base_url=self.told["url"], timeout=60, trust_env=False)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(60)

    def events(self, path: str, after: int = 0) -> Iterator[tuple[str, int, dict[str, Any]]]:
        """The events of a stream up to its end."""
        headers = {"Last-Event-ID": str(after)} if after else {}
        with self.client.stream("GET", path, headers=headers, timeout=90) as stream:
            assert stream.status_code == 200
            name, number = "", 0
            for line in stream.iter_lines():
                key, _, value = line.partition(": ")
                if key == "event":
                    name = value
                elif key == "id":
                    number = int(value)
                elif key == "data" and name != "end":
                    yield name, number, json.loads(value)

    def ended(self, run_id: str) -> dict[str, Any]:
        for _ in self.events(f"/v1/runs/{run_id}/events"):
            pass
        return self.client.get(f"/v1/runs/{run_id}").json()


@contextmanager
def serving(workspace: Path, *words: str) -> Generator[Server]:
    """Serve a workspace; whatever the test does, nothing of it is left behind."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--workspace", str(workspace), "--port", "0", "--json", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    said = b""
    while not said.endswith(b"\n}\n"):
        line = process.stdout.readline()
        if not line:
            raise AssertionError((said + process.stderr.read()).decode())
        said += line
    server = Server(process, json.loads(said))
    try:
        yield server
    finally:
        server.client.close()
        if process.poll() is None:
            process.kill()
            process.wait(60)
        process.stdout.close()
        errors = process.stderr.read().decode()
        process.stderr.close()
    assert "Traceback" not in errors, errors


def nothing_left(process: subprocess.Popen[bytes]) -> bool:
    """Whether no process of its session lives."""
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "ws"
    assert run("init", folder, cwd=tmp_path).code == 0
    return folder


def picture(size: int = 640) -> bytes:
    held = io.BytesIO()
    Image.effect_noise((size, size), 60).save(held, "PNG")
    return held.getvalue()


def resized(upload: str, width: int) -> dict[str, Any]:
    return {"model": "local/resize-image", "inputs": {"image": f"$upload.{upload}", "width": width}}


def test_a_program_gives_a_file_has_it_changed_and_fetches_it(workspace: Path) -> None:
    with serving(workspace) as server:
        assert not server.told["needs_keys"]
        assert server.client.get("/docs").status_code == 200
        sent = server.client.post("/v1/uploads", files={"file": ("noise.png", picture())})
        assert (sent.status_code, sent.json()["info"]["width"]) == (201, 640)
        body = resized(sent.json()["id"], 128)
        job = server.client.post("/v1/jobs", json=body, headers={"Idempotency-Key": "k"})
        assert job.status_code == 202, job.text
        view = server.ended(job.json()["run"])
        assert view["state"] == "succeeded", view
        made = server.client.get(f"/v1/jobs/{job.json()['id']}/outputs/0")
        assert Image.open(io.BytesIO(made.content)).width == 128
        # A brief about the file, too.
        brief = {"brief": "animate it into a 2 second clip", "uploads": [sent.json()["id"]]}
        asked = server.client.post("/v1/runs", json=brief)
        assert asked.status_code == 202, asked.text
        assert [step["model"] for step in asked.json()["steps"]] == ["local/previz-camera"]
        server.client.post(f"/v1/runs/{asked.json()['id']}/cancel")
        assert server.ended(asked.json()["id"])["state"] in {"cancelled", "succeeded"}
        assert server.stop() == 0
        assert nothing_left(server.process)


def test_a_server_that_is_killed_goes_on_with_the_same_work(workspace: Path) -> None:
    with serving(workspace) as server:
        sent = server.client.post("/v1/uploads", files={"file": ("noise.png", picture())})
        body, key = resized(sent.json()["id"], 64), {"Idempotency-Key": "k"}
        job = server.client.post("/v1/jobs", json=body, headers=key).json()
        assert server.stop(signal.SIGKILL) == -signal.SIGKILL
    with serving(workspace) as server:
        again = server.client.post("/v1/jobs", json=body, headers=key)
        assert again.json()["id"] == job["id"]
        assert again.headers["idempotency-replayed"] == "true"
        whole = [number for _, number, _ in server.events(f"/v1/runs/{job['run']}/events")]
        assert whole == sorted(set(whole))
        assert server.ended(job["run"])["state"] == "succeeded"
        rest = [n for _, n, _ in server.events(f"/v1/runs/{job['run']}/events", whole[2])]
        assert rest == whole[3:]
        assert server.stop(signal.SIGINT) == 0
        assert nothing_left(server.process)


def test_the_command_line_works_beside_a_server(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture(96))
    step = {"id": "a", "title": "", "kind": "utility", **resized("a", 48)}
    (tmp_path / "plan.json").write_text(json.dumps({"title": "T", "steps": [step]}))
    with serving(workspace) as server:
        second = run("serve", "--port", "0", "-w", workspace, "--json", cwd=tmp_path)
        assert (second.code, second.json["error"]["code"]) == (2, "busy")
        sent = server.client.post("/v1/uploads", files={"file": ("a.png", picture(96))})
        assert sent.json()["id"] == "a"
        done = run("run", tmp_path / "plan.json", "-w", workspace, "--json", cwd=tmp_path)
        assert done.code == 0, done.out + done.err
        told = []
        for name, _, data in server.events("/v1/events"):
            told.append(name)
            if name == "run-ended":
                assert data["run"] == done.data["run"]
                break
        assert told[0] == "run-created"
        assert server.stop() == 0


def test_keys_are_made_listed_and_revoked_while_it_runs(workspace: Path, tmp_path: Path) -> None:
    def keys(*words: str) -> Any:
        return run("keys", "api", *words, "-w", workspace, "--json", cwd=tmp_path)

    with serving(workspace) as server:
        assert server.client.get("/v1/runs").status_code == 200
        made = keys("create", "--tenant", "ann", "--rate", "5/minute").data
        assert server.client.get("/v1/runs").status_code == 401
        mine = {"Authorization": f"Bearer {made['secret']}"}
        answers = [server.client.get("/v1/runs", headers=mine) for _ in range(6)]
        assert [each.status_code for each in answers] == [200] * 5 + [429]
        listed = keys("list")
        assert made["secret"] not in listed.out
        assert [each["tenant"] for each in listed.data["keys"]] == ["ann"]
        assert keys("revoke", made["key"]["id"]).code == 0
        assert server.client.get("/v1/runs", headers=mine).status_code == 401
        assert keys("revoke", "none").code == 3
        assert keys("create", "--tenant", "A B").code == 2
        assert server.stop() == 0


def test_an_address_that_others_reach_needs_a_key(workspace: Path, tmp_path: Path) -> None:
    open_to_all = run("serve", "--host", "0.0.0.0", "-w", workspace, "--json", cwd=tmp_path)
    assert open_to_all.code == 2
    assert "keys api create" in open_to_all.json["error"]["action"]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        busy = run("serve", "--port", port, "-w", workspace, "--json", cwd=tmp_path)
        assert (busy.code, busy.json["error"]["code"]) == (2, "input")


def test_without_the_extra_it_says_what_to_install(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as u\n"
        "found = u.find_spec\n"
        "u.find_spec = lambda name, *rest: None if name == 'uvicorn' else found(name, *rest)\n"
    )
    answer = run("serve", "-w", workspace, "--json", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert answer.code == 2
    assert answer.json["error"]["message"] == "A server needs uvicorn, which is not installed."
    assert answer.json["error"]["action"] == "pip install 'framewright[serve]'"
