"""Callers who ask too often, too much, too slowly, or do not listen."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from framewright.server import bodies, callers
from framewright.server.connection import PatientConnection
from served import MOST_UPLOAD, Served, served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


def port_of(server: Served) -> int:
    return int(server.url.rpartition(":")[2])


async def cut_off(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the other side ends the connection."""
    held = b""
    try:
        while block := await reader.read(65_536):
            held += block
    except ConnectionError:
        pass
    return held


def test_who_asks_too_often_hears_when_to_ask_again(tmp_path: Path) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            _, secret = await server.studio.create_api_key("ann", "3/hour")
            _, other = await server.studio.create_api_key("ann", "3/hour")
            ann = {"Authorization": f"Bearer {secret}"}
            for left in (2, 1, 0):
                answer = await server.client.get("/v1/runs", headers=ann)
                assert (answer.status_code, answer.headers["ratelimit-remaining"]) == (
                    200,
                    str(left),
                )
            for _ in range(2):
                answer = await server.client.get("/v1/runs", headers=ann)
                assert answer.status_code == 429
                assert 1_100 < int(answer.headers["retry-after"]) <= 1_200
                assert answer.headers["ratelimit-limit"] == "3"
            same_tenant = {"Authorization": f"Bearer {other}"}
            assert (await server.client.get("/v1/runs", headers=same_tenant)).status_code == 200

    asyncio.run(work())


def test_streams_are_counted_while_they_are_open(tmp_path: Path) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            async with AsyncExitStack() as open_streams:
                for _ in range(callers.MOST_STREAMS):
                    stream = server.client.stream("GET", "/v1/events")
                    answer = await open_streams.enter_async_context(stream)
                    assert answer.status_code == 200
                refused = await server.client.get("/v1/events")
                assert (refused.status_code, refused.json()["error"]["code"]) == (
                    429,
                    "too-many-streams",
                )
                assert (await server.client.get("/v1/runs")).status_code == 200
            # Those that were closed are counted no more, once the server has noticed.
            for _ in range(200):
                async with server.client.stream("GET", "/v1/events") as stream:
                    if stream.status_code == 200:
                        return
                await asyncio.sleep(0)
            raise AssertionError("closed streams are still counted")

    asyncio.run(work())


@pytest.mark.parametrize("how", ["told", "in blocks"])
def test_a_body_that_is_too_large_is_refused(tmp_path: Path, how: str) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            sent = 0

            async def endless() -> AsyncIterator[bytes]:
                nonlocal sent
                while sent < 20 * bodies.MOST_JSON:
                    sent += 65_536
                    yield b" " * 65_536

            kind = {"Content-Type": "application/json"}
            if how == "told":
                large = b" " * (bodies.MOST_JSON + 1)
                answer = await server.client.post("/v1/jobs", content=large, headers=kind)
                assert answer.status_code == 413
            else:
                answer = await server.client.post("/v1/jobs", content=endless(), headers=kind)
                assert answer.status_code == 413
            assert (await server.client.get("/v1/runs")).status_code == 200

    asyncio.run(work())


def test_a_file_that_is_too_large_leaves_nothing(tmp_path: Path) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            large = b"x" * (MOST_UPLOAD + 1)

            async def in_blocks() -> AsyncIterator[bytes]:
                yield large

            told = await server.client.post("/v1/uploads", content=large)
            assert told.status_code == 413
            untold = await server.client.post("/v1/uploads", content=in_blocks())
            assert untold.status_code == 413
            form = await server.client.post("/v1/uploads", files={"file": ("a.png", large)})
            assert form.status_code == 422
            assert "larger than 3 MB" in form.json()["error"]["message"]
            none = await server.client.post("/v1/uploads", files={"file": ("a.png", b"no picture")})
            assert none.status_code == 422
            empty = await server.client.post("/v1/uploads", content=b"")
            assert empty.status_code == 422
            incoming = tmp_path / "ws" / "assets" / ".incoming"
            assert not incoming.exists() or not list(incoming.iterdir())
            assert await server.studio.uploads() == ()

    asyncio.run(work())


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"model": NaN}', 400),
        (b'{"model": "fake/text", "inputs": {"prompt": 1e999}}', 422),
        (b'{"model": "fake/text", "more": 1}', 422),
        (b'{"model": ["fake/text"]}', 422),
        (b'{"model": "' + b"x" * 201 + b'"}', 422),
        (b'{"model": "../../etc/passwd"}', 404),
        (b"1" * 10_000, 400),
        (json.dumps({"model": "fake/text", "inputs": {"prompt": "\ud800"}}).encode(), 422),
        (json.dumps({"model": "fake/text", "inputs": {"prompt": "a\0b"}}).encode(), 202),
    ],
)  # fmt: skip
def test_bodies_of_all_kinds_are_answered_in_our_form(
    tmp_path: Path, body: bytes, status: int
) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            kind = {"Content-Type": "application/json; charset=utf-8"}
            answer = await server.client.post("/v1/jobs", content=body, headers=kind)
            assert answer.status_code == status, answer.text
            if status != 202:
                assert set(answer.json()["error"]) == {"code", "message", "action"}

    asyncio.run(work())


