"""A process that writes into a shared database; it stands alone so that it can be spawned."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from framewright.domain.event import CancelRequested
from framewright.protocols import HandClock
from framewright.store import events
from framewright.store.database import Database

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier

    from framewright.store.place import Place


def write_many(place: Place, barrier: Barrier, count: int) -> None:
    """Record `count` events, one commit each, once all others are ready too."""

    async def work() -> None:
        database = await Database.open(place, HandClock())
        await asyncio.to_thread(barrier.wait)
        for _ in range(count):
            await database.write(events.append("local", "run_1", CancelRequested()))
        await database.close()

    asyncio.run(work())
