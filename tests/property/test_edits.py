"""Whatever is edited can be undone exactly, and exactly what an edit reaches becomes stale."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from framewright.catalog.catalog import build_catalog, read_cards
from framewright.domain import refs
from framewright.domain.plan import Plan
from framewright.edits.apply import apply, difference
from framewright.edits.history import History
from framewright.edits.operation import OPERATIONS
from framewright.edits.stale import keys, stale
from framewright.errors import EditError
from valid_plans import valid_plans

if TYPE_CHECKING:
    from framewright.edits.operation import Operation

CATALOG = build_catalog(
    read_cards(
        json.loads((Path(__file__).parents[1] / "raw_answers" / "catalog.json").read_text("utf-8")),
        "catalog",
    )
)
NEW = {
    "id": "new",
    "title": "New",
    "kind": "image",
    "model": "aurora/image-edit-v1",
    "inputs": {"prompt": "warmer"},
}


def _operation(plan: Plan, data: st.DataObject) -> Operation:
    names = [step.id for step in plan.steps] or ["s1"]
    one, other = (data.draw(st.sampled_from(names)) for _ in range(2))
    step = plan.step(one)
    fields = sorted(step.inputs) if step is not None and step.inputs else ["prompt"]
    field = data.draw(st.sampled_from(fields))
    place = data.draw(st.integers(0, len(names)))
    fresh = data.draw(st.sampled_from(["new", "newer", "newest", *names]))
    value = data.draw(st.sampled_from(["x", 5, ["y"]]))
    group = {"id": data.draw(st.sampled_from(["g", "h"])), "title": "Group"}
    documents: list[dict[str, Any]] = [
        {"op": "add", "step": {**NEW, "id": fresh}, "at": place},
        {"op": "remove", "step": one},
        {"op": "set-input", "step": one, "field": field, "value": value},
        {"op": "unset-input", "step": one, "field": field},
        {"op": "connect", "source": other, "step": one, "field": field},
        {"op": "connect", "source": other, "step": one, "field": field, "at": 1},
        {"op": "disconnect", "source": other, "step": one, "field": field},
        {"op": "swap-model", "step": one, "model": "m/x", "kind": "video", "fields": {field: "f"}},
        {"op": "rename", "step": one, "title": "T2", "id": fresh},
        {"op": "move", "step": one, "at": place},
        {"op": "group", "group": group, "steps": [one, other]},
        {"op": "ungroup", "group": group["id"]},
        {"op": "duplicate", "step": one, "id": fresh},
        {"op": "insert-between", "step": {**NEW, "id": fresh}, "into": "image", "source": other,
         "target": one, "field": field},
        {"op": "replace", "step": one, "by": {**NEW, "id": fresh}},
    ]  # fmt: skip
    chosen: Operation = OPERATIONS.validate_python(data.draw(st.sampled_from(documents)))
    return chosen


def _same(one: Plan, other: Plan) -> bool:
    return one.model_dump_json() == other.model_dump_json()


@settings(max_examples=300)
@given(valid_plans(CATALOG, most=6), st.data())
def test_undo_is_the_way_back(document: dict[str, Any], data: st.DataObject) -> None:
    history = History(plan=Plan.model_validate(document))
    seen = [history.plan]
    for _ in range(data.draw(st.integers(1, 8))):
        try:
            history = history.done((_operation(history.plan, data),), "an edit")
        except EditError:
            continue
        seen.append(history.plan)
    # It survives being written down and read again.
    history = History.model_validate_json(history.model_dump_json())
    for expected in reversed(seen[:-1]):
        history = history.undone()
        assert _same(history.plan, expected)
    for expected in seen[1:]:
        history = history.redone()
        assert _same(history.plan, expected)


@settings(max_examples=200)
@given(valid_plans(CATALOG, most=6), st.data())
def test_no_edit_leaves_a_reference_to_nothing(
    document: dict[str, Any], data: st.DataObject
) -> None:
    plan = Plan.model_validate(document)
    for _ in range(4):
        try:
            plan = apply(plan, _operation(plan, data))
        except EditError:
            continue
    there = {step.id for step in plan.steps}
    assert len(there) == len(plan.steps)
    for needs in refs.edges(plan).values():
        assert set(needs) <= there


@settings(max_examples=200)
@given(valid_plans(CATALOG, most=8), st.data())
def test_stale_is_what_a_change_reaches(document: dict[str, Any], data: st.DataObject) -> None:
    plan = Plan.model_validate(document)
    made = keys(plan)
    assert stale(plan, made) == frozenset()
    chosen = data.draw(st.sampled_from([step.id for step in plan.steps]))
    edit = {"op": "set-input", "step": chosen, "field": "prompt", "value": "something else"}
    changed = apply(plan, OPERATIONS.validate_python(edit))
    assert stale(changed, made) == _reached(plan, chosen)
    assert stale(apply(changed, difference(changed, plan)), made) == frozenset()


def _reached(plan: Plan, start: str) -> frozenset[str]:
    """Return a step and all that takes from it, found by walking as long as anything is new."""
    found = {start}
    while True:
        more = {
            step.id
            for step in plan.steps
            if step.id not in found and {ref.step for ref in refs.step_refs(step)} & found
        }
        if not more:
            return frozenset(found)
        found |= more


@given(valid_plans(CATALOG, most=6), st.data())
def test_names_and_places_make_nothing_stale(document: dict[str, Any], data: st.DataObject) -> None:
    plan = Plan.model_validate(document)
    chosen = data.draw(st.sampled_from([step.id for step in plan.steps]))
    rename = OPERATIONS.validate_python(
        {"op": "rename", "step": chosen, "id": "other", "title": "O"}
    )
    move = OPERATIONS.validate_python({"op": "move", "step": "other", "at": 0})
    changed = apply(apply(plan, rename), move)
    made = {("other" if name == chosen else name): key for name, key in keys(plan).items()}
    assert stale(changed, made) == frozenset()


def test_a_number_written_otherwise_is_undone_to_the_letter() -> None:
    step = {"id": "s1", "title": "", "kind": "audio", "model": "m", "inputs": {"seconds": 5.0}}
    before = Plan.model_validate({"title": "T", "steps": [step]})
    operation = OPERATIONS.validate_python(
        {"op": "set-input", "step": "s1", "field": "seconds", "value": 5}
    )
    after = apply(before, operation)
    assert '"seconds":5}' in after.model_dump_json()
    assert apply(after, difference(after, before)).model_dump_json() == before.model_dump_json()
