"""Tells what a model does from its kind, inputs and output, where its card does not say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from framewright.catalog.ports import ports, properties
from framewright.domain.media import MediaKind
from framewright.domain.plan import StepKind, Task

if TYPE_CHECKING:
    from framewright.domain.model_card import ModelCard

_UTILITIES = {
    str(task): task
    for task in (
        Task.EXTRACT_FRAME,
        Task.MERGE_VIDEOS,
        Task.TRIM,
        Task.MUX_AUDIO,
        Task.MIX_AUDIO,
        Task.COMPRESS_IMAGE,
        Task.RESIZE,
        Task.CAPTION,
        Task.SUBTITLE,
        Task.REVERSE,
        Task.CHANGE_SPEED,
        Task.LOOP,
        Task.NORMALIZE_LOUDNESS,
        Task.FILMSTRIP,
        Task.WAVEFORM,
        Task.PROXY,
        Task.ANIMATIC,
    )
}
_BY_MEDIA = {
    (frozenset(), MediaKind.IMAGE): Task.TEXT_TO_IMAGE,
    (frozenset(), MediaKind.VIDEO): Task.TEXT_TO_VIDEO,
    (frozenset(), MediaKind.MODEL3D): Task.TEXT_TO_3D,
    (frozenset(), MediaKind.TEXT): Task.TEXT_GENERATION,
    (frozenset({MediaKind.IMAGE}), MediaKind.IMAGE): Task.IMAGE_TO_IMAGE,
    (frozenset({MediaKind.IMAGE}), MediaKind.VIDEO): Task.IMAGE_TO_VIDEO,
    (frozenset({MediaKind.IMAGE}), MediaKind.MODEL3D): Task.IMAGE_TO_3D,
    (frozenset({MediaKind.IMAGE}), MediaKind.TEXT): Task.IMAGE_TO_TEXT,
    (frozenset({MediaKind.VIDEO}), MediaKind.VIDEO): Task.VIDEO_TO_VIDEO,
    (frozenset({MediaKind.AUDIO}), MediaKind.TEXT): Task.SPEECH_TO_TEXT,
}

_EFFECTS = re.compile(r"sound[- _]?effects?|\bsfx\b|foley")
_NO_WORDS = re.compile(
    r"negative|(?:^|_)(?:ids?|urls?|uris?|path|file|format|model|version|name|key|token|seed|style"
    r"|language|voice|size|ratio|resolution|colou?r|quality|preset|mode|schedule|sequences?)$"
)
"""Fields of texts that steer, and are not what is made into something."""


def infer_task(card: ModelCard) -> Task | None:
    """Return the task, or None where the card does not tell it clearly."""
    if card.kind is StepKind.UTILITY:
        return _UTILITIES.get(card.id.rsplit("/", 1)[-1])
    if card.kind is StepKind.LIPSYNC:
        return Task.LIP_SYNC
    fields = properties(card)
    needed = frozenset(port.media for port in ports(card) if port.required)
    if not needed and not takes_words(fields):
        # Made of what, if not of words: of the media it takes, though none of it is required.
        needed = frozenset(port.media for port in ports(card))
        if not needed:
            return None
    if card.output is MediaKind.AUDIO and not needed:
        return _sound_task(card, "text" in fields or "voice" in fields)
    if card.output is MediaKind.IMAGE and needed and _enlarges(card, fields):
        return Task.UPSCALE
    return _BY_MEDIA.get((needed, card.output))


def takes_words(fields: dict[str, dict[str, Any]]) -> bool:
    """Tell whether one of these fields takes a person's own words; unknown fields may."""
    return not fields or any(
        "string" in _types(described)
        and not {"enum", "format", "const"} & described.keys()
        and _NO_WORDS.search(name.lower()) is None
        for name, described in fields.items()
    )


def _types(described: dict[str, Any]) -> tuple[str, ...]:
    kinds = described.get("type", "string")
    return tuple(map(str, kinds)) if isinstance(kinds, list) else (str(kinds),)


def _enlarges(card: ModelCard, fields: dict[str, dict[str, Any]]) -> bool:
    return "upscale" in card.id.lower() or ("prompt" not in fields and "scale" in fields)


def _sound_task(card: ModelCard, speaks: bool) -> Task:
    words = f"{card.id} {card.description}".lower()
    if _EFFECTS.search(words):
        # Before its fields: what describes a sound stands in `text` as often as what is said.
        return Task.TEXT_TO_SOUND
    if speaks or "speech" in words:
        return Task.TEXT_TO_SPEECH
    return Task.TEXT_TO_SOUND if "effect" in words or "sound" in words else Task.TEXT_TO_MUSIC
