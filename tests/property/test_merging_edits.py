"""Edits at the same time go together or are refused; an answer changes what it was asked to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from framewright.domain.plan import Plan, Step, StepKind
from framewright.edits.answer import merge_answer
from framewright.edits.apply import apply, difference
from framewright.edits.concurrent import merge
from framewright.edits.operation import AddStep, Move, RemoveStep, Rename, SetInput, SwapModel

NAMES = [f"s{at}" for at in range(6)]


def _step(name: str, **inputs: object) -> Step:
    return Step(
        id=name, title=name, kind=StepKind.TEXT, model="m", inputs={"prompt": name, **inputs}
    )


def _base() -> Plan:
    return Plan(title="T", steps=tuple(_step(name) for name in NAMES))


OPERATIONS = st.one_of(
    st.builds(
        SetInput,
        step=st.sampled_from(NAMES),
        field=st.sampled_from(["prompt", "length", "seed"]),
        value=st.integers(0, 3),
    ),
    st.builds(Rename, step=st.sampled_from(NAMES), title=st.sampled_from(["one", "two"])),
    st.builds(SwapModel, step=st.sampled_from(NAMES), model=st.sampled_from(["n", "o"])),
    st.builds(Move, step=st.sampled_from(NAMES), at=st.integers(0, 5)),
)
EDITS = st.lists(OPERATIONS, max_size=4)


def _edited(operations: list[object]) -> Plan:
    plan = _base()
    for operation in operations:
        plan = apply(plan, operation)  # type: ignore[arg-type]
    return plan


@given(EDITS)
def test_one_side_alone_is_that_side(operations: list[object]) -> None:
    base, edited = _base(), _edited(operations)
    assert merge(base, edited, base).plan == edited
    assert merge(base, base, edited).plan == edited
    assert merge(base, edited, edited).plan == edited


@given(EDITS, EDITS)
def test_both_sides_are_in_it_or_it_says_where_they_meet(
    mine: list[object], theirs: list[object]
) -> None:
    base, one, other = _base(), _edited(mine), _edited(theirs)
    found = merge(base, one, other)
    assert (found.plan is None) == bool(found.conflicts)
    mirrored = merge(base, other, one)
    assert bool(mirrored.conflicts) == bool(found.conflicts)
    if found.plan is None:
        return
    for name in NAMES:
        step, was = found.plan.step(name), base.step(name)
        sides = [plan.step(name) for plan in (one, other)]
        assert step is not None
        assert was is not None
        for side in sides:
            assert side is not None
            for field in ("prompt", "length", "seed"):
                if side.inputs.get(field) != was.inputs.get(field):
                    assert step.inputs.get(field) == side.inputs.get(field)
            if side.model != was.model:
                assert step.model == side.model


def test_different_fields_of_one_step_go_together() -> None:
    base = _base()
    one = apply(base, SetInput(step="s1", field="seed", value=1))
    other = apply(base, SetInput(step="s1", field="length", value=2))
    found = merge(base, one, other).plan
    assert found is not None
    assert found.step("s1").inputs == {"prompt": "s1", "seed": 1, "length": 2}  # type: ignore[union-attr]


def test_the_same_field_twice_is_refused_and_named() -> None:
    base = _base()
    one = apply(base, SetInput(step="s1", field="seed", value=1))
    other = apply(base, SetInput(step="s1", field="seed", value=2))
    found = merge(base, one, other)
    assert found.plan is None
    assert [(each.step, each.field) for each in found.conflicts] == [("s1", "seed")]


def test_a_step_that_one_side_removes_and_the_other_uses_is_refused() -> None:
    base = _base()
    one = apply(base, RemoveStep(step="s1"))
    uses = _step("new", text="$s1.output")
    other = apply(base, AddStep(step=uses))
    assert merge(base, one, other).conflicts
    changed = apply(base, SetInput(step="s1", field="seed", value=2))
    assert merge(base, one, changed).conflicts


def test_what_both_add_is_there_in_its_place() -> None:
    base = _base()
    one = apply(base, AddStep(step=_step("mine"), at=1))
    other = apply(base, AddStep(step=_step("yours"), at=4))
    found = merge(base, one, other).plan
    assert found is not None
    names = [step.id for step in found.steps]
    assert names == ["s0", "mine", "s1", "s2", "s3", "yours", "s4", "s5"]


@given(st.sets(st.sampled_from(NAMES), max_size=5))
def test_an_answer_that_forgets_steps_loses_none(forgotten: set[str]) -> None:
    base = _base()
    answer = base.model_copy(
        update={"steps": tuple(step for step in base.steps if step.id not in forgotten)}
    )
    assert merge_answer(base, answer) == base
    gone = merge_answer(base, answer, removed=forgotten)
    assert {step.id for step in gone.steps} == set(NAMES) - forgotten


@given(EDITS, st.sets(st.sampled_from(NAMES), min_size=1))
def test_outside_its_scope_an_answer_changes_nothing(
    operations: list[object], scope: set[str]
) -> None:
    base, answer = _base(), _edited(operations)
    found = merge_answer(base, answer, scope)
    for step in base.steps:
        if step.id not in scope:
            assert found.step(step.id) == step
        else:
            # The model stays where nobody asked for another.
            assert found.step(step.id).model == step.model  # type: ignore[union-attr]
    assert apply(base, difference(base, found)) == found


def test_fields_the_answer_does_not_name_stay_and_null_takes_one_away() -> None:
    base = Plan(title="T", steps=(_step("s0", seed=4, length=9),))
    said = _step("s0", length=None).model_copy(update={"inputs": {"prompt": "new", "length": None}})
    found = merge_answer(base, Plan(title="T", steps=(said,)))
    assert found.steps[0].inputs == {"prompt": "new", "seed": 4}


def test_wires_outside_the_scope_follow_what_is_put_between() -> None:
    base = Plan(title="T", steps=(_step("s0"), _step("s1", image="$s0.output")))
    between = _step("fix", image="$s0.output")
    moved = _step("s1", image="$fix.output", seed=3)
    answer = Plan(title="T", steps=(base.steps[0], between, moved))
    found = merge_answer(base, answer, scope=["fix", "s0"])
    assert found.step("s1").inputs == {"prompt": "s1", "image": "$fix.output"}  # type: ignore[union-attr]
    assert [step.id for step in found.steps] == ["s0", "fix", "s1"]


def test_an_answer_may_ask_to_be_asked() -> None:
    base = Plan(title="T", steps=(_step("s0"),))
    asks = Step.model_validate({**base.steps[0].model_dump(), "approval": True})
    assert merge_answer(base, Plan(title="T", steps=(asks,))).steps[0].approval
    assert merge_answer(base, base) == base
