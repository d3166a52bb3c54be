"""What files a model's media fields take, as its schema says in `x-` words of ours.

A media field may carry `x-formats` (`jpeg`, `png`, `webp`, `mp4`, `wav`, …), `x-max-bytes`,
`x-max-pixels` (width times height), `x-max-side` and `x-min-side` (pixels), `x-max-seconds` and
`x-min-seconds`. Schemas that are imported from vendors get them from what the vendors write about
their fields.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framewright.catalog.ports import media_of, properties

if TYPE_CHECKING:
    from framewright.domain.model_card import ModelCard


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """What one media field takes; None and an empty set are no limit."""

    formats: tuple[str, ...] = ()
    """In the order the model prefers them."""
    max_bytes: int | None = None
    max_pixels: int | None = None
    max_side: int | None = None
    min_side: int | None = None
    max_seconds: float | None = None
    """Nothing is ever cut to it: what is longer is refused."""
    min_seconds: float | None = None


_ALIASES = {
    "jpg": "jpeg",
    "tif": "tiff",
    "mpeg4": "mp4",
    "qt": "mov",
    "quicktime": "mov",
    "matroska": "mkv",
    "wave": "wav",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "oga": "ogg",
    # What is written in Ogg is Opus.
    "opus": "ogg",
}


def media_limits(card: ModelCard) -> dict[str, MediaLimits]:
    """Return the limits of each media field that has any."""
    found = {
        name: _limits({**described, **_items(described)})
        for name, described in properties(card).items()
        if media_of(described) is not None
    }
    return {name: limits for name, limits in found.items() if limits != MediaLimits()}


def plain_format(name: str) -> str:
    """Return a format's name as we write it: `jpeg` for `.JPG` and `image/jpg`."""
    whole = name.lower().strip()
    word = whole.rsplit("/", 1)[-1].lstrip(".").removeprefix("x-")
    return _ALIASES.get(whole, _ALIASES.get(word, word))


def _items(described: dict[str, Any]) -> dict[str, Any]:
    items = described.get("items")
    return items if isinstance(items, dict) else {}


def _limits(described: dict[str, Any]) -> MediaLimits:
    formats = described.get("x-formats")
    return MediaLimits(
        formats=tuple(plain_format(str(each)) for each in formats)
        if isinstance(formats, list)
        else (),
        max_bytes=_whole(described.get("x-max-bytes")),
        max_pixels=_whole(described.get("x-max-pixels")),
        max_side=_whole(described.get("x-max-side")),
        min_side=_whole(described.get("x-min-side")),
        max_seconds=_seconds(described.get("x-max-seconds")),
        min_seconds=_seconds(described.get("x-min-seconds")),
    )


def _whole(value: object) -> int | None:
    good = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return value if good and isinstance(value, int) else None


def _seconds(value: object) -> float | None:
    good = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf
    return float(value) if good and isinstance(value, int | float) else None
