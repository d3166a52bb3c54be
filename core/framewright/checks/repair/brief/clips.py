"""The clips of a plan: which are generated, how long they play, what shape they have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright.catalog.ports import properties
from framewright.checks.finite import bound
from framewright.domain import refs
from framewright.domain.media import MediaKind
from framewright.domain.plan import StepKind, Task

if TYPE_CHECKING:
    from framewright.checks.repair.draft import Case, StepDict

LENGTH_FIELDS = ("duration", "duration_seconds", "length", "seconds")
_SHAPE = "aspect_ratio"


def generated(case: Case, media: MediaKind) -> list[StepDict]:
    """Return the steps that make something of that medium anew, in order."""
    return [
        step
        for step in case.draft.steps
        if (card := case.card(step)) is not None
        and card.output is media
        and card.kind is not StepKind.UTILITY
        and card.task != Task.UPSCALE
    ]


def field_of(
    case: Case, step: StepDict, names: tuple[str, ...]
) -> tuple[str, dict[str, Any]] | None:
    """Return the first of these fields that the step's model has, with its schema."""
    card = case.card(step)
    known = properties(card) if card is not None else {}
    return next(((name, known[name]) for name in names if name in known), None)


def value_of(case: Case, step: StepDict, names: tuple[str, ...]) -> Any:
    """Return what a field is set to, or the model's own default."""
    found = field_of(case, step, names)
    if found is None:
        return None
    return step["inputs"].get(found[0], found[1].get("default"))


def takes(schema: dict[str, Any], value: float | str) -> bool:
    """Tell whether a schema allows a value."""
    allowed = schema.get("enum")
    if isinstance(allowed, list):
        return value in allowed
    if isinstance(value, str):
        return True
    if schema.get("type") == "integer" and value != int(value):
        return False
    low, high = bound(schema, "minimum"), bound(schema, "maximum")
    return (low is None or low <= value) and (high is None or value <= high)


def merges(case: Case) -> list[tuple[StepDict, str, list[str]]]:
    """Return the steps that join clips, with the field and the clips' ids in their order."""
    found = []
    for step in case.draft.steps:
        card = case.card(step)
        if card is None or card.task is not Task.MERGE_VIDEOS:
            continue
        for field, port in case.ports(step).items():
            value = step["inputs"].get(field)
            if port.many and isinstance(value, list):
                parsed = [refs.parse(each) if isinstance(each, str) else None for each in value]
                names = [
                    each.step
                    for each in parsed
                    if isinstance(each, refs.StepRef) and case.draft.step(each.step) is not None
                ]
                if len(names) == len(value):
                    found.append((step, field, names))
    return found


def shape_of(case: Case, name: str, depth: int = 0) -> tuple[str | None, StepDict | None, bool]:
    """Return the shape of a step's picture, the step that decides it, and whether it says so."""
    step = case.draft.step(name)
    if step is None or depth > 32:
        return None, None, False
    found = field_of(case, step, (_SHAPE,))
    if found is not None:
        said = step["inputs"].get(_SHAPE)
        return said if said is not None else found[1].get("default"), step, said is not None
    for field, port in case.ports(step).items():
        if port.media not in {MediaKind.IMAGE, MediaKind.VIDEO} or port.many:
            continue
        source = step["inputs"].get(field)
        parsed = refs.parse(source) if isinstance(source, str) else None
        if isinstance(parsed, refs.StepRef):
            return shape_of(case, parsed.step, depth + 1)
    return None, None, False
