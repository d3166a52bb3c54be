"""Stops a job at its provider, and learns how it ended there.

That a provider was told to stop does not say that it has: it may work on for a while, or have
been done just before. Until it says so, its place is taken and its cost is open.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, TypeVar

from framewright.domain.job import ErrorCategory
from framewright.protocols import Finished, ProviderFailure, Working
from framewright.router.following import hear

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from framewright.router.carried_job import CarriedJob

T = TypeVar("T")

CANCEL_SECONDS = 60.0
"""How long a provider may take to hear that it is to stop a job."""
STOPS_SECONDS = 15.0
"""How long whoever waits for that gives a provider to hear of it, and again to say that it is
over; after that it is found out later."""
HASTE = 3.0
"""How long a provider has to hear of it where somebody is in haste, in seconds."""
MOST_HICCUPS = 3
"""How often a question for that may fail."""
HICCUP_SECONDS = 1.0
_log = logging.getLogger("framewright.router")


async def stopped(
    job: CarriedJob,
    remote_id: str,
    pause: Callable[[float], Awaitable[None]],
    haste: asyncio.Event,
    *,
    however_long: bool = False,
) -> Finished | ProviderFailure | None:
    """Tell a provider to stop a job, and return how it ended there.

    None where it can not be told, or does not say within some seconds, or before somebody is in
    `haste`, that it is over; it may also take `however_long` it takes, and end without having
    been told. What works in this process is over by then.
    """
    patient = however_long or job.provider.in_process
    seconds = CANCEL_SECONDS if however_long else STOPS_SECONDS
    try:
        await _within(seconds, job.provider.cancel(remote_id), None if patient else haste, HASTE)
    except Exception:  # noqa: BLE001 - foreign code; a cancellation must come through
        _log.exception("stopping job %s of %s", job.id, job.request.model)
        if not job.provider.in_process and not however_long:
            return None
    if job.provider.in_process:
        return ProviderFailure(ErrorCategory.UNKNOWN, "It was stopped.")
    try:
        end = _end(job, remote_id, pause)
        return await (end if however_long else _within(STOPS_SECONDS, end, haste))
    except TimeoutError:
        _log.warning("%s has not said that it stopped", job.request.provider)
        return None


async def _within(
    seconds: float, work: Coroutine[Any, Any, T], haste: asyncio.Event | None, grace: float = 0.0
) -> T:
    """Wait for work; raises `TimeoutError` behind so many seconds, or a `grace` behind haste."""
    working = asyncio.ensure_future(work)
    hasty = asyncio.ensure_future(haste.wait()) if haste is not None else None
    both = {working} if hasty is None else {working, hasty}
    try:
        await asyncio.wait(both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if not working.done() and hasty is not None and hasty.done():
            await asyncio.wait({working}, timeout=grace)
        if not working.done():
            raise TimeoutError
        return working.result()
    finally:
        for task in both:
            task.cancel()
        await asyncio.wait(both)


async def _end(
    job: CarriedJob, remote_id: str, pause: Callable[[float], Awaitable[None]]
) -> Finished | ProviderFailure | None:
    hiccups = 0
    while hiccups < MOST_HICCUPS:
        try:
            status = await hear(job, remote_id)
        except Exception:  # noqa: BLE001 - foreign code; not to know is no error
            _log.warning("asking for %s of %s", job.id, job.request.model, exc_info=True)
            hiccups += 1
            await pause(HICCUP_SECONDS)
            continue
        if not isinstance(status, Working):
            return status
        hiccups = 0
    return None
