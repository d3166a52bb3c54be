"""Applies operations to plans: pure, the plan that goes in is never changed."""

from __future__ import annotations

from itertools import compress, count, repeat
from operator import attrgetter, is_, is_not
from typing import TYPE_CHECKING, Any

from framewright.domain import refs
from framewright.domain.plan import Plan, Step, StepKind
from framewright.edits import operation as ops
from framewright.errors import EditError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from framewright.edits.operation import Operation


def apply(plan: Plan, operation: Operation) -> Plan:
    """Return the plan after an operation; raises `EditError` where it does not fit the plan."""
    work = _WORKS[type(operation)]
    changed: Plan = work(plan, operation)
    return changed


def difference(before: Plan, after: Plan) -> ops.Patch:
    """Return the operation that leads from one plan to another; from after to before it undoes."""
    start, end = _shared_ends(before.steps, after.steps)
    old, new = (
        before.steps[start : len(before.steps) - end],
        after.steps[start : len(after.steps) - end],
    )
    known = {step.id: step for step in old}
    changed = tuple(
        step for step in new if (was := known.get(step.id)) is not step and _is_other(was, step)
    )
    same_order = [step.id for step in old] == [step.id for step in new]
    return ops.Patch(
        title=after.title,
        order=None if same_order else tuple(step.id for step in after.steps),
        steps=changed,
        groups=None if before.groups == after.groups else after.groups,
    )


def _is_other(was: Step | None, step: Step) -> bool:
    """Tell whether a step is written otherwise than it was: 5 equals 5.0, and is another text."""
    return was is None or was != step or was.model_dump_json() != step.model_dump_json()


def _shared_ends(before: tuple[Step, ...], after: tuple[Step, ...]) -> tuple[int, int]:
    """Return how many steps at the start, and at the end, are the very same."""
    most = min(len(before), len(after))
    start = next(compress(count(), map(is_not, before, after)), most)
    end = next(compress(count(), map(is_not, reversed(before), reversed(after))), most)
    return start, min(end, most - start)


def takers(plan: Plan, name: str) -> Iterator[Step]:
    """Yield the steps that take a step's output or wait for it."""
    return (step for _, step in _taking(plan, name))


def _taking(plan: Plan, name: str) -> Iterator[tuple[int, Step]]:
    """Yield the steps that take a step's output or wait for it, each with its place."""
    return ((at, step) for at, step in enumerate(plan.steps) if name in step.speaks_of)


def _add(plan: Plan, operation: ops.AddStep) -> Plan:
    _refuse_taken(plan, operation.step.id)
    steps = list(plan.steps)
    steps.insert(len(steps) if operation.at is None else operation.at, operation.step)
    return _with(plan, steps)


def _remove(plan: Plan, operation: ops.RemoveStep) -> Plan:
    steps = list(plan.steps)
    place = _place(steps, _find(plan, operation.step))
    for at, step in _taking(plan, operation.step):
        steps[at] = _without(step, operation.step)
    del steps[place]
    return _with(plan, steps)


def _without(step: Step, source: str) -> Step:
    """Return a step that takes nothing of another: inputs that were it go, lists lose it."""
    inputs = {}
    for field, value in step.inputs.items():
        kept = _cut(value, source)
        if kept is not _GONE:
            inputs[field] = kept
    waits = tuple(need for need in step.depends_on if need != source)
    changed = _changed(step, inputs=inputs, depends_on=waits)
    if step.when is not None and _names(step.when.ref, source):
        changed = changed.model_copy(update={"when": None})
        changed.model_fields_set.discard("when")
    return changed


_GONE = object()


def _cut(value: Any, source: str) -> Any:
    if isinstance(value, str):
        if _names(value, source):
            return _GONE
        if any(ref.step == source for ref in refs.templates(value)):
            return refs.fill(
                value, lambda ref: "" if ref.step == source else f"{{{{{ref.step}.output}}}}"
            )
        return value
    if isinstance(value, list):
        return [kept for each in value if (kept := _cut(each, source)) is not _GONE]
    if isinstance(value, dict):
        kept_pairs = {key: _cut(inner, source) for key, inner in value.items()}
        return {key: inner for key, inner in kept_pairs.items() if inner is not _GONE}
    return value


def _names(text: str, source: str) -> bool:
    found = refs.parse(text)
    return isinstance(found, refs.StepRef) and found.step == source


def _set_input(plan: Plan, operation: ops.SetInput) -> Plan:
    step = _find(plan, operation.step)
    return _put(plan, _changed(step, inputs={**step.inputs, operation.field: operation.value}))


