"""The store on a PostgreSQL server: replicas on any machine share one queue.

One transaction of all replicas at a time applies operations, under an advisory lock of the
server; so what holds for one writer of a file holds here. It begins with the lock, and what
it reads behind that is what the one before it committed.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import psycopg

from framewright.errors import CommitInDoubtError, StorageError, StoreUnreachableError
from framewright.store import postgres_schema
from framewright.store.postgres_connection import (
    Session,
    connect,
    end_session,
    lock_key,
    schema_of,
    session_of,
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

PATIENCE_SECONDS = 30.0
"""How long writes and questions wait for a server that was lost, before they fail."""
RETRY_SECONDS = 0.2
_STAMP = "SELECT pg_current_xact_id_if_assigned()::text"
_BECAME = "SELECT pg_xact_status($1::text::xid8)"
_CHANNEL = "SELECT 'framewright_' || md5(current_schema())"


class PostgresEngine:
    """A database that replicas share; connections that were lost are made anew."""

    def __init__(self, place: PostgresUrl) -> None:
        self.place = place
        self._writing: psycopg.Connection | None = None
        self._session: Session | None = None
        self._begin = ""
        self._stamp: str | None = None
        """What the server calls the newest transaction; None for one that wrote nothing."""
        self._patient_until = 0.0
        self._reading: psycopg.Connection | None = None
        self._line: Line | None = None

    # ---- on the writer's thread

    def begin_writing(self) -> None:
        """Connect, and create or migrate the tables where needed."""
        postgres_schema.bring_up_to_date(self.place)
        self._connect_writing()

    def _connect_writing(self) -> psycopg.Connection:
        connection = self._connect_patiently(self._patient_until)
        if self._session is not None:
            end_session(connection, self._session)
        self._session = session_of(connection)
        self._begin = f"BEGIN; SELECT pg_advisory_xact_lock({lock_key(schema_of(connection))})"
        self._writing = connection
        return connection

    def _connect_patiently(self, until: float) -> psycopg.Connection:
        """Connect, and wait a while for a server that was lost just now and may come back."""
        while True:
            try:
                return connect(self.place)
            except StoreUnreachableError:
                if time.monotonic() >= until:
                    raise
            time.sleep(RETRY_SECONDS)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Begin a transaction as the only one of all replicas, and commit it behind the block.

        Raises `StoreUnreachableError` where the connection was lost and nothing is stored, and
        `CommitInDoubtError` where its answer to the commit was lost, and the server with it.
        """
        connection = self._writing or self._connect_writing()
        try:
            connection.execute(self._begin, prepare=False)
            yield Statements(connection)
            (self._stamp,) = connection.execute(_STAMP).fetchone() or (None,)
        except BaseException as error:
            if self._undo(connection):
                raise
            raise unreachable(error, self.place) from error
        try:
            connection.execute("COMMIT")
        except psycopg.Error as error:
            if self._undo(connection):
                raise
            if not self._found_stored():
                raise unreachable(error, self.place) from error

    def _undo(self, connection: psycopg.Connection) -> bool:
        """Take back what the transaction did; False where it went with its connection."""
        try:
            connection.execute("ROLLBACK")
        except psycopg.Error:
            connection.close()
            self._writing = None
            self._patient_until = time.monotonic() + PATIENCE_SECONDS
            return False
        return True

    def _found_stored(self) -> bool:
        try:
            return self.was_stored()
        except StoreUnreachableError as error:
            message = f"{self.place} was lost in the middle of a commit."
            raise CommitInDoubtError(message) from error

    def was_stored(self) -> bool:
        """Tell what became of the transaction whose commit was never answered."""
        if self._stamp is None:
            # It had written nothing.
            return True
        connection = self._writing or self._connect_writing()
        try:
            # Behind the lock that it held as long as it lived: it is over.
            connection.execute(self._begin, prepare=False)
            (became,) = connection.execute(_BECAME, (self._stamp,)).fetchone() or (None,)
            connection.execute("COMMIT")
        except psycopg.Error as error:
            if self._undo(connection):
                raise
            raise unreachable(error, self.place) from error
        if became is None:
            message = f"{self.place} does not know any more whether a commit went through."
            raise StorageError(message, action="Open the workspace again: it then shows that.")
        return bool(became == "committed")

    def end_writing(self) -> None:
        """Close the writer's connection."""
        if self._writing is not None:
            self._writing.close()

    # ---- on the reader's thread

    def ask(self, question: Callable[[Connection], T]) -> T:
        """Answer a question on a connection that can not write; ask again where it was lost.

        Raises `StoreUnreachableError` where the server does not come back soon.
        """
        until = 0.0
        while True:
            connection = self._reading or self._connect_reading(until)
            try:
                return question(Statements(connection))
            except psycopg.Error as error:
                if not connection.closed:
                    raise
                self._reading = None
                now = time.monotonic()
                until = until or now + PATIENCE_SECONDS
                if now >= until:
                    raise unreachable(error, self.place) from error

    def _connect_reading(self, until: float) -> psycopg.Connection:
        connection = self._connect_patiently(until)
        try:
            connection.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        except psycopg.Error as error:
            connection.close()
            raise unreachable(error, self.place) from error
        self._reading = connection
        return connection

    def end_reading(self) -> None:
        """Close the reader's connection."""
        if self._reading is not None:
            self._reading.close()

    # ---- on the event loop

    async def listen(self, room: Callable[[], None], news: Callable[[], None]) -> bool:
        """Call one or both for a commit of another replica, and both where one may be missed."""
        called = {"room": room, "news": news}

        def greet(connection: psycopg.Connection) -> None:
            (channel,) = connection.execute(_CHANNEL).fetchone() or ("",)
            connection.execute(f'LISTEN "{channel}"')

        def heard(pid: int, what: str) -> None:
            if self._session is None or pid != self._session.pid:
                called.get(what, news)()

        def again() -> None:
            room()
            news()

        self._line = await Line.open(self.place, greet, heard, again)
        return True

    def end_listening(self) -> None:
        """Stop calling."""
        if self._line is not None:
            self._line.close()

    # ---- on any

    def told(self, error: Exception) -> StorageError:
        """Return what a person should see when the database can not be worked on."""
        return told_by_postgres(error, self.place)
