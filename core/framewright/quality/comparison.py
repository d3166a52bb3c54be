"""How far apart two results are, in figures: pictures by their pixels, sound by its levels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from framewright.domain.difference import Difference
from framewright.domain.media import MediaKind
from framewright.media.frames import frame_at, last_frame
from framewright.media.images import open_image
from framewright.media.levels import measure
from framewright.media.probe import probe
from framewright.media.sound import MIX_RATE, read_sound

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.domain.media import MediaInfo

MOMENTS = 9
"""How many moments of two videos are compared."""
_MOST_SIDE = 512
"""Pictures are compared no larger than this on their longer side."""
SAME_DB = 100.0
"""What is said of pictures without any difference; the ratio is infinite then."""


def compare(first: Path, second: Path) -> Difference:
    """Measure two media files; raises `MediaError` for one that can not be read."""
    one, other = probe(first), probe(second)
    pictured = MediaKind.AUDIO not in {one.kind, other.kind}
    sounding = one.audio is not None and other.audio is not None
    return Difference(
        seconds=_pair(one, other),
        size=_sizes(one, other),
        psnr_db=_pictures(first, second, one, other) if pictured else None,
        loudness_db=(_loudness(first), _loudness(second)) if sounding else None,
    )


def _pair(one: MediaInfo, other: MediaInfo) -> tuple[float, float] | None:
    if one.duration is None or other.duration is None:
        return None
    return round(one.duration.seconds, 3), round(other.duration.seconds, 3)


def _sizes(one: MediaInfo, other: MediaInfo) -> tuple[tuple[int, int], tuple[int, int]] | None:
    sides = (one.width, one.height, other.width, other.height)
    if any(side is None for side in sides):
        return None
    wide, high, other_wide, other_high = (side or 0 for side in sides)
    return (wide, high), (other_wide, other_high)


def _pictures(first: Path, second: Path, one: MediaInfo, other: MediaInfo) -> float | None:
    if one.kind is MediaKind.IMAGE and other.kind is MediaKind.IMAGE:
        return psnr(open_image(first), open_image(second))
    if one.kind is not MediaKind.VIDEO or other.kind is not MediaKind.VIDEO:
        return None
    shares = [number / MOMENTS for number in range(MOMENTS)]
    # The errors are averaged, not the decibels: moments that are alike must not hide others.
    found = [error(_frame(first, one, share), _frame(second, other, share)) for share in shares]
    return _decibels(sum(found) / len(found))


def _frame(path: Path, info: MediaInfo, share: float) -> Image.Image:
    length = info.duration.seconds if info.duration is not None else 0.0
    return frame_at(path, length * share) if length else last_frame(path)


def psnr(one: Image.Image, other: Image.Image) -> float:
    """Return the peak signal-to-noise ratio of two pictures in decibels; the sizes may differ."""
    return _decibels(error(one, other))


def error(one: Image.Image, other: Image.Image) -> float:
    """Return the mean squared difference of two pictures, 0 to 255²; the sizes may differ."""
    scale = min(1.0, _MOST_SIDE / max(one.size))
    size = (max(1, round(one.width * scale)), max(1, round(one.height * scale)))
    planes = [
        np.asarray(each.convert("RGB").resize(size, Image.Resampling.BOX), np.float32)
        for each in (one, other)
    ]
    return float(np.mean((planes[0] - planes[1]) ** 2))


def _decibels(error: float) -> float:
    return round(min(SAME_DB, 10 * math.log10(255**2 / error)), 1) if error else SAME_DB


def _loudness(path: Path) -> float:
    return round(measure(read_sound(path), MIX_RATE).rms_dbfs, 1)
