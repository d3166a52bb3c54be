"""What a screen shows of a run: its events folded, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from framewright.domain.asset import Output
from framewright.domain.event import (
    Body,
    CancelRequested,
    Event,
    RunCreated,
    RunEnded,
    RunReplanned,
    RunStarted,
    StepApproved,
    StepChanged,
    StepMended,
    StepOutline,
    StepProgressed,
    StepRetried,
    StepsReused,
)
from framewright.domain.finding import Finding
from framewright.domain.job import JobError
from framewright.domain.run import FINISHED, RunState, StepState
from framewright.domain.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable


class StepView(Value):
    """One step of a run, as a screen shows it."""

    outline: StepOutline
    state: StepState = StepState.PENDING
    fraction: float = 0.0
    """How much is done, 0 to 1."""
    phase: str = ""
    started_ms: int | None = None
    """When it began to run; Unix time in milliseconds."""
    ended_ms: int | None = None
    outputs: tuple[Output, ...] = ()
    error: JobError | None = None
    findings: tuple[Finding, ...] = ()
    retries: tuple[StepRetried, ...] = ()
    """Each time its job failed and something else was tried."""
    mended: tuple[Finding, ...] = ()
    """What was changed so that it can run."""
    cost: float = 0.0
    """In US dollars."""
    approved: bool | None = None
    """What a person said of it; None for nothing yet."""

    @property
    def model(self) -> str:
        """The model that makes it: where the plan's could not, the one it was given to."""
        given = [each.model for each in self.retries if each.decision == "reroute"]
        return given[-1] if given else self.outline.model

    @property
    def seconds(self) -> float | None:
        """How long it ran; None while it has not both begun and ended."""
        if self.started_ms is None or self.ended_ms is None:
            return None
        return (self.ended_ms - self.started_ms) / 1_000


class RunView(Value):
    """One run, as a screen shows it; `cursor` says up to which event."""

    run: str
    title: str = ""
    plan: str = ""
    state: RunState = RunState.RUNNING
    cancelling: bool = False
    created_ms: int | None = None
    """Unix time in milliseconds."""
    started_ms: int | None = None
    """When work began, or last went on."""
    ended_ms: int | None = None
    steps: dict[str, StepView] = Field(default_factory=dict)
    """By step id, in the plan's order."""
    cursor: int = 0

    @property
    def cost(self) -> float:
        """What all steps cost together, in US dollars."""
        return sum(step.cost for step in self.steps.values())


def fold(view: RunView, events: Iterable[Event]) -> RunView:
    """Return the view brought forward by events of its run; those it has seen change nothing."""
    run: dict[str, object] = {}
    steps = dict(view.steps)
    cursor = view.cursor
    for event in events:
        if event.run != view.run or event.seq <= cursor:
            continue
        cursor = event.seq
        _take_steps(steps, event.body, event.at_ms)
        run |= _of_run(event.body, event.at_ms)
    return view.model_copy(update={**run, "steps": steps, "cursor": cursor})


def _take_steps(steps: dict[str, StepView], body: Body, at_ms: int) -> None:
    """Bring the steps forward in place."""
    match body:
        case StepChanged() | StepApproved() | StepMended() | StepRetried() | StepProgressed():
            if body.step in steps:
                steps[body.step] = _brought_forward(steps[body.step], body, at_ms)
        case StepsReused():
            for name in body.steps.keys() & steps.keys():
                done = StepChanged(step=name, state=StepState.REUSED, outputs=body.steps[name])
                steps[name] = _changed(steps[name], done, at_ms)
        case RunCreated() | RunReplanned():
            known = dict(steps) if isinstance(body, RunReplanned) else {}
            steps.clear()
            for outline in body.steps:
                view = known.get(outline.id, StepView(outline=outline))
                steps[outline.id] = view.model_copy(update={"outline": outline})


def _of_run(body: Body, at_ms: int) -> dict[str, object]:
    """Return what an event changes about the run itself."""
    match body:
        case RunCreated():
            return {"title": body.title, "plan": body.plan, "created_ms": at_ms}
        case RunReplanned():
            return {"title": body.title, "plan": body.plan}
        case RunStarted():
            begun = {"state": RunState.RUNNING, "cancelling": False}
            return {**begun, "started_ms": at_ms, "ended_ms": None}
        case CancelRequested():
            return {"cancelling": True}
        case RunEnded():
            return {"state": body.state, "ended_ms": at_ms, "cancelling": False}
        case _:
            return {}


def _brought_forward(
    step: StepView,
    body: StepChanged | StepApproved | StepMended | StepRetried | StepProgressed,
    at_ms: int,
) -> StepView:
    match body:
        case StepChanged():
            return _changed(step, body, at_ms)
        case StepApproved():
            return step.model_copy(update={"approved": body.approved})
        case StepMended():
            return step.model_copy(update={"mended": (*step.mended, *body.findings)})
        case StepRetried():
            return step.model_copy(update={"retries": (*step.retries, body)})
        case StepProgressed():
            return step.model_copy(update={"fraction": body.fraction, "phase": body.phase})


def _changed(step: StepView, body: StepChanged, at_ms: int) -> StepView:
    if body.state is StepState.PENDING:
        return StepView(
            outline=step.outline,
            mended=step.mended,
            retries=step.retries,
            approved=step.approved,
        )
    changes: dict[str, object] = {"state": body.state}
    if body.state is StepState.RUNNING:
        changes |= {"started_ms": at_ms, "ended_ms": None, "fraction": 0.0, "phase": ""}
    if body.state in FINISHED:
        changes |= {
            "ended_ms": at_ms,
            "outputs": body.outputs,
            "error": body.error,
            "findings": body.findings,
            "cost": body.cost,
            "phase": "",
        }
        if body.outputs:
            changes["fraction"] = 1.0
    return step.model_copy(update=changes)