def _unset_input(plan: Plan, operation: ops.UnsetInput) -> Plan:
    step = _find(plan, operation.step)
    if operation.field not in step.inputs:
        raise EditError(f"{step.id} has no input {operation.field} that is set.")
    inputs = {name: value for name, value in step.inputs.items() if name != operation.field}
    return _put(plan, _changed(step, inputs=inputs))


def _connect(plan: Plan, operation: ops.Connect) -> Plan:
    step = _find(plan, operation.step)
    _find(plan, operation.source)
    if operation.source == operation.step:
        raise EditError(f"{step.id} can not feed itself.")
    value: Any = refs.write(refs.StepRef(operation.source))
    if operation.at is not None:
        listed = step.inputs.get(operation.field, [])
        if not isinstance(listed, list):
            raise EditError(f"{operation.field} of {step.id} holds one value, not a list.")
        value = [*listed[: operation.at], value, *listed[operation.at :]]
    waits = tuple(dict.fromkeys([*step.depends_on, operation.source]))
    inputs = {**step.inputs, operation.field: value}
    return _put(plan, _changed(step, inputs=inputs, depends_on=waits))


def _disconnect(plan: Plan, operation: ops.Disconnect) -> Plan:
    step = _find(plan, operation.step)
    kept = _cut(step.inputs.get(operation.field, _GONE), operation.source)
    if kept is step.inputs.get(operation.field, _GONE) or kept == step.inputs.get(operation.field):
        raise EditError(f"{operation.field} of {step.id} takes nothing of {operation.source}.")
    inputs = {name: value for name, value in step.inputs.items() if name != operation.field}
    if kept is not _GONE:
        inputs = {**step.inputs, operation.field: kept}
    changed = _changed(step, inputs=inputs)
    if operation.source not in {ref.step for ref in refs.step_refs(changed)}:
        waits = tuple(need for need in step.depends_on if need != operation.source)
        changed = _changed(changed, depends_on=waits)
    return _put(plan, changed)


def _swap_model(plan: Plan, operation: ops.SwapModel) -> Plan:
    step = _find(plan, operation.step)
    inputs = {
        new: value
        for name, value in step.inputs.items()
        if (new := operation.fields.get(name, name)) is not None
    }
    parts: dict[str, Any] = {"model": operation.model, "inputs": inputs}
    if operation.kind is not None:
        if operation.kind not in set(StepKind):
            raise EditError(f"{operation.kind!r} is no kind of step.")
        parts["kind"] = StepKind(operation.kind)
    return _put(plan, _changed(step, **parts))


def _rename(plan: Plan, operation: ops.Rename) -> Plan:
    step = _find(plan, operation.step)
    if operation.title is not None:
        step = _changed(step, title=operation.title)
        plan = _put(plan, step)
    if operation.id is None or operation.id == step.id:
        return plan
    _refuse_taken(plan, operation.id)
    old, new = step.id, operation.id
    steps = list(plan.steps)
    place = _place(steps, step)
    for at, each in _taking(plan, old):
        steps[at] = _repointed(each, old, new)
    steps[place] = _changed(steps[place], id=new)
    return _with(plan, steps)


def _repointed(step: Step, old: str, new: str) -> Step:
    """Return a step that takes another step's output wherever it took one's."""

    def change(text: str) -> str:
        found = refs.parse(text)
        if isinstance(found, refs.StepRef):
            return refs.write(refs.StepRef(new, found.index)) if found.step == old else text
        return refs.fill(text, lambda ref: f"{{{{{new if ref.step == old else ref.step}.output}}}}")

    waits = tuple(dict.fromkeys(new if need == old else need for need in step.depends_on))
    changed = _changed(step, inputs=refs.replace(step.inputs, change), depends_on=waits)
    if step.when is not None and _names(step.when.ref, old):
        changed = _changed(
            changed, when=step.when.model_copy(update={"ref": change(step.when.ref)})
        )
    return changed


def _move(plan: Plan, operation: ops.Move) -> Plan:
    step = _find(plan, operation.step)
    steps = [each for each in plan.steps if each is not step]
    steps.insert(operation.at, step)
    return _with(plan, steps)


def _group(plan: Plan, operation: ops.GroupSteps) -> Plan:
    if any(group.id == operation.group.id for group in plan.groups):
        raise EditError(f"There is a group {operation.group.id} already.")
    for name in operation.steps:
        _find(plan, name)
    chosen = set(operation.steps)
    steps = [
        _changed(step, group=operation.group.id) if step.id in chosen else step
        for step in plan.steps
    ]
    return _with(plan, steps, groups=(*plan.groups, operation.group))


def _ungroup(plan: Plan, operation: ops.Ungroup) -> Plan:
    if all(group.id != operation.group for group in plan.groups):
        raise EditError(f"There is no group {operation.group}.")
    steps = [_loose(step) if step.group == operation.group else step for step in plan.steps]
    groups = tuple(group for group in plan.groups if group.id != operation.group)
    return _with(plan, steps, groups=groups)


