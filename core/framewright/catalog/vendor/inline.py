"""JSON Schema without references: each `$ref` is replaced by what it names.

Vendors put shared parts beside the input: Replicate writes an enum as `allOf: [{$ref}]` with the
default beside it, FAL's types point from one name to the next, and Pydantic writes an optional
value as `anyOf` with null.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from framewright.catalog.vendor.keywords import cleaned, is_number
from framewright.errors import InputError

MOST_PARTS = 5_000
"""Most parts a schema may have once nothing refers any more; the largest real ones have 250."""
_MOST_DEPTH = 24
_CHOICES = ("anyOf", "oneOf")


def inlined(schema: Any, *documents: Any) -> dict[str, Any]:
    """Return a schema with all it refers to in its place, and only words that mean something.

    A reference is looked for in each document in turn. What is said beside it wins over what it
    names. A reference that leads nowhere, to another document or back to itself allows anything,
    and so does what lies deeper than anybody writes by hand. Raises `InputError` where
    references name each other so often that the whole would not end.
    """
    return _Inliner(documents).schema(schema, (), 0)


@dataclass(slots=True)
class _Inliner:
    documents: tuple[Any, ...]
    left: int = MOST_PARTS

    def schema(self, schema: Any, seen: tuple[str, ...], depth: int) -> dict[str, Any]:
        if not isinstance(schema, dict) or depth > _MOST_DEPTH:
            return {}
        self._count()
        found: dict[str, Any] = {}
        target = schema.get("$ref")
        if isinstance(target, str) and target not in seen:
            found = self.schema(self._named(target), (*seen, target), depth + 1)
        for part in _schemas(schema.get("allOf")):
            found = _merged(found, self.schema(part, seen, depth + 1))
        for name in _CHOICES:
            found = _merged(found, self._choice(schema.get(name), seen, depth))
        return cleaned(_merged(found, self._own(schema, seen, depth)))

    def _choice(self, choices: Any, seen: tuple[str, ...], depth: int) -> dict[str, Any]:
        """Return what a choice comes down to: what is not null, one list of names, or a choice."""
        parts = [
            self.schema(each, seen, depth + 1)
            for each in _schemas(choices)
            if each.get("type") != "null"
        ]
        if len(parts) < 2:
            return parts[0] if parts else {}
        if all(set(part) <= {"type", "enum", "description"} and "enum" in part for part in parts):
            return {"enum": [each for part in parts for each in part["enum"]]}
        # "One of" is meant as "any of" by all who write it, and refuses what fits two of them.
        return {"anyOf": parts}

    def _own(self, schema: dict[str, Any], seen: tuple[str, ...], depth: int) -> dict[str, Any]:
        """Return what a schema says itself, with the schemas inside it inlined."""
        own = {
            name: value
            for name, value in schema.items()
            if name not in {"$ref", "allOf", *_CHOICES, "properties", "items"}
        }
        fields = schema.get("properties")
        if isinstance(fields, dict):
            own["properties"] = {
                name: self.schema(each, seen, depth + 1)
                for name, each in _in_order(fields, schema.get("x-fal-order-properties"))
                if isinstance(name, str)
            }
        if isinstance(items := schema.get("items"), dict):
            own["items"] = self.schema(items, seen, depth + 1)
        if isinstance(allowed := schema.get("enum"), list):
            self._count(len(allowed))
        return own

    def _count(self, parts: int = 1) -> None:
        self.left -= parts
        if self.left < 0:
            message = f"The schema has more than {MOST_PARTS:,} parts once its references are read."
            raise InputError(message, action="Give the vendor's document of one model alone.")

    def _named(self, pointer: str) -> Any:
        for document in self.documents:
            if (found := _at(pointer, document)) is not None:
                return found
        return None


def _in_order(fields: dict[Any, Any], listed: Any) -> list[tuple[Any, Any]]:
    """Return fields as their vendor shows them: by FAL's list of names, else by `x-order`."""
    names = listed if isinstance(listed, list) else []
    places = {name: at for at, name in enumerate(names) if isinstance(name, str)}

    def place(pair: tuple[Any, Any]) -> float:
        number = pair[1].get("x-order") if isinstance(pair[1], dict) else None
        own = float(number) if isinstance(number, int | float) and is_number(number) else math.inf
        return places.get(pair[0], own)

    return sorted(fields.items(), key=place)


def _merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return two schemas that both hold as one; what the other says wins."""
    both = {**one, **other}
    if isinstance(one.get("properties"), dict) and isinstance(other.get("properties"), dict):
        both["properties"] = {**one["properties"], **other["properties"]}
    if isinstance(one.get("required"), list) and isinstance(other.get("required"), list):
        both["required"] = [*one["required"], *other["required"]]
    return both


def _schemas(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _at(pointer: str, document: Any) -> Any:
    if not pointer.startswith("#/"):
        return None
    place = document
    for word in pointer[2:].split("/"):
        if not isinstance(place, dict):
            return None
        place = place.get(unquote(word).replace("~1", "/").replace("~0", "~"))
    return place
