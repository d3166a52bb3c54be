"""The frames of a video that would make the best stills: sharp, well lit, and unlike each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framewright.errors import MediaError
from framewright.media.frames import frame_at, frames_every
from framewright.media.source import examine
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

_MOST_LOOKED_AT = 120
_LEAST_APART_SECONDS = 0.2
_WIDTH = 160
_LEVELS = 16
_MOST = 24


@dataclass(frozen=True, slots=True)
class Still:
    """One frame that was looked at."""

    seconds: float
    quality: float
    """From 0, black or all blurred, upwards; only frames of one video compare."""
    look: np.ndarray
    """Where its brightness lies, in a coarse grid, of length 1."""


def best_frames(
    video: Path, count: int = 1, tell: Tell = silent
) -> list[tuple[float, Image.Image]]:
    """Return up to `count` frames with their times, the best first.

    Each is the best of what is left, the less of it the more it looks like one already taken.
    Raises `MediaError` where the video has no frame that can be decoded.
    """
    if not 1 <= count <= _MOST:
        message = f"{count} best frames cannot be chosen."
        raise MediaError(message, action=f"Ask for 1 to {_MOST}.")
    source = examine(video)
    apart = max(_LEAST_APART_SECONDS, float(source.span.length) / _MOST_LOOKED_AT)
    left = [_judged(time, image) for time, image in frames_every(video, apart, tell)]
    taken: list[Still] = []
    while left and len(taken) < count:
        best = max(left, key=lambda still: (_worth(still, taken), -still.seconds))
        left.remove(best)
        taken.append(best)
    return [(still.seconds, frame_at(video, still.seconds)) for still in taken]


def _judged(seconds: float, image: Image.Image) -> Still:
    height = max(3, round(image.height * _WIDTH / image.width))
    grey = np.asarray(image.convert("L").resize((_WIDTH, height))).astype(np.float32)
    edges = (
        4 * grey[1:-1, 1:-1] - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:]
    )
    # Variance of the Laplacian: Pech-Pacheco et al., "Diatom autofocusing", 2000.
    sharp = float(np.sqrt(edges.var()))
    lost = float(np.mean((grey < 12) | (grey > 243)))
    contrast = float(grey.std())
    rows = np.array_split(grey, 3)
    parts = [part for row in rows for part in np.array_split(row, 3, axis=1)]
    look = np.concatenate([np.histogram(part, _LEVELS, (0, 256))[0] for part in parts])
    length = float(np.linalg.norm(look)) or 1.0
    return Still(seconds, sharp * min(contrast, 64.0) * (1 - lost), look / length)


def _worth(still: Still, taken: list[Still]) -> float:
    alike = max((float(still.look @ other.look) for other in taken), default=0.0)
    return still.quality * (1 - alike)
