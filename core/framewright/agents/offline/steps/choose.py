"""Chooses a model for a task from any catalog, and fills its fields by what they are called."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framewright.catalog.ports import ports, properties
from framewright.checks.repair.plan.spelling import named_shape
from framewright.domain import refs
from framewright.domain.media import MediaKind
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from collections.abc import Collection

    from framewright.catalog.catalog import Catalog
    from framewright.domain.model_card import ModelCard

WORDS = ("prompt", "text", "text_prompt", "description", "input", "script", "promptText")
SPOKEN = ("text", "gen_text", "input", "script", "prompt", "promptText")
LENGTH = (
    "duration", "duration_seconds", "seconds", "length", "length_seconds", "video_length",
    "seconds_total",
)  # fmt: skip
MILLISECONDS = ("music_length_ms",)
SHAPE = ("aspect_ratio", "ratio", "aspect", "size", "image_size")
SCALE = ("scale", "scale_factor", "upscale_factor", "factor", "upscale")
NEGATIVE = ("negative_prompt", "negative", "negativePrompt")
_GIVEN = {
    Task.TEXT_TO_IMAGE: (),
    Task.TEXT_TO_VIDEO: (),
    Task.TEXT_TO_SPEECH: (),
    Task.TEXT_TO_MUSIC: (),
    Task.TEXT_TO_SOUND: (),
    Task.TEXT_TO_3D: (),
    Task.TEXT_GENERATION: (),
    Task.IMAGE_TO_IMAGE: (MediaKind.IMAGE,),
    Task.IMAGE_TO_VIDEO: (MediaKind.IMAGE,),
    Task.IMAGE_TO_3D: (MediaKind.IMAGE,),
    Task.IMAGE_TO_TEXT: (MediaKind.IMAGE,),
    Task.UPSCALE: (MediaKind.IMAGE,),
    Task.VIDEO_TO_VIDEO: (MediaKind.VIDEO,),
    Task.SPEECH_TO_TEXT: (MediaKind.AUDIO,),
}
"""The files there are to give to a model of a task; of the others it can not be said before."""
_NOT_THE_FIRST = re.compile(r"(?:^|_)(?:end|tail|last|final|mask)(?:_|$)|^frame1$")
"""Fields for a picture other than the one that something is made of."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a model should be able to take."""

    ratio: str | None = None
    seconds: float | None = None
    purpose: re.Pattern[str] | None = None
    """What its description says it is for, where a task has models for more than one thing."""


def choose(catalog: Catalog, task: Task, wanted: Wanted | None = None) -> ModelCard | None:
    """Return the best available model for a task, or None.

    First those for the purpose, if one is asked for, then those that need nothing else, those that
    take what is asked for, the cheapest, the quickest, the first named.
    """
    asked = wanted or Wanted()

    def rank(numbered: tuple[int, ModelCard]) -> tuple[float, ...]:
        number, card = numbered
        price = math.inf if card.price is None else card.price.amount
        quick = math.inf if card.typical_seconds is None else card.typical_seconds
        return (
            not is_for(card, asked),
            _lacking(card, task),
            -_fit(card, asked),
            price,
            quick,
            number,
        )

    able = list(enumerate(catalog.for_task(task)))
    return min(able, key=rank)[1] if able else None


def is_for(card: ModelCard, wanted: Wanted) -> bool:
    """Tell whether a model is for what is wanted, as its id and its description say."""
    purpose = wanted.purpose
    return purpose is None or purpose.search(f"{card.id}: {card.description}") is not None


def field_of(card: ModelCard, names: tuple[str, ...]) -> str | None:
    """Return the model's field that is called one of these, the earliest name first."""
    known = properties(card)
    return next((name for name in names if name in known), None)


def choices_of(card: ModelCard, field: str) -> list[Any]:
    """Return the values a field can have; empty where its schema lists none a plan can hold."""
    listed = properties(card).get(field, {}).get("enum")
    choices = listed if isinstance(listed, list) else []
    return [each for each in choices if not isinstance(each, float) or math.isfinite(each)]


def words_for(card: ModelCard, text: str, names: tuple[str, ...] = WORDS) -> dict[str, Any]:
    """Return the input that carries a text, cut to what the model takes; empty without one."""
    field = field_of(card, names)
    if field is None or not text:
        return {}
    most = _number(properties(card)[field].get("maxLength"))
    return {field: literal(text if most is None else text[: int(most)])}


def literal(text: str) -> str:
    """Return a person's words as a plan holds them: no reference, and no template by accident."""
    # "{{step.output}}" in a brief is something to say, not something to fill in.
    return refs.escape(re.sub(r"\{(?=\{)", "{ ", text))


