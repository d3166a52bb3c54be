"""Whether a file that was made from another is still the same material, by looking into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.errors import MediaError
from framewright.media.probe import probe

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.domain.media import MediaInfo

NEAR_SECONDS = 0.05
"""Lengths closer than this are the same: codecs fill up their last block."""


def read_back(made: Path, before: MediaInfo) -> MediaInfo:
    """Return what the made file holds; raises `MediaError` where that is not what was before.

    It must be of the same kind, as long to a frame or 50 ms, and have sound where there was some.
    """
    after = probe(made)
    lost = _lost(before, after)
    if lost is None:
        return after
    message = f"Converting it {lost}."
    raise MediaError(message, action="Convert it yourself, or use another file.")


def _lost(before: MediaInfo, after: MediaInfo) -> str | None:
    if after.kind is not before.kind:
        return f"made it {after.kind}"
    if (after.audio is None) is not (before.audio is None):
        return "lost its sound" if after.audio is None else "gave it a sound"
    if before.duration is None or after.duration is None:
        return None
    fps = before.video.fps.seconds if before.video is not None and before.video.fps else 0.0
    near = max(NEAR_SECONDS, 1 / fps if fps else 0.0)
    lengths = (before.duration.seconds, after.duration.seconds)
    if abs(lengths[0] - lengths[1]) > near + 1e-6:
        return f"made {lengths[1]:.2f} of its {lengths[0]:.2f} seconds"
    return None
