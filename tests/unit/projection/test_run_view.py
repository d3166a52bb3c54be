from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framewright.domain.asset import Output
from framewright.domain.event import (
    Body,
    CancelRequested,
    Event,
    RunCreated,
    RunEnded,
    RunStarted,
    StepChanged,
    StepOutline,
    StepProgressed,
)
from framewright.domain.media import MediaKind
from framewright.domain.run import RunState, StepState
from framewright.projection.forecast import seconds_left
from framewright.projection.run_view import RunView, fold


def _outline(name: str, *needs: str, seconds: float = 10) -> StepOutline:
    return StepOutline(
        id=name, title=name, kind="image", model="m", needs=needs, expected_seconds=seconds
    )


def _log(*bodies: Body) -> list[Event]:
    return [
        Event(seq=at, at_ms=1_000 * at, tenant="local", run="r", body=body)
        for at, body in enumerate(bodies, 1)
    ]


STEPS = (_outline("a"), _outline("b", "a"), _outline("c", "a", seconds=30))
DONE = Output(kind=MediaKind.TEXT, text="done")
LOG = _log(
    RunCreated(title="T", plan="p", steps=STEPS),
    RunStarted(),
    StepChanged(step="a", state=StepState.QUEUED),
    StepChanged(step="a", state=StepState.RUNNING),
    StepProgressed(step="a", fraction=0.5, phase="painting"),
    StepChanged(step="a", state=StepState.SUCCEEDED, outputs=(DONE,), cost=0.25),
    StepChanged(step="b", state=StepState.RUNNING),
    StepChanged(step="b", state=StepState.FAILED),
    CancelRequested(),
    RunEnded(state=RunState.FAILED),
    RunStarted(resumed=True),
    StepChanged(step="b", state=StepState.PENDING),
)


def test_the_view_says_what_happened() -> None:
    view = fold(RunView(run="r"), LOG[:10])
    assert (view.title, view.state, view.cost) == ("T", RunState.FAILED, 0.25)
    assert view.steps["a"].outputs == (DONE,)
    assert view.steps["a"].seconds == 2.0
    assert view.steps["b"].state is StepState.FAILED
    assert view.steps["c"].state is StepState.PENDING


def test_a_step_begun_anew_forgets_its_end() -> None:
    view = fold(RunView(run="r"), LOG)
    assert view.state is RunState.RUNNING
    assert view.steps["b"].state is StepState.PENDING
    assert view.steps["b"].ended_ms is None
    assert view.ended_ms is None


@given(st.lists(st.integers(0, len(LOG)), max_size=6))
def test_events_in_any_portions_and_twice_fold_to_the_same(cuts: list[int]) -> None:
    view = RunView(run="r")
    before = 0
    for cut in [*sorted(cuts), len(LOG)]:
        view = fold(view, LOG[max(0, before - 2) : cut])
        before = cut
    assert view == fold(RunView(run="r"), LOG)


def test_other_runs_and_unknown_steps_change_nothing() -> None:
    view = fold(RunView(run="r"), LOG)
    other = Event(seq=99, at_ms=0, tenant="local", run="x", body=RunEnded(state=RunState.FAILED))
    strange = Event(
        seq=100,
        at_ms=0,
        tenant="local",
        run="r",
        body=StepChanged(step="nobody", state=StepState.FAILED),
    )
    assert fold(view, [other]) == view
    assert fold(view, [strange]).steps == view.steps


def test_the_time_left_follows_the_longest_chain() -> None:
    view = fold(RunView(run="r"), LOG[:2])
    assert seconds_left(view, 2_000) == pytest.approx(40)


def test_a_running_step_is_judged_by_its_own_pace() -> None:
    view = fold(RunView(run="r"), LOG[:5])
    # Half done after two seconds leaves two, then the longer of the two that follow.
    assert seconds_left(view, 6_000) == pytest.approx(2 + 30)


def test_a_finished_run_has_nothing_left() -> None:
    ended = _log(
        RunCreated(title="T", plan="p", steps=STEPS[:1]),
        RunStarted(),
        StepChanged(step="a", state=StepState.RUNNING),
        StepChanged(step="a", state=StepState.SUCCEEDED, outputs=(DONE,)),
    )
    assert seconds_left(fold(RunView(run="r"), ended), 9_000) == 0