def length_for(card: ModelCard, seconds: float) -> tuple[dict[str, Any], float]:
    """Return the input that carries a length, and the length the model will then give.

    The length is 0 where the model has lengths of its own that are no numbers, such as "auto".
    """
    if field_of(card, LENGTH) is None:
        return _milliseconds_for(card, seconds)
    return figure_for(card, LENGTH, seconds)


def figure_for(
    card: ModelCard, names: tuple[str, ...], asked: float
) -> tuple[dict[str, Any], float]:
    """Return the input for a figure, the nearest that the model takes, and that figure.

    Empty and 0 where it has no such field; 0 where its choices are no numbers.
    """
    field = field_of(card, names)
    if field is None:
        return {}, 0.0
    schema = properties(card)[field]
    if choices := choices_of(card, field):
        lengths = [(length, each) for each in choices if (length := _number(each)) is not None]
        if not lengths:
            usual = schema.get("default")
            return {field: usual if usual in choices else choices[0]}, 0.0
        length, nearest = min(lengths, key=lambda each: abs(each[0] - asked))
        return {field: nearest}, length
    least, most = _number(schema.get("minimum")), _number(schema.get("maximum"))
    given = min(max(asked, least or 0.0), math.inf if most is None else most)
    whole = schema.get("type") == "integer" or given == int(given)
    value = round(given) if whole else round(given, 3)
    return {field: str(value) if schema.get("type") == "string" else value}, float(value)


def _milliseconds_for(card: ModelCard, seconds: float) -> tuple[dict[str, Any], float]:
    field = field_of(card, MILLISECONDS)
    if field is None:
        return {}, seconds
    schema = properties(card)[field]
    least, most = _number(schema.get("minimum")), _number(schema.get("maximum"))
    given = round(min(max(seconds * 1000, least or 1.0), math.inf if most is None else most))
    return {field: given}, given / 1000


def needed_for(card: ModelCard, given: Collection[str]) -> dict[str, Any]:
    """Return what a model needs besides what is given, as its vendor would: usual, or first."""
    known = properties(card)
    found: dict[str, Any] = {}
    for name in card.inputs_schema.get("required") or ():
        if name in given or name not in known:
            continue
        if "default" in known[name]:
            found[name] = known[name]["default"]
        elif choices := choices_of(card, name):
            found[name] = choices[0]
    return found


def shape_for(card: ModelCard, ratio: str) -> dict[str, Any]:
    """Return the input that carries the picture's shape; empty when the model has no such one."""
    field = field_of(card, SHAPE)
    if field is None:
        return {}
    schema = properties(card)[field]
    parts = schema.get("anyOf")
    # A shape is one of some names, or width and height: of these it is a name.
    described = [schema, *(parts if isinstance(parts, list) else ())]
    listed = [each["enum"] for each in described if isinstance(each, dict) and "enum" in each]
    choices = next((each for each in listed if isinstance(each, list)), None)
    if choices is None:
        return {} if parts else {field: ratio}
    named = ratio if ratio in choices else named_shape(ratio, choices)
    return {} if named is None else {field: named}


def media_for(
    card: ModelCard, catalog: Catalog, kind: MediaKind, given: list[str]
) -> dict[str, Any]:
    """Return the input that takes these references: a needed field of the kind before others."""
    fitting = [port for port in catalog.ports[card.id].values() if port.media is kind]
    if not fitting:
        return {}
    best = min(
        fitting,
        key=lambda port: (
            not port.required,
            _NOT_THE_FIRST.search(port.field) is not None,
            port.many != (len(given) > 1),
        ),
    )
    return {best.field: given if best.many else given[0]}


def _lacking(card: ModelCard, task: Task) -> int:
    """Return how many files a model needs that a task does not have, such as a voice to copy."""
    given = list(_GIVEN.get(task, ()))
    if task not in _GIVEN:
        return 0
    lacking = 0
    for port in ports(card):
        if port.required and port.media in given:
            given.remove(port.media)
        elif port.required:
            lacking += 1
    return lacking


def _fit(card: ModelCard, wanted: Wanted) -> int:
    fit = 0
    if wanted.ratio is not None:
        fit += bool(shape_for(card, wanted.ratio))
    if wanted.seconds is not None:
        given, length = length_for(card, wanted.seconds)
        fit += bool(given) and abs(length - wanted.seconds) < 0.5
    return fit


def _number(value: object) -> float | None:
    """Return the number over 0 that a schema means by `5`, `"5"` or `"5s"`; None for others."""
    try:
        number = math.nan if isinstance(value, bool) else float(str(value).strip().rstrip("s"))
    except ValueError:
        return None
    return number if math.isfinite(number) and number > 0 else None
