"""Finds out what became of a submission that nobody saw answered."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from framewright.domain.job import JobState, Phase
from framewright.protocols import Finds
from framewright.router.outcomes import taken_away
from framewright.router.requests import provider_key
from framewright.store import inbox, jobs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from framewright.router.carried_job import CarriedJob
    from framewright.store.database import Database

LOOK_PAUSES_SECONDS = (2.0, 10.0, 60.0, 60.0)
"""How long it is waited before each look."""
ABSENT_SECONDS = 120.0
"""What a provider does not list for so long has not arrived."""
FIND_SECONDS = 60.0
"""How long a provider may take to say whether it has a job."""
_log = logging.getLogger("framewright.router")


async def turns_up(
    job: CarriedJob, database: Database, pause: Callable[[float], Awaitable[None]]
) -> Phase | None:
    """Look for a job at its provider, more than once, and return how it stands there.

    Submitted, and then it has its remote id; or not at all, where it surely never arrived; None
    where nobody can say. How long it is absent counts from the first look on: when it was
    sent does not say since when it could have been listed.
    """
    key = provider_key(job.id, job.submission)
    absent_for = 0.0
    for number in range(len(LOOK_PAUSES_SECONDS) + 1):
        told = await database.read(inbox.remote_id(job.request.provider, key))
        listed = True
        if told is None:
            if not isinstance(job.provider, Finds):
                return None
            told, listed = await _asked(job.provider, key)
        if told is not None or (listed and absent_for >= ABSENT_SECONDS):
            await _put_on_record(job, told, database)
            return job.phase
        if number < len(LOOK_PAUSES_SECONDS):
            await pause(LOOK_PAUSES_SECONDS[number])
            # Only time in which it could be said that it is missing counts.
            absent_for = absent_for + LOOK_PAUSES_SECONDS[number] if listed else 0.0
    return None


async def _asked(provider: Finds, key: str) -> tuple[str | None, bool]:
    """Return what a provider calls a job, and whether it could say so."""
    try:
        async with asyncio.timeout(FIND_SECONDS):
            return await provider.find(key), True
    except Exception:  # noqa: BLE001 - foreign code; not to know is no error
        _log.warning("looking for %s", key, exc_info=True)
        return None, False


async def _put_on_record(job: CarriedJob, told: str | None, database: Database) -> None:
    job.remote_id = told
    job.phase = Phase.NONE if told is None else Phase.SUBMITTED
    known = jobs.advance(job.id, JobState.LEASED, job.phase, told, epoch=job.epoch)
    if not await database.write(known):
        raise taken_away(job.request)
