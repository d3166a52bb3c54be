"""Makes literal inputs what the model's schema asks for, without bending the person's words.

A value the schema refuses is replaced by the nearest legal one only where the brief is silent
about it; where the brief names it, the person is asked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from framewright.catalog.ports import properties
from framewright.checks.finite import is_finite
from framewright.checks.repair.plan.choices import NOTHING, choose
from framewright.checks.repair.plan.numbers import ranged, read_number
from framewright.checks.repair.plan.saying import say
from framewright.checks.repair.plan.spelling import is_among, same_choice
from framewright.domain import refs

if TYPE_CHECKING:
    from framewright.checks.repair.draft import Case, StepDict

_SIZE = re.compile(r"\s*(\d{2,5})\s*[x\u00d7*]\s*(\d{2,5})\s*(?:px)?\s*", re.IGNORECASE)


def settle_values(case: Case) -> None:
    """Mend the literal inputs of every step."""
    for step in case.draft.steps:
        card = case.card(step)
        if card is None:
            continue
        for field, schema in properties(card).items():
            if field not in step["inputs"]:
                continue
            before = step["inputs"][field]
            after = _settled(case, step, field, before, schema)
            if after is NOTHING:
                del step["inputs"][field]
            else:
                step["inputs"][field] = after


def _settled(case: Case, step: StepDict, field: str, value: Any, schema: dict[str, Any]) -> Any:
    if isinstance(value, str) and refs.parse(value) is not None:
        if schema.get("type") == "array" and not isinstance(refs.parse(value), refs.Malformed):
            return say(case, step, field, value, [value], "input_scalar_for_array")
        return value
    if schema.get("type") == "array":
        return _list(case, step, field, value, schema)
    if isinstance(value, list):
        value = _single(case, step, field, value)
        if isinstance(value, list):
            return value
        if isinstance(value, str) and refs.parse(value) is not None:
            return value
    if schema.get("format") == "media-ref":
        return value
    return _literal(case, step, field, value, schema)


def _list(case: Case, step: StepDict, field: str, value: Any, schema: dict[str, Any]) -> Any:
    if not isinstance(value, list):
        parts: list[Any] = [value]
        if isinstance(value, str) and "," in value:
            parts = [part.strip() for part in value.split(",") if part.strip()]
        elif isinstance(value, dict) and not _takes(schema.get("items"), "object"):
            parts = list(value.values())
        value = say(case, step, field, value, parts, "input_scalar_for_array")
    items = schema.get("items")
    if not isinstance(items, dict) or items.get("format") == "media-ref":
        return _flat(case, step, field, value)
    settled = [
        each
        if isinstance(each, str) and refs.parse(each) is not None
        else _literal(case, step, field, each, items)
        for each in value
    ]
    return [each for each in settled if each is not NOTHING]


def _flat(case: Case, step: StepDict, field: str, value: list[Any]) -> list[Any]:
    """Take lists inside a list of media apart."""
    if not any(isinstance(each, list) for each in value):
        return value
    flat = [part for each in value for part in (each if isinstance(each, list) else [each])]
    say(case, step, field, value, flat, "input_type_wrong")
    return flat


def _single(case: Case, step: StepDict, field: str, value: list[Any]) -> Any:
    unique = [each for at, each in enumerate(value) if each not in value[:at]]
    if len(unique) == 1:
        return say(case, step, field, value, unique[0], "input_array_for_scalar")
    if not unique:
        return None
    message = f"{step['id']}: {field} takes one value, not the {len(value)} of a list."
    case.record.ask_model("input_array_for_scalar", message, step["id"], field)
    return value


def _literal(case: Case, step: StepDict, field: str, value: Any, schema: dict[str, Any]) -> Any:
    if isinstance(schema.get("anyOf"), list):
        return _one_of(case, step, field, value, schema["anyOf"])
    if isinstance(value, dict) and isinstance(schema.get("properties"), dict):
        return _object(case, step, field, value, schema["properties"])
    allowed = schema.get("enum")
    if isinstance(allowed, list):
        if is_among(value, allowed):
            return value
        if (meant := same_choice(value, allowed)) is not None:
            return say(case, step, field, value, meant, _code(value, meant))
    typed = _typed(case, step, field, value, schema)
    if typed is _UNTYPED:
        return value
    if isinstance(allowed, list) and not is_among(typed, allowed):
        return choose(case, step, field, typed, allowed)
    if is_finite(typed):
        return ranged(case, step, field, typed, schema)
    return typed


def _one_of(case: Case, step: StepDict, field: str, value: Any, choices: list[Any]) -> Any:
    """Settle a value by the one alternative of its field that it was meant for."""
    parts = [each for each in choices if isinstance(each, dict)]
    if (
        isinstance(value, str)
        and (size := _SIZE.fullmatch(value))
        and any(_takes_sides(part) for part in parts)
        and not any(_accepts(value, part) or _spells(value, part) for part in parts)
    ):
        sides = {"width": int(size[1]), "height": int(size[2])}
        value = say(case, step, field, value, sides, "input_type_wrong")
    for meant in (_accepts, _spells, _reads):
        if (part := next((each for each in parts if meant(value, each)), None)) is not None:
            if isinstance(value, list):
                return _list(case, step, field, value, part)
            return _literal(case, step, field, value, part)
    named = [part for part in parts if isinstance(part.get("enum"), list)]
    return _literal(case, step, field, value, named[0]) if len(named) == 1 else value


def _takes_sides(schema: dict[str, Any]) -> bool:
    fields = schema.get("properties")
    return isinstance(fields, dict) and {"width", "height"} <= fields.keys()


def _accepts(value: Any, schema: dict[str, Any]) -> bool:
    allowed, wanted = schema.get("enum"), _wanted(schema)
    if isinstance(allowed, list) and not is_among(value, allowed):
        return False
    return not wanted or _is_of(value, wanted)


def _spells(value: Any, schema: dict[str, Any]) -> bool:
    allowed = schema.get("enum")
    return isinstance(allowed, list) and same_choice(value, allowed) is not None


def _reads(value: Any, schema: dict[str, Any]) -> bool:
    """Tell whether a text writes the number or the truth that an alternative takes."""
    wanted = _wanted(schema)
    if isinstance(schema.get("enum"), list) or not isinstance(value, str):
        return False
    if wanted & {"integer", "number"}:
        return read_number(value, whole="number" not in wanted) is not None
    return "boolean" in wanted and _truth(value) is not None


def _object(
    case: Case, step: StepDict, field: str, value: dict[str, Any], known: dict[str, Any]
) -> dict[str, Any]:
    """Settle the values inside an object by the schemas of its own fields."""
    settled = {
        name: _settled(case, step, f"{field}.{name}", each, known[name])
        if isinstance(known.get(name), dict)
        else each
        for name, each in value.items()
    }
    return {name: each for name, each in settled.items() if each is not NOTHING}


def _code(before: Any, after: Any) -> str:
    """Return how a slip in a choice is called: of type, or only of spelling."""
    if isinstance(before, str):
        return "input_enum" if isinstance(after, str) else "input_type_string_number"
    return "input_type_wrong"


def _takes(schema: Any, kind: str) -> bool:
    return isinstance(schema, dict) and kind in _wanted(schema)


def _wanted(schema: dict[str, Any]) -> set[str]:
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return {kind for kind in kinds if isinstance(kind, str)}
    return {kinds} if isinstance(kinds, str) else set()


class _Untyped:
    """Stands for a value that none of the wanted types is clear for."""


_UNTYPED: Final = _Untyped()


def _typed(case: Case, step: StepDict, field: str, value: Any, schema: dict[str, Any]) -> Any:
    """Return the value with the type the schema wants, or `_UNTYPED` where none is clear."""
    wanted = _wanted(schema)
    if not wanted or _is_of(value, wanted):
        return value
    if isinstance(value, str) and wanted & {"integer", "number"}:
        number = read_number(value, whole="number" not in wanted)
        if number is not None:
            return say(case, step, field, value, number, "input_type_string_number")
    if isinstance(value, float) and is_finite(value) and "integer" in wanted:
        nearest_whole = round(value)
        return say(case, step, field, value, nearest_whole, "input_type_wrong")
    if "boolean" in wanted and (truth := _truth(value)) is not None:
        return say(case, step, field, value, truth, "input_type_wrong")
    if "string" in wanted and is_finite(value):
        whole = isinstance(value, float) and value.is_integer()
        text = str(int(value) if whole else value)
        return say(case, step, field, value, text, "input_type_wrong")
    return _UNTYPED


def _is_of(value: Any, wanted: set[str]) -> bool:
    if isinstance(value, bool):
        return "boolean" in wanted
    if isinstance(value, int):
        return bool(wanted & {"integer", "number"})
    if isinstance(value, float):
        return "number" in wanted or ("integer" in wanted and value.is_integer())
    names: tuple[tuple[type, str], ...] = ((str, "string"), (list, "array"), (dict, "object"))
    return (value is None and "null" in wanted) or any(
        isinstance(value, kind) and name in wanted for kind, name in names
    )


def _truth(value: Any) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False,
                "off": False, "0": False}.get(value.strip().lower())  # fmt: skip
    return bool(value) if value in (0, 1) else None
