"""Follows a job that its provider has: by asking, and by hearing what it says of itself."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from framewright.protocols import Working

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from framewright.protocols import Finished, ProviderFailure, Status
    from framewright.router.carried_job import CarriedJob

POLL_SECONDS = 30.0
"""How long one question to a provider may wait for news."""
SILENT_SECONDS = 60.0
"""How much longer than that an answer may take, before the question is asked again."""
MOST_HICCUPS = 240
"""How often in a row a question may fail in a way nobody foresaw: some two hours long."""
_log = logging.getLogger("framewright.router")


class OverdueError(Exception):
    """A remote provider came to no end in the time it had."""


async def follow(
    job: CarriedJob,
    remote_id: str,
    tell: Callable[[Working], None],
    pause: Callable[[float], Awaitable[None]],
    left_seconds: float,
) -> Finished | ProviderFailure:
    """Return how a job ended at its provider, whoever says it first.

    Raises `OverdueError` where a remote provider works for longer than it has left, and what a
    question raises, of a remote provider only where it goes on failing.
    """
    if job.provider.in_process:
        while isinstance(status := await job.provider.poll(remote_id, POLL_SECONDS), Working):
            tell(status)
        return status
    hiccups = 0
    limit = asyncio.timeout(left_seconds)
    try:
        async with limit:
            while True:
                try:
                    status = await hear(job, remote_id)
                except Exception:
                    hiccups += 1
                    if hiccups > MOST_HICCUPS:
                        raise
                    tell(Working(phase=f"{job.request.provider} does not answer"))
                    _log.warning("asking for %s of %s", job.id, job.request.model, exc_info=True)
                    await pause(min(2.0**hiccups, POLL_SECONDS))
                    continue
                if not isinstance(status, Working):
                    return status
                hiccups = 0
                tell(status)
    except TimeoutError:
        if not limit.expired():
            raise
        raise OverdueError from None


async def hear(job: CarriedJob, remote_id: str) -> Status:
    """Return the next thing said of a job: the answer to a question, or a delivery."""
    if not job.news.empty():
        return job.news.get_nowait()
    asked = asyncio.ensure_future(job.provider.poll(remote_id, POLL_SECONDS))
    told = asyncio.ensure_future(job.news.get())
    both = {asked, told}
    longest = POLL_SECONDS + SILENT_SECONDS
    try:
        await asyncio.wait(both, timeout=longest, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in both:
            if not task.done():
                task.cancel()
    if told.done() and not told.cancelled():
        return told.result()
    if asked.done() and not asked.cancelled():
        return asked.result()
    raise ConnectionError(f"{job.request.provider} does not answer.")
