"""Locks by name on a PostgreSQL server: for processes of any machine.

Who holds one keeps a connection; the server lets go of the lock when that ends, at the latest
half a minute after its machine went silent. A server that was started anew has forgotten all
locks: for a while it is believed only what it says is locked, until their holders are back.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg

from framewright.errors import StorageError
from framewright.store.postgres_connection import connect, lock_key, schema_of
from framewright.store.postgres_line import Line

if TYPE_CHECKING:
    from datetime import datetime

    from framewright.store.place import PostgresUrl

GRACE_SECONDS = 10.0
"""How long the holders of locks have to come back to a server that was started anew."""
TRIES, PAUSE_SECONDS = 5, 0.05
"""How often a lock is tried that was lost with its connection, and what lies between."""
_TRY = "SELECT pg_try_advisory_lock($1)"
_SINCE = "SELECT pg_postmaster_start_time()"
# Two who look at the same time share it; who holds it shares with nobody.
_IS_FREE = """SELECT pg_try_advisory_xact_lock_shared($1) AND (pg_postmaster_start_time() = $2
    OR pg_postmaster_start_time() < clock_timestamp() - make_interval(secs => $3))"""
_log = logging.getLogger("framewright.store")


class PostgresLocks:
    """The locks of one database; taken and given back on one event loop, asked about anywhere."""

    def __init__(self, place: PostgresUrl) -> None:
        self.place = place
        self._schema = ""
        self._server_since: datetime | None = None
        """When the server started that this process found as it began."""
        self._held: set[str] = set()
        self._taken_again: tuple[str, ...] = ()
        self._not_taken_again: frozenset[str] = frozenset()
        self._lost: set[str] = set()
        self._line: Line | None = None
        # Those who ask come on other threads: the line is for the event loop alone.
        self._asking: psycopg.Connection | None = None
        self._one_asks = threading.Lock()

    @classmethod
    async def open(cls, place: PostgresUrl) -> PostgresLocks:
        """Connect; raises `StorageError`."""
        locks = cls(place)
        locks._line = await Line.open(
            place, locks._greet, heard=lambda *_: None, again=locks._again
        )
        return locks

    def lock(self, name: str) -> PostgresLock:
        """Return the lock of that name."""
        return PostgresLock(name, self)

    async def close(self) -> None:
        """Let go of everything."""
        if self._line is not None:
            self._line.close()
        with self._one_asks:
            if self._asking is not None:
                self._asking.close()

    def take(self, name: str) -> bool:
        """Lock a name for this process; False where it is locked. Raises `StorageError`."""
        if name in self._held or self._line is None:
            return False
        if self._line.ask(_TRY, (self._key(name),)) != (True,):
            return False
        self._held.add(name)
        self._lost.discard(name)
        return True

    def is_lost(self, name: str) -> bool:
        """Tell whether somebody else took a name while this process could not hold on to it."""
        return name in self._lost

    def give_back(self, name: str) -> None:
        """Unlock a name; where the line is cut, the server has done so by itself."""
        if name in self._held:
            self._held.remove(name)
            self._unlock(name)

    def _unlock(self, name: str) -> None:
        if self._line is None:
            return
        try:
            self._line.ask("SELECT pg_advisory_unlock($1)", (self._key(name),))
        except StorageError as error:
            _log.warning("the lock of %s went with its connection: %s", name, error)

    def is_taken(self, name: str) -> bool:
        """Tell whether any process has locked a name; where nobody can say, it counts as locked."""
        if name in self._held:
            return True
        with self._one_asks:
            try:
                return not self._is_free(name)
            except (psycopg.Error, StorageError) as error:
                _log.warning("%s: nobody knows whether %s is locked: %s", self.place, name, error)
                return True

    def _is_free(self, name: str) -> bool:
        if self._asking is None or self._asking.closed:
            self._asking = connect(self.place)
        asked = (self._key(name), self._server_since, GRACE_SECONDS)
        return self._asking.execute(_IS_FREE, asked).fetchone() == (True,)

    def _key(self, name: str) -> int:
        return lock_key(self._schema, name)

    def _greet(self, connection: psycopg.Connection) -> None:
        """Lock on a fresh line what the one that was cut had locked."""
        self._schema = schema_of(connection)
        if self._server_since is None:
            (self._server_since,) = connection.execute(_SINCE).fetchone() or (None,)
        self._taken_again = tuple(self._held)
        lost = [name for name in self._taken_again if not self._is_taken_again(name, connection)]
        self._not_taken_again = frozenset(lost)

    def _is_taken_again(self, name: str, connection: psycopg.Connection) -> bool:
        """Lock a name once more, also where somebody looks just now whether it is free."""
        for _ in range(TRIES):
            if connection.execute(_TRY, (self._key(name),)).fetchone() == (True,):
                return True
            time.sleep(PAUSE_SECONDS)
        return False

    def _again(self) -> None:
        """Once the line holds again, give back what nobody wants any more; say what is lost."""
        for name in set(self._taken_again) - self._held:
            self._unlock(name)
        for name in self._not_taken_again & self._held:
            _log.error("%s: somebody else has locked %s meanwhile", self.place, name)
            self._held.remove(name)
            self._lost.add(name)


@dataclass(frozen=True, slots=True)
class PostgresLock:
    """One name that one process at a time has locked."""

    name: str
    locks: PostgresLocks

    def try_acquire(self) -> bool:
        """Take the lock if it is free; return whether it is now held."""
        return self.locks.take(self.name)

    def is_held(self) -> bool:
        """Tell whether somebody holds the lock."""
        return self.locks.is_taken(self.name)

    def is_lost(self) -> bool:
        """Tell whether somebody else took it while this process could not hold on to it."""
        return self.locks.is_lost(self.name)

    def release(self, *, remove: bool = False) -> None:
        """Let go; nothing is left to remove."""
        self.locks.give_back(self.name)
