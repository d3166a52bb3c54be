"""A connection to a vendor: opened once, and its key goes to its own addresses only."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from framewright_providers.http_job import connection
from framewright_providers.http_job.connection import AnswerLostError, Connection
from framewright_providers.http_job.upload import blocks, put
from framewright_providers.http_job.vendor import Vendor
from remote_vendors import KEY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from framewright_providers.http_job.connection import Answered

VENDOR = Vendor(
    name="acme",
    title="Acme",
    url="https://api.acme.example",
    key_variables=("ACME_KEY",),
    places=("https://files.acme.example",),
)


def test_jobs_that_begin_together_open_one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[httpx.AsyncClient] = []

    def note() -> httpx.AsyncClient:
        transport = httpx.MockTransport(lambda _: httpx.Response(200))
        opened.append(httpx.AsyncClient(transport=transport))
        return opened[-1]

    monkeypatch.setattr(connection, "_new_client", note)

    async def play() -> None:
        acme = Connection(VENDOR, key=KEY)
        await asyncio.gather(*(acme.ask("GET", "jobs") for _ in range(8)))
        await acme.close()

    asyncio.run(play())
    assert len(opened) == 1
    assert opened[0].is_closed


@pytest.mark.parametrize(
    ("url", "where", "ours"),
    [
        (None, "https://api.acme.example/jobs", True),
        (None, "https://files.acme.example/token", True),
        (None, "https://api.acme.example.org/jobs", False),
        (None, "http://api.acme.example/jobs", False),
        # Where a person set another address, it stands for all of the vendor's.
        ("http://127.0.0.1:1/acme", "https://files.acme.example/token", False),
        ("http://127.0.0.1:1/acme", "http://127.0.0.1:1/token", True),
    ],
)
def test_the_key_goes_to_its_vendor_alone(url: str | None, where: str, ours: bool) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers["authorization"])
        return httpx.Response(200)

    async def play() -> None:
        acme = Connection(VENDOR, key=KEY, url=url)
        acme._client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
        if ours:
            await acme.ask("GET", where)
        else:
            with pytest.raises(AnswerLostError):
                await acme.ask("GET", where)
        await acme.close()

    asyncio.run(play())
    assert asked == ([f"Bearer {KEY}"] if ours else [])


def test_a_place_is_where_a_person_said() -> None:
    usual = "https://files.acme.example"
    assert Connection(VENDOR, key=KEY).place(usual) == usual
    set_by_person = Connection(VENDOR, key=KEY, url="http://127.0.0.1:1/acme")
    assert set_by_person.place(usual) == "http://127.0.0.1:1/acme"


def test_what_a_place_for_files_says_is_read_to_a_limit(tmp_path: Path) -> None:
    sent = bytearray()
    read = 0

    async def said() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(1_000):
            read += 1 << 20
            yield bytes(1 << 20)

    async def answer(request: httpx.Request) -> httpx.Response:
        sent.extend(await request.aread())
        return httpx.Response(200, content=said())

    (tmp_path / "in.bin").write_bytes(bytes(range(256)) * 4_000)

    async def play() -> Answered:
        acme = Connection(VENDOR, key=KEY, url="http://127.0.0.1:1")
        acme._client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
        body = blocks(tmp_path / "in.bin", 1_000, 500_000)
        told = await put(acme, "PUT", "http://127.0.0.1:1/x", acme.allowed, content=body)
        await acme.close()
        return told

    told = asyncio.run(play())
    assert bytes(sent) == (tmp_path / "in.bin").read_bytes()[1_000:501_000]
    assert len(told.body) == 1 << 20
    assert read < 1 << 23


@pytest.mark.parametrize("given", [False, True])
def test_a_key_that_was_changed_counts_at_the_next_question(
    given: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers["authorization"].removeprefix("Bearer "))
        return httpx.Response(200 if asked[-1] == "new-key-1" else 401)

    async def play() -> None:
        acme = Connection(VENDOR, key="old-key-1" if given else None)
        acme._client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
        for key in ("old-key-1", "new-key-1"):
            monkeypatch.setenv("ACME_KEY", key)
            await acme.ask("GET", "jobs")
        await acme.close()

    asyncio.run(play())
    assert asked == ["old-key-1", "old-key-1" if given else "new-key-1"]


def test_large_json_is_parsed_and_built_off_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"words": "x" * (2 << 20)}
    where: list[tuple[str, bool]] = []

    def noted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **more: Any) -> Any:
            where.append((name, threading.current_thread() is threading.main_thread()))
            return real(*given, **more)

        return call

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["content-type"] == "application/json"
        return httpx.Response(200, content=request.content)

    async def play() -> Answered:
        acme = Connection(VENDOR, key=KEY)
        acme._client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
        for name in ("json_bytes", "_parsed"):
            monkeypatch.setattr(connection, name, noted(name, getattr(connection, name)))
        answered = await acme.ask("POST", "jobs", json=told)
        await acme.close()
        return answered

    answered = asyncio.run(play())
    assert answered.json() == told == json.loads(answered.body)
    assert where == [("json_bytes", False), ("_parsed", False)]
