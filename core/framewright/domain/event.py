"""Events: the append-only log of everything that happened, as one versioned union.

Each body names its `type` and version `v`. A reader ignores what it does not know.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from framewright.domain.asset import Output
from framewright.domain.finding import Finding
from framewright.domain.job import JobError
from framewright.domain.run import RunState, StepState
from framewright.domain.value import Value


class StepOutline(Value):
    """What a screen needs to know of a step before it runs."""

    id: str
    title: str
    kind: str
    model: str
    needs: tuple[str, ...]
    """Steps of this run that must end first."""
    expected_seconds: float
    """Usual wall time, from the model card."""


class TurnTaken(Value):
    """A person said something, and a plan came of it."""

    type: Literal["turn-taken"] = "turn-taken"
    v: Literal[1] = 1
    brief: str
    understood: str
    plan: str
    """Id of the stored plan."""


class RunCreated(Value):
    """A run was accepted; nothing has started yet."""

    type: Literal["run-created"] = "run-created"
    v: Literal[1] = 1
    title: str
    plan: str
    steps: tuple[StepOutline, ...]


class RunReplanned(Value):
    """The run goes on with another plan; finished work of steps that did not change stays."""

    type: Literal["run-replanned"] = "run-replanned"
    v: Literal[1] = 1
    title: str
    plan: str
    steps: tuple[StepOutline, ...]


class RunStarted(Value):
    """Work on the run began, or went on after an interruption."""

    type: Literal["run-started"] = "run-started"
    v: Literal[1] = 1
    resumed: bool = False


class RunEnded(Value):
    """The run is over."""

    type: Literal["run-ended"] = "run-ended"
    v: Literal[1] = 1
    state: RunState


class CancelRequested(Value):
    """A person asked to stop the run."""

    type: Literal["cancel-requested"] = "cancel-requested"
    v: Literal[1] = 1


class StepChanged(Value):
    """A step moved to another state."""

    type: Literal["step-changed"] = "step-changed"
    v: Literal[1] = 1
    step: str
    state: StepState
    outputs: tuple[Output, ...] = ()
    error: JobError | None = None
    findings: tuple[Finding, ...] = ()
    """What the quality gate noticed on the outputs."""
    cost: float = 0.0


class StepsReused(Value):
    """Steps need not run: what they would make is there already."""

    type: Literal["steps-reused"] = "steps-reused"
    v: Literal[1] = 1
    steps: dict[str, tuple[Output, ...]]
    """The outputs of each."""


class StepApproved(Value):
    """A person said whether a step that waits for that may run."""

    type: Literal["step-approved"] = "step-approved"
    v: Literal[1] = 1
    step: str
    approved: bool


class StepMended(Value):
    """Something about a step was changed so that it can run."""

    type: Literal["step-mended"] = "step-mended"
    v: Literal[1] = 1
    step: str
    findings: tuple[Finding, ...]
    """Each change in words."""


class StepRetried(Value):
    """A step's job failed and it is tried in another way, or once more."""

    type: Literal["step-retried"] = "step-retried"
    v: Literal[1] = 1
    step: str
    decision: str
    """`retry`, `repair` or `reroute`."""
    error: JobError
    """What went wrong."""
    model: str
    """Who is asked now."""
    pause_seconds: float = 0.0


class StepProgressed(Value):
    """A running step came further."""

    type: Literal["step-progressed"] = "step-progressed"
    v: Literal[1] = 1
    step: str
    fraction: float = Field(ge=0, le=1)
    phase: str = ""
    """What it is doing, in a word or two."""


Body = Annotated[
    TurnTaken
    | RunCreated
    | RunReplanned
    | RunStarted
    | RunEnded
    | CancelRequested
    | StepChanged
    | StepsReused
    | StepApproved
    | StepMended
    | StepRetried
    | StepProgressed,
    Field(discriminator="type"),
]


class Event(Value):
    """One line of the log."""

    seq: int
    """Position in the log: grows by at least one with each event; the cursor of every reader."""
    at_ms: int
    """Unix time in milliseconds."""
    tenant: str
    run: str | None
    body: Body
