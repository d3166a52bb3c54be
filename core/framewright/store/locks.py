"""Locks between processes, held by the operating system and let go when their holder dies."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Lock(Protocol):
    """An exclusive lock that its holder loses by dying."""

    def try_acquire(self) -> bool:
        """Take the lock if it is free; return whether it is now held."""
        ...

    def is_held(self) -> bool:
        """Tell whether somebody holds the lock, without being in anybody's way."""
        ...

    def is_lost(self) -> bool:
        """Tell whether somebody else took it while this process could not hold on to it."""
        ...

    def release(self, *, remove: bool = False) -> None:
        """Let go; with `remove` nobody will need the lock again."""
        ...


class Locks(Protocol):
    """The locks of one store, by their names."""

    def lock(self, name: str) -> Lock:
        """Return a lock, held by nobody here."""
        ...

    async def close(self) -> None:
        """Let go of everything."""
        ...


@dataclass(frozen=True, slots=True)
class FileLocks:
    """Locks on files of one folder: for processes of one machine."""

    folder: Path

    def lock(self, name: str) -> FileLock:
        """Return the lock on the file of that name."""
        return FileLock(self.folder / f"{name}.lock")

    async def close(self) -> None:
        """Do nothing: each lock has its own file."""


class FileLock:
    """An exclusive lock on a file; one object is used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def try_acquire(self) -> bool:
        """Take the lock if it is free; return whether it is now held."""
        return self._take(fcntl.LOCK_EX | fcntl.LOCK_NB)

    def is_held(self) -> bool:
        """Tell whether somebody holds the lock, without being in anybody's way."""
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            # Two who look at the same time share it; who holds it shares with nobody.
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    def is_lost(self) -> bool:
        """Tell that it is not: the operating system takes it from nobody who lives."""
        return False

    def acquire(self) -> None:
        """Wait until the lock is free, and take it."""
        self._take(fcntl.LOCK_EX)

    def release(self, *, remove: bool = False) -> None:
        """Let go; with `remove` the file goes too, where nobody will need it again."""
        if self._handle is None:
            return
        if remove:
            self.path.unlink(missing_ok=True)
        os.close(self._handle)
        self._handle = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait for the lock and hold it for the block; the file stays open in between."""
        if self._handle is None:
            self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        fcntl.flock(self._handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._handle, fcntl.LOCK_UN)

    def _take(self, how: int) -> bool:
        while True:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(handle, how)
            except BlockingIOError:
                os.close(handle)
                return False
            # Whoever held it before may have removed the file: then this lock guards nothing.
            if self._still_there(handle):
                self._handle = handle
                return True
            os.close(handle)

    def _still_there(self, handle: int) -> bool:
        try:
            return os.path.samestat(os.fstat(handle), self.path.stat())
        except FileNotFoundError:
            return False
