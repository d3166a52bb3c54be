"""What a person should know of clips before they go on: one that ends before it says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.media.probe import probe
from framewright.media.source import examine

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_TOLERANCE = 0.05
_TOLERANCE_SECONDS = 0.25


def broken_off(clips: Iterable[Path]) -> tuple[str, ...]:
    """Return a sentence for each clip whose picture ends before its container says, each once.

    Counts what can be read without decoding it.
    """
    return tuple(
        f"{clip.name} breaks off after {there:.2f} of {told:.2f} seconds."
        for clip in dict.fromkeys(clips)
        if (there := float(examine(clip).span.length))
        < (told := _told_seconds(clip)) * (1 - _TOLERANCE) - _TOLERANCE_SECONDS
    )


def _told_seconds(clip: Path) -> float:
    info = probe(clip)
    return info.duration.seconds if info.duration else 0.0
