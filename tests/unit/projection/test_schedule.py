"""A run played before it runs keeps the caps and rates of its workspace."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framewright.domain.event import StepOutline
from framewright.projection.schedule import Caps, schedule


def _steps(count: int, model: str = "far/a") -> tuple[StepOutline, ...]:
    return tuple(
        StepOutline(
            id=f"s{at}", title="", kind="image", model=model, needs=(), expected_seconds=1.0
        )
        for at in range(count)
    )


def _length(count: int, caps: Caps, lasts: float = 1.0) -> float:
    steps = _steps(count)
    places = {step.id: ("far", step.model) for step in steps}
    length, order, _ = schedule(steps, {step.id: lasts for step in steps}, places, caps)
    assert sorted(order) == sorted(step.id for step in steps)
    return length


@given(count=st.integers(1, 40), most=st.integers(1, 9), together=st.integers(1, 9))
def test_as_many_run_at_once_as_every_cap_lets(count: int, most: int, together: int) -> None:
    rounds = math.ceil(count / min(most, together))
    assert _length(count, Caps(together, {"far": most})) == rounds
    assert _length(count, Caps(together, {"far": 99}, {"far/a": most})) == rounds
    # What is capped is another one.
    assert _length(count, Caps(count, {"far": 99, "near": 1}, {"far/b": 1})) == 1.0


@given(count=st.integers(1, 40), a_minute=st.integers(1, 60))
def test_a_rate_of_less_than_one_a_second_spaces_the_starts(count: int, a_minute: int) -> None:
    caps = Caps(64, {"far": 64}, per_second={"far": a_minute / 60})
    assert _length(count, caps, lasts=5.0) == pytest.approx((count - 1) * 60 / a_minute + 5.0)


def test_a_second_of_a_higher_rate_begins_at_once() -> None:
    caps = Caps(64, {"far": 64}, per_second={"far/a": 4.0})
    assert _length(4, caps, lasts=2.0) == pytest.approx(2.0)
    assert _length(9, caps, lasts=2.0) == pytest.approx(5 / 4 + 2.0)


def test_a_step_that_no_rate_holds_up_goes_past_one_that_waits() -> None:
    slow, quick = _steps(2), _steps(1, "near/b")
    steps = (*slow, quick[0].model_copy(update={"id": "quick"}))
    places = {step.id: (step.model.partition("/")[0], step.model) for step in steps}
    caps = Caps(64, {}, per_second={"far": 0.1})
    length, order, chain = schedule(steps, {step.id: 1.0 for step in steps}, places, caps)
    assert order == ("s0", "quick", "s1")
    assert length == pytest.approx(11.0)
    assert chain[-1] == "s1"
