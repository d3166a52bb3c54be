"""What answers and requests hold: unpacked within a limit, built in parts."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from framewright_providers.http_job.body import json_bytes
from framewright_providers.http_job.connection import Answered, AnswerLostError, Connection
from framewright_providers.http_job.vendor import Vendor
from remote_vendors import KEY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

VENDOR = Vendor(name="acme", title="Acme", url="https://api.acme.example", key_variables=("KEY",))
TOLD = {"status": "done", "words": ["ä" * 300_000, 'a"b\\' * 100_000]}
BODY = json.dumps(TOLD).encode()
HEADLESS = zlib.compressobj(wbits=-15)


def asked(packing: str | None, body: bytes, *, status: int = 200, most: int = 1 << 24) -> Answered:
    """Return what a question learns that is answered by this."""
    told: list[httpx.Request] = []

    async def said() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 1_000):
            yield body[start : start + 1_000]

    def answer(request: httpx.Request) -> httpx.Response:
        told.append(request)
        headers = {"content-encoding": packing} if packing else {}
        return httpx.Response(status, content=said(), headers=headers)

    async def play() -> Answered:
        acme = Connection(VENDOR, key=KEY)
        acme._client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
        try:
            return await acme.ask("GET", "jobs", most_bytes=most)
        finally:
            await acme.close()

    answered = asyncio.run(play())
    assert told[0].headers["accept-encoding"] == "identity"
    return answered


@pytest.mark.parametrize(
    ("packing", "body"),
    [
        (None, BODY),
        ("identity", BODY),
        ("gzip", gzip.compress(BODY)),
        ("GZIP, identity", gzip.compress(BODY)),
        ("deflate", zlib.compress(BODY)),
        ("deflate", HEADLESS.compress(BODY) + HEADLESS.flush()),
    ],
)
def test_an_answer_is_unpacked_once(packing: str | None, body: bytes) -> None:
    assert asked(packing, body).json() == TOLD


@pytest.mark.parametrize(
    ("packing", "body"),
    [
        ("gzip, gzip", gzip.compress(gzip.compress(BODY))),
        ("br", BODY),
        ("gzip", BODY),
        ("gzip", gzip.compress(BODY)[:-9]),
        ("gzip", gzip.compress(BODY) + b"more"),
    ],
)
def test_what_is_packed_otherwise_is_lost(packing: str, body: bytes) -> None:
    with pytest.raises(AnswerLostError, match="can not be read"):
        asked(packing, body)


def test_no_more_is_unpacked_than_may_come(monkeypatch: pytest.MonkeyPatch) -> None:
    out = 0
    packer = zlib.decompressobj

    class Counting:
        def __init__(self, wbits: int) -> None:
            self.real = packer(wbits)

        def decompress(self, data: bytes, most: int = 0) -> bytes:
            nonlocal out
            block = self.real.decompress(data, most)
            out += len(block)
            return block

        def __getattr__(self, name: str) -> Any:
            return getattr(self.real, name)

    monkeypatch.setattr(zlib, "decompressobj", Counting)
    with pytest.raises(AnswerLostError, match="over 1 MB"):
        asked("gzip", gzip.compress(bytes(64 << 20)), most=1_000_000)
    assert 1_000_000 < out < 2_000_000


def test_of_a_refusal_the_beginning_is_read() -> None:
    answered = asked(None, b"x" * (3 << 20), status=400, most=1 << 30)
    assert (answered.status, len(answered.body)) == (400, 1 << 20)


@pytest.mark.parametrize(
    "value",
    [
        TOLD,
        {},
        [],
        {"a": [1, 2.5, None, True, {"b": "\U0001f600" * 200_000}], "c": ()},
        "x",
        {1: 2},
    ],
)
def test_json_is_built_in_parts_as_httpx_builds_it(value: Any) -> None:
    assert json_bytes(value) == httpx.Request("POST", "http://x", json=value).content
