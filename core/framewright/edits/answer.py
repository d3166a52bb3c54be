"""An edit planner's answer brought into the plan it was asked to edit.

Language models forget steps, change models nobody spoke of, and write a step's fields from
memory. What was not meant to change stays as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright.domain import refs
from framewright.domain.plan import Plan, Step

if TYPE_CHECKING:
    from collections.abc import Collection

_OPTIONAL = ("approval", "when")
"""What a step has only where somebody wrote it."""


def merge_answer(
    before: Plan,
    answer: Plan,
    scope: Collection[str] = (),
    removed: Collection[str] = (),
    *,
    swaps: bool = False,
) -> Plan:
    """Return the plan with what the answer changes of it.

    `scope` are the steps that may change, all where it is empty; of others only the wires
    follow. `removed` are the steps a person wanted gone: whatever else the answer lacks
    returns to its place. `swaps` says that other models were asked for; else each step keeps
    its own.
    """
    given = {step.id: step for step in answer.steps}
    old = {step.id: step for step in before.steps}
    made = {
        step.id: _edited(old[step.id], step, _in_scope(step.id, scope), swaps=swaps)
        if step.id in old
        else step
        for step in answer.steps
        if step.id not in removed
    }
    order = list(made)
    for at, step in enumerate(before.steps):
        if step.id in given or step.id in removed:
            continue
        made[step.id] = step
        ahead = next((each.id for each in reversed(before.steps[:at]) if each.id in order), None)
        order.insert(0 if ahead is None else order.index(ahead) + 1, step.id)
    title = before.title if scope else answer.title or before.title
    return Plan(
        title=title,
        steps=tuple(made[name] for name in order),
        groups=before.groups if scope else answer.groups or before.groups,
    )


def _in_scope(step: str, scope: Collection[str]) -> bool:
    return not scope or step in scope


def _edited(old: Step, new: Step, may: bool, *, swaps: bool) -> Step:
    if not may:
        return _rewired(old, new)
    model = new.model if swaps or old.model is None else old.model
    swapped = model != old.model
    # A field the answer does not name was not meant; null takes one away.
    inputs = {**({} if swapped else old.inputs), **new.inputs}
    kept = {field: value for field, value in inputs.items() if value is not None}
    return old.model_copy(
        update={
            "title": new.title or old.title,
            "model": model,
            "kind": new.kind if swapped else old.kind,
            "inputs": kept,
            "depends_on": new.depends_on or old.depends_on,
            "group": new.group or old.group,
            **{part: getattr(new, part) for part in _OPTIONAL if part in new.model_fields_set},
        }
    )


def _rewired(old: Step, new: Step) -> Step:
    """Return the old step with those inputs changed that are wires, before and after."""
    inputs = {
        field: new.inputs[field]
        if _is_wire(value) and field in new.inputs and _is_wire(new.inputs[field])
        else value
        for field, value in old.inputs.items()
    }
    needs = tuple(dict.fromkeys([*old.depends_on, *new.depends_on]))
    wired = old.model_copy(update={"inputs": inputs})
    named = {ref.step for ref in refs.step_refs(wired)}
    kept = tuple(each for each in needs if each in named or each in old.depends_on)
    return wired.model_copy(update={"depends_on": kept}) if inputs != old.inputs else old


def _is_wire(value: Any) -> bool:
    """Tell a reference, or a list of nothing but references."""
    if isinstance(value, list):
        return bool(value) and all(_is_wire(each) for each in value)
    return isinstance(value, str) and isinstance(
        refs.parse(value), (refs.StepRef, refs.UploadRef, refs.AssetRef)
    )
