"""How this program connects to a PostgreSQL server, and what it says when that goes wrong."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.numeric import Int8Dumper

from framewright.errors import SettingsError, StorageError, StorageFullError, StoreUnreachableError

if TYPE_CHECKING:
    from datetime import datetime

    from framewright.store.place import PostgresUrl

# What the URL says goes before. A peer that vanished without a word is noticed in half a minute.
_PARAMETERS = {
    "application_name": "framewright",
    "connect_timeout": 10,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "client_encoding": "UTF8",
}
# The server notices a vanished client as soon, and never waits for one that stands still in the
# middle of a transaction, which all others wait for. Whoever writes is told of no commit that a
# crash of the server could undo.
_SESSION = """SELECT set_config('tcp_keepalives_idle', '15', false),
    set_config('tcp_keepalives_interval', '5', false),
    set_config('tcp_keepalives_count', '3', false),
    set_config('idle_in_transaction_session_timeout', '60000', false),
    set_config('lock_timeout', '0', false),
    set_config('statement_timeout', '0', false),
    set_config('default_transaction_isolation', 'read committed', false),
    CASE current_setting('synchronous_commit') WHEN 'off'
        THEN set_config('synchronous_commit', 'on', false) END"""
_FACTS = "SELECT current_schema(), current_setting('server_encoding')"
LEAST_VERSION = 140_000
_SESSION_OF = """SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"""
_END_SESSION = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE pid = $1 AND backend_start = $2"""


def connect(place: PostgresUrl, *, raw: bool = True) -> psycopg.Connection:
    """Connect; without `raw` as SQLAlchemy wants it. Raises `StorageError`."""
    try:
        given: dict[str, Any] = {**_PARAMETERS, **conninfo_to_dict(place.url)}
    except psycopg.ProgrammingError:
        # What it says repeats parts of the URL, maybe of the password.
        message = f"{place} does not name a database."
        raise SettingsError(message, action="Write postgresql://user@host/database.") from None
    try:
        factory: Any = psycopg.RawCursor if raw else psycopg.Cursor
        connection = psycopg.connect(**given, autocommit=True, cursor_factory=factory)
    except psycopg.Error as error:
        raise told_by_postgres(error, place) from error
    try:
        _set_up(connection, place)
        connection.autocommit = raw
    except BaseException as error:
        connection.close()
        if isinstance(error, psycopg.Error):
            raise told_by_postgres(error, place) from error
        raise
    return connection


def _set_up(connection: psycopg.Connection, place: PostgresUrl) -> None:
    connection.execute(_SESSION)
    if connection.info.server_version < LEAST_VERSION:
        message = f"The server of {place} is older than PostgreSQL {LEAST_VERSION // 10_000}."
        raise StorageError(message, action="Use a newer server.")
    schema, encoding = connection.execute(_FACTS).fetchone() or (None, "")
    if schema is None:
        message = f"No schema of {place} is in the search path of its user."
        raise StorageError(message, action="Make one: CREATE SCHEMA framewright")
    if encoding != "UTF8":
        message = f"The database {place} keeps texts as {encoding}."
        raise StorageError(message, action="Make one with ENCODING 'UTF8'.")
    # One type for all whole numbers, whatever their size: one prepared statement for all.
    connection.adapters.register_dumper(int, Int8Dumper)


@dataclass(frozen=True, slots=True)
class Session:
    """A connection as the server knows it; numbers of processes are used again."""

    pid: int
    since: datetime


def session_of(connection: psycopg.Connection) -> Session:
    """Return what the server calls a connection."""
    pid, since = connection.execute(_SESSION_OF).fetchone() or (0, None)
    assert since is not None
    return Session(pid, since)


def end_session(connection: psycopg.Connection, session: Session) -> None:
    """End a session of ours that was lost: the server may not have noticed, and keep its locks."""
    connection.execute(_END_SESSION, (session.pid, session.since))


def schema_of(connection: psycopg.Connection) -> str:
    """Return the schema a connection works in."""
    (schema,) = connection.execute("SELECT current_schema()").fetchone() or ("",)
    return str(schema)


def lock_key(schema: str, name: str = "") -> int:
    """Return the number that locks a name of a schema; without a name it is for its writer."""
    digest = hashlib.sha256(f"framewright\0{schema}\0{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def told_by_postgres(error: BaseException, place: PostgresUrl) -> StorageError:
    """Return what a person should see when PostgreSQL can not work on a database."""
    if isinstance(error, StorageError):
        return error
    # SQLAlchemy wraps what the driver raised.
    error = getattr(error, "orig", None) or error
    if isinstance(error, psycopg.errors.DiskFull):
        return StorageFullError(f"The disk of {place} is full.")
    if isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)):
        return unreachable(error, place)
    return StorageError(
        f"The database {place} can not be read or written: {_reason(error)}.",
        action="Look whether its user may make tables and write in its schema.",
    )


def unreachable(error: BaseException, place: PostgresUrl) -> StoreUnreachableError:
    """Return what a person should see when a server does not answer any more."""
    return StoreUnreachableError(f"{place} can not be reached: {_reason(error)}.", retryable=True)


def _reason(error: BaseException) -> str:
    words = " ".join(str(error).split()).removeprefix("connection is bad: ").rstrip(".")
    return words or type(error).__name__
