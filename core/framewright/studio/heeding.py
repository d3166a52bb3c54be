"""Passes on to a run what another process left in the store: to stop, approvals, a new plan."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from framewright.errors import BusyError, CommitInDoubtError, StoreUnreachableError
from framewright.store import run_requests

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from framewright.executor.replan import Replanned
    from framewright.store.database import Database
    from framewright.studio.live_run import LiveRun

LOOK_SECONDS = 0.25
"""How often the store is asked for what another process may have written."""
_log = logging.getLogger("framewright.studio")


async def heed(
    live: LiveRun, database: Database, prove: Callable[[str], Awaitable[Replanned | None]]
) -> None:
    """Look into the store until the run is stopped; `prove` makes a stored plan ready for it.

    A plan that can not run here is taken back: whoever left it may know models that this
    process does not. Raises `BusyError` once the run is in another process's hands.
    """
    seen: str | None = None
    while not live.word.cancel.is_set():
        await asyncio.sleep(LOOK_SECONDS)
        if live.lock.is_lost():
            message = f"Another process works on {live.run}: it was taken over from here while the"
            message += " connection to the database was lost."
            raise BusyError(message, action=f"See how it goes on: framewright show {live.run}")
        try:
            seen = await _look(live, database, prove, seen)
        except (StoreUnreachableError, CommitInDoubtError) as error:
            # What was asked stays there. Whoever has something to write hears of it.
            _log.warning("%s: %s", live.run, error)


async def _look(
    live: LiveRun,
    database: Database,
    prove: Callable[[str], Awaitable[Replanned | None]],
    seen: str | None,
) -> str | None:
    """Pass on what is asked for now; return the plan that was taken up last."""
    asked = await database.read(run_requests.asked(live.run))
    if asked.cancel:
        live.word.cancel.set()
    for word in asked.approvals.items():
        live.word.approvals.put_nowait(word)
    if asked.plan is None or asked.plan == seen:
        return seen
    new = await prove(asked.plan)
    if new is None:
        await database.write(run_requests.withdraw_plan(live.run, asked.plan))
    else:
        live.word.plans.put_nowait(new)
    return asked.plan
