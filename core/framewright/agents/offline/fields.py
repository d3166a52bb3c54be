"""Maps what a step wants onto the fields of a model, whatever they are called there."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framewright.agents.offline.measures import plain_number
from framewright.catalog.ports import ports, properties
from framewright.domain.media import MediaKind

if TYPE_CHECKING:
    from framewright.catalog.ports import Port
    from framewright.domain.model_card import ModelCard

FAMILIES: dict[str, tuple[str, ...]] = {
    "prompt": ("prompt", "text_prompt", "text", "description", "input", "instruction"),
    "text": ("text", "script", "prompt", "input", "caption", "title", "content"),
    "negative": ("negative_prompt", "negative", "avoid"),
    "seconds": (
        "duration",
        "duration_seconds",
        "seconds",
        "length_seconds",
        "video_length",
        "seconds_total",
        "music_length",
        "length",
    ),
    "aspect": ("aspect_ratio", "ratio", "aspect", "image_size", "video_size", "size", "format"),
    "camera": ("camera", "camera_motion", "camera_move", "movement"),
    "voice": ("voice", "language", "accent", "voice_id"),
    "position": ("position", "frame", "place", "placement"),
    "time": ("time_seconds", "time", "timestamp", "at_seconds"),
    "start": ("start_seconds", "start", "start_time", "from_seconds"),
    "end": ("end_seconds", "end", "end_time", "to_seconds"),
    "width": ("width",),
    "height": ("height",),
    "fit": ("fit", "mode"),
    "factor": ("scale", "factor", "upscale_factor"),
    "mode": ("mode",),
    "length": ("length",),
    "duck": ("duck", "ducking"),
    "gains": ("gains_db", "gains", "volumes_db"),
    "starts": ("starts_seconds", "starts", "offsets_seconds"),
    "transition": ("transition",),
    "fade": ("transition_seconds", "crossfade_seconds", "transition_duration"),
}
"""Slot to the names vendors give it, the most usual first."""
MEDIA_SLOTS: dict[str, tuple[MediaKind, tuple[str, ...]]] = {
    "image": (
        MediaKind.IMAGE,
        (
            "first_frame",
            "start_image",
            "start_frame",
            "image",
            "input_image",
            "image_url",
            "init_image",
        ),
    ),
    "video": (MediaKind.VIDEO, ("video", "input_video", "video_url", "clip")),
    "audio": (MediaKind.AUDIO, ("audio", "input_audio", "audio_url", "sound", "track")),
    "videos": (MediaKind.VIDEO, ("videos", "clips", "inputs", "video_urls")),
    "tracks": (MediaKind.AUDIO, ("tracks", "audios", "inputs", "audio_urls")),
}
_SIZE_WORDS = {"square": 1.0, "landscape": 4 / 3, "portrait": 3 / 4}


@dataclass(frozen=True, slots=True)
class Fitted:
    """A value as a field takes it."""

    value: Any
    exact: bool
    """Whether it is what was wanted."""


def literal_field(card: ModelCard, slot: str) -> str | None:
    """Return the field of a model that takes a slot's value, or None."""
    known = properties(card)
    media = {port.field for port in ports(card)}
    for name in FAMILIES[slot]:
        if name in known and name not in media and _suits(slot, known[name]):
            return name
    return None


def media_field(card: ModelCard, slot: str) -> Port | None:
    """Return the port of a model that takes a slot's media, or None.

    A slot for one item is also served by a list.
    """
    kind, names = MEDIA_SLOTS[slot]
    wants_many = slot in {"videos", "tracks"}
    fitting = [port for port in ports(card) if port.media is kind and (port.many or not wants_many)]
    if wants_many:
        fitting = [port for port in fitting if port.many]
    if not fitting:
        return None
    order = {name: place for place, name in enumerate(names)}
    return min(
        fitting,
        key=lambda port: (port.many != wants_many, not port.required, order.get(port.field, 99)),
    )


