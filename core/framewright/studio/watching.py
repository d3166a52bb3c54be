"""Everything that happens to a tenant, whichever process does it, from a cursor on."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from framewright.domain.run import RunState
from framewright.errors import StoreUnreachableError
from framewright.store import events

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from framewright.domain.event import Event
    from framewright.store.database import Database, Question
    from framewright.store.engine import Connection
    from framewright.store.runs import RunRecord
    from framewright.studio.conductor import Conductor

AT_ONCE = 500
"""How many events are read at a time."""
LOOK_SECONDS = 0.5
"""How often the store is asked for what another process wrote."""


class Watching:
    """The part of a studio that tells what happens."""

    _tenant: str
    _database: Database
    _conductor: Conductor

    async def _record(self, run: str) -> RunRecord:
        raise NotImplementedError

    async def newest(self) -> int:
        """Return the position of the newest event of all."""
        return await self._database.newest()

    async def is_over(self, run: str) -> bool:
        """Tell whether a run has ended; a failed one may be resumed all the same."""
        record = await self._record(run)
        unfinished = record.state in {RunState.RUNNING, RunState.WAITING}
        return not unfinished and not await asyncio.to_thread(self._conductor.is_live, run)

    async def events(self, after: int = 0, run: str | None = None) -> AsyncGenerator[Event]:
        """Yield the tenant's events behind a cursor, then what comes: for ever, or to a run's end.

        A cursor is the `seq` of the last event that was seen. Also events of other processes
        come, each once and in order. Raises `NotFoundError` for a run that is not there.
        """
        bell = self._database.feed.listen()
        try:
            while True:
                bell.clear()
                # Asked first: what it did last is then among what is read next.
                over = run is not None and await self.is_over(run)
                batch: tuple[Event, ...] = ()
                cursor, reached = after, True
                try:
                    batch, cursor = await self._database.read(self._asked(after, run))
                except StoreUnreachableError:
                    reached = False
                for event in batch:
                    yield event
                if cursor > after:
                    after = cursor
                elif over and reached:
                    return
                else:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(bell.wait(), LOOK_SECONDS)
        finally:
            self._database.feed.hang_up(bell)

    def _asked(self, after: int, run: str | None) -> Question[tuple[tuple[Event, ...], int]]:
        if run is None:
            return events.of_tenant(self._tenant, after, AT_ONCE)
        of_run = events.of_run(run, after, AT_ONCE)

        def question(connection: Connection) -> tuple[tuple[Event, ...], int]:
            found = of_run(connection)
            return found, found[-1].seq if found else after

        return question
