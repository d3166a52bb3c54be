"""Fetching results: where redirects end, how much is written, and by which way."""

from __future__ import annotations

import asyncio
import base64
import gzip
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx
import pytest

from framewright.protocols import SubmitError
from framewright_providers.http_job.address import Allowed, origin_of
from framewright_providers.http_job.connection import Connection
from framewright_providers.http_job.download import Fetching, download
from framewright_providers.http_job.upload import put
from framewright_providers.http_job.vendor import Vendor
from framewright_providers.http_job.ways import new_client, proxy_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    Answer = Callable[[httpx.Request], httpx.Response]

FILE = "https://v3.fal.media/files/a.png"
PUBLIC = ("8.8.8.8", "8.8.4.4")
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def fetched(answer: Answer, folder: Path, most_bytes: int = 1 << 20) -> Path:
    """Return the file that came of `FILE`; of `inside.fal.media` every address is private."""

    async def resolve(host: str, port: int) -> tuple[str, ...]:
        del port
        return ("10.0.0.1",) if host == "inside.fal.media" else PUBLIC

    async def play() -> Path:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
            how = Fetching(client, Allowed(("fal.media",)), "FAL", most_bytes, resolve=resolve)
            return await download(FILE, folder, "a", how)

    return asyncio.run(play())


def test_a_file_is_asked_for_at_the_checked_address(tmp_path: Path) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, content=b"picture")

    assert fetched(answer, tmp_path).read_bytes() == b"picture"
    (request,) = asked
    assert str(request.url) == "https://8.8.8.8/files/a.png"
    assert request.extensions["sni_hostname"] == "v3.fal.media"
    # A connection that is kept would carry another host's question to this one.
    carried = ("host", "connection", "accept-encoding")
    assert [request.headers[each] for each in carried] == ["v3.fal.media", "close", "identity"]


@pytest.mark.parametrize("trouble", [httpx.ConnectError, httpx.ConnectTimeout])
def test_the_next_address_is_tried(trouble: type[httpx.TransportError], tmp_path: Path) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        if len(asked) == 1:
            raise trouble("no way there")
        return httpx.Response(200, content=b"picture")

    assert fetched(answer, tmp_path).read_bytes() == b"picture"
    assert asked == [*PUBLIC]


