"""Plays a run before it runs: when each step starts under the caps and rates that hold for it."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from framewright.domain.event import StepOutline

Place = tuple[str, str]
"""A provider and a model of it."""


@dataclass(frozen=True, slots=True)
class Caps:
    """How many jobs may run at the same time, and how fast they may follow each other."""

    together: int
    """Of one run."""
    providers: Mapping[str, int]
    """By provider; one that is not named here has no limit of its own."""
    models: Mapping[str, int] = field(default_factory=dict)
    """The like by model."""
    per_second: Mapping[str, float] = field(default_factory=dict)
    """How many jobs may begin in a second, by the name of a provider or the id of a model."""


def schedule(
    steps: Sequence[StepOutline],
    seconds: Mapping[str, float],
    places: Mapping[str, Place],
    caps: Caps,
) -> tuple[float, tuple[str, ...], tuple[str, ...]]:
    """Play a run: each step starts when its needs are through and a place is free.

    Returns its length, the steps in the order they start, and the chain that the length is
    made of: each waits for the end of the one before it.
    """
    here = {step.id for step in steps}
    waits = {step.id: sum(need in here for need in step.needs) for step in steps}
    feeds: dict[str, list[str]] = {}
    for step in steps:
        for need in step.needs:
            feeds.setdefault(need, []).append(step.id)
    rank = {step.id: number for number, step in enumerate(steps)}
    doors = _Doors(caps)
    for step in steps:
        if not waits[step.id]:
            doors.wait(places[step.id], rank[step.id], step.id)
    running: list[tuple[float, int, str]] = []
    order: list[str] = []
    after: dict[str, str] = {}
    now, ended = 0.0, ""
    while doors.ready or running:
        while len(running) < caps.together and (step_id := doors.next(now)) is not None:
            order.append(step_id)
            after[step_id] = ended
            heapq.heappush(running, (now + seconds[step_id], rank[step_id], step_id))
        opens = doors.opens(now) if len(running) < caps.together else math.inf
        if not running or running[0][0] > opens:
            now = opens
            continue
        now, _, ended = heapq.heappop(running)
        doors.leave(places[ended])
        for fed in feeds.get(ended, ()):
            waits[fed] -= 1
            if not waits[fed]:
                doors.wait(places[fed], rank[fed], fed)
    return now, tuple(order), _chain(ended, after)


class _Doors:
    """The steps that could start, by where they run, and what lets them."""

    def __init__(self, caps: Caps) -> None:
        self.ready: dict[Place, list[tuple[int, str]]] = {}
        self._caps = caps
        self._busy: Counter[str] = Counter()
        self._free_at: dict[str, float] = {}
        """By what has a rate: since when its bucket is full, were nothing taken any more."""

    def wait(self, place: Place, rank: int, step: str) -> None:
        """Let a step wait, behind those of a lower rank."""
        heapq.heappush(self.ready.setdefault(place, []), (rank, step))

    def next(self, now: float) -> str | None:
        """Take the first step that may start now; None where none may."""
        free = [
            (waiting[0], place)
            for place, waiting in self.ready.items()
            if self._has_room(place) and self._opens(place) <= now
        ]
        if not free:
            return None
        _, place = min(free)
        _, step = heapq.heappop(self.ready[place])
        if not self.ready[place]:
            del self.ready[place]
        for name in place:
            self._busy[name] += 1
            if (rate := self._caps.per_second.get(name)) is not None:
                self._free_at[name] = max(self._free_at.get(name, now), now) + 1 / rate
        return step

    def leave(self, place: Place) -> None:
        """Give back the place of a step that ended."""
        for name in place:
            self._busy[name] -= 1

    def opens(self, now: float) -> float:
        """Return when the first step may start that only a rate holds up, in seconds."""
        times = (self._opens(place) for place in self.ready if self._has_room(place))
        return min((each for each in times if each > now), default=math.inf)

    def _has_room(self, place: Place) -> bool:
        provider, model = place
        caps = self._caps
        return self._busy[provider] < caps.providers.get(provider, math.inf) and (
            self._busy[model] < caps.models.get(model, math.inf)
        )

    def _opens(self, place: Place) -> float:
        """Return from when on its rates let another one through."""
        rated = [name for name in place if name in self._caps.per_second]
        return max(map(self._opens_at, rated), default=0.0)

    def _opens_at(self, name: str) -> float:
        # A bucket holds a second's worth, and one job at least.
        rate = self._caps.per_second[name]
        spare = max(1.0, rate) - 1.0
        # A moment earlier than it is to be: sums of fractions fall short of whole numbers.
        return self._free_at.get(name, 0.0) - spare / rate - 1e-9


def _chain(last: str, after: Mapping[str, str]) -> tuple[str, ...]:
    path: list[str] = []
    while last:
        path.append(last)
        last = after.get(last, "")
    return tuple(reversed(path))
