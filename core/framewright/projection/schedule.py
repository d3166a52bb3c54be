"""Plays a run before it runs: when each step starts under the caps on what runs together."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from framewright.domain.event import StepOutline


@dataclass(frozen=True, slots=True)
class Caps:
    """How many jobs may run at the same time."""

    together: int
    """Of one run."""
    providers: Mapping[str, int]
    """By provider; one that is not named here has no limit of its own."""


def schedule(
    steps: Sequence[StepOutline],
    seconds: Mapping[str, float],
    providers: Mapping[str, str],
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
    ready: dict[str, list[tuple[int, str]]] = {}
    for step in steps:
        if not waits[step.id]:
            heapq.heappush(ready.setdefault(providers[step.id], []), (rank[step.id], step.id))
    running: list[tuple[float, int, str]] = []
    busy: dict[str, int] = {}
    order: list[str] = []
    after: dict[str, str] = {}
    now, ended = 0.0, ""
    while ready or running:
        while len(running) < caps.together and (found := _next(ready, busy, caps)) is not None:
            provider, step_id = found
            busy[provider] = busy.get(provider, 0) + 1
            order.append(step_id)
            after[step_id] = ended
            heapq.heappush(running, (now + seconds[step_id], rank[step_id], step_id))
        now, _, ended = heapq.heappop(running)
        busy[providers[ended]] -= 1
        for fed in feeds.get(ended, ()):
            waits[fed] -= 1
            if not waits[fed]:
                heapq.heappush(ready.setdefault(providers[fed], []), (rank[fed], fed))
    return now, tuple(order), _chain(ended, after)


def _next(
    ready: dict[str, list[tuple[int, str]]], busy: Mapping[str, int], caps: Caps
) -> tuple[str, str] | None:
    free = [
        (waiting[0], provider)
        for provider, waiting in ready.items()
        if busy.get(provider, 0) < caps.providers.get(provider, caps.together)
    ]
    if not free:
        return None
    _, provider = min(free)
    _, step = heapq.heappop(ready[provider])
    if not ready[provider]:
        del ready[provider]
    return provider, step


def _chain(last: str, after: Mapping[str, str]) -> tuple[str, ...]:
    path: list[str] = []
    while last:
        path.append(last)
        last = after.get(last, "")
    return tuple(reversed(path))
