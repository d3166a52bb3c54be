"""How a run that is at work gets a new plan, in this process or through the store in another."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from framewright.domain.event import RunReplanned
from framewright.errors import InputError
from framewright.store import events, run_requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from framewright.executor.replan import Replanned
    from framewright.store.database import Database
    from framewright.studio.live_run import LiveRun

INSTEAD = "Run the new plan: what did not change is taken over from the old one."
LOOK_SECONDS = 0.1
"""How often the store is asked whether the other process has taken the plan."""


async def hand_plan(live: LiveRun, new: Replanned) -> None:
    """Let a run of this process go on with a plan; raises `InputError` should it end first."""
    live.word.plans.put_nowait(new)
    ended = asyncio.ensure_future(live.done.wait())
    taken = asyncio.ensure_future(new.done.wait())
    await asyncio.wait({ended, taken}, return_when=asyncio.FIRST_COMPLETED)
    ended.cancel()
    taken.cancel()
    if not new.done.is_set():
        raise InputError(f"{live.run} ended before it could take the new plan.", action=INSTEAD)


async def leave_plan(
    run: str, kept_as: str, database: Database, is_live: Callable[[], bool]
) -> None:
    """Leave a stored plan for the process that works on a run, and return once it took it.

    Raises `InputError` when nobody works on the run, or whoever does can not take the plan.
    """
    if not await asyncio.to_thread(is_live):
        raise InputError(f"Nobody works on {run}.", action=INSTEAD)
    cursor = database.feed.newest
    await database.write(run_requests.ask_to_replan(run, kept_as))
    try:
        while True:
            # Before the log is read, so that what was written before the end is in it.
            working = await asyncio.to_thread(is_live)
            left = await database.read(run_requests.asked(run))
            log = await database.read(events.of_run(run, cursor))
            if any(isinstance(e.body, RunReplanned) and e.body.plan == kept_as for e in log):
                return
            if left.plan != kept_as:
                message = f"Whoever works on {run} can not take the plan, or took a newer one."
                raise InputError(message, action=f"See how it stands: framewright show {run}")
            if not working:
                message = f"{run} ended before it could take the new plan."
                raise InputError(message, action=INSTEAD)
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        await database.write(run_requests.withdraw_plan(run, kept_as))
