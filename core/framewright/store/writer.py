"""The writer of a database: applies operations in the order they came, many per commit.

All that wait are committed together, safe from a crash, and are delivered only then. Where one
refuses, each of its batch gets a savepoint of its own. Where the disk is full, another program
keeps the database to itself or its server can not be reached, nothing of the batch is stored and
whoever waits hears so; what nobody waits for stays, in its place before all that comes later,
until that is over.
"""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framewright.errors import (
    CommitInDoubtError,
    FramewrightError,
    StorageError,
    StorageFullError,
    StorageLockedError,
    StoreUnreachableError,
)
from framewright.store.transaction import Transaction

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from framewright.domain.event import Event
    from framewright.protocols import Clock
    from framewright.store.engine import Connection, Engine

GROUP = 512
"""About how many operations go into one commit at most."""
TRIES = 2
"""How often a batch is applied where the connection is lost before anything of it is stored."""
LATE_SECONDS = 1.0
"""How long after a failure what nobody waits for is tried again."""
PASSING = (StorageFullError, StorageLockedError, StoreUnreachableError)
"""Problems behind which nothing of a batch is stored, and the same may go well later."""
_log = logging.getLogger("framewright.store")


@dataclass(slots=True)
class Waiting:
    """An operation on its way to the disk, and who hears what came of it."""

    operation: Callable[[Transaction], Any]
    future: asyncio.Future[Any]
    posted: bool
    """Whether nobody waits for it, so that nobody would hear of its failure."""
    result: Any = None
    error: Exception | None = None


Deliver = Callable[[list[Waiting], "Sequence[Event]"], None]


class Writer:
    """Owns an engine's writing side; `hand_over` is for any thread, the rest for one alone."""

    def __init__(self, engine: Engine, clock: Clock, deliver: Deliver) -> None:
        self.broken: StorageError | None = None
        """Why nothing can be written any more."""
        self._engine = engine
        self._clock = clock
        self._deliver = deliver
        self._waiting: queue.SimpleQueue[list[Waiting] | None] = queue.SimpleQueue()
        self._late: list[Waiting] = []
        """What nobody waits for and an outage kept from the disk."""
        self._doubtful: list[Waiting] | None = None
        """The like of a commit of which nobody knows yet whether it went through."""
        self._latest_ms = 0

    def hand_over(self, batch: list[Waiting] | None) -> None:
        """Put operations in line; None ends the work behind all that came before."""
        self._waiting.put(batch)

    def work(self) -> None:
        """Commit what is handed over until the end of it, on an engine that began writing."""
        while (batch := self._next_batch()) is not None:
            self._commit(batch)
        if self._late or self._doubtful:
            self._commit([])
        if lost := len(self._late) + len(self._doubtful or ()):
            _log.error("%s can not be written: %d writes are lost", self._engine.place, lost)

    def _next_batch(self) -> list[Waiting] | None:
        """Wait for operations; return them with all that wait behind them, None at the end."""
        batch: list[Waiting] = []
        while len(batch) < GROUP:
            try:
                wait = LATE_SECONDS if self._late or self._doubtful else None
                found = self._waiting.get(block=not batch, timeout=wait)
            except queue.Empty:
                break
            if found is None:
                if not batch:
                    return None
                self._waiting.put(None)
                break
            batch.extend(found)
        return batch

    def _commit(self, batch: list[Waiting]) -> None:
        if self.broken is not None:
            self._refuse(batch, self.broken)
            return
        try:
            self._settle_doubt()
            recorded = self._stored([*self._late, *batch])
        except Exception as error:  # noqa: BLE001 - a dead writer would leave its callers waiting
            self._fail(batch, self._engine.told(error))
        else:
            batch = [*self._late, *batch]
            self._late = []
            self._deliver(batch, recorded)

    def _fail(self, batch: list[Waiting], problem: StorageError) -> None:
        """Tell who waits that a batch is not stored; keep the rest where that may pass."""
        if not isinstance(problem, (*PASSING, CommitInDoubtError)):
            self.broken = problem
            self._refuse([*self._late, *batch], problem)
            self._late = []
            return
        self._late += [each for each in batch if each.posted]
        if isinstance(problem, CommitInDoubtError):
            self._doubtful, self._late = self._late, []
        self._refuse([each for each in batch if not each.posted], problem)

    def _refuse(self, batch: list[Waiting], problem: StorageError) -> None:
        for each in batch:
            each.error = problem
        self._deliver(batch, ())

    def _settle_doubt(self) -> None:
        """Find out whether a commit went through whose answer never came."""
        if self._doubtful is not None:
            stored = self._engine.was_stored()
            self._late = [*([] if stored else self._doubtful), *self._late]
            self._doubtful = None

    def _stored(self, batch: list[Waiting]) -> Sequence[Event]:
        """Commit the batch and return its events; once more where nothing of it is stored."""
        for _ in range(TRIES - 1):
            with suppress(StoreUnreachableError):
                return self._apply(batch)
        return self._apply(batch)

    def _apply(self, batch: list[Waiting]) -> Sequence[Event]:
        """Commit the whole batch; where one operation refuses, each gets its own savepoint."""
        try:
            with self._engine.transaction() as connection:
                transaction = self._transaction(connection)
                for each in batch:
                    each.result = each.operation(transaction)
        except StorageError:
            raise
        except FramewrightError:
            with self._engine.transaction() as connection:
                transaction = self._apply_one_by_one(connection, batch)
        return transaction.recorded

    def _transaction(self, connection: Connection) -> Transaction:
        transaction = Transaction(connection, self._clock.now_ms(), self._latest_ms)
        self._latest_ms = transaction.latest_ms
        return transaction

    def _apply_one_by_one(self, connection: Connection, batch: list[Waiting]) -> Transaction:
        transaction = self._transaction(connection)
        for each in batch:
            kept = len(transaction.recorded)
            connection.execute("SAVEPOINT one")
            each.error = None
            try:
                each.result = each.operation(transaction)
            except FramewrightError as error:
                each.error = error
                connection.execute("ROLLBACK TO one")
                del transaction.recorded[kept:]
            connection.execute("RELEASE one")
        return transaction
