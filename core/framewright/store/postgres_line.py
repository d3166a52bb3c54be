"""A connection that the event loop watches: it hears notifications, and that it was cut."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import pq

from framewright.errors import StorageError
from framewright.store.postgres_connection import (
    connect,
    end_session,
    session_of,
    told_by_postgres,
    unreachable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from framewright.store.place import PostgresUrl
    from framewright.store.postgres_connection import Session

RETRY_SECONDS = 0.2
"""How long after a failed try the next one begins."""
_log = logging.getLogger("framewright.store")


class Line:
    """One connection, made anew whenever it is cut; all of it belongs to one event loop.

    `greet` says on a fresh connection, in a thread of its own, what it is there for. `heard` is
    called with the server process of whoever notified and what it said, `again` once a line
    that was cut holds.
    """

    def __init__(
        self,
        place: PostgresUrl,
        greet: Callable[[psycopg.Connection], None],
        heard: Callable[[int, str], None],
        again: Callable[[], None],
    ) -> None:
        self.connection: psycopg.Connection | None = None
        """None while it is cut."""
        self._place = place
        self._greet = greet
        self._heard = heard
        self._again = again
        self._loop = asyncio.get_running_loop()
        self._session: Session | None = None
        self._socket = -1
        self._retry: asyncio.TimerHandle | None = None
        self._closed = False

    @classmethod
    async def open(
        cls,
        place: PostgresUrl,
        greet: Callable[[psycopg.Connection], None],
        heard: Callable[[int, str], None],
        again: Callable[[], None],
    ) -> Line:
        """Connect; raises `StorageError`."""
        line = cls(place, greet, heard, again)
        connecting = line._loop.run_in_executor(None, line._connect)
        try:
            line._hold(await asyncio.shield(connecting))
        except asyncio.CancelledError:
            connecting.add_done_callback(_let_go)
            raise
        return line

    def close(self) -> None:
        """Cut the line for good."""
        self._closed = True
        if self._retry is not None:
            self._retry.cancel()
        self._drop()

    def ask(self, statement: str, values: Sequence[Any]) -> Any:
        """Return the first row of an answer; raises `StorageError`."""
        if self.connection is None:
            raise unreachable(ConnectionError("the connection was lost"), self._place)
        try:
            return self.connection.execute(statement, values).fetchone()
        except psycopg.Error as error:
            if self.connection.closed:
                # Its socket is closed too: the event loop would never hear of it.
                self._cut()
            raise told_by_postgres(error, self._place) from error

    def _connect(self) -> psycopg.Connection:
        connection = connect(self._place)
        try:
            if self._session is not None:
                end_session(connection, self._session)
            self._session = session_of(connection)
            self._greet(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _hold(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self._socket = connection.fileno()
        self._loop.add_reader(self._socket, self._look)

    def _drop(self) -> None:
        if self.connection is not None:
            self._loop.remove_reader(self._socket)
            self.connection.close()
            self.connection = None

    def _look(self) -> None:
        """Take what has come; it never waits."""
        if self.connection is None:
            return
        wire = self.connection.pgconn
        try:
            wire.consume_input()
            while (note := wire.notifies()) is not None:
                self._heard(note.be_pid, note.extra.decode())
        except psycopg.Error:
            self._cut()
            return
        if wire.status != pq.ConnStatus.OK:
            self._cut()

    def _cut(self) -> None:
        _log.warning("The connection to %s was lost.", self._place)
        self._drop()
        self._reconnect()

    def _reconnect(self) -> None:
        self._retry = None
        self._loop.run_in_executor(None, self._connect).add_done_callback(self._reconnected)

    def _reconnected(self, made: asyncio.Future[psycopg.Connection]) -> None:
        if self._closed:
            _let_go(made)
            return
        problem = made.exception()
        if problem is None:
            self._hold(made.result())
            self._again()
            return
        if not isinstance(problem, (StorageError, psycopg.Error)):
            raise problem
        self._retry = self._loop.call_later(RETRY_SECONDS, self._reconnect)


def _let_go(made: asyncio.Future[psycopg.Connection]) -> None:
    if not made.cancelled() and made.exception() is None:
        made.result().close()
