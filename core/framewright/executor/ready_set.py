"""Kahn's algorithm, one release at a time: which steps may run now. Pure; no step runs here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


@dataclass(slots=True)
class ReadySet:
    """The steps that still wait, and how many of their needs have not ended well."""

    waits_for: dict[str, int]
    """For each waiting step, the number of needs that have not succeeded yet."""
    feeds: dict[str, tuple[str, ...]]
    """For each step, those that need it."""

    def take_ready(self) -> tuple[str, ...]:
        """Remove and return the steps that wait for nothing, in order."""
        ready = tuple(step for step, count in self.waits_for.items() if count == 0)
        for step in ready:
            del self.waits_for[step]
        return ready

    def succeed(self, step: str) -> tuple[str, ...]:
        """Note that a step ended well; remove and return the steps this makes ready."""
        ready = []
        for after in self.feeds.get(step, ()):
            if after in self.waits_for:
                self.waits_for[after] -= 1
                if self.waits_for[after] == 0:
                    del self.waits_for[after]
                    ready.append(after)
        return tuple(ready)

    def fail(self, step: str) -> tuple[str, ...]:
        """Note that a step failed; remove and return all that needed it, near or far."""
        blocked: list[str] = []
        waiting = [step]
        while waiting:
            for after in self.feeds.get(waiting.pop(), ()):
                if after in self.waits_for:
                    del self.waits_for[after]
                    blocked.append(after)
                    waiting.append(after)
        return tuple(blocked)


def ready_set(needs: Mapping[str, Collection[str]], done: Collection[str] = ()) -> ReadySet:
    """Return the ready set of a graph.

    `needs` names for each step the steps it needs, all of which are keys too; `done` are
    those that ended well before.
    """
    ended = set(done)
    feeds: dict[str, list[str]] = {}
    waits_for: dict[str, int] = {}
    for step, before in needs.items():
        if step in ended:
            continue
        open_needs = dict.fromkeys(need for need in before if need not in ended)
        waits_for[step] = len(open_needs)
        for need in open_needs:
            feeds.setdefault(need, []).append(step)
    return ReadySet(waits_for, {step: tuple(after) for step, after in feeds.items()})


def in_order(needs: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Return the steps so that each follows all it needs; steps on a cycle are left out."""
    waiting = ready_set(needs)
    order = list(waiting.take_ready())
    for step in order:
        order.extend(waiting.succeed(step))
    return tuple(order)
