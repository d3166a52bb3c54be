"""Silhouettes of things, drawn in a unit box: x and y from 0 to 1, y down, feet at y = 1."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Callable

    from framewright_providers.local.scene.raster import Pixels
    from framewright_providers.local.scene.words import Colour

Point = tuple[float, float]
Form = Literal["round", "soft", "flat"]
"""How light falls on a part: as on a turned pot, as on a pillow, or as on a sheet."""
_SCALE = 3
"""Shapes are drawn so many times larger and shrunk: soft edges."""


class Pen:
    """Draws white on black in the unit box."""

    def __init__(self, height: int, width: int) -> None:
        self._size = (width * _SCALE, height * _SCALE)
        self._image = Image.new("L", self._size, 0)
        self._draw = ImageDraw.Draw(self._image)

    def polygon(self, *points: Point, cut: bool = False) -> None:
        """Fill a polygon, or cut it out."""
        self._draw.polygon([self._at(point) for point in points], fill=0 if cut else 255)

    def ellipse(self, x: float, y: float, rx: float, ry: float, *, cut: bool = False) -> None:
        """Fill an ellipse around a point."""
        box = [*self._at((x - rx, y - ry)), *self._at((x + rx, y + ry))]
        self._draw.ellipse(box, fill=0 if cut else 255)

    def ellipses(self, *points: Point, rx: float, ry: float) -> None:
        """Fill an ellipse around each point."""
        for x, y in points:
            self.ellipse(x, y, rx, ry)

    def line(self, *points: Point, width: float) -> None:
        """Draw a line of a width, round at its joints."""
        wide = max(1, round(width * min(self._size)))
        placed = [self._at(point) for point in points]
        self._draw.line(placed, fill=255, width=wide, joint="curve")
        for x, y in placed:
            self._draw.ellipse([x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2], fill=255)

    def curve(self, *points: Point, cut: bool = False) -> None:
        """Fill a closed smooth curve through points (Catmull-Rom)."""
        self.polygon(*_rounded(points), cut=cut)

    def mask(self) -> Pixels:
        """Return the drawing as (height, width), 0 to 1."""
        width, height = self._size[0] // _SCALE, self._size[1] // _SCALE
        small = self._image.resize((width, height), Image.Resampling.LANCZOS)
        return np.asarray(small, np.float32) / 255

    def _at(self, point: Point) -> Point:
        return point[0] * self._size[0], point[1] * self._size[1]


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a thing, of one colour and form."""

    draw: Callable[[Pen], None]
    colour: Colour
    form: Form = "soft"
    shine: float = 0.25
    glow: float = 0.0
    """How much it gives light itself."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that can stand in a scene."""

    parts: tuple[Part, ...]
    """From back to front."""
    aspect: float = 1.0
    """Width over height of its box."""
    tall: float = 0.35
    """Its height as a part of the frame's."""
    rises: float = 0.0
    """How far above the ground it hovers, in its own heights."""
    tinted: tuple[int, ...] = field(default=(0,))
    """Parts that take the colour a prompt names."""


def _rounded(points: tuple[Point, ...], steps: int = 10) -> list[Point]:
    ring = np.asarray([points[-1], *points, points[0], points[1]])
    curve: list[Point] = []
    for at in range(1, len(ring) - 2):
        a, b, c, d = ring[at - 1 : at + 3]
        for step in range(steps):
            t = step / steps
            point = 0.5 * (
                2 * b
                + (c - a) * t
                + (2 * a - 5 * b + 4 * c - d) * t**2
                + (3 * b - a - 3 * c + d) * t**3
            )
            curve.append((float(point[0]), float(point[1])))
    return curve