@pytest.mark.parametrize(
    "path",
    [
        "/v1/runs/..%2f..%2fetc%2fpasswd",
        "/v1/runs/%00",
        "/v1/runs/a%0d%0aX-Evil:%201",
        "/v1/assets/..%2f..%2fworkspace.db/file",
        "/v1/assets/" + "0" * 63 + "/file",
        "/v1/assets/" + "A" * 64 + "/file",
        "/v1/jobs/x/outputs/..%2f..%2fworkspace.db",
        "/v1/runs/" + "x" * 5_000,
        "/v1/runs/'%20OR%201=1--",
        "//v1/runs",
        "/v1/runs/",
        "/.webhooks",
        "/workspace.db",
        "/webhooks/..%2f..%2f.webhooks/x",
    ],
)
def test_paths_lead_nowhere_but_to_what_is_offered(tmp_path: Path, path: str) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", port_of(server))
            for method in ("GET", "POST"):
                head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
                writer.write(head.encode())
                line = await reader.readline()
                assert line.split()[1] in {b"404", b"405"}, line
                answer = await reader.readuntil(b"\r\n\r\n")
                assert b"evil" not in answer.lower()
                length = next(
                    int(each.split(b":")[1])
                    for each in answer.lower().split(b"\r\n")
                    if each.startswith(b"content-length")
                )
                await reader.readexactly(length)
            writer.close()
            await writer.wait_closed()

    asyncio.run(work())


def test_who_never_finishes_to_ask_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PatientConnection, "ask_seconds", 0.2)

    async def work() -> None:
        async with served(tmp_path) as server:
            whole = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
            for sent in (b"", b"GET /healthz HTTP/1.1\r\nHost: loc", whole + b"GET /heal"):
                reader, writer = await asyncio.open_connection("127.0.0.1", port_of(server))
                writer.write(sent)
                answer = await cut_off(reader)
                assert answer.count(b"200 OK") == sent.count(whole)
                writer.close()

    asyncio.run(work())


def test_a_body_that_stands_still_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "JSON_SECONDS", 0.2)

    async def work() -> None:
        async with served(tmp_path) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", port_of(server))
            writer.write(
                b"POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b"Content-Length: 100\r\n\r\n{"
            )
            assert (await reader.readline()).split()[1] == b"408"
            writer.close()

    asyncio.run(work())


def test_who_does_not_listen_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PatientConnection, "listen_seconds", 0.2)
    # Incompressible, and more than all buffers of a connection hold.
    size = 3_000
    Image.effect_noise((size, size), 90).save(tmp_path / "noise.png", compress_level=0)

    ending = PatientConnection.connection_lost

    async def work() -> None:
        lost = asyncio.Event()

        def ended(connection: PatientConnection, exc: Exception | None) -> None:
            ending(connection, exc)
            lost.set()

        monkeypatch.setattr(PatientConnection, "connection_lost", ended)
        async with served(tmp_path) as server:
            upload = await server.studio.upload(tmp_path / "noise.png")
            asking = socket.socket()
            asking.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            asking.connect(("127.0.0.1", port_of(server)))
            path = f"/v1/assets/{upload.file.hash}/file"
            asking.send(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            await asyncio.sleep(0)
            reader, writer = await asyncio.open_connection(sock=asking, limit=4_096)
            writer.transport.pause_reading()
            # The server lets go of it although nobody has read it.
            await asyncio.wait_for(lost.wait(), 60)
            writer.transport.resume_reading()
            assert len(await cut_off(reader)) < size * size
            writer.close()

    asyncio.run(work())
