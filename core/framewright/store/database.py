"""The database of a workspace: one writer thread with group commit, readers beside it.

Every write is an operation: a function that gets a `Transaction`. Operations are applied in
the order they were handed over; all that wait are committed together, safe from a crash, and
their futures answer only then. So a write that answered survives a crash, and so does every
write handed over before it. Which kind of database it is, an `Engine` knows.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from framewright.errors import FramewrightError, StorageError
from framewright.store.engine import Connection, Engine
from framewright.store.feed import Feed
from framewright.store.place import Place, PostgresUrl
from framewright.store.sqlite_engine import SqliteEngine
from framewright.store.transaction import Transaction
from framewright.store.writer import Waiting, Writer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.domain.event import Event
    from framewright.protocols import Clock

T = TypeVar("T")
Operation = Callable[[Transaction], T]
Question = Callable[[Connection], T]

POST_SECONDS = 0.01
"""How long an operation that nobody waits for may stay behind for company."""

_NEWEST = "SELECT COALESCE(MAX(seq), 0) FROM event"


class Database:
    """An open database; all methods belong to the event loop that opened it."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.feed = Feed()
        self.hears = False
        """Whether listeners of `on_woken` are called; where not, one has to look."""
        self._engine = engine
        self._posted: list[Waiting] = []
        self._closed: StorageError | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._opened: asyncio.Future[None] = self._loop.create_future()
        self._readers = ThreadPoolExecutor(1, thread_name_prefix="framewright-reader")
        self._listeners: list[Callable[[], None]] = []
        self._writer = Writer(engine, clock, partial(self._tell, self._deliver))
        self._thread = threading.Thread(target=self._write_until_closed, name="framewright-writer")

    @classmethod
    async def open(cls, place: Place, clock: Clock) -> Database:
        """Open the database, create or migrate it where needed; raises `StorageError`."""
        database = cls(engine_of(place), clock)
        database._thread.start()
        try:
            await database._opened
            last = await database.newest()
            database.hears = await database._engine.listen(
                room=database._wake, news=database.feed.stir
            )
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

    def post(self, operation: Operation[T]) -> asyncio.Future[T]:
        """Hand an operation over without waiting; should it fail, so will every later write.

        Nobody need look at the future, which answers as that of `write` does.
        Where the disk is full or a server can not be reached, it waits until that is over.

        It takes its place in the order at once and travels with the next write, or alone after
        `POST_SECONDS`: a commit for itself would only keep others waiting.
        """
        posted = self._add(operation, posted=True)
        posted.add_done_callback(_look_away)
        if self._timer is None:
            self._timer = self._loop.call_later(POST_SECONDS, self._hand_over)
        return posted

    def _add(self, operation: Operation[T], *, posted: bool = False) -> asyncio.Future[T]:
        future: asyncio.Future[T] = self._loop.create_future()
        if (problem := self._closed or self._writer.broken) is not None:
            future.set_exception(problem)
        else:
            self._posted.append(Waiting(operation, future, posted))
        return future

    def _hand_over(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._posted:
            self._writer.hand_over(self._posted)
            self._posted = []

    async def read(self, question: Question[T]) -> T:
        """Ask something of what is committed, on the reader's thread."""
        return await self._loop.run_in_executor(self._readers, self._ask, question)

    async def newest(self) -> int:
        """Return the position of the newest event of all processes; 0 where there is none."""
        return await self.read(lambda at: int(at.execute(_NEWEST).fetchone()[0]))

    async def close(self) -> None:
        """Commit what was handed over, and let go of the database."""
        self._engine.end_listening()
        self._hand_over()
        self._writer.hand_over(None)
        # Whatever came now would wait for ever.
        self._closed = StorageError("The workspace is closed.", action="Open it again.")
        await asyncio.to_thread(self._thread.join)
        await self._loop.run_in_executor(self._readers, self._engine.end_reading)
        self._readers.shutdown()

    # ---- on the reader's thread

    def _ask(self, question: Question[T]) -> T:
        try:
            return self._engine.ask(question)
        except (FramewrightError, ValueError):
            # What is stored may be of a newer program: what then is for whoever asked to say.
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
        self._writer.work()
        self._engine.end_writing()

    def _tell(self, listener: Callable[..., None], *news: object) -> None:
        """Call somebody on the event loop; when that is closed, nobody waits any more."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(listener, *news)

    # ---- back on the event loop

    def _deliver(self, batch: list[Waiting], recorded: Sequence[Event]) -> None:
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
