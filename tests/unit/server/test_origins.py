"""Pages of other sites get nowhere: by no name, and by no origin."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as some

from framewright.server.origins import (
    LOOPBACK,
    is_elsewhere,
    is_loopback,
    is_ours,
    public_host,
    read_host,
)
from served import served

if TYPE_CHECKING:
    from pathlib import Path


@given(some.text(max_size=80))
def test_a_host_that_is_read_is_written_the_same(host: str) -> None:
    read = read_host(host)
    if read is not None:
        name, port = read
        shown = f"[{name}]" if ":" in name else name
        assert host.lower().startswith(shown)
        assert (port is not None) is (host[len(shown) :].lstrip(".").startswith(":"))
    assert isinstance(is_ours(host, LOOPBACK), bool)


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("localhost", True),
        ("LOCALHOST:8400", True),
        ("127.0.0.1:1", True),
        ("[::1]:8400", True),
        ("localhost.", True),
        ("evil.example", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example:8400", False),
        ("evil.example:80@localhost", False),
        ("localhost:", False),
        ("localhost/x", False),
        ("local host", False),
        ("127.0.0.1\t", False),
        ("", False),
        (".", False),
        ("0x7f.1", False),
        ("2130706433", False),
    ],
)
def test_only_our_own_names_are_ours(host: str, ours: bool) -> None:
    assert is_ours(host, LOOPBACK) is ours


@pytest.mark.parametrize(
    ("headers", "elsewhere"),
    [
        ({}, False),
        ({"origin": "http://127.0.0.1:8400"}, False),
        ({"origin": "http://127.0.0.1:3000"}, True),
        ({"origin": "https://127.0.0.1:8400"}, True),
        ({"origin": "http://evil.example"}, True),
        ({"origin": "null"}, True),
        ({"origin": ""}, True),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "same-site"}, True),
        ({"sec-fetch-site": "Cross-Site"}, True),
        ({"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8400"}, True),
    ],
)
def test_what_a_browser_says_of_who_asks(headers: dict[str, str], elsewhere: bool) -> None:
    assert is_elsewhere({"host": "127.0.0.1:8400", **headers}, "http") is elsewhere


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("127.3.2.1", True), ("::1", True), ("localhost", True),
     ("0.0.0.0", False), ("::", False), ("192.168.0.2", False), ("example.com", False),
     ("", False)],
)  # fmt: skip
def test_what_only_this_machine_reaches(host: str, here: bool) -> None:
    assert is_loopback(host) is here


@pytest.mark.parametrize(
    ("url", "host"),
    [("https://Films.example/x", "films.example"), ("http://[::1]:80", "::1"), ("ftp://a", None),
     ("https://", None), ("https://a?b", None), ("https://a#b", None), ("https://u@a", None),
     ("https://a:99999", None), ("films.example", None), ("http://[::1", None)],
)  # fmt: skip
def test_public_urls(url: str, host: str | None) -> None:
    assert public_host(url) == host


ASKED = [
    ("GET", "/v1/runs", {}),
    ("POST", "/v1/jobs", {"json": {"model": "fake/text", "inputs": {}}}),
    ("POST", "/v1/uploads", {"files": {"file": b"x"}}),
    ("GET", "/v1/events", {}),
    ("GET", "/docs", {}),
    ("GET", "/openapi.json", {}),
    ("OPTIONS", "/v1/jobs", {}),
    ("POST", "/webhooks/x/y", {}),
]


def test_a_page_elsewhere_can_do_nothing(tmp_path: Path) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            for method, path, more in ASKED:
                for headers, status in (
                    ({"Origin": "http://evil.example"}, 403),
                    ({"Origin": "null"}, 403),
                    ({"Sec-Fetch-Site": "cross-site"}, 403),
                    ({"Host": "evil.example"}, 421),
                    (
                        {"Host": "rebound.example:8400", "Origin": "http://rebound.example:8400"},
                        421,
                    ),
                ):
                    answer = await server.client.request(method, path, headers=headers, **more)
                    assert answer.status_code == status, (method, path, headers)
                    assert not any(n.startswith("access-control") for n in answer.headers)
            # What a form of a page could send where a browser said nothing of its origin.
            for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
                simple = await server.client.post(
                    "/v1/jobs",
                    content=b'{"model": "fake/text", "inputs": {}}',
                    headers={"Content-Type": kind} if kind else {},
                )
                assert simple.status_code == 415
            assert await server.studio.runs() == ()
            # A page of our own may ask.
            own = await server.client.get("/v1/runs", headers={"Origin": server.url})
            assert own.status_code == 200

    asyncio.run(work())


def test_a_host_that_stands_twice_or_not_at_all_is_refused(tmp_path: Path) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            port = int(server.url.rpartition(":")[2])
            here = f"Host: 127.0.0.1:{port}\r\n"
            for head in ("", here + "Host: evil.example\r\n", here + here, "Host: \r\n"):
                for version in ("1.1", "1.0"):
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.write(f"GET /v1/runs HTTP/{version}\r\n{head}\r\n".encode())
                    line = await reader.readline()
                    assert line.split()[1] in {b"400", b"421"}, (head, version, line)
                    writer.close()
                    await writer.wait_closed()

    asyncio.run(work())


def test_the_page_has_nothing_of_others(tmp_path: Path) -> None:
    async def work() -> None:
        async with served(tmp_path) as server:
            answer = await server.client.get("/docs")
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert "<script" not in answer.text
            assert "http://" not in answer.text.replace(server.url, "")
            assert "https://" not in answer.text
            assert "/v1/jobs" in answer.text

    asyncio.run(work())
