"""Two edits of one plan at the same time: brought together where they touch different things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright.domain import refs
from framewright.domain.plan import Plan, Step
from framewright.domain.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable

_MISSING = object()
_PARTS = ("title", "kind", "model", "task", "depends_on", "group", "approval", "when")


class Conflict(Value):
    """One place that both sides changed, each to something else."""

    step: str | None
    field: str
    """The input, or the part of the step; `steps`, `order`, `title` or `groups` of the plan."""


class Merge(Value):
    """What came of two edits."""

    plan: Plan | None
    """Both edits in one; absent where they exclude each other."""
    conflicts: tuple[Conflict, ...] = ()


def merge(base: Plan, mine: Plan, theirs: Plan) -> Merge:
    """Bring two plans together that both began as `base`, field by field.

    Different fields of a step, and different steps, go together. The same field with two other
    values does not, nor does a step that one side removed and the other changed or uses.
    """
    conflicts: list[Conflict] = []
    steps = _steps(base, mine, theirs, conflicts)
    order = _order(base, mine, theirs, steps.keys(), conflicts)
    title = _either(base.title, mine.title, theirs.title, None, "title", conflicts)
    groups = _either(base.groups, mine.groups, theirs.groups, None, "groups", conflicts)
    made = Plan(title=title, steps=tuple(steps[name] for name in order), groups=groups)
    conflicts.extend(_lost(made, base, mine, theirs))
    return Merge(plan=None if conflicts else made, conflicts=tuple(dict.fromkeys(conflicts)))


def _steps(base: Plan, mine: Plan, theirs: Plan, conflicts: list[Conflict]) -> dict[str, Step]:
    was, ours, others = ({step.id: step for step in plan.steps} for plan in (base, mine, theirs))
    made: dict[str, Step] = {}
    for name in dict.fromkeys([*was, *ours, *others]):
        old, one, other = was.get(name), ours.get(name), others.get(name)
        if one is not None and other is not None:
            made[name] = one if one == other else _step(name, old, one, other, conflicts)
        elif old is None:
            made[name] = one or other or _never(name)
        elif (left := one or other) is not None and left != old:
            # One side took it out, the other went on with it.
            conflicts.append(Conflict(step=name, field="steps"))
            made[name] = left
    return made


def _step(name: str, old: Step | None, one: Step, other: Step, conflicts: list[Conflict]) -> Step:
    parts = {
        part: _either(
            getattr(old, part, _MISSING), getattr(one, part), getattr(other, part), name, part,
            conflicts,
        )
        for part in _PARTS
    }  # fmt: skip
    was: dict[str, Any] = {} if old is None else old.inputs
    inputs: dict[str, Any] = {}
    for field in dict.fromkeys([*one.inputs, *other.inputs]):
        value = _either(
            was.get(field, _MISSING),
            one.inputs.get(field, _MISSING),
            other.inputs.get(field, _MISSING),
            name,
            field,
            conflicts,
        )
        if value is not _MISSING:
            inputs[field] = value
    return one.model_copy(update={**parts, "inputs": inputs})


def _either(
    was: Any, one: Any, other: Any, step: str | None, field: str, conflicts: list[Conflict]
) -> Any:
    """Return the value of the side that changed it; a conflict where both did, differently."""
    if one == other or other == was:
        return one
    if one != was:
        conflicts.append(Conflict(step=step, field=field))
    return other


def _order(
    base: Plan, mine: Plan, theirs: Plan, names: Iterable[str], conflicts: list[Conflict]
) -> list[str]:
    there = set(names)
    orders = [[step.id for step in plan.steps] for plan in (base, mine, theirs)]
    common = there.intersection(*map(set, orders))
    was, one, other = ([name for name in order if name in common] for order in orders)
    if one != was and other not in (was, one):
        conflicts.append(Conflict(step=None, field="order"))
    moved, added = (orders[1], orders[2]) if one != was or other == was else (orders[2], orders[1])
    placed = [name for name in moved if name in there]
    for at, name in enumerate(added):
        if name in there and name not in placed:
            # Behind whatever it stands behind on its own side.
            before = next((each for each in reversed(added[:at]) if each in placed), None)
            placed.insert(0 if before is None else placed.index(before) + 1, name)
    return placed


def _lost(made: Plan, *sides: Plan) -> list[Conflict]:
    """Return the wires that lead nowhere now and led somewhere on their own side."""
    here = {step.id for step in made.steps}
    once = {step.id for plan in sides for step in plan.steps}
    return [
        Conflict(step=step.id, field="steps")
        for step in made.steps
        if any(need not in here and need in once for need in refs.parents(step))
    ]


def _never(name: str) -> Step:
    raise AssertionError(name)
