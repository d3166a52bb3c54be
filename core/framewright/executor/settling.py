"""The second pass, right before a step runs: values as its model takes them.

Until now a value may have stood in another step's answer. What is changed is said in a finding
on the step; what can not be mended ends the step before anybody is asked to work, or paid.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from framewright.catalog.ports import properties
from framewright.checks.finite import is_finite
from framewright.checks.near import nearest
from framewright.checks.repair.plan.numbers import read_measure
from framewright.checks.repair.plan.spelling import same_choice
from framewright.checks.repair.plan.units import counts_in
from framewright.checks.rules import field_rules, found_by
from framewright.domain import refs
from framewright.domain.finding import Finding, Severity
from framewright.errors import InputError

if TYPE_CHECKING:
    from framewright.domain.model_card import ModelCard
    from framewright.domain.plan import Step


def settled_values(
    step: Step, card: ModelCard, inputs: dict[str, Any]
) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Return the inputs with each text another step gave as the value its field takes.

    "16 : 9" for one of a list of ratios becomes "16:9", "7" for a number 7, "yes" for true.
    Raises `InputError` for a text that is no such value: a number out of range, in another unit,
    or with a part where only whole ones go is no slip of the pen, as before a run.
    """
    fields = _from_steps(step, card)
    if not fields:
        return inputs, ()
    changed = dict(inputs)
    notes: list[Finding] = []
    rules = field_rules(card)
    for field in fields:
        schema, value = properties(card)[field], changed.get(field)
        if not isinstance(value, str):
            continue
        read = _as_field(refs.literal(value), field, schema)
        if _is_left_text(read, schema) or found_by(rules[field].validator, read):
            message = (
                f"{step.id}: {field} got {refs.literal(value)[:60]!r}, which it does not take."
            )
            raise InputError(message, action="Let the step before give a value that fits.")
        if read != refs.literal(value):
            changed[field] = refs.escape(read) if isinstance(read, str) else read
            words = f"{field} {refs.literal(value)[:60]!r} became {json.dumps(read)}."
            note = Severity.NOTE
            notes.append(
                Finding(
                    code="value_normalised", severity=note, message=words, step=step.id, field=field
                )
            )
    return changed, tuple(notes)


def _from_steps(step: Step, card: ModelCard) -> list[str]:
    """Return the literal fields that are one step's whole text answer, and are no free text."""
    answers = [
        field
        for field, value in step.inputs.items()
        if isinstance(value, str)
        and value[:1] == "$"
        and isinstance(refs.parse(value), refs.StepRef)
    ]
    if not answers:
        return answers
    known = properties(card)
    return [
        field
        for field in answers
        if field in known
        and known[field].get("format") != "media-ref"
        and (known[field].get("type") != "string" or "enum" in known[field])
    ]


def _as_field(text: str, field: str, schema: dict[str, Any]) -> Any:
    said = text.strip().rstrip(".").strip("\"'").rstrip(".").strip()
    choices = schema.get("enum")
    if isinstance(choices, list):
        return _choice(said, field, schema, choices)
    wanted = _wanted(schema)
    if "string" in wanted:
        return text
    if "boolean" in wanted and said.lower() in {"true", "yes", "false", "no"}:
        return said.lower() in {"true", "yes"}
    if wanted & {"integer", "number"} and (number := _number(said, field, schema)) is not None:
        return number
    return text


def _wanted(schema: dict[str, Any]) -> set[str]:
    kinds = schema.get("type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return {kind for kind in listed if isinstance(kind, str)}


def _is_left_text(read: Any, schema: dict[str, Any]) -> bool:
    """Tell whether a text was not read as the number or truth its field takes.

    The field's rules say so too, unless a card writes rules that are none.
    """
    wanted = _wanted(schema) - {"null"}
    return isinstance(read, str) and bool(wanted) and wanted <= {"integer", "number", "boolean"}


def _choice(said: str, field: str, schema: dict[str, Any], choices: list[Any]) -> Any:
    same = same_choice(said, choices)
    if same is not None:
        return same
    numbers = [each for each in choices if is_finite(each)]
    if numbers and (number := _number(said, field, schema)) is not None:
        return next((each for each in numbers if each == number), said)
    if any(letter.isdigit() for letter in said):
        # What looks near may be another number: 105 is not 10.
        return said
    near = nearest(said, [each for each in choices if isinstance(each, str)])
    return said if near is None else near


def _number(said: str, field: str, schema: dict[str, Any]) -> int | float | None:
    found = read_measure(said)
    return found[0] if found is not None and counts_in(field, schema, found[1]) else None
