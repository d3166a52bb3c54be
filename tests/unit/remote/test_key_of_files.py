"""The key goes along to files of the vendor's own API, and to nobody they lead on to."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx

from framewright_providers.google import GoogleProvider
from framewright_providers.http_job.download import download
from remote_vendors import KEY

if TYPE_CHECKING:
    from pathlib import Path

FILE = "https://generativelanguage.googleapis.com/v1beta/files/x:download?alt=media"
ELSEWHERE = "https://storage.googleapis.com/signed/x?Signature=1"


def test_the_key_stays_at_the_api(tmp_path: Path) -> None:
    seen: list[tuple[str, str | None]] = []

    def answer(asked: httpx.Request) -> httpx.Response:
        seen.append((asked.headers["host"], asked.headers.get("x-goog-api-key")))
        if len(seen) == 1:
            return httpx.Response(302, headers={"location": ELSEWHERE})
        return httpx.Response(200, content=b"clip", headers={"content-type": "video/mp4"})

    async def resolve(host: str, port: int) -> tuple[str, ...]:
        del host, port
        return ("8.8.8.8",)

    async def story() -> Path:
        from dataclasses import replace

        provider = GoogleProvider(key=KEY)
        how = await provider.fetching(key=True)
        await provider.close()
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
            whole = replace(how, client=client, resolve=resolve)
            return await download(FILE, tmp_path, "result1", whole)

    assert asyncio.run(story()).read_bytes() == b"clip"
    assert seen == [
        ("generativelanguage.googleapis.com", KEY),
        ("storage.googleapis.com", None),
    ]
