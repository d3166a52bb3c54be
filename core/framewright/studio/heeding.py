"""Passes on to a run what another process left in the store: to stop, approvals, a new plan."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from framewright.store import run_requests

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from framewright.executor.replan import Replanned
    from framewright.store.database import Database
    from framewright.studio.live_run import LiveRun

LOOK_SECONDS = 0.25
"""How often the store is asked for what another process may have written."""


async def heed(
    live: LiveRun, database: Database, prove: Callable[[str], Awaitable[Replanned | None]]
) -> None:
    """Look into the store until the run is stopped; `prove` makes a stored plan ready for it.

    A plan that can not run here is taken back: whoever left it may know models that this
    process does not.
    """
    seen: str | None = None
    while not live.word.cancel.is_set():
        await asyncio.sleep(LOOK_SECONDS)
        asked = await database.read(run_requests.asked(live.run))
        if asked.cancel:
            live.word.cancel.set()
        for word in asked.approvals.items():
            live.word.approvals.put_nowait(word)
        if asked.plan is None or asked.plan == seen:
            continue
        seen = asked.plan
        new = await prove(seen)
        if new is None:
            await database.write(run_requests.withdraw_plan(live.run, seen))
        else:
            live.word.plans.put_nowait(new)
