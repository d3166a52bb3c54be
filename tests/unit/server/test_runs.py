"""Plans and briefs over the network, and a server that stops and starts again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from framewright.domain.run import RunState
from framewright.errors import BusyError, InputError
from framewright.server.serving import Address
from served import Far, served, told

if TYPE_CHECKING:
    from pathlib import Path


def plan(*steps: dict[str, Any]) -> dict[str, Any]:
    known = {"title": "", "kind": "text", "model": "fake/text", "inputs": {"prompt": "x"}}
    return {"title": "T", "steps": [{**known, **step} for step in steps]}


def test_a_run_that_waits_for_a_person_goes_on_with_their_word(tmp_path: Path) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            body = {"plan": plan({"id": "a"}, {"id": "b", "approval": True, "depends_on": ["a"]})}
            run = (await server.client.post("/v1/runs", json=body)).json()["id"]
            path = f"/v1/runs/{run}"
            async with server.client.stream("GET", f"{path}/events") as stream:
                async for name, _, data in told(stream):
                    if name == "run-ended":
                        assert data["body"]["state"] == "waiting"
                        answer = await server.client.post(f"{path}/approve")
                        assert answer.status_code == 200
                        break
            view = await server.ended(run)
            assert (view["state"], [each["state"] for each in view["steps"]]) == (
                "succeeded",
                ["succeeded", "succeeded"],
            )
            shown = (await server.client.get(f"{path}/plan")).json()
            assert [step["id"] for step in shown["steps"]] == ["a", "b"]

    asyncio.run(work())


def test_a_run_is_stopped_and_gone_on_with(tmp_path: Path) -> None:
    async def work() -> None:
        far = Far()
        async with served(tmp_path, {"far": far}) as server:
            body = {"plan": plan({"id": "a", "model": "far/text"})}
            run = (await server.client.post("/v1/runs", json=body)).json()["id"]
            stopped = await server.client.post(f"/v1/runs/{run}/cancel")
            assert stopped.json()["state"] in {"cancelled", "succeeded"}
            again = await server.client.post(f"/v1/runs/{run}/resume")
            assert again.status_code == 202
            assert (await server.ended(run))["state"] == "succeeded"

    asyncio.run(work())


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"brief": "a kite", "plan": plan({"id": "a"})},
        {"brief": ""},
        {"brief": 7},
        {"plan": {"title": "T", "steps": [], "more": 1}},
        {"plan": plan({"id": "A B"})},
        {"brief": "x", "budget": -1},
        {"brief": "x", "budget": "1e400"},
        {"brief": "x", "priority": "highest"},
        {"brief": "x", "uploads": ["none"] * 1_001},
        [],
        "brief",
    ],
)
def test_what_is_no_run_is_refused_and_leaves_nothing(tmp_path: Path, body: Any) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            answer = await server.client.post("/v1/runs", json=body)
            assert answer.status_code == 422, answer.text
            assert set(answer.json()["error"]) == {"code", "message", "action"}
            assert (await server.studio.runs()) == ()

    asyncio.run(work())


def test_a_stop_leaves_work_at_its_provider_and_a_start_takes_it_up(tmp_path: Path) -> None:
    async def work() -> None:
        far = Far()
        async with served(tmp_path, {"far": far}) as server:
            job = (await server.call(model="far/text")).json()
            async with server.client.stream("GET", "/v1/events") as stream:
                names = []
                async for name, _, _ in told(stream):
                    names.append(name)
                    if name == "step-progressed" and not server.stopping.is_set():
                        server.stopping.set()
                assert names[-1] == "stopping"
            await server.serving
            (left,) = await server.studio.runs()
            assert (left.state, left.interrupted) == (RunState.RUNNING, True)
            assert not far.cancelled
        assert len(far.requests) == 1
        async with served(tmp_path, {"far": far}) as server:
            far.gate.set()
            assert (await server.ended(job["run"]))["state"] == "succeeded"
            same = (await server.client.get(f"/v1/jobs/{job['id']}")).json()
            assert same["state"] == "succeeded"
        # It was paid for once.
        assert len(far.requests) == 1
        assert not far.cancelled

    asyncio.run(work())


def test_what_was_to_be_stopped_when_the_server_stopped_is_not_taken_up(tmp_path: Path) -> None:
    async def work() -> None:
        far = Far()
        async with served(tmp_path, {"far": far}) as server:
            job = (await server.call(model="far/text")).json()
            await server.studio.leave()
            asked = "UPDATE run SET cancel_requested = TRUE"
            await server.studio._database.write(lambda at: at.execute(asked, ()))
        async with served(tmp_path, {"far": far}) as server:
            assert (await server.ended(job["run"]))["state"] == "cancelled"

    asyncio.run(work())


def test_a_run_of_the_command_line_is_not_taken_up(tmp_path: Path) -> None:
    async def work() -> None:
        far = Far()
        async with served(tmp_path, {"far": far}) as server:
            from framewright import Plan

            await server.studio.start(Plan.model_validate(plan({"id": "a", "model": "far/text"})))
            await server.studio.leave()
        async with served(tmp_path, {"far": far}) as server:
            assert await server.studio.take_up_left() == ()

    asyncio.run(work())


def test_a_workspace_is_served_once(tmp_path: Path) -> None:
    async def work() -> None:
        async with served(tmp_path):
            with pytest.raises(BusyError, match="served already"):
                async with served(tmp_path):
                    pass
        async with served(tmp_path):
            pass

    asyncio.run(work())


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (Address("0.0.0.0", 0), "no API key"),
        (Address("::", 0), "no API key"),
        (Address("127.0.0.1", 0, "ftp://x"), "public URL"),
        (Address("127.0.0.1", 0, "https://a:b@x"), "public URL"),
    ],
)
def test_an_address_that_may_not_be_used(tmp_path: Path, address: Address, words: str) -> None:
    async def work() -> None:
        with pytest.raises(InputError, match=words):
            async with served(tmp_path, address=address):
                pass

    asyncio.run(work())


def test_a_port_that_is_taken_is_said_to_be(tmp_path: Path) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            port = int(server.url.rpartition(":")[2])
            (tmp_path / "b").mkdir()
            with pytest.raises(InputError, match=f":{port} can not be had"):
                async with served(tmp_path / "b", address=Address(port=port)):
                    pass

    asyncio.run(work())
