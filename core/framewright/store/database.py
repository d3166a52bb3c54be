"""The database of a workspace: one writer thread with group commit, readers beside it.

Every write is an operation: a function that gets a `Transaction`. Operations are applied in
the order they were handed over; all that wait are committed together, safe from a crash, and
their futures answer only then. So a write that answered survives a crash, and so does every
write handed over before it. Which kind of database it is, an `Engine` knows.

Where a batch can not be stored for a reason that passes, a full disk say, whoever waits hears of
it and may try again. What nobody waits for is kept, goes before all that comes later, and is
tried again and again: everything that was built on it stays true.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from framewright.errors import (
    FramewrightError,
    StorageError,
    StorageFullError,
    StorageLockedError,
    StoreUnreachableError,
)
from framewright.store.engine import Connection, Engine
from framewright.store.feed import Feed
from framewright.store.place import Place, PostgresUrl
from framewright.store.sqlite_engine import SqliteEngine
from framewright.store.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.domain.event import Event
    from framewright.protocols import Clock

T = TypeVar("T")
Operation = Callable[[Transaction], T]
Question = Callable[[Connection], T]

GROUP = 512
"""About how many operations go into one commit at most."""
POST_SECONDS = 0.01
"""How long an operation that nobody waits for may stay behind for company."""
KEPT_SECONDS = 1.0
"""How often what is kept is tried again where no write comes that takes it along."""
PASSING = (StorageFullError, StorageLockedError, StoreUnreachableError)
"""Problems behind which nothing of a batch is stored, and the same may go well later."""
TRIES = 2
"""How often a batch is applied where the connection is lost before anything of it is stored."""


@dataclass(slots=True)
class _Waiting:
    """One operation on its way, and what came of it."""

    operation: Operation[Any]
    future: asyncio.Future[Any]
    posted: bool
    """Whether nobody waits for it, so that nobody would hear of its failure."""
    result: Any = None
    error: Exception | None = None


class Database:
    """An open database; all methods belong to the event loop that opened it."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.feed = Feed()
        self.hears = False
        """Whether listeners of `on_woken` are called; where not, one has to look."""
        self._engine = engine
        self._clock = clock
        self._waiting: queue.SimpleQueue[list[_Waiting] | None] = queue.SimpleQueue()
        self._posted: list[_Waiting] = []
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._opened: asyncio.Future[None] = self._loop.create_future()
        self._broken: StorageError | None = None
        self._closed: StorageError | None = None
        self._kept: list[_Waiting] = []
        self._closing = False
        self._latest_ms = 0
        self._readers = ThreadPoolExecutor(1, thread_name_prefix="framewright-reader")
        self._listeners: list[Callable[[], None]] = []
        self._writer = threading.Thread(target=self._write_until_closed, name="framewright-writer")

    @classmethod
    async def open(cls, place: Place, clock: Clock) -> Database:
        """Open the database, create or migrate it where needed; raises `StorageError`."""
        database = cls(engine_of(place), clock)
        newest = "SELECT COALESCE(MAX(seq), 0) FROM event"
        database._writer.start()
        try:
            await database._opened
            last = await database.read(lambda at: at.execute(newest).fetchone()[0])
            database.hears = await database._engine.listen(database._wake)
        except BaseException:
            # Also when the caller gave up: threads that nobody ends keep the process alive.
            await database.close()
            raise
        database.feed.start_after(last)
        return database

    @property
    def place(self) -> Place:
        """Where the database is."""
        return self._engine.place

    def on_woken(self, listener: Callable[[], None]) -> None:
        """Call a listener whenever another process made room for jobs, where `hears` says so."""
        self._listeners.append(listener)

    def _wake(self) -> None:
        for listener in self._listeners:
            listener()

    def write(self, operation: Operation[T]) -> asyncio.Future[T]:
        """Hand an operation over; the future answers once it is safely on disk.

        Its place in the order of writes is taken at once, awaited or not. A `FramewrightError`
        from the operation undoes that operation only and comes out of the future.
        """
        future = self._add(operation)
        self._hand_over()
        return future

    def add(self, operation: Operation[T]) -> asyncio.Future[T]:
        """Hand an operation over together with the next write, which has to follow at once.

        The future answers as that of `write` does.
        """
        return self._add(operation)

    def post(self, operation: Operation[Any], *, at_once: bool = False) -> None:
        """Hand an operation over without waiting; should it fail, so will every later write.

        It takes its place in the order at once and travels with the next write, or alone after
        `POST_SECONDS`, for a commit for itself would only keep others waiting; unless it is to
        be on disk as soon as it can.
        """
        self._add(operation, posted=True).add_done_callback(_look_away)
        if at_once:
            self._hand_over()
        elif self._timer is None:
            self._timer = self._loop.call_later(POST_SECONDS, self._hand_over)

    def _add(self, operation: Operation[T], *, posted: bool = False) -> asyncio.Future[T]:
        future: asyncio.Future[T] = self._loop.create_future()
        if (problem := self._closed or self._broken) is not None:
            future.set_exception(problem)
        else:
            self._posted.append(_Waiting(operation, future, posted))
        return future

    def _hand_over(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._posted:
            self._waiting.put(self._posted)
            self._posted = []

    async def read(self, question: Question[T]) -> T:
        """Ask something of what is committed, on the reader's thread."""
        return await self._loop.run_in_executor(self._readers, self._ask, question)

    async def close(self) -> None:
        """Commit what was handed over, and let go of the database."""
        self._engine.end_listening()
        self._hand_over()
        self._waiting.put(None)
        # Whatever comes now would wait for ever.
        self._closed = StorageError("The workspace is closed.", action="Open it again.")
        await asyncio.to_thread(self._writer.join)
        await self._loop.run_in_executor(self._readers, self._engine.end_reading)
        self._readers.shutdown()

    # ---- on the reader's thread

    def _ask(self, question: Question[T]) -> T:
        try:
            return self._engine.ask(question)
        except FramewrightError:
            raise
        except Exception as error:
            raise self._engine.told(error) from error

    # ---- on the writer's thread

    def _write_until_closed(self) -> None:
        try:
            self._engine.begin_writing()
        except Exception as error:  # noqa: BLE001 - whoever opens the database waits for an answer
            self._tell(self._answer, self._opened, None, self._engine.told(error))
            return
        self._tell(self._answer, self._opened, None, None)
        while batch := self._next_batch():
            self._commit(batch)
        self._engine.end_writing()

    def _next_batch(self) -> list[_Waiting]:
        """Wait for an operation; return it with all that wait behind it, or nothing at the end."""
        batch, self._kept = self._kept, []
        waits, patience = not self._closing, KEPT_SECONDS if batch else None
        while waits or len(batch) < GROUP:
            try:
                found = self._waiting.get(block=waits, timeout=patience)
            except queue.Empty:
                break
            if found is None:
                self._closing = True
                break
            batch.extend(found)
            waits = False
        return batch

    def _commit(self, batch: list[_Waiting]) -> None:
        recorded: Sequence[Event] = ()
        problem = self._broken
        if problem is None:
            try:
                recorded = self._stored(batch)
            except Exception as error:  # noqa: BLE001 - a dead writer would leave its callers waiting
                problem = self._engine.told(error)
                if self._closing or not isinstance(problem, PASSING):
                    self._broken = problem
        if problem is not None:
            if self._broken is None:
                self._kept = [each for each in batch if each.posted]
                batch = [each for each in batch if not each.posted]
            for each in batch:
                each.error = problem
        self._tell(self._deliver, batch, recorded)

    def _tell(self, listener: Callable[..., None], *news: object) -> None:
        """Call somebody on the event loop; when that is closed, nobody waits any more."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(listener, *news)

    def _stored(self, batch: list[_Waiting]) -> Sequence[Event]:
        """Commit the batch and return its events; once more where nothing of it is stored."""
        for _ in range(TRIES - 1):
            with suppress(StoreUnreachableError):
                return self._apply(batch)
        return self._apply(batch)

    def _apply(self, batch: list[_Waiting]) -> Sequence[Event]:
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

    def _apply_one_by_one(self, connection: Connection, batch: list[_Waiting]) -> Transaction:
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

    # ---- back on the event loop

    def _deliver(self, batch: list[_Waiting], recorded: Sequence[Event]) -> None:
        if recorded:
            self.feed.publish(recorded)
        for each in batch:
            self._answer(each.future, each.result, each.error)

    @staticmethod
    def _answer(future: asyncio.Future[Any], result: object, error: Exception | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)


def _look_away(future: asyncio.Future[Any]) -> None:
    if not future.cancelled():
        future.exception()


def engine_of(place: Place) -> Engine:
    """Return what works on the database at a place; raises `SettingsError` where it lacks parts."""
    if not isinstance(place, PostgresUrl):
        return SqliteEngine(place)
    # Nobody who keeps to SQLite needs the driver.
    from framewright.store.postgres_engine import PostgresEngine

    return PostgresEngine(place)
