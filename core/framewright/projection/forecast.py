"""How long a run still takes, by its critical path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.domain.run import FINISHED, StepState

if TYPE_CHECKING:
    from framewright.projection.run_view import RunView, StepView


def seconds_left(view: RunView, now_ms: int) -> float:
    """Return the seconds until the longest chain of unfinished steps is through.

    Each step is expected to take what its model card says, times how this run's finished steps
    compared with theirs (0.1 to 10); a running step that tells its progress is extrapolated.
    `now_ms` is Unix time in milliseconds. Zero when nothing is left.
    """
    pace = _pace(view)
    left: dict[str, float] = {}
    longest = 0.0
    # Outlines stand in an order in which every step follows those it needs.
    for name, step in view.steps.items():
        before = max((left.get(need, 0.0) for need in step.outline.needs), default=0.0)
        left[name] = before + _alone(step, pace, now_ms)
        longest = max(longest, left[name])
    return longest


def _pace(view: RunView) -> float:
    done = [
        (step.seconds, step.outline.expected_seconds)
        for step in view.steps.values()
        if step.state is StepState.SUCCEEDED and step.outline.expected_seconds > 0
    ]
    spent = sum(seconds for seconds, _ in done if seconds is not None)
    expected = sum(expected for seconds, expected in done if seconds is not None)
    return min(10.0, max(0.1, spent / expected)) if expected and spent else 1.0


def _alone(step: StepView, pace: float, now_ms: int) -> float:
    if step.state in FINISHED:
        return 0.0
    expected = step.outline.expected_seconds * pace
    if step.state is not StepState.RUNNING or step.started_ms is None:
        return expected
    spent = max(0.0, (now_ms - step.started_ms) / 1_000)
    # A fraction tells little before the first few percent.
    if step.fraction >= 0.05:
        return spent * (1 - step.fraction) / step.fraction
    return max(expected - spent, 0.05 * expected)
