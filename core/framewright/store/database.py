"""The database of a workspace: one writer thread with group commit, readers beside it.

Every write is an operation: a function that gets a `Transaction`. Operations are applied in
the order they were handed over; all that wait are committed together with `synchronous=FULL`,
and their futures answer only then. So a write that answered survives a crash, and so does
every write handed over before it.

SQLite 3.7.0 to 3.51.2 can corrupt a WAL file when two connections write or checkpoint at the
same moment. Here no two ever do: every transaction, and the checkpoint at closing, runs under
a lock of the operating system that all processes of a workspace share.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from framewright.errors import FramewrightError, StorageError, StorageFullError
from framewright.store import schema
from framewright.store.feed import Feed
from framewright.store.locks import FileLock
from framewright.store.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from framewright.domain.event import Event
    from framewright.protocols import Clock

T = TypeVar("T")
Operation = Callable[[Transaction], T]
Question = Callable[[sqlite3.Connection], T]

GROUP = 512
"""About how many operations go into one commit at most."""
POST_SECONDS = 0.01
"""How long an operation that nobody waits for may stay behind for company."""
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 10000",
    # 16 MB: fewer checkpoints, each of which syncs the whole database.
    "PRAGMA wal_autocheckpoint = 4000",
)


@dataclass(slots=True)
class _Waiting:
    """One operation on its way, and what came of it."""

    operation: Operation[Any]
    future: asyncio.Future[Any]
    result: Any = None
    error: Exception | None = None


class Database:
    """An open database; all methods belong to the event loop that opened it."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self.feed = Feed()
        self._clock = clock
        self._lock = FileLock(path.with_name(path.name + "-writer"))
        self._waiting: queue.SimpleQueue[list[_Waiting] | None] = queue.SimpleQueue()
        self._posted: list[_Waiting] = []
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._opened: asyncio.Future[None] = self._loop.create_future()
        self._broken: StorageError | None = None
        self._readers = ThreadPoolExecutor(1, thread_name_prefix="framewright-reader")
        self._reading: sqlite3.Connection | None = None
        self._writer = threading.Thread(target=self._write_until_closed, name="framewright-writer")

    @classmethod
    async def open(cls, path: Path, clock: Clock) -> Database:
        """Open the database, create or migrate it where needed; raises `StorageError`."""
        database = cls(path, clock)
        newest = "SELECT COALESCE(MAX(seq), 0) FROM event"
        database._writer.start()
        try:
            await database._opened
            last = await database.read(lambda at: at.execute(newest).fetchone()[0])
        except BaseException:
            # Also when the caller gave up: threads that nobody ends keep the process alive.
            await database.close()
            raise
        database.feed.start_after(last)
        return database

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

    def post(self, operation: Operation[Any]) -> None:
        """Hand an operation over without waiting; should it fail, so will every later write.

        It takes its place in the order at once and travels with the next write, or alone after
        `POST_SECONDS`: a commit for itself would only keep others waiting.
        """
        self._add(operation).add_done_callback(_look_away)
        if self._timer is None:
            self._timer = self._loop.call_later(POST_SECONDS, self._hand_over)

    def _add(self, operation: Operation[T]) -> asyncio.Future[T]:
        future: asyncio.Future[T] = self._loop.create_future()
        if self._broken is not None:
            future.set_exception(self._broken)
        else:
            self._posted.append(_Waiting(operation, future))
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
        """Commit what was handed over, checkpoint, and let go of the files."""
        self._hand_over()
        self._waiting.put(None)
        await asyncio.to_thread(self._writer.join)
        await self._loop.run_in_executor(self._readers, self._close_reading)
        self._readers.shutdown()

    # ---- on the reader's thread

    def _ask(self, question: Question[T]) -> T:
        try:
            if self._reading is None:
                self._reading = sqlite3.connect(
                    f"{self.path.absolute().as_uri()}?mode=ro",
                    uri=True,
                    isolation_level=None,
                    check_same_thread=False,
                )
                self._reading.execute("PRAGMA busy_timeout = 10000")
            return question(self._reading)
        except sqlite3.Error as error:
            raise told_by_sqlite(error, self.path) from error

    def _close_reading(self) -> None:
        if self._reading is not None:
            self._reading.close()

    # ---- on the writer's thread

    def _write_until_closed(self) -> None:
        try:
            with self._lock.held():
                connection = self._connect()
        except Exception as error:  # noqa: BLE001 - whoever opens the database waits for an answer
            self._tell(self._answer, self._opened, None, told_by_sqlite(error, self.path))
            return
        self._tell(self._answer, self._opened, None, None)
        while batch := self._next_batch():
            self._commit(connection, batch)
        with self._lock.held():
            connection.close()
        self._lock.release()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        try:
            for pragma in _PRAGMAS:
                connection.execute(pragma)
            schema.bring_up_to_date(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _next_batch(self) -> list[_Waiting]:
        """Wait for an operation; return it with all that wait behind it, or nothing at the end."""
        batch: list[_Waiting] = []
        while len(batch) < GROUP:
            try:
                found = self._waiting.get(block=not batch)
            except queue.Empty:
                break
            if found is None:
                if batch:
                    self._waiting.put(None)
                break
            batch.extend(found)
        return batch

    def _commit(self, connection: sqlite3.Connection, batch: list[_Waiting]) -> None:
        recorded: Sequence[Event] = ()
        try:
            if self._broken is None:
                with self._lock.held():
                    recorded = self._apply(connection, batch)
        except Exception as error:  # noqa: BLE001 - a dead writer would leave its callers waiting
            self._broken = told_by_sqlite(error, self.path)
        if self._broken is not None:
            for each in batch:
                each.error = self._broken
        self._tell(self._deliver, batch, recorded)

    def _tell(self, listener: Callable[..., None], *news: object) -> None:
        """Call somebody on the event loop; when that is closed, nobody waits any more."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(listener, *news)

    def _apply(self, connection: sqlite3.Connection, batch: list[_Waiting]) -> Sequence[Event]:
        """Commit the whole batch; where one operation refuses, each gets its own savepoint."""
        transaction = Transaction(connection, self._clock.now_ms())
        connection.execute("BEGIN IMMEDIATE")
        try:
            try:
                for each in batch:
                    each.result = each.operation(transaction)
            except FramewrightError:
                connection.execute("ROLLBACK")
                connection.execute("BEGIN IMMEDIATE")
                transaction = self._apply_one_by_one(connection, batch)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return transaction.recorded

    def _apply_one_by_one(
        self, connection: sqlite3.Connection, batch: list[_Waiting]
    ) -> Transaction:
        transaction = Transaction(connection, self._clock.now_ms())
        for each in batch:
            kept = len(transaction.recorded)
            connection.execute("SAVEPOINT one")
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


def told_by_sqlite(error: Exception, path: Path) -> StorageError:
    """Return what a person should see when SQLite can not work on the database at `path`."""
    if isinstance(error, StorageError):
        return error
    text = str(error).lower()
    if "full" in text or "no space" in text:
        return StorageFullError(f"The disk of the workspace {path.parent} is full.")
    if "not a database" in text or "malformed" in text:
        return StorageError(
            f"The file {path} is damaged or not a workspace database.",
            action="Move it away to begin anew, or put a backup in its place.",
        )
    return StorageError(f"The workspace {path.parent} can not be read or written: {error}.")
