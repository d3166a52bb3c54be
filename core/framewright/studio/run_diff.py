"""Two runs side by side: what was asked differently, and how far apart the results are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from framewright.domain.difference import Difference
from framewright.domain.media import suffix
from framewright.domain.run import StepState
from framewright.domain.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from framewright.domain.asset import Output
    from framewright.domain.plan import Plan, Step
    from framewright.isolation import Isolation
    from framewright.projection.run_view import RunView, StepView
    from framewright.store.blobs import Blobs

    Measure = Callable[[Output, Output], Difference | None]

Change = Literal["same", "changed", "asked-differently", "only-first", "only-second"]


class InputChange(Value):
    """One input that differs; None where a side does not have it."""

    field: str
    first: Any = None
    second: Any = None


class OutputDiff(Value):
    """One result of both runs."""

    same: bool
    """Whether both are the same bytes."""
    difference: Difference | None = None
    """Measured where both are media files of one kind that differ."""
    texts: tuple[str, str] | None = None
    """Both texts, where they differ."""


class StepDiff(Value):
    """One step in both runs."""

    id: str
    change: Change
    """`asked-differently`: other model or inputs, the same results; `changed`: other results."""
    models: tuple[str, str] | None = None
    """Both models, where they differ."""
    inputs: tuple[InputChange, ...] = ()
    states: tuple[StepState, StepState] | None = None
    """How it ended in both, where that differs."""
    seconds: tuple[float | None, float | None] = (None, None)
    """How long it ran."""
    costs: tuple[float, float] = (0.0, 0.0)
    """In US dollars."""
    outputs: tuple[OutputDiff, ...] = ()


class RunDiff(Value):
    """Two runs compared step by step."""

    first: str
    second: str
    steps: tuple[StepDiff, ...]
    seconds: tuple[float | None, float | None]
    """From the start of each run's last stretch of work to its end."""
    costs: tuple[float, float]
    """In US dollars."""


def diff_runs(
    views: tuple[RunView, RunView], plans: tuple[Plan, Plan], blobs: Blobs, isolation: Isolation
) -> RunDiff:
    """Compare two runs; reads their files, so call it off the event loop."""
    measure = partial(_measured, blobs=blobs, isolation=isolation)
    first, second = views
    asked = tuple({step.id: step for step in plan.steps} for plan in plans)
    names = dict.fromkeys([*first.steps, *second.steps])
    return RunDiff(
        first=first.run,
        second=second.run,
        steps=tuple(
            _step(
                name,
                (first.steps.get(name), second.steps.get(name)),
                (asked[0].get(name), asked[1].get(name)),
                measure,
            )
            for name in names
        ),
        seconds=(_length(first), _length(second)),
        costs=(first.cost, second.cost),
    )


def _step(
    name: str,
    views: tuple[StepView | None, StepView | None],
    steps: tuple[Step | None, Step | None],
    measure: Measure,
) -> StepDiff:
    one, other = views
    if one is None or other is None:
        return StepDiff(id=name, change="only-second" if one is None else "only-first")
    inputs = _inputs(*steps)
    models = (one.model, other.model)
    states = (_plain(one.state), _plain(other.state))
    outputs = _outputs(one.outputs, other.outputs, measure)
    alike = len(one.outputs) == len(other.outputs) and all(each.same for each in outputs)
    asked = bool(inputs) or models[0] != models[1]
    differs = not alike or states[0] is not states[1]
    return StepDiff(
        id=name,
        change="changed" if differs else "asked-differently" if asked else "same",
        models=models if models[0] != models[1] else None,
        inputs=inputs,
        states=(one.state, other.state) if states[0] is not states[1] else None,
        seconds=(one.seconds, other.seconds),
        costs=(one.cost, other.cost),
        outputs=outputs,
    )


def _plain(state: StepState) -> StepState:
    """Return the state without regard to whether the result was made now or before."""
    return StepState.SUCCEEDED if state is StepState.REUSED else state


def _inputs(one: Step | None, other: Step | None) -> tuple[InputChange, ...]:
    first = {} if one is None else one.inputs
    second = {} if other is None else other.inputs
    return tuple(
        InputChange(field=field, first=first.get(field), second=second.get(field))
        for field in dict.fromkeys([*first, *second])
        if first.get(field) != second.get(field) or (field in first) != (field in second)
    )


def _outputs(
    one: tuple[Output, ...], other: tuple[Output, ...], measure: Measure
) -> tuple[OutputDiff, ...]:
    # A step may give more results in one run than in the other: those have no partner.
    return tuple(_output(*pair, measure) for pair in zip(one, other, strict=False))


def _output(one: Output, other: Output, measure: Measure) -> OutputDiff:
    if one.asset is None or other.asset is None:
        same = one.asset == other.asset and one.text == other.text
        return OutputDiff(same=same, texts=None if same else (one.text or "", other.text or ""))
    if one.asset == other.asset:
        return OutputDiff(same=True)
    return OutputDiff(same=False, difference=measure(one, other))


def _measured(one: Output, other: Output, blobs: Blobs, isolation: Isolation) -> Difference | None:
    from framewright.quality.errands import CompareFiles

    files = [blobs.path(each.asset or "", suffix(each.info)) for each in (one, other) if each.info]
    if one.kind is not other.kind or not all(file.is_file() for file in files):
        return None
    return isolation.run(CompareFiles(first=files[0], second=files[1]))


def _length(view: RunView) -> float | None:
    if view.started_ms is None or view.ended_ms is None:
        return None
    return (view.ended_ms - view.started_ms) / 1_000
