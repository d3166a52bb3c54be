"""Tells which processes hang: they hold their locks, and renew their leases no more.

Nobody's clock says so but the watcher's own, which only goes forward and stands still while the
machine sleeps: a lease that has not changed for so long as it was seen.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from framewright.router.owners import Owner

LATE_SECONDS = 60.0


class Watched:
    """An owner that does not take for alive who hangs."""

    def __init__(self, owner: Owner, seconds: Callable[[], float] = time.monotonic) -> None:
        self.name = owner.name
        self._owner = owner
        self._seconds = seconds
        self._seen: dict[str, tuple[int, float]] = {}
        self._late: frozenset[str] = frozenset()

    def is_alive(self, name: str) -> bool:
        """Tell whether another owner still works; for any thread."""
        return name not in self._late and self._owner.is_alive(name)

    def is_gone(self, name: str) -> bool:
        """Tell whether another owner has ended, and does not only hang; for any thread."""
        return not self._owner.is_alive(name)

    def look(self, leases: Mapping[str, int]) -> None:
        """Look at all leases there are: until when each is said to hold, by its owner."""
        now = self._seconds()
        known = self._seen
        self._seen = {
            name: known[name] if name in known and known[name][0] == until else (until, now)
            for name, until in leases.items()
            if name != self.name
        }
        late = (name for name, (_, since) in self._seen.items() if now - since >= LATE_SECONDS)
        self._late = frozenset(late)
