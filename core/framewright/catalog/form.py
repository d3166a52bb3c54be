"""A model's inputs as a form for people: what each field takes, within which limits."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from framewright.catalog.limits import MediaLimits, media_limits
from framewright.catalog.ports import media_of, properties
from framewright.domain.value import Value

if TYPE_CHECKING:
    from framewright.domain.media import MediaKind
    from framewright.domain.model_card import ModelCard

_KINDS = {
    "string": "text",
    "number": "number",
    "integer": "whole number",
    "boolean": "yes or no",
    "array": "list",
    "object": "object",
}
_PLURAL = {
    "text": "texts",
    "number": "numbers",
    "whole number": "whole numbers",
    "image": "images",
    "video": "videos",
    "audio": "audio files",
    "model3d": "3D models",
    "object": "objects",
}
_MOST_DEPTH = 4
"""Lists of lists and choices of choices beyond it are not told."""
_OTHER_BOUNDS = {
    "exclusiveMinimum": "more than",
    "exclusiveMaximum": "less than",
    "multipleOf": "in steps of",
}
_NAMES = {"model3d": "3D model", "audio": "audio file"}


class FormField(Value):
    """One input of a model."""

    name: str
    takes: str
    """What goes in, in words: `text`, `whole number`, `list of images`, `text or object`."""
    required: bool
    media: str | None = None
    """The media kind; None for a literal."""
    choices: tuple[str | int | float | bool, ...] = ()
    limits: tuple[str, ...] = ()
    """From where to where, how long, how large: short phrases."""
    usual: str | None = None
    """The default as JSON writes it; None where there is none."""
    description: str = ""


def form(card: ModelCard) -> tuple[FormField, ...]:
    """Return the fields of a model as its vendor shows them, those that it needs first."""
    limits = media_limits(card)
    needed = set(card.inputs_schema.get("required") or ())
    fields = [
        _field(name, schema, limits.get(name, MediaLimits()), required=name in needed)
        for name, schema in properties(card).items()
    ]
    return tuple(sorted(fields, key=lambda each: not each.required))


def _field(name: str, schema: dict[str, Any], files: MediaLimits, *, required: bool) -> FormField:
    media = media_of(schema)
    usual = schema.get("default")
    return FormField(
        name=name,
        takes=_takes(schema, media),
        required=required,
        media=None if media is None else media[0].value,
        choices=tuple(_choices(schema)),
        limits=(*_bounds(schema), *_of_files(files)),
        usual=None if usual is None else _plain(usual),
        description=str(schema.get("description", "")),
    )


def _takes(schema: dict[str, Any], media: tuple[MediaKind, bool] | None, depth: int = 0) -> str:
    if depth > _MOST_DEPTH:
        return "anything"
    if media is not None:
        kind, many = media
        return f"list of {_PLURAL[kind.value]}" if many else _NAMES.get(kind.value, kind.value)
    if isinstance(parts := schema.get("anyOf"), list):
        named = [_takes(part, None, depth + 1) for part in parts if isinstance(part, dict)]
        return " or ".join(dict.fromkeys(named)) or "anything"
    if isinstance(kinds := schema.get("type"), list):
        return " or ".join(_KINDS.get(str(kind), str(kind)) for kind in kinds)
    word = _KINDS.get(str(kinds), "")
    if word == "list" and isinstance(items := schema.get("items"), dict) and items:
        inner = _takes(items, None, depth + 1)
        return f"list of {_PLURAL.get(inner, inner)}"
    if not word:
        return "choice" if "enum" in schema else "anything"
    return word


def _choices(schema: dict[str, Any]) -> list[str | int | float | bool]:
    listed = schema.get("enum")
    if listed is None and isinstance(parts := schema.get("anyOf"), list):
        listed = [
            each
            for part in parts
            if isinstance(part, dict) and isinstance(part.get("enum"), list)
            for each in part["enum"]
        ]
    if not isinstance(listed, list):
        return []
    return [each for each in listed if isinstance(each, (str, int, float))]


def _bounds(schema: dict[str, Any]) -> list[str]:
    # Cards come from outside: a bound that is no number binds nothing.
    told = {name: value for name, value in schema.items() if _is_number(value)}
    found = _between(told.get("minimum"), told.get("maximum"), "")
    for name, words in _OTHER_BOUNDS.items():
        found += [f"{words} {told[name]:,}"] if name in told else []
    found += _between(told.get("minLength"), told.get("maxLength"), " letters")
    return found + _between(told.get("minItems"), told.get("maxItems"), " items")


def _is_number(value: object) -> bool:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    return good and math.isfinite(float(str(value)))


def _between(low: float | None, high: float | None, unit: str) -> list[str]:
    if unit and not low:
        low = None  # At least none says nothing.
    if low is not None and high is not None:
        return [f"{low:,} to {high:,}{unit}" if low != high else f"{low:,}{unit}"]
    if low is not None:
        return [f"at least {low:,}{unit}"]
    return [] if high is None else [f"at most {high:,}{unit}"]


def _of_files(files: MediaLimits) -> list[str]:
    found = [", ".join(files.formats)] if files.formats else []
    if files.max_bytes is not None:
        found.append(f"at most {files.max_bytes / 1e6:,.10g} MB")
    if files.max_pixels is not None:
        found.append(f"at most {files.max_pixels / 1e6:,.3g} megapixels")
    found += _between(files.min_side, files.max_side, " pixels a side")
    least, most = (
        int(each) if each is not None and each.is_integer() else each
        for each in (files.min_seconds, files.max_seconds)
    )
    return found + _between(least, most, " seconds")


def _plain(value: Any) -> str:
    if isinstance(value, (list, dict)) and value:
        return "a list" if isinstance(value, list) else "an object"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
