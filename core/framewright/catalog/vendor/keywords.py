"""The words of one schema as our checks read them: of today's JSON Schema, sane, and no others.

Vendors write OpenAPI 3.0 (`nullable`, `exclusiveMinimum: true`), defaults of another type than
their field (`"5"` where a number is due), and words for their own pages. A word that makes no
sense is left out: it must never switch off the check of a whole field.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_TYPES = frozenset({"string", "number", "integer", "boolean", "array", "object"})
_MOST_LETTERS = 4_000
_MOST_DEPTH = 6
_GREATEST = 10**30
Scalar = str | int | float | bool


def cleaned(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema, whose references are gone, with the words that are meant and make sense."""
    kept = {name: value for name, value in schema.items() if name in _SANE and _SANE[name](value)}
    if isinstance(about := kept.get("description"), str):
        kept["description"] = about[:_MOST_LETTERS]
    _set(kept, "type", _type(schema))
    _set(kept, "enum", _allowed(schema))
    _agree(kept)
    _limits(kept, schema)
    if "required" in kept:
        fields = kept.get("properties", {})
        kept["required"] = list(dict.fromkeys(each for each in kept["required"] if each in fields))
    _set(kept, "default", _default(schema.get("default"), kept))
    return kept


def is_number(value: Any) -> bool:
    """Tell whether a value is a number that every program can read."""
    good = isinstance(value, (int, float)) and not isinstance(value, bool)
    return good and -_GREATEST < value < _GREATEST


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_schema(value: Any) -> bool:
    return isinstance(value, dict)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


_SANE: dict[str, Callable[[Any], bool]] = {
    "description": _is_text,
    "format": _is_text,
    "x-media": lambda value: isinstance(value, (str, bool)),
    "properties": _is_schema,
    "required": lambda value: _is_list(value) and all(map(_is_text, value)),
    "items": _is_schema,
    "anyOf": _is_list,
    "minLength": _is_count,
    "maxLength": _is_count,
    "minItems": _is_count,
    "maxItems": _is_count,
    "uniqueItems": _is_flag,
    "multipleOf": lambda value: is_number(value) and value > 0,
}
"""Which words are kept as they are, and what each must be."""


def _set(schema: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        schema.pop(name, None)
    else:
        schema[name] = value


def _type(schema: dict[str, Any]) -> Any:
    written = schema.get("type")
    kinds = written if isinstance(written, list) else [written]
    known = [each for each in kinds if isinstance(each, str) and each in _TYPES]
    if known:
        return known[0] if len(known) == 1 else list(dict.fromkeys(known))
    if isinstance(schema.get("properties"), dict):
        return "object"
    return "array" if isinstance(schema.get("items"), dict) else None


def _agree(kept: dict[str, Any]) -> None:
    """Leave out choices that are not of the field's type, or the type where none is."""
    allowed, kind = kept.get("enum"), kept.get("type")
    if allowed is None or not isinstance(kind, str):
        return
    fitting = [each for each in allowed if _OF_TYPE[kind](each)]
    if fitting:
        kept["enum"] = fitting
    else:
        del kept["type"]


def _allowed(schema: dict[str, Any]) -> list[Scalar] | None:
    """Return the choices, without null and what is written twice; None where there are none."""
    listed = schema.get("enum")
    if "const" in schema and not isinstance(listed, list):
        listed = [schema["const"]]
    if not isinstance(listed, list):
        return None
    found: dict[tuple[type, Scalar], Scalar] = {
        (type(each), each): each
        for each in listed
        if isinstance(each, (str, bool)) or is_number(each)
    }
    return list(found.values()) or None


def _limits(kept: dict[str, Any], schema: dict[str, Any]) -> None:
    """Set the least and the greatest value, where they leave room for one."""
    for name, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        bound, beyond = schema.get(name), schema.get(exclusive)
        if beyond is True and is_number(bound):
            kept[exclusive] = bound
        elif is_number(beyond):
            kept[exclusive] = beyond
        if is_number(bound) and beyond is not True:
            kept[name] = bound
    lows = [kept[name] for name in ("minimum", "exclusiveMinimum") if name in kept]
    highs = [kept[name] for name in ("maximum", "exclusiveMaximum") if name in kept]
    _drop_crossed(kept, ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"), lows, highs)
    for least, most in (("minLength", "maxLength"), ("minItems", "maxItems")):
        if least in kept and most in kept:
            _drop_crossed(kept, (least, most), [kept[least]], [kept[most]])


def _drop_crossed(
    kept: dict[str, Any], names: tuple[str, ...], lows: list[float], highs: list[float]
) -> None:
    if lows and highs and max(lows) > min(highs):
        for name in names:
            kept.pop(name, None)


def _default(value: Any, schema: dict[str, Any]) -> Any:
    """Return the default in its field's own type; None where it is none of its values."""
    if value is None:
        return None
    if isinstance(allowed := schema.get("enum"), list):
        same = [each for each in allowed if type(each) is type(value) and each == value]
        written = [each for each in allowed if str(each) == str(value)]
        return (same or written or [None])[0] if isinstance(value, (str, int, float)) else None
    kind = schema.get("type")
    if isinstance(value, str):
        # Generated types write the absent default as a word.
        if value == "null":
            return None
        value = _from_text(value, kind)
    if isinstance(kind, str) and not _OF_TYPE[kind](value):
        return None
    if isinstance(value, (list, dict)) and not _is_small(value, 0):
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        low, high = schema.get("minimum", value), schema.get("maximum", value)
        return value if is_number(value) and low <= value <= high else None
    return value


_OF_TYPE: dict[str, Callable[[Any], bool]] = {
    "string": _is_text,
    "number": is_number,
    "integer": lambda value: is_number(value) and float(value).is_integer(),
    "boolean": _is_flag,
    "array": _is_list,
    "object": _is_schema,
}


def _from_text(value: str, kind: Any) -> Any:
    if kind == "boolean":
        return {"true": True, "false": False}.get(value.lower(), value)
    if kind in {"integer", "number"}:
        try:
            number = float(value)
        except ValueError:
            return value
        return int(number) if math.isfinite(number) and number.is_integer() else number
    return value


def _is_small(value: Any, depth: int) -> bool:
    """Tell whether a value is plain JSON that nobody built to overflow a stack."""
    if depth > _MOST_DEPTH:
        return False
    if isinstance(value, dict):
        return all(
            isinstance(name, str) and _is_small(each, depth + 1) for name, each in value.items()
        )
    if isinstance(value, list):
        return all(_is_small(each, depth + 1) for each in value)
    return value is None or isinstance(value, (str, bool)) or is_number(value)
