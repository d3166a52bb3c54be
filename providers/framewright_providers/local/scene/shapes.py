"""Silhouettes of things, drawn in a unit box: x and y from 0 to 1, y down, feet at y = 1."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Callable

    from framewright_providers.local.scene.colour import Colour
    from framewright_providers.local.scene.raster import Pixels

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

    def limb(self, *joints: tuple[float, float, float]) -> None:
        """Fill a bending limb through joints of x, y and thickness (parts of the box's height)."""
        high = self._size[1]
        before: Point | None = None
        for x, y, thick in _bent(joints):
            placed = self._at((x, y))
            half = max(0.5, thick * high / 2)
            if before is not None:
                # A thin limb's discs lie apart: lines join them.
                self._draw.line([before, placed], fill=255, width=max(1, round(2 * half)))
            before = placed
            box = [placed[0] - half, placed[1] - half, placed[0] + half, placed[1] + half]
            self._draw.ellipse(box, fill=255)

    def limbs(self, *limbs: tuple[tuple[float, float, float], ...]) -> None:
        """Fill several limbs."""
        for joints in limbs:
            self.limb(*joints)

    def polygons(self, *polygons: tuple[Point, ...]) -> None:
        """Fill several polygons."""
        for points in polygons:
            self.polygon(*points)

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
    foot: float = 0.0
    """How far its base reaches back on the ground, as a part of its height."""


def _bent(
    joints: tuple[tuple[float, float, float], ...], steps: int = 22
) -> list[tuple[float, float, float]]:
    """Return points close together on a smooth way through the joints."""
    way = np.asarray([joints[0], *joints, joints[-1]])
    points: list[tuple[float, float, float]] = []
    for at in range(1, len(way) - 2):
        for step in range(steps + 1):
            x, y, thick = _catmull(way[at - 1 : at + 3], step / steps)
            points.append((float(x), float(y), float(thick)))
    return points


def _catmull(four: np.ndarray[Any, Any], t: float) -> np.ndarray[Any, Any]:
    a, b, c, d = four
    bend: np.ndarray[Any, Any] = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    return bend


def _rounded(points: tuple[Point, ...], steps: int = 10) -> list[Point]:
    ring = np.asarray([points[-1], *points, points[0], points[1]])
    curve: list[Point] = []
    for at in range(1, len(ring) - 2):
        for step in range(steps):
            x, y = _catmull(ring[at - 1 : at + 3], step / steps)
            curve.append((float(x), float(y)))
    return curve
