"""Numbers in inputs: read from what is written, and brought to what the model can do.

A number the brief names is never changed: where the model can not do it, the person is asked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from framewright.checks.finite import is_finite
from framewright.checks.repair.plan.saying import say
from framewright.checks.repair.plan.units import UNITS
from framewright.checks.repair.wishes import wishes
from framewright.domain.media import MediaKind

if TYPE_CHECKING:
    from framewright.checks.repair.draft import Case, StepDict

_LEADING_NUMBER = re.compile(
    r"^\s*~?\s*([+-]?(?:\d+(?:[.,]\d+)*|\.\d+)(?:e[+-]?\d{1,3})?)(?:\s*[-\u2013]?\s*([a-z%]+))?\s*$",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_NOTHING_AFTER = re.compile(r"\.0+$")
_LENGTHS = re.compile(r"duration|seconds|length|time", re.IGNORECASE)


def read_number(text: str, *, whole: bool) -> int | float | None:
    """Return the number a text writes, with or without its unit; None where it writes none."""
    found = read_measure(text)
    if found is None or isinstance(found[0], int):
        return None if found is None else found[0]
    return round(found[0]) if whole else found[0]


def read_measure(text: str) -> tuple[int | float, str] | None:
    """Return the number a text writes with its unit, which is "" where it names none."""
    found = _LEADING_NUMBER.match(text)
    unit = found[2].lower() if found and found[2] else ""
    if found is None or (unit and unit not in UNITS):
        return None
    digits = found[1]
    digits = digits.replace(",", "") if _THOUSANDS.fullmatch(digits) else digits.replace(",", ".")
    try:
        # A whole number keeps all its digits: a seed can have more than a float can hold.
        value: int | float = int(_NOTHING_AFTER.sub("", digits))
    except ValueError:
        try:
            value = float(digits)
        except ValueError:
            return None
    if not is_finite(value):
        return None
    return int(value) if value == int(value) else value, UNITS.get(unit, "")


def nearest_number(case: Case, step: StepDict, field: str, value: float, allowed: list[Any]) -> Any:
    """Return the allowed number that is nearest, or ask where the brief names another."""
    asked = _asked_number(case, field, value)
    if asked is not None and asked not in allowed:
        _ask_number(case, step, field, asked, allowed)
        return value
    if asked is not None:
        best = next(each for each in allowed if each == asked)
    else:
        best = min(allowed, key=lambda each: (abs(each - value), each))
    return say(case, step, field, value, best, "input_enum")


def _asked_number(case: Case, field: str, value: float) -> float | None:
    """Return what the brief says of a number: the value itself, or the one length it names."""
    if not _LENGTHS.search(field):
        unit = r"\s*(?:fps|frames? per second|words?|x|\u00d7|times)(?!\w)"
        named = re.search(rf"(?<![\w.:]){re.escape(f'{value:g}')}{unit}", case.brief, re.IGNORECASE)
        counted = field.startswith("num") and any(
            count == value for count, _ in wishes(case.brief).counts
        )
        return value if named or counted else None
    asked = wishes(case.brief)
    lengths = (*asked.seconds, *asked.sound_seconds)
    if value in lengths:
        return value
    return lengths[0] if len(set(lengths)) == 1 and len(case.draft.steps) == 1 else None


def _ask_number(case: Case, step: StepDict, field: str, value: float, allowed: list[Any]) -> None:
    listed = sorted(allowed)
    above = [each for each in listed if each > value]
    below = [each for each in listed if each < value]
    choices = [f"{field} {below[-1]}"] if below else []
    if above:
        choices.append(f"{field} {above[0]}")
        if _LENGTHS.search(field) and case.output(step) is MediaKind.VIDEO:
            choices.append(f"{field} {above[0]}, then trimmed to {value:g}")
    message = f"{step['id']}: you asked for {value:g}, and the model makes {_listed(listed)}."
    case.record.ask_person("input_enum", message, *choices)


def _listed(allowed: list[Any]) -> str:
    return " or ".join(f"{each:g}" for each in allowed[:8])


def ranged(case: Case, step: StepDict, field: str, value: float, schema: dict[str, Any]) -> Any:
    """Bring a number to the nearest one its field can have, or ask where the brief names it."""
    legal = _nearest_legal(value, schema)
    if legal == value:
        return value
    asked = _asked_number(case, field, value)
    if asked == value:
        low, high = schema.get("minimum"), schema.get("maximum")
        message = f"{step['id']}: you asked for {value:g}; {field} goes from {low} to {high}."
        case.record.ask_person("input_range", message, f"{field} {legal:g}")
        return value
    return say(case, step, field, value, legal, "input_range")


def _nearest_legal(value: float, schema: dict[str, Any]) -> float:
    """Return the nearest legal number; the value itself where none is nearest, as beyond `> 0`."""
    low, high = (
        _bound(schema, "minimum", "exclusiveMinimum", 1),
        _bound(schema, "maximum", "exclusiveMaximum", -1),
    )
    if low is not None and value < low:
        value = low
    elif high is not None and value > high:
        value = high
    part = schema.get("multipleOf")
    if isinstance(part, int) and is_finite(part) and part > 0 and value % part:
        fitting = [each * part for each in (value // part, value // part + 1)]
        inside = [
            each
            for each in fitting
            if (low is None or each >= low) and (high is None or each <= high)
        ]
        value = min(inside, key=lambda each: (abs(each - value), each), default=value)
    return value


def _bound(schema: dict[str, Any], name: str, exclusive: str, inwards: int) -> float | None:
    """Return the last legal number on one side; beyond an exclusive bound only of whole ones."""
    bounds = [schema.get(name)]
    beyond = schema.get(exclusive)
    if schema.get("type") == "integer" and isinstance(beyond, int) and is_finite(beyond):
        bounds.append(beyond + inwards)
    found: list[float] = [each for each in bounds if is_finite(each)]
    return (max if inwards > 0 else min)(found, default=None)
