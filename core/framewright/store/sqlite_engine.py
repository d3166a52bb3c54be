"""The store in one file of the workspace: SQLite.

SQLite 3.7.0 to 3.51.2 can corrupt a WAL file when two connections write or checkpoint at the
same moment. Here no two ever do: every transaction, and the checkpoint at closing, runs under
a lock of the operating system that all processes of a workspace share.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from framewright.errors import StorageError, StorageFullError, StorageLockedError
from framewright.store import schema
from framewright.store.locks import FileLock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from framewright.store.engine import Connection

T = TypeVar("T")

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 10000",
    # 16 MB: fewer checkpoints, each of which syncs the whole database.
    "PRAGMA wal_autocheckpoint = 4000",
)


class SqliteEngine:
    """A database file that processes of one machine share."""

    def __init__(self, path: Path) -> None:
        self.place = path
        self._lock = FileLock(path.with_name(path.name + "-writer"))
        self._writing: sqlite3.Connection | None = None
        self._reading: sqlite3.Connection | None = None

    def begin_writing(self) -> None:
        """Open the file, and create or migrate its tables where needed."""
        with self._lock.held():
            connection = sqlite3.connect(self.place, isolation_level=None, check_same_thread=False)
            try:
                for pragma in _PRAGMAS:
                    connection.execute(pragma)
                schema.bring_up_to_date(connection)
            except BaseException:
                connection.close()
                raise
        self._writing = connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Begin a transaction and commit it, synced to the disk, behind the block."""
        assert self._writing is not None
        connection = self._writing
        with self._lock.held():
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def was_stored(self) -> bool:
        """Never asked: a file leaves nothing in doubt."""
        raise NotImplementedError

    def end_writing(self) -> None:
        """Checkpoint and close the file."""
        if self._writing is not None:
            with self._lock.held():
                self._writing.close()
        self._lock.release()

    def ask(self, question: Callable[[Connection], T]) -> T:
        """Answer a question on a connection that can not write."""
        if self._reading is None:
            self._reading = sqlite3.connect(
                f"{self.place.absolute().as_uri()}?mode=ro",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
            )
            self._reading.execute("PRAGMA busy_timeout = 10000")
        return question(self._reading)

    def end_reading(self) -> None:
        """Close the reader's side."""
        if self._reading is not None:
            self._reading.close()

    async def listen(self, room: Callable[[], None], news: Callable[[], None]) -> bool:
        """Say that processes do not hear of one another here."""
        return False

    def end_listening(self) -> None:
        """Do nothing: nobody listens."""

    def told(self, error: Exception) -> StorageError:
        """Return what a person should see when the file can not be worked on."""
        return told_by_sqlite(error, self.place)


def told_by_sqlite(error: Exception, path: Path) -> StorageError:
    """Return what a person should see when SQLite can not work on the database at `path`."""
    if isinstance(error, StorageError):
        return error
    # Extended codes hold more in their higher bits.
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        message = f"Another program keeps the database of the workspace {path.parent} to itself."
        return StorageLockedError(message, retryable=True)
    text = str(error).lower()
    if "full" in text or "no space" in text:
        return StorageFullError(f"The disk of the workspace {path.parent} is full.")
    if "not a database" in text or "malformed" in text:
        return StorageError(
            f"The file {path} is damaged or not a workspace database.",
            action="Move it away to begin anew, or put a backup in its place.",
        )
    return StorageError(f"The workspace {path.parent} can not be read or written: {error}.")
