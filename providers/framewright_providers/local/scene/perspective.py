"""Places seen along their length, as a street or a room: which surface each pixel meets, and where.

Lengths are in metres, the eye is at the origin's height `eye` over the ground, and a length of one
metre at one metre's distance takes `FOCAL` frame heights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.scene.raster import smooth

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framewright_providers.local.scene.raster import Pixels

FOCAL = 1.0


@dataclass(frozen=True, slots=True)
class Bore:
    """A space with a floor, two walls, and maybe a ceiling and an end, seen from its middle."""

    half: float
    """Half its width."""
    eye: float
    """Height of the eye."""
    horizon: float
    """The row of the eye's height, as a part of the frame's height."""
    ceiling: float = 1e9
    end: float = 1e9
    """How far its far wall is."""
    middle: float = 0.5
    """Where its length vanishes, as a part of the width."""

    def project(self, x: float, up: float, away: float, wide: float) -> tuple[float, float]:
        """Return where a point is in the frame: x as a part of the width, y of the height."""
        away = max(0.05, away)
        return (
            self.middle + FOCAL * x / away / wide,
            self.horizon + FOCAL * (self.eye - up) / away,
        )


@dataclass(frozen=True, slots=True)
class Met:
    """What each pixel meets, all (height, width)."""

    away: Pixels
    """Distance in metres."""
    x: Pixels
    """To the right of the middle, in metres."""
    up: Pixels
    """Above the ground."""
    floor: Pixels
    """1 on the ground."""
    wall: Pixels
    """1 on either side wall."""
    ceiling: Pixels
    end: Pixels

    def at(self, where: NDArray[np.bool_]) -> Met:
        """Return the same for some of the pixels, in one row."""
        return Met(
            self.away[where],
            self.x[where],
            self.up[where],
            self.floor[where],
            self.wall[where],
            self.ceiling[where],
            self.end[where],
        )


def meets(bore: Bore, height: int, width: int) -> Met:
    """Return which surface of a bore each pixel of a frame meets first."""
    wide = width / height
    dx = ((np.arange(width, dtype=np.float32) + 0.5) / width - bore.middle)[None, :] * wide
    dy = bore.horizon - ((np.arange(height, dtype=np.float32) + 0.5) / height)[:, None]
    tiny = np.float32(1e-4)
    to_wall = FOCAL * bore.half / np.maximum(np.abs(dx), tiny)
    to_floor = np.where(dy < 0, FOCAL * bore.eye / np.maximum(-dy, tiny), 1e9)
    to_ceiling = np.where(dy > 0, FOCAL * (bore.ceiling - bore.eye) / np.maximum(dy, tiny), 1e9)
    across = np.minimum(np.minimum(to_floor, to_ceiling), np.float32(bore.end))
    away = np.minimum(to_wall, across)
    wall = (to_wall < across).astype(np.float32)
    floor = ((to_floor <= to_wall) & (to_floor <= bore.end) & (dy < 0)).astype(np.float32)
    ceiling = ((to_ceiling <= to_wall) & (to_ceiling <= bore.end) & (dy > 0)).astype(np.float32)
    end = (1 - wall) * (1 - floor) * (1 - ceiling)
    return Met(
        away.astype(np.float32),
        (dx * away / FOCAL).astype(np.float32),
        (bore.eye + dy * away / FOCAL).astype(np.float32),
        floor,
        wall,
        ceiling,
        end,
    )


def bars(value: Pixels, pitch: float, low: float, high: float, blur: Pixels) -> Pixels:
    """Return 1 where the part of `value` in its pitch lies from low to high, with soft edges.

    `blur` is how much of `value` a pixel spans; where that is a pitch, only the mean is left.
    """
    part = (value / pitch) % 1.0
    soft = np.clip(blur / pitch, 0.01, 1.0)
    edge = np.clip((part - low) / soft + 0.5, 0, 1) * np.clip((high - part) / soft + 0.5, 0, 1)
    mean = np.float32(high - low)
    fade = smooth(0.9, 0.35, soft)
    seen: Pixels = mean + (edge - mean) * fade
    return seen.astype(np.float32)
