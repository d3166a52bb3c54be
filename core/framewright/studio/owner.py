"""A process as the owner of jobs: it lives as long as it holds the lock of its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright.errors import BusyError

if TYPE_CHECKING:
    from collections.abc import Generator

    from framewright.store.locks import Locks


@dataclass(frozen=True, slots=True)
class ProcessOwner:
    """One process among those that share a store."""

    name: str
    locks: Locks

    def is_alive(self, name: str) -> bool:
        """Tell whether an owner still works: a dead one has lost its lock."""
        return name == self.name or self.locks.lock(name).is_held()

    def living(self) -> Generator[None]:
        """Hold the lock of this owner for as long as the generator is not closed."""
        lock = self.locks.lock(self.name)
        if not lock.try_acquire():
            raise BusyError(f"Another process is called {self.name}.")
        try:
            yield
        finally:
            lock.release(remove=True)
