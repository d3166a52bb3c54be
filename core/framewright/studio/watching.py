"""Everything that happens to a tenant, whichever process does it, from a cursor on."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from framewright.errors import StoreUnreachableError
from framewright.store import events

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from framewright.domain.event import Event
    from framewright.store.database import Database

AT_ONCE = 500
"""How many events are read at a time."""
LOOK_SECONDS = 0.5
"""How often the store is asked for what another process wrote."""


class Watching:
    """The part of a studio that tells what happens."""

    _tenant: str
    _database: Database

    async def newest(self) -> int:
        """Return the position of the newest event of all."""
        return await self._database.newest()

    async def events(self, after: int = 0) -> AsyncGenerator[Event]:
        """Yield the tenant's events behind a cursor, and go on with what comes, for ever.

        A cursor is the `seq` of the last event that was seen. Also events of other processes
        come, each once and in order.
        """
        bell = self._database.feed.listen()
        try:
            while True:
                bell.clear()
                batch: tuple[Event, ...] = ()
                cursor = after
                with suppress(StoreUnreachableError):
                    asked = events.of_tenant(self._tenant, after, AT_ONCE)
                    batch, cursor = await self._database.read(asked)
                for event in batch:
                    yield event
                if cursor > after:
                    after = cursor
                    continue
                with suppress(TimeoutError):
                    await asyncio.wait_for(bell.wait(), LOOK_SECONDS)
        finally:
            self._database.feed.hang_up(bell)
