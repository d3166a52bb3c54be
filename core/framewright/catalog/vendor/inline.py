"""JSON Schema without references: each `$ref` into the same document is replaced by what it names.

Vendors put shared parts beside the input: Replicate writes an enum as `allOf: [{$ref}]` with the
default beside it, FAL's types point from one name to the next, and Pydantic writes an optional
value as `anyOf` with null.
"""

from __future__ import annotations

from typing import Any

_MOST_DEPTH = 16
_ABOUT = frozenset({"title", "x-order", "examples", "deprecated", "$defs", "definitions"})


def inlined(schema: Any, document: Any, seen: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a schema with all it refers to in its place.

    What is said beside a reference wins over what it names. A reference that leads nowhere, to
    another document or back to itself allows anything.
    """
    if not isinstance(schema, dict) or len(seen) > _MOST_DEPTH:
        return {}
    found: dict[str, Any] = {}
    target = schema.get("$ref")
    if isinstance(target, str) and target not in seen:
        found |= inlined(_at(target, document), document, (*seen, target))
    for part in _parts(schema.get("allOf")):
        found |= inlined(part, document, seen)
    choices = [each for each in _parts(schema.get("anyOf")) if each.get("type") != "null"]
    if len(choices) == 1:
        found |= inlined(choices[0], document, seen)
    elif choices:
        found["anyOf"] = [inlined(each, document, seen) for each in choices]
    for name, value in schema.items():
        if name not in _ABOUT | {"$ref", "allOf", "anyOf"}:
            found[name] = _inside(name, value, document, seen)
    return found


def _inside(name: str, value: Any, document: Any, seen: tuple[str, ...]) -> Any:
    if name == "properties" and isinstance(value, dict):
        return {field: inlined(each, document, seen) for field, each in value.items()}
    if name in {"items", "additionalProperties"} and isinstance(value, dict):
        return inlined(value, document, seen)
    if name == "oneOf":
        return [inlined(each, document, seen) for each in _parts(value)]
    return value


def _parts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _at(pointer: str, document: Any) -> Any:
    if not pointer.startswith("#/"):
        return {}
    place = document
    for word in pointer[2:].split("/"):
        if not isinstance(place, dict):
            return {}
        place = place.get(word.replace("~1", "/").replace("~0", "~"))
    return place
