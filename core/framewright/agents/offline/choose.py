"""Chooses a model for a task from any catalog, and fills its fields by what they are called."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framewright.catalog.ports import properties
from framewright.domain import refs

if TYPE_CHECKING:
    from framewright.catalog.catalog import Catalog
    from framewright.domain.media import MediaKind
    from framewright.domain.model_card import ModelCard
    from framewright.domain.plan import Task

WORDS = ("prompt", "text", "text_prompt", "description", "input", "script")
SPOKEN = ("text", "input", "script", "prompt")
LENGTH = ("duration", "duration_seconds", "seconds", "length", "length_seconds", "video_length")
SHAPE = ("aspect_ratio", "ratio", "aspect", "size", "image_size")
NEGATIVE = ("negative_prompt", "negative")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a model should be able to take."""

    ratio: str | None = None
    seconds: float | None = None


def choose(catalog: Catalog, task: Task, wanted: Wanted | None = None) -> ModelCard | None:
    """Return the best available model for a task, or None.

    First those that take what is asked for, then the cheapest, the quickest, the first named.
    """
    asked = wanted or Wanted()

    def rank(numbered: tuple[int, ModelCard]) -> tuple[float, ...]:
        number, card = numbered
        price = math.inf if card.price is None else card.price.amount
        quick = math.inf if card.typical_seconds is None else card.typical_seconds
        return (-_fit(card, asked), price, quick, number)

    able = list(enumerate(catalog.for_task(task)))
    return min(able, key=rank)[1] if able else None


def field_of(card: ModelCard, names: tuple[str, ...]) -> str | None:
    """Return the model's field that is called one of these, the earliest name first."""
    known = properties(card)
    return next((name for name in names if name in known), None)


def words_for(card: ModelCard, text: str, names: tuple[str, ...] = WORDS) -> dict[str, Any]:
    """Return the input that carries a text, cut to what the model takes; empty without one."""
    field = field_of(card, names)
    if field is None or not text:
        return {}
    most = properties(card)[field].get("maxLength")
    kept = text[:most] if isinstance(most, int) else text
    return {field: literal(kept)}


def literal(text: str) -> str:
    """Return a person's words as a plan holds them: no reference, and no template by accident."""
    # "{{step.output}}" in a brief is something to say, not something to fill in.
    return refs.escape(re.sub(r"\{(?=\{)", "{ ", text))


def length_for(card: ModelCard, seconds: float) -> tuple[dict[str, Any], float]:
    """Return the input that carries a length, and the length the model will then give."""
    field = field_of(card, LENGTH)
    if field is None:
        return {}, seconds
    schema = properties(card)[field]
    if isinstance(choices := schema.get("enum"), list) and choices:
        nearest = min(choices, key=lambda each: abs(_number(each) - seconds))
        return {field: nearest}, _number(nearest)
    given = min(max(seconds, schema.get("minimum", 0)), schema.get("maximum", math.inf))
    whole = schema.get("type") == "integer" or given == int(given)
    value = round(given) if whole else round(given, 3)
    return {field: str(value) if schema.get("type") == "string" else value}, float(value)


def shape_for(card: ModelCard, ratio: str) -> dict[str, Any]:
    """Return the input that carries the picture's shape; empty when the model has no such one."""
    field = field_of(card, SHAPE)
    if field is None:
        return {}
    choices = properties(card)[field].get("enum")
    return {field: ratio} if not isinstance(choices, list) or ratio in choices else {}


def media_for(
    card: ModelCard, catalog: Catalog, kind: MediaKind, given: list[str]
) -> dict[str, Any]:
    """Return the input that takes these references: a needed field of the kind before others."""
    fitting = [port for port in catalog.ports[card.id].values() if port.media is kind]
    if not fitting:
        return {}
    best = min(fitting, key=lambda port: (not port.required, port.many != (len(given) > 1)))
    return {best.field: given if best.many else given[0]}


def _fit(card: ModelCard, wanted: Wanted) -> int:
    fit = 0
    if wanted.ratio is not None:
        fit += bool(shape_for(card, wanted.ratio))
    if wanted.seconds is not None:
        given, length = length_for(card, wanted.seconds)
        fit += bool(given) and abs(length - wanted.seconds) < 0.5
    return fit


def _number(value: object) -> float:
    try:
        return float(str(value).rstrip("s"))
    except ValueError:
        return math.inf
