"""The second pass, right before a step runs: values as its model takes them.

Until now a value may have stood in another step's answer. What is changed is said in a finding
on the step; what can not be mended ends the step before anybody is asked to work, or paid.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from framewright.catalog.ports import properties
from framewright.checks.near import nearest
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
    Raises `InputError` for a text that is no such value.
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
        read = _as_field(refs.literal(value), schema)
        if found_by(rules[field].validator, read):
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


def _as_field(text: str, schema: dict[str, Any]) -> Any:
    said = text.strip().strip("\"'").rstrip(".")
    choices = schema.get("enum")
    if isinstance(choices, list):
        return _choice(said, choices)
    if schema.get("type") == "boolean" and said.lower() in {"true", "yes", "false", "no"}:
        return said.lower() in {"true", "yes"}
    if schema.get("type") in {"integer", "number"}:
        return _number(said, schema)
    return text


def _choice(said: str, choices: list[Any]) -> Any:
    plain = {"".join(str(each).lower().split()): each for each in choices}
    close = plain.get("".join(said.lower().split()))
    if close is not None:
        return close
    near = nearest(said, [str(each) for each in choices])
    return next((each for each in choices if str(each) == near), said)


def _number(said: str, schema: dict[str, Any]) -> Any:
    words = said.split()
    try:
        value = float(words[0].rstrip("s,")) if words else math.nan
    except ValueError:
        return said
    if not math.isfinite(value):
        # The field's own rule refuses it.
        return said
    value = min(max(value, schema.get("minimum", value)), schema.get("maximum", value))
    whole = schema.get("type") == "integer" or value.is_integer()
    return round(value) if whole else value
