"""Are the inputs what the model's own schema asks for: names, types, choices, ranges, lengths.

References are left out: what they bring is judged by `media`. A text with `{{…}}` in it is a
text whose length nobody knows yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright.catalog.ports import properties
from framewright.checks.codes import Code, finding, short
from framewright.checks.near import nearest
from framewright.checks.rules import FieldRule, field_rules
from framewright.checks.wording import judge
from framewright.domain import refs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framewright.catalog.catalog import Catalog
    from framewright.domain.finding import Finding
    from framewright.domain.model_card import ModelCard
    from framewright.domain.plan import Plan, Step


def check_fields(plan: Plan, catalog: Catalog) -> Iterator[Finding]:
    """Yield the inputs that a model will not take."""
    rules: dict[str, dict[str, FieldRule]] = {}
    for step in plan.steps:
        card = catalog.cards.get(step.model or "")
        if card is None:
            continue
        if card.id not in rules:
            rules[card.id] = field_rules(card)
        yield from _names(step, card)
        for field, value in step.inputs.items():
            if (rule := rules[card.id].get(field)) is not None:
                yield from _value(step, field, value, rule)


def _names(step: Step, card: ModelCard) -> Iterator[Finding]:
    known = properties(card)
    for field in card.inputs_schema.get("required") or ():
        if isinstance(field, str) and field not in step.inputs:
            message = f"{step.id}: {card.id} needs {field}, which is missing."
            yield finding(Code.INPUT_MISSING_REQUIRED, message, step, field)
    # Providers refuse or silently ignore what they do not know: both surprise.
    if card.inputs_schema.get("additionalProperties", False) is not False or not known:
        return
    for field in step.inputs:
        if field in known:
            continue
        near = nearest(field, known)
        message = f"{step.id}: {card.id} has no input {short(field)}."
        if near is not None:
            yield finding(Code.INPUT_UNKNOWN_FIELD_NEAR, message, step, field, f"Use {near}")
        else:
            fix = f"Its inputs are: {', '.join(list(known)[:12])}."
            yield finding(Code.INPUT_UNKNOWN_FIELD, message, step, field, fix)


def _value(step: Step, field: str, value: Any, rule: FieldRule) -> Iterator[Finding]:
    if isinstance(value, str) and refs.parse(value) is not None:
        if rule.wants_list:
            message = f"{step.id}: {field} takes a list, not a single value."
            yield finding(Code.INPUT_SCALAR_FOR_ARRAY, message, step, field, f'Write ["{value}"]')
        return
    if isinstance(value, list) and rule.wants_list:
        yield from _found(step, field, value, rule, only_whole=True)
        for position, item in enumerate(value):
            if rule.media and isinstance(item, dict):
                message = f"{step.id}: {field}[{position}] is an object; it takes a reference."
                yield finding(Code.INPUT_TYPE_WRONG, message, step, f"{field}[{position}]")
                continue
            if rule.item is not None and not _is_open(item):
                yield from _found(step, f"{field}[{position}]", item, rule.item)
        return
    if rule.media and isinstance(value, str):
        return
    if rule.media and isinstance(value, dict):
        message = f"{step.id}: {field} is an object; it takes a reference."
        yield finding(Code.INPUT_TYPE_WRONG, message, step, field, "Write $step.output.")
        return
    if not _is_open(value):
        yield from _found(step, field, value, rule)


def _found(
    step: Step, field: str, value: Any, rule: FieldRule, *, only_whole: bool = False
) -> Iterator[Finding]:
    literal = refs.replace(value, refs.literal)
    for code, words, fix in judge(literal, rule, only_whole=only_whole):
        open_text = isinstance(value, str) and refs.templates(value)
        if open_text and code in {Code.INPUT_TOO_LONG, Code.INPUT_TOO_SHORT, Code.INPUT_ENUM}:
            continue
        yield finding(code, f"{step.id}: {field} {words}", step, field, fix)


def _is_open(value: Any) -> bool:
    """Tell whether a reference stands for a part of the value that is not known yet."""
    return any(refs.parse(text) is not None for _, text in refs.strings(value))