def test_where_no_address_is_reached_it_may_pass(tmp_path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no way there")

    with pytest.raises(SubmitError) as caught:
        fetched(answer, tmp_path)
    assert caught.value.failure.retryable


@pytest.mark.parametrize(
    ("onward", "why"),
    [
        ("https://inside.fal.media/a", "inside a network"),
        ("http://v3.fal.media/a", "not https"),
        ("https://evilfal.media/a", "not expected"),
        ("https://10.0.0.1/a", "not expected"),
    ],
)
def test_a_redirect_leads_nowhere_else(onward: str, why: str, tmp_path: Path) -> None:
    asked = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        return httpx.Response(302, headers={"location": onward})

    with pytest.raises(SubmitError, match=why):
        fetched(answer, tmp_path)
    assert asked == 1


def test_redirects_end(tmp_path: Path) -> None:
    asked = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        assert asked < 100
        return httpx.Response(307, headers={"location": f"/files/{asked}"})

    with pytest.raises(SubmitError, match="from one address to the next"):
        fetched(answer, tmp_path)
    assert asked == 5


def test_an_endless_file_is_cut_off(tmp_path: Path) -> None:
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        while True:
            given += 1 << 16
            assert given < 1 << 26
            yield bytes(1 << 16)

    with pytest.raises(SubmitError, match="larger than"):
        fetched(lambda _: httpx.Response(200, content=endless()), tmp_path)
    assert given < 3 << 20


@pytest.mark.parametrize("packing", ["gzip", "gzip, gzip", "br"])
def test_a_packed_file_is_refused(packing: str, tmp_path: Path) -> None:
    async def said() -> AsyncIterator[bytes]:
        yield gzip.compress(b"picture")

    headers = {"content-encoding": packing}
    with pytest.raises(SubmitError, match="packed"):
        fetched(lambda _: httpx.Response(200, content=said(), headers=headers), tmp_path)


def test_a_packed_answer_to_an_upload_is_refused() -> None:
    async def said() -> AsyncIterator[bytes]:
        yield gzip.compress(bytes(1 << 20))

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["accept-encoding"] == "identity"
        return httpx.Response(200, content=said(), headers={"content-encoding": "gzip"})

    async def play() -> None:
        acme = Connection(Vendor(name="acme", title="Acme", url=""), url="http://127.0.0.1:1")
        acme._client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
        try:
            await put(acme, "PUT", "http://127.0.0.1:1/x", acme.allowed, content=b"in")
        finally:
            await acme.close()

    with pytest.raises(SubmitError, match="nobody asked for"):
        asyncio.run(play())


@dataclass
class Proxy:
    """A proxy on loopback that lets nobody through, and notes what was wanted of it."""

    wanted: list[str] = field(default_factory=list)
    hello: bytes = b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.wanted.append(head.partition("\r\n")[0])
        if head.startswith("CONNECT"):
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            await writer.drain()
            self.hello = await reader.read(4_096)
        writer.close()


@pytest.mark.parametrize("past", ["", "v3.fal.media"])
def test_a_persons_proxy_is_the_way(
    past: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `NO_PROXY` the name is looked up here, and its address asked past the proxy."""
    proxy, names = Proxy(), list[str]()

    async def resolve(host: str, port: int) -> tuple[str, ...]:
        del port
        names.append(host)
        return ()

    async def play() -> None:
        server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("NO_PROXY", past)
        client = await asyncio.to_thread(new_client)
        how = Fetching(client, Allowed(("fal.media",)), "FAL", resolve=resolve)
        try:
            with pytest.raises(SubmitError):
                await download(FILE, tmp_path, "a", how)
        finally:
            await client.aclose()
            server.close()
            await server.wait_closed()

    asyncio.run(play())
    if past:
        assert (proxy.wanted, names) == ([], ["v3.fal.media"])
    else:
        assert (proxy.wanted, names) == (["CONNECT v3.fal.media:443 HTTP/1.1"], [])
        assert b"v3.fal.media" in proxy.hello


def test_a_pinned_request_goes_past_the_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`NO_PROXY` holds names, and what is asked is an address."""
    proxy, hosts = Proxy(), list[str]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        hosts.append(head)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\npicture")
        await writer.drain()
        writer.close()

    async def resolve(host: str, port: int) -> tuple[str, ...]:
        del host, port
        return ("127.0.0.1",)

    async def play() -> Path:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        other = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
        url = f"http://localhost:{server.sockets[0].getsockname()[1]}/a.png"
        monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{other.sockets[0].getsockname()[1]}")
        monkeypatch.setenv("NO_PROXY", "localhost")
        client = await asyncio.to_thread(new_client)
        how = Fetching(client, Allowed((), origin_of(url)), "Acme", resolve=resolve)
        try:
            return await download(url, tmp_path, "a", how)
        finally:
            await client.aclose()
            for each in (server, other):
                each.close()
                await each.wait_closed()

    assert asyncio.run(play()).read_bytes() == b"picture"
    assert (proxy.wanted, len(hosts)) == ([], 1)


def test_which_proxy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert proxy_of(FILE) is None
    monkeypatch.setenv("ALL_PROXY", "all.example:3128")
    assert proxy_of(FILE) == "http://all.example:3128"
    monkeypatch.setenv("HTTPS_PROXY", "http://secure.example:3128")
    assert proxy_of(FILE) == "http://secure.example:3128"
    assert proxy_of("http://v3.fal.media/a") == "http://all.example:3128"
    monkeypatch.setenv("NO_PROXY", "other.example, .fal.media")
    assert proxy_of(FILE) is None
    assert proxy_of("https://evilfal.media/a") is not None
    monkeypatch.setenv("NO_PROXY", "*")
    assert proxy_of("https://evilfal.media/a") is None


@pytest.mark.parametrize("broken_into", [None, 76, 1_000_001])
def test_a_large_file_in_its_address_comes_whole(broken_into: int | None, tmp_path: Path) -> None:
    body = bytes(range(256)) * 10_000 + b"!"
    text = base64.b64encode(body).decode()
    if broken_into:
        starts = range(0, len(text), broken_into)
        text = "\n".join(text[at : at + broken_into] for at in starts)

    async def play() -> Path:
        async with httpx.AsyncClient() as client:
            how = Fetching(client, Allowed(()), "FAL")
            return await download(f"data:image/png;base64,{text}", tmp_path, "a", how)

    path = asyncio.run(play())
    assert (path.name, path.read_bytes()) == ("a.png", body)
