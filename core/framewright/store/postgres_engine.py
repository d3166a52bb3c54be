"""The store on a PostgreSQL server: replicas on any machine share one queue.

One transaction of all replicas at a time applies operations, under an advisory lock of the
server; so what holds for one writer of a file holds here. It begins with the lock, and what
it reads behind that is what the one before it committed.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import psycopg

from framewright.errors import StorageError
from framewright.store import postgres_schema
from framewright.store.postgres_connection import (
    connect,
    lock_key,
    schema_of,
    told_by_postgres,
    unreachable,
)
from framewright.store.postgres_line import Line
from framewright.store.postgres_statements import Statements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from framewright.store.engine import Connection
    from framewright.store.place import PostgresUrl

T = TypeVar("T")

_CHANNEL = "SELECT 'framewright_' || md5(current_schema())"


class PostgresEngine:
    """A database that replicas share; connections that were lost are made anew."""

    def __init__(self, place: PostgresUrl) -> None:
        self.place = place
        self._writing: psycopg.Connection | None = None
        self._begin = ""
        self._writer_pid = 0
        self._reading: psycopg.Connection | None = None
        self._line: Line | None = None

    # ---- on the writer's thread

    def begin_writing(self) -> None:
        """Connect, and create or migrate the tables where needed."""
        postgres_schema.bring_up_to_date(self.place)
        self._connect_writing()

    def _connect_writing(self) -> psycopg.Connection:
        connection = connect(self.place)
        self._begin = f"BEGIN; SELECT pg_advisory_xact_lock({lock_key(schema_of(connection))})"
        self._writer_pid = connection.info.backend_pid
        self._writing = connection
        return connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Begin a transaction as the only one of all replicas, and commit it behind the block.

        Raises `StoreUnreachableError` where the connection was lost before the commit was sent,
        and `StorageError` where it was lost before the answer came.
        """
        connection = self._writing or self._connect_writing()
        try:
            connection.execute(self._begin, prepare=False)
            yield Statements(connection)
        except BaseException as error:
            if self._undo(connection):
                raise
            raise unreachable(error, self.place) from error
        try:
            connection.execute("COMMIT")
        except psycopg.Error as error:
            if self._undo(connection):
                raise
            raise StorageError(
                f"The connection to {self.place} was lost in the middle of a commit.",
                action="Open the workspace again: it then shows whether that was stored.",
            ) from error

    def _undo(self, connection: psycopg.Connection) -> bool:
        """Take back what the transaction did; False where it went with its connection."""
        try:
            connection.execute("ROLLBACK")
        except psycopg.Error:
            connection.close()
            self._writing = None
            return False
        return True

    def end_writing(self) -> None:
        """Close the writer's connection."""
        if self._writing is not None:
            self._writing.close()

    # ---- on the reader's thread

    def ask(self, question: Callable[[Connection], T]) -> T:
        """Answer a question on a connection that can not write; ask again where it was lost."""
        if self._reading is not None:
            try:
                return question(Statements(self._reading))
            except psycopg.Error:
                if not self._reading.closed:
                    raise
        self._reading = connect(self.place)
        self._reading.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        return question(Statements(self._reading))

    def end_reading(self) -> None:
        """Close the reader's connection."""
        if self._reading is not None:
            self._reading.close()

    # ---- on the event loop

    async def listen(self, woken: Callable[[], None]) -> bool:
        """Call `woken` when a commit of another replica made room, or may have."""

        def greet(connection: psycopg.Connection) -> None:
            (channel,) = connection.execute(_CHANNEL).fetchone() or ("",)
            connection.execute(f'LISTEN "{channel}"')

        def heard(pid: int) -> None:
            if pid != self._writer_pid:
                woken()

        self._line = await Line.open(self.place, greet, heard, again=woken)
        return True

    def end_listening(self) -> None:
        """Stop calling."""
        if self._line is not None:
            self._line.close()

    # ---- on any

    def told(self, error: Exception) -> StorageError:
        """Return what a person should see when the database can not be worked on."""
        return told_by_postgres(error, self.place)
