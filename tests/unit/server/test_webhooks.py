"""Webhooks of providers: heard once, and only where they are proved to be theirs."""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from standardwebhooks import Webhook

from framewright.errors import StorageError
from framewright.protocols import Call, CallRefusedError, FakeProvider, Finished, Heard
from framewright.server.secret_paths import FILE_NAME, SecretPaths
from framewright.server.serving import Address
from framewright_providers.replicate import ReplicateProvider
from served import Far, Served, served

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
PUBLIC = Address("127.0.0.1", 0, "https://films.example")


def replicate() -> ReplicateProvider:
    provider = ReplicateProvider(key="r8_key", url="http://127.0.0.1:1")
    provider._secret = SECRET
    return provider


def signed(body: bytes, name: str = "msg_1", at: datetime | None = None) -> dict[str, str]:
    at = at or datetime.now(UTC)
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(SECRET).sign(name, at, body.decode()),
        "host": "films.example",
    }


def door(server: Served, tmp_path: Path, provider: str = "replicate") -> str:
    return f"/webhooks/{provider}/{SecretPaths.of(tmp_path / 'ws').token(provider)}"


BODY = json.dumps({"id": "p1", "status": "succeeded", "output": ["https://x"]}).encode()


async def inbox(server: Served) -> list[tuple[Any, ...]]:
    asked = "SELECT provider, delivery, remote_id FROM inbox"
    return await server.studio._database.read(lambda at: [tuple(row) for row in at.execute(asked)])


def test_a_signed_call_is_heard_once(tmp_path: Path) -> None:
    async def work() -> None:
        async with served(tmp_path, {"replicate": replicate()}, PUBLIC) as server:
            assert server.begun.calling_back == ("replicate",)
            where, headers = door(server, tmp_path), signed(BODY)
            for _ in range(3):
                answer = await server.client.post(where, content=BODY, headers=headers)
                assert (answer.status_code, answer.content) == (200, b"")
            behind = await server.client.post(f"{where}/job_1", content=BODY, headers=headers)
            assert behind.status_code == 200
            assert await inbox(server) == [("replicate", "msg_1", "p1")]

    asyncio.run(work())


def test_nothing_else_is_heard_and_what_it_held_is_not_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    old = datetime.now(UTC) - timedelta(minutes=10)
    other = BODY.replace(b"p1", b"p2")
    twice = [*signed(BODY).items(), ("webhook-signature", "v1,AAAA")]
    cases: list[tuple[bytes, Any, int]] = [
        (BODY, {"host": "films.example"}, 401),
        (BODY, {**signed(BODY), "webhook-signature": "v1,c2VjcmV0LXBhcnQ="}, 401),
        (other, signed(BODY), 401),
        (BODY, {**signed(BODY), "webhook-id": "msg_2"}, 401),
        (BODY, signed(BODY, at=old), 401),
        (BODY, {**signed(BODY), "webhook-timestamp": "soon"}, 401),
        (b"no json", signed(b"no json"), 401),
        (b"[]", signed(b"[]"), 401),
        (BODY, twice, 401),
        (b"x" * 1_000_001, signed(BODY), 413),
    ]

    async def work() -> None:
        async with served(tmp_path, {"replicate": replicate()}, PUBLIC) as server:
            where = door(server, tmp_path)
            for body, headers, status in cases:
                answer = await server.client.post(where, content=body, headers=headers)
                assert (answer.status_code, answer.content) == (status, b""), (status, headers)
            assert (await server.client.get(where)).status_code == 405
            # Sent in other letters it is the same address.
            sly = where.replace("/webhooks", "/%77ebhooks")
            assert (await server.client.post(sly, content=BODY)).status_code in {400, 401, 404}
            assert await inbox(server) == []

    asyncio.run(work())
    token = SecretPaths.of(tmp_path / "ws").token("replicate")
    refused = [r.getMessage() for r in caplog.records if "was refused" in r.getMessage()]
    assert len(refused) == len(cases) + 1
    for secret in (token, SECRET, "c2VjcmV0LXBhcnQ", "succeeded", "no json", "msg_2"):
        ours = [r.getMessage() for r in caplog.records if r.name.startswith("framewright")]
        assert not any(secret in line for line in ours), secret


