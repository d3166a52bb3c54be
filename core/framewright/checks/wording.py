"""What jsonschema found, in words for a person and codes for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright.checks.codes import Code, short
from framewright.checks.near import nearest
from framewright.checks.rules import found_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framewright.checks.rules import FieldRule

_NAMES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "nothing",
}
Judgement = tuple[Code, str, str]
"""A code, the rest of a sentence that begins with the field, and what would mend it."""


def judge(value: Any, rule: FieldRule, *, only_whole: bool = False) -> Iterator[Judgement]:
    """Yield what is wrong with a literal; with `only_whole`, what is wrong with the list itself."""
    validator = rule.list_validator if only_whole else rule.validator
    for error in found_by(validator, value):
        yield _word(error, rule.schema if not error.path else error.schema)


def _word(error: Any, schema: dict[str, Any]) -> Judgement:
    rule, limit, value = error.validator, error.validator_value, error.instance
    inside = "".join(f" at {part}" for part in error.path)
    if rule == "type":
        return _type(limit, value, inside)
    if rule in {"enum", "const"}:
        return _choice(limit if rule == "enum" else [limit], value, inside)
    if rule in {"minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf"}:
        return Code.INPUT_RANGE, f"is {short(value)}{inside}; {_range(schema)}.", ""
    if rule in _COUNTED:
        code, words = _COUNTED[rule]
        return code, words.format(len(value), limit) + inside + ".", ""
    if rule in {"anyOf", "oneOf"} and value is None:
        return Code.INPUT_NULL, f"is null{inside}.", "Leave it out."
    return Code.INPUT_INVALID, f"is {short(value)}{inside}, against the model's rule {rule}.", ""


_COUNTED = {
    "minItems": (Code.INPUT_MIN_ITEMS, "has {0} items; at least {1} are needed"),
    "maxItems": (Code.INPUT_MAX_ITEMS, "has {0} items; {1} are the most"),
    "minLength": (Code.INPUT_TOO_SHORT, "has {0} characters; at least {1} are needed"),
    "maxLength": (Code.INPUT_TOO_LONG, "has {0:,} characters; {1:,} are the most"),
}


def _type(wanted: Any, value: Any, inside: str) -> Judgement:
    kinds = wanted if isinstance(wanted, list) else [wanted]
    words = " or ".join(_NAMES.get(kind, str(kind)) for kind in kinds)
    if value is None:
        return Code.INPUT_NULL, f"is null{inside}; it takes {words}.", "Leave it out."
    if isinstance(value, list) and "array" not in kinds:
        return Code.INPUT_ARRAY_FOR_SCALAR, f"is a list{inside}; it takes {words}.", ""
    if "array" in kinds:
        return Code.INPUT_SCALAR_FOR_ARRAY, f"is {short(value)}{inside}; it takes a list.", ""
    if isinstance(value, str) and {"number", "integer"} & set(kinds) and _is_number(value):
        fix = f"Write {value.strip()} without quotes."
        return Code.INPUT_TYPE_STRING_NUMBER, f"is the text {short(value)}{inside}.", fix
    return Code.INPUT_TYPE_WRONG, f"is {short(value)}{inside}; it takes {words}.", ""


def _choice(allowed: list[Any], value: Any, inside: str) -> Judgement:
    listed = ", ".join(str(each) for each in allowed[:12]) + (", …" if len(allowed) > 12 else "")
    names = [each for each in allowed if isinstance(each, str)]
    near = nearest(value, names) if isinstance(value, str) and names else None
    same = [each for each in allowed if str(each) == str(value)]
    fix = f"Use {near}" if near else f"Write {same[0]!r}" if same else ""
    return Code.INPUT_ENUM, f"is {short(value)}{inside}; it can be: {listed}.", fix


def _range(schema: dict[str, Any]) -> str:
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    if low is not None and high is not None:
        return f"it goes from {low} to {high}"
    if low is not None:
        return f"it is at least {low}"
    return f"it is at most {high}" if high is not None else "it must be a multiple"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