def _loose(step: Step) -> Step:
    changed = step.model_copy(update={"group": None})
    changed.model_fields_set.discard("group")
    return changed


def _duplicate(plan: Plan, operation: ops.Duplicate) -> Plan:
    step = _find(plan, operation.step)
    _refuse_taken(plan, operation.id)
    steps = list(plan.steps)
    steps.insert(_place(steps, step) + 1, _changed(step, id=operation.id))
    return _with(plan, steps)


def _insert_between(plan: Plan, operation: ops.InsertBetween) -> Plan:
    target = _find(plan, operation.target)
    source, new = operation.source, operation.step
    _find(plan, source)
    if not any(
        _names(text, source) for _, text in refs.strings(target.inputs.get(operation.field))
    ):
        raise EditError(f"{operation.field} of {target.id} takes nothing of {source}.")
    _refuse_taken(plan, new.id)
    into = {**new.inputs, operation.into: refs.write(refs.StepRef(source))}
    waits = tuple(dict.fromkeys([*new.depends_on, source]))
    steps = list(plan.steps)
    steps.insert(_place(steps, target), _changed(new, inputs=into, depends_on=waits))

    def change(text: str) -> str:
        return refs.write(refs.StepRef(new.id)) if _names(text, source) else text

    inputs = {
        **target.inputs,
        operation.field: refs.replace(target.inputs[operation.field], change),
    }
    changed = _changed(target, inputs=inputs)
    waits = tuple(dict.fromkeys([*target.depends_on, new.id]))
    if source not in {ref.step for ref in refs.step_refs(changed)}:
        waits = tuple(need for need in waits if need != source)
    return _put(_with(plan, steps), _changed(changed, depends_on=waits))


def _replace(plan: Plan, operation: ops.ReplaceStep) -> Plan:
    old, new = _find(plan, operation.step), operation.by
    if new.id == old.id:
        return _put(plan, new)
    _refuse_taken(plan, new.id)
    moved = {each.id: _repointed(each, old.id, new.id) for each in takers(plan, old.id)}
    return _with(plan, [new if step is old else moved.get(step.id, step) for step in plan.steps])


def _patch(plan: Plan, operation: ops.Patch) -> Plan:
    known = {step.id: step for step in plan.steps}
    known.update((step.id, step) for step in operation.steps)
    order = operation.order if operation.order is not None else [step.id for step in plan.steps]
    if missing := [name for name in order if name not in known]:
        raise EditError(f"There is no step {missing[0]}: the plan has changed since.")
    groups = plan.groups if operation.groups is None else operation.groups
    changed = _with(plan, [known[name] for name in order], groups=groups)
    return (
        changed
        if changed.title == operation.title
        else changed.model_copy(update={"title": operation.title})
    )


def _find(plan: Plan, name: str) -> Step:
    step = plan.step(name)
    if step is None:
        raise EditError(f"The plan has no step {name}.")
    return step


def _place(steps: list[Step], step: Step) -> int:
    return next(compress(count(), map(is_, steps, repeat(step))))


def _refuse_taken(plan: Plan, name: str) -> None:
    if name in map(attrgetter("id"), plan.steps):
        raise EditError(f"There is a step {name} already.", action="Choose another id.")
    if name in refs.RESERVED:
        raise EditError(f"A step can not be called {name}.", action="Choose another id.")


def _changed(step: Step, **parts: Any) -> Step:
    """Return a step with other parts; only the parts are new, the rest is shared."""
    return step.model_copy(update=parts)


def _put(plan: Plan, changed: Step) -> Plan:
    return _with(plan, [changed if step.id == changed.id else step for step in plan.steps])


def _with(plan: Plan, steps: list[Step], **parts: Any) -> Plan:
    changed = plan.model_copy(update={"steps": tuple(steps), **parts})
    if not changed.groups:
        # A plan without groups is written without them.
        changed.model_fields_set.discard("groups")
    return changed


_WORKS: dict[type, Callable[[Plan, Any], Plan]] = {
    ops.AddStep: _add,
    ops.RemoveStep: _remove,
    ops.SetInput: _set_input,
    ops.UnsetInput: _unset_input,
    ops.Connect: _connect,
    ops.Disconnect: _disconnect,
    ops.SwapModel: _swap_model,
    ops.Rename: _rename,
    ops.Move: _move,
    ops.GroupSteps: _group,
    ops.Ungroup: _ungroup,
    ops.Duplicate: _duplicate,
    ops.InsertBetween: _insert_between,
    ops.ReplaceStep: _replace,
    ops.Patch: _patch,
}
