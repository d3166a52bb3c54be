"""A plan that is edited while it runs: what stays, what is begun anew, what goes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from framewright.domain.run import GOOD, StepState
from framewright.executor.ready_set import ReadySet, ready_set

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from framewright.domain.asset import Output
    from framewright.domain.event import StepOutline
    from framewright.domain.plan import Plan

_OVER = frozenset({StepState.FAILED, StepState.BLOCKED, StepState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Replanned:
    """The plan a run is to go on with."""

    plan: Plan
    kept_as: str
    """The id it is stored under."""
    steps: tuple[StepOutline, ...]
    keys: Mapping[str, str]
    """What each step's result depends on."""
    found: Mapping[str, tuple[Output, ...]]
    """Results of earlier work that steps of it can take over."""
    done: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the run goes on with it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How a new plan differs from the one a run works on."""

    gone: frozenset[str]
    fresh: frozenset[str]
    changed: frozenset[str]
    """Steps whose own inputs, or anything upstream, are others."""


def difference(old: Mapping[str, str], new: Mapping[str, str]) -> Difference:
    """Compare two plans by their steps' keys."""
    return Difference(
        gone=frozenset(old.keys() - new.keys()),
        fresh=frozenset(new.keys() - old.keys()),
        changed=frozenset(step for step in old.keys() & new.keys() if old[step] != new[step]),
    )


def still_waiting(
    steps: Collection[StepOutline], states: Mapping[str, StepState], at_work: Collection[str]
) -> tuple[ReadySet, tuple[str, ...]]:
    """Return what of a plan waits, and the steps that can never run because a need has failed.

    `at_work` are steps that were released already: they are neither waiting nor released again.
    """
    needs = {step.id: step.needs for step in steps}
    through = {name for name in needs if states[name] in GOOD | {StepState.SKIPPED}}
    waiting = ready_set(needs, done=through)
    held = {name for name in needs if states[name] is StepState.WAITING_APPROVAL}
    for name in held | set(at_work):
        waiting.waits_for.pop(name, None)
    blocked: list[str] = []
    for name in needs:
        if states[name] in _OVER:
            waiting.waits_for.pop(name, None)
            blocked.extend(waiting.fail(name))
    return waiting, tuple(name for name in blocked if states[name] not in _OVER)
