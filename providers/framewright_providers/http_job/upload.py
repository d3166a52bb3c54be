"""Puts inputs where a vendor says that they go: without its key, at an address that was checked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from framewright.domain.job import ErrorCategory
from framewright.protocols import ProviderFailure, SubmitError
from framewright_providers.http_job.address import AddressRefusedError, Allowed, checked
from framewright_providers.http_job.body import packing, raw
from framewright_providers.http_job.connection import Answered

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    import httpx

    from framewright_providers.http_job.connection import Connection

_SILENT_SECONDS = 300.0
_BLOCK = 1 << 18
_MOST_ANSWER = 1 << 20


async def put(
    connection: Connection,
    method: str,
    url: str,
    allowed: Allowed,
    *,
    headers: Mapping[str, str] | None = None,
    **content: Any,
) -> Answered:
    """Send a file to an address that a vendor named and return the answer, whatever it says.

    `content` is as httpx takes it. Nothing of the job has begun before its inputs are there: what
    goes wrong is a `SubmitError`. No redirect is followed.
    """
    import httpx

    from framewright_providers.http_job.ways import proxy_of, send

    title = connection.vendor.title
    client = await connection.client()
    try:
        target = await checked(url, allowed, proxied=proxy_of(url) is not None)
        silent = {"silent_seconds": _SILENT_SECONDS}
        answer = await send(client, method, target, headers=headers or {}, **silent, **content)
        try:
            told = await _short(answer)
            if told and packing(answer):
                words = f"{title} answered in a form that nobody asked for."
                raise SubmitError(ProviderFailure(ErrorCategory.UNKNOWN, words))
        finally:
            await answer.aclose()
    except AddressRefusedError as error:
        words = f"{title} named a place for the inputs that nothing is sent to."
        failure = ProviderFailure(ErrorCategory.UNKNOWN, words, detail=error.message)
        raise SubmitError(failure) from None
    except (httpx.HTTPError, OSError) as error:
        if isinstance(error, OSError) and error.filename is not None:
            raise
        words = f"An input did not reach {title} ({type(error).__name__})."
        action = "See that this machine is online; Framewright tries again by itself."
        failure = ProviderFailure(ErrorCategory.OUTAGE, words, action, str(error), retryable=True)
        raise SubmitError(failure) from None
    small = {name.lower(): value for name, value in answer.headers.items()}
    return Answered(answer.status_code, small, told)


async def _short(answer: httpx.Response) -> bytes:
    """Return the beginning of an answer: a place for files has not much to say."""
    found = bytearray()
    async for block in raw(answer):
        found += block
        if len(found) > _MOST_ANSWER:
            break
    return bytes(found[:_MOST_ANSWER])


async def blocks(path: Path, start: int = 0, most: int | None = None) -> AsyncIterator[bytes]:
    """Yield a file, or `most` bytes of it from `start` on, piece by piece."""
    with await asyncio.to_thread(path.open, "rb") as file:
        await asyncio.to_thread(file.seek, start)
        left = most
        while left is None or left > 0:
            block = await asyncio.to_thread(file.read, min(_BLOCK, left or _BLOCK))
            if not block:
                return
            yield block
            left = None if left is None else left - len(block)
