"""The live feed of events: what was just committed, handed to whoever watches.

A watcher keeps a cursor. Where the feed's memory does not reach back to it, or another process
wrote meanwhile, the watcher reads the store instead: it is the truth, the feed a convenience.
All of it belongs to one event loop.
"""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from framewright.domain.event import Event

MEMORY = 4_096
"""How many events stay at hand."""


class Bell(asyncio.Event):
    """Rings at each publication."""

    elsewhere = False
    """Whether another process wrote too, which only the store knows of."""


class Feed:
    """The newest events of this process, and a bell that rings when there are more."""

    def __init__(self) -> None:
        self._recent: deque[Event] = deque(maxlen=MEMORY)
        self._forgotten = 0
        self._bells: set[Bell] = set()
        self.newest = 0
        """Position of the newest event this process wrote."""

    def start_after(self, seq: int) -> None:
        """Say where the log stood when this process opened it."""
        self.newest = self._forgotten = seq

    def publish(self, events: Iterable[Event]) -> None:
        """Remember committed events and wake the watchers."""
        for event in events:
            if len(self._recent) == MEMORY:
                self._forgotten = self._recent[0].seq
            if event.seq != self.newest + 1:
                # In between another process wrote.
                self._forgotten = event.seq - 1
            self._recent.append(event)
            self.newest = event.seq
        for bell in self._bells:
            bell.set()

    def stir(self) -> None:
        """Wake the watchers: another process wrote something."""
        for bell in self._bells:
            bell.elsewhere = True
            bell.set()

    def since(self, cursor: int) -> tuple[Event, ...] | None:
        """Return the events after `cursor`, or None when only the store still knows them all."""
        if cursor < self._forgotten:
            return None
        missed = 0
        for event in reversed(self._recent):
            if event.seq <= cursor:
                break
            missed += 1
        return tuple(islice(self._recent, len(self._recent) - missed, None))

    def listen(self) -> Bell:
        """Return a bell that rings at each publication; give it back with `hang_up`."""
        bell = Bell()
        self._bells.add(bell)
        return bell

    def hang_up(self, bell: Bell) -> None:
        """Stop ringing a bell."""
        self._bells.discard(bell)