@pytest.mark.parametrize("token", ["x", "0" * 64, "{}0", "", "..", "%00", "\xe9"])
def test_another_address_is_none(tmp_path: Path, token: str) -> None:
    async def work() -> None:
        async with served(tmp_path, {"replicate": replicate()}, PUBLIC) as server:
            right = SecretPaths.of(tmp_path / "ws").token("replicate")
            where = f"/webhooks/replicate/{token.replace('{}', right)}"
            answer = await server.client.post(where, content=BODY, headers=signed(BODY))
            assert answer.status_code in {404, 405}
            # One's address is no other's.
            other = f"/webhooks/fal/{right}"
            answer = await server.client.post(other, content=BODY, headers=signed(BODY))
            assert answer.status_code == 404
            absent = door(server, tmp_path, "nobody")
            answer = await server.client.post(absent, content=BODY, headers=signed(BODY))
            assert answer.status_code == 404
            assert await inbox(server) == []

    asyncio.run(work())


def test_the_world_reaches_the_webhooks_and_nothing_more_without_a_key(tmp_path: Path) -> None:
    async def work() -> None:
        async with served(tmp_path, {"replicate": replicate()}, PUBLIC) as server:
            for host in ("films.example", "127.0.0.1"):
                answer = await server.client.get("/v1/runs", headers={"Host": host})
                assert answer.status_code == 401
            assert (await server.client.get("/v1/runs", headers={"Host": "x"})).status_code == 421

    asyncio.run(work())


def test_addresses_stay_over_a_restart_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first = SecretPaths.of(tmp_path)
    path = tmp_path / FILE_NAME
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    assert SecretPaths.of(tmp_path) == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert first.secret.hex() not in repr(first)
    assert first.token("a") != first.token("b")
    assert first.is_right("a", first.token("a"))
    for wrong in ("", first.token("b"), "\ud800", "ä" * 64):
        assert not first.is_right("a", wrong)
    (tmp_path / "other").mkdir()
    assert SecretPaths.of(tmp_path / "other") != first
    for damaged in (b"", b"abc\n", b"\xff" * 64):
        path.write_bytes(damaged)
        with pytest.raises(StorageError):
            SecretPaths.of(tmp_path)


class Calling(Far):
    """A far provider that calls back, and says by which submission it does."""

    address: str = ""

    def call_back(self, url: str) -> None:
        self.address = url

    async def hear(self, call: Call, now_ms: int) -> Heard | None:
        if call.headers.get("x-signed") != "yes":
            raise CallRefusedError("Not signed.")
        name = json.loads(call.body)["remote"]
        return Heard(f"d{name}", name, Finished(), key=call.path or None)


def test_a_job_ends_by_its_webhook_before_anybody_asks(tmp_path: Path) -> None:
    async def work() -> None:
        far = Calling()
        async with served(tmp_path, {"far": far}, PUBLIC) as server:
            _, secret = await server.studio.create_api_key("ann")
            ann = {"Authorization": f"Bearer {secret}"}
            job = (await server.call(model="far/text", headers=ann)).json()
            await asyncio.wait_for(far.asked.wait(), 30)
            # It never says so by itself when it is asked: the gate stays shut.
            where = httpx.URL(far.address).path
            good = await server.client.post(
                f"{where}/{far.requests[0].submission}",
                json={"remote": "0"},
                headers={"X-Signed": "yes"},
            )
            assert good.status_code == 200
            view = await server.ended(job["run"], headers=ann)
            assert view["state"] == "succeeded"
            assert not far.gate.is_set()

    asyncio.run(work())


def test_a_provider_that_calls_nobody_has_no_address(tmp_path: Path) -> None:
    async def work() -> None:
        async with served(tmp_path, {"fake": FakeProvider()}, PUBLIC) as server:
            assert server.begun.calling_back == ()
            answer = await server.client.post(door(server, tmp_path, "fake"), content=b"{}")
            assert answer.status_code == 404

    asyncio.run(work())
