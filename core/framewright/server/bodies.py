"""Bodies of requests: read within a size and a time, and never a byte more."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from framewright.server.problems import RefusedError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.requests import Request

MOST_JSON = 2_000_000
"""Bytes of a JSON body: plans of many thousand steps."""
JSON_SECONDS = 30.0
SILENT_SECONDS = 30.0
"""How long a long body may stand still."""


def refuse_large(request: Request, most_bytes: int) -> None:
    """Refuse a body that says itself that it is too large, before any of it is read."""
    told = request.headers.get("content-length", "0")
    if told.isascii() and told.isdigit() and len(told) < 20 and int(told) <= most_bytes:
        return
    raise _too_large(most_bytes)


async def blocks(
    request: Request, most_bytes: int, silent_seconds: float = SILENT_SECONDS
) -> AsyncGenerator[bytes]:
    """Yield a body block by block.

    Raises `RefusedError` for one that is longer, stands still for so long, or breaks off.
    """
    refuse_large(request, most_bytes)
    size = 0
    while True:
        try:
            async with asyncio.timeout(silent_seconds):
                message = await request.receive()
        except TimeoutError:
            raise _too_slow() from None
        if message["type"] == "http.disconnect":
            raise RefusedError(400, "cut-off", "The request broke off.")
        block: bytes = message.get("body", b"")
        size += len(block)
        if size > most_bytes:
            raise _too_large(most_bytes)
        if block:
            yield block
        if not message.get("more_body", False):
            return


async def whole(request: Request, most_bytes: int, seconds: float) -> bytes:
    """Return a body; raises `RefusedError` for one that is longer or slower."""
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for block in blocks(request, most_bytes, seconds):
                body += block
    except TimeoutError:
        raise _too_slow() from None
    return bytes(body)


async def json_of(request: Request) -> Any:
    """Return a JSON body; raises `RefusedError` for what is none.

    It has to say that it is JSON: a form of a web page elsewhere can not.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        action = "Send JSON with `Content-Type: application/json`."
        raise RefusedError(415, "media-type", "This takes JSON only.", action)
    body = await whole(request, MOST_JSON, JSON_SECONDS)
    try:
        return json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise RefusedError(400, "json", "The body is no JSON.") from None


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _too_large(most_bytes: int) -> RefusedError:
    message = f"The body is larger than {most_bytes:,} bytes."
    # Not closed at once: the answer would be lost to whoever is still sending. What comes is
    # thrown away, and the connection cut off if that takes long.
    return RefusedError(413, "too-large", message, "Send less.")


def _too_slow() -> RefusedError:
    message = "The body came too slowly."
    return RefusedError(408, "too-slow", message, "Send it again.")
