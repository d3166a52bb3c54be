"""Tells what a model does from its kind, inputs and output, where its card does not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def infer_task(card: ModelCard) -> Task | None:
    """Return the task, or None where the card does not tell it clearly."""
    if card.kind is StepKind.UTILITY:
        return _UTILITIES.get(card.id.rsplit("/", 1)[-1])
    if card.kind is StepKind.LIPSYNC:
        return Task.LIP_SYNC
    fields = properties(card)
    if card.output is MediaKind.AUDIO and not any(port.required for port in ports(card)):
        return _sound_task(card, "text" in fields or "voice" in fields)
    if card.output is MediaKind.IMAGE and "prompt" not in fields and "scale" in fields:
        return Task.UPSCALE
    needed = frozenset(port.media for port in ports(card) if port.required)
    return _BY_MEDIA.get((needed, card.output))


def _sound_task(card: ModelCard, speaks: bool) -> Task:
    words = f"{card.id} {card.description}".lower()
    if speaks or "speech" in words:
        return Task.TEXT_TO_SPEECH
    return Task.TEXT_TO_SOUND if "effect" in words or "sound" in words else Task.TEXT_TO_MUSIC
