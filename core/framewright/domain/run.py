"""Runs: one execution of a plan, and the states its steps go through."""

from __future__ import annotations

from enum import StrEnum


class RunState(StrEnum):
    """Where a run is."""

    RUNNING = "running"
    """Being worked on, or left behind by a process that ended; `resume` goes on with it."""
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    """At least one step failed; those that did not need it are done."""
    CANCELLED = "cancelled"
    WAITING = "waiting"
    """All that is left waits for a person's approval, or for a step that does."""


class StepState(StrEnum):
    """Where one step of a run is."""

    PENDING = "pending"
    """Waits for the steps it needs."""
    READY = "ready"
    QUEUED = "queued"
    """The router has accepted its job."""
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    BLOCKED = "blocked"
    """A step it needs did not succeed."""
    WAITING_APPROVAL = "waiting-approval"
    SKIPPED = "skipped"
    """Its condition was not met, a person declined it, or it takes from such a step."""
    REUSED = "reused"


FINISHED = frozenset(
    {
        StepState.SUCCEEDED,
        StepState.FAILED,
        StepState.CANCELLED,
        StepState.BLOCKED,
        StepState.SKIPPED,
        StepState.REUSED,
    }
)
"""States from which a step of this run does not move."""

GOOD = frozenset({StepState.SUCCEEDED, StepState.REUSED})
"""States whose outputs a later step can use."""

DONE_WITH = GOOD | {StepState.SKIPPED}
"""States that are no failure: a run whose steps all end in one of these succeeded."""