def fit(slot: str, value: Any, schema: dict[str, Any]) -> Fitted | None:
    """Return the nearest value that a field takes; None where nothing is near."""
    choices = schema.get("enum")
    if isinstance(choices, list) and choices:
        return _choose(slot, value, choices)
    if slot == "aspect":
        return Fitted(value, exact=True) if schema.get("type", "string") == "string" else None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number(float(value), schema)
    return Fitted(value, exact=True)


def default_number(card: ModelCard, slot: str, otherwise: float) -> float:
    """Return what a model uses for a number when nothing is given."""
    name = literal_field(card, slot)
    if name is None:
        return otherwise
    found = _as_number(properties(card)[name].get("default"))
    return otherwise if found is None else found


def _suits(slot: str, schema: dict[str, Any]) -> bool:
    """Tell whether a field of a likely name can hold such a value: "mode" is not always fit."""
    choices = schema.get("enum")
    if slot == "fit":
        return isinstance(choices, list) and "cover" in choices
    if slot == "mode":
        return isinstance(choices, list) and "replace" in choices
    if slot == "length":
        return isinstance(choices, list) and "picture" in choices
    if slot in {"seconds", "start", "end", "time", "fade"} and isinstance(choices, list):
        return any(_as_number(choice) is not None for choice in choices)
    if slot == "aspect" and isinstance(choices, list):
        return any(_ratio(choice) is not None for choice in choices)
    return True


def _choose(slot: str, value: Any, choices: list[Any]) -> Fitted | None:
    if value in choices:
        return Fitted(value, exact=True)
    same = next((each for each in choices if str(each) == str(value)), None)
    if same is not None:
        return Fitted(same, exact=True)
    if slot == "aspect":
        return _nearest_shape(value, choices)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        numbers = [(number, each) for each in choices if (number := _as_number(each)) is not None]
        if not numbers:
            return None
        number, best = min(numbers, key=lambda pair: (abs(pair[0] - value), pair[0]))
        return Fitted(best, exact=math.isclose(number, value))
    return None


def _nearest_shape(value: Any, choices: list[Any]) -> Fitted | None:
    wanted = _ratio(value)
    shapes = [(shape, each) for each in choices if (shape := _ratio(each)) is not None]
    if wanted is None or not shapes:
        return None
    shape, best = min(shapes, key=lambda pair: abs(math.log(pair[0] / wanted)))
    return Fitted(best, exact=abs(math.log(shape / wanted)) < 0.01)


def _number(value: float, schema: dict[str, Any]) -> Fitted | None:
    kinds = schema.get("type", "number")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if not {"number", "integer", "string"} & set(kinds):
        return None
    low, high = _as_number(schema.get("minimum")), _as_number(schema.get("maximum"))
    fitted = value
    if low is not None:
        fitted = max(low, fitted)
    if high is not None:
        fitted = min(high, fitted)
    if "number" not in kinds and "integer" in kinds:
        fitted = math.floor(fitted + 0.5)
    exact = math.isclose(fitted, value)
    if not {"number", "integer"} & set(kinds):
        return Fitted(str(plain_number(fitted)), exact)
    return Fitted(plain_number(fitted), exact)


def _as_number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return float(value)
    found = re.fullmatch(r"(\d{1,6}(?:\.\d+)?) ?s?(?:ec(?:onds)?)?", str(value))
    return float(found[1]) if found else None


def _ratio(value: Any) -> float | None:
    """Read "16:9", "1024x768", "landscape_16_9" and "square_hd" as width over height."""
    text = str(value).lower()
    found = re.search(r"(\d{1,5}(?:\.\d+)?)[:x_/](\d{1,5}(?:\.\d+)?)", text)
    if found and float(found[1]) > 0 and float(found[2]) > 0:
        ratio = float(found[1]) / float(found[2])
        # "portrait_16_9" is upright in spite of its numbers.
        return 1 / ratio if text.startswith("portrait") and ratio > 1 else ratio
    return next((shape for word, shape in _SIZE_WORDS.items() if text.startswith(word)), None)
