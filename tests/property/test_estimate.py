"""Whatever the graph, its history and the caps: an estimate keeps to what any schedule must."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framewright import Plan, Studio
from framewright.catalog.catalog import Catalog, build_catalog, read_cards
from framewright.domain.event import StepOutline
from framewright.projection.estimate import Estimate, Measured, estimate
from framewright.projection.schedule import Caps

if TYPE_CHECKING:
    from pathlib import Path


def _card(name: str, **more: Any) -> dict[str, Any]:
    fields = {"prompt": {"type": "string"}, "duration": {"type": "number", "default": 5}}
    schema = {"type": "object", "properties": fields}
    return {
        "id": name,
        "kind": "video",
        "task": "text-to-video",
        "output": "video",
        "inputs_schema": schema,
        **more,
    }


CATALOG: Catalog = build_catalog(
    read_cards(
        [
            _card("a/run", price={"amount": 0.5}, typical_seconds=4),
            _card("a/second", price={"amount": 0.1, "per": "second"}, typical_seconds=8),
            _card("b/letters", price={"amount": 2, "per": "1000 characters"}),
            _card("b/unknown"),
        ],
        "test",
    )
)
MODELS = tuple(CATALOG.cards)


@st.composite
def runs(draw: st.DrawFn) -> tuple[list[StepOutline], dict[str, dict[str, Any]]]:
    """Draw steps in an order that can be run, and what is asked of each."""
    count = draw(st.integers(1, 12))
    steps = []
    inputs: dict[str, dict[str, Any]] = {}
    for number in range(count):
        needs = draw(st.sets(st.integers(0, number - 1), max_size=3)) if number else set()
        name = f"s{number}"
        steps.append(
            StepOutline(
                id=name,
                title=name,
                kind="video",
                model=draw(st.sampled_from(MODELS)),
                needs=tuple(f"s{need}" for need in sorted(needs)),
                expected_seconds=1,
            )
        )
        inputs[name] = {"duration": draw(st.integers(1, 20)), "prompt": "x" * 500}
    return steps, inputs


CAPS = st.builds(
    Caps,
    st.integers(1, 8),
    st.dictionaries(st.sampled_from(["a", "b"]), st.integers(1, 4)),
)
HISTORY = st.dictionaries(
    st.sampled_from(MODELS),
    st.lists(
        st.builds(
            Measured,
            st.fixed_dictionaries({"duration": st.integers(1, 20)}),
            st.floats(0.1, 100),
            st.floats(0, 5),
        ),
        max_size=6,
    ),
)


def _longest_chain(steps: list[StepOutline], found: Estimate) -> float:
    alone = {step.id: step.seconds.likely for step in found.steps}
    through: dict[str, float] = {}
    for step in steps:
        before = max((through[need] for need in step.needs), default=0.0)
        through[step.id] = before + alone[step.id]
    return max(through.values())


@given(runs(), CAPS, HISTORY)
def test_no_schedule_beats_the_longest_chain_or_the_work_shared_out(
    drawn: tuple[list[StepOutline], dict[str, dict[str, Any]]],
    caps: Caps,
    history: dict[str, list[Measured]],
) -> None:
    steps, inputs = drawn
    found = estimate(steps, inputs, CATALOG, history, caps)
    work = sum(step.seconds.likely for step in found.steps)
    assert found.seconds.likely >= _longest_chain(steps, found) - 0.06
    assert found.seconds.likely >= work / caps.together - 0.06
    assert found.seconds.likely <= work + 0.06
    assert found.cost.low <= found.cost.likely <= found.cost.high
    for step in found.steps:
        assert 0 <= step.seconds.low <= step.seconds.likely <= step.seconds.high
    path = sum(step.seconds.likely for step in found.steps if step.id in found.critical_path)
    assert path == pytest.approx(found.seconds.likely, abs=0.06)


@given(runs(), HISTORY)
def test_one_place_means_one_after_the_other(
    drawn: tuple[list[StepOutline], dict[str, dict[str, Any]]], history: dict[str, list[Measured]]
) -> None:
    steps, inputs = drawn
    found = estimate(steps, inputs, CATALOG, history, Caps(1, {}))
    work = sum(step.seconds.likely for step in found.steps)
    assert found.seconds.likely == pytest.approx(work, abs=0.06)
    assert len(found.critical_path) == len(steps)


@given(runs(), CAPS, st.data())
def test_what_is_done_takes_nothing(
    drawn: tuple[list[StepOutline], dict[str, dict[str, Any]]], caps: Caps, data: st.DataObject
) -> None:
    steps, inputs = drawn
    done = data.draw(st.sets(st.sampled_from([step.id for step in steps])))
    found = estimate(steps, inputs, CATALOG, {}, caps, done)
    assert all(step.seconds.high == step.cost.high == 0 for step in found.steps if step.done)
    assert not done & set(found.critical_path)
    whole = estimate(steps, inputs, CATALOG, {}, caps)
    assert found.cost.high <= whole.cost.high + 1e-6


@given(runs(), CAPS, st.floats(0, 20))
def test_a_budget_stops_a_run_exactly_where_it_does_not_suffice(
    drawn: tuple[list[StepOutline], dict[str, dict[str, Any]]], caps: Caps, budget: float
) -> None:
    steps, inputs = drawn
    found = estimate(steps, inputs, CATALOG, {}, caps, budget=budget)
    needed = sum(round(step.cost.high * 1e6) for step in found.steps)
    left = round(budget * 1e6) - needed
    # What nobody knows the price of may cost something.
    assert (found.stops_at is None) == (left >= bool(found.unpriced))
    assert (found.stops_at is None) == (found.stopped_by is None)


def test_time_grows_with_what_is_asked_for_and_history_comes_before_the_card() -> None:
    def steps(model: str) -> list[StepOutline]:
        return [
            StepOutline(id="s", title="", kind="video", model=model, needs=(), expected_seconds=1)
        ]

    history = {"a/second": [Measured({"duration": 5}, 10.0, 0.0)] * 4}
    caps = Caps(4, {})
    short = estimate(steps("a/second"), {"s": {"duration": 5}}, CATALOG, history, caps)
    long = estimate(steps("a/second"), {"s": {"duration": 20}}, CATALOG, history, caps)
    assert (short.seconds.likely, long.seconds.likely) == (10, 40)
    assert (short.cost.likely, long.cost.likely) == (0.5, 2.0)
    assert short.steps[0].basis == "measured"
    card = estimate(steps("a/run"), {"s": {}}, CATALOG, history, caps)
    assert (card.steps[0].basis, card.seconds.likely, card.cost.likely) == ("model card", 4, 0.5)
    text = estimate(steps("b/letters"), {"s": {"prompt": "x" * 1500}}, CATALOG, {}, caps)
    assert (text.steps[0].basis, text.cost.likely) == ("unknown", 3.0)
    nothing = estimate(steps("b/unknown"), {"s": {}}, CATALOG, {}, caps)
    assert nothing.unpriced == ("b/unknown",)


def test_a_workspace_learns_from_its_own_jobs(tmp_path: Path) -> None:
    step = {
        "id": "sound",
        "title": "Rain",
        "kind": "audio",
        "model": "local/sound",
        "inputs": {"prompt": "rain", "duration_seconds": 1},
    }
    plan = Plan.model_validate({"title": "T", "steps": [step]})

    async def work() -> None:
        async with Studio.open(tmp_path / "ws") as studio:
            before = await studio.estimate(plan)
            assert before.steps[0].basis == "model card"
            run = await studio.start(plan)
            async for _ in studio.watch(run):
                pass
            assert (await studio.estimate(plan)).steps[0].done
            again = await studio.estimate(plan, reuse=False)
            assert again.steps[0].basis == "measured"
            assert 0 < again.steps[0].seconds.likely < 60
            rest = await studio.estimate_rest(run)
            assert rest.seconds.high == 0

    asyncio.run(work())
