"""Simple solids seen along the viewing axis: round cones, eggs and slabs, exact to the pixel.

Model space is right-handed: x to the viewer's right, y up, z towards the viewer. One unit is the
height of a grown body.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from framewright_providers.local.scene.colour import Colour
    from framewright_providers.local.scene.raster import Pixels


Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stuff:
    """What a solid is made of."""

    colour: Colour
    shine: float = 0.1
    glow: float = 0.0
    """How much it gives light itself."""
    melt: float = 0.0
    """How far, in units, it flows into solids of the same stuff's `kind`."""
    kind: str = ""

    @property
    def woven(self) -> float:
        """1 for cloth, which has threads and folds."""
        return float(self.kind in {"top", "bottom", "skirt", "apron", "cape", "scarf", "hat"})


@dataclass(frozen=True, slots=True)
class Cone:
    """A segment with a radius at each end, rounded."""

    a: Vector
    b: Vector
    ra: float
    rb: float
    stuff: Stuff


@dataclass(frozen=True, slots=True)
class Egg:
    """An ellipsoid; the rows of `axes` are its unit axes."""

    middle: Vector
    radii: tuple[float, float, float]
    stuff: Stuff
    axes: Vector = field(default_factory=lambda: np.eye(3))


@dataclass(frozen=True, slots=True)
class Slab:
    """A box; the rows of `axes` are its unit axes."""

    middle: Vector
    half: tuple[float, float, float]
    stuff: Stuff
    axes: Vector = field(default_factory=lambda: np.eye(3))


Solid = Cone | Egg | Slab

Hit = tuple["Pixels", "Pixels", "Pixels", "Pixels"]
"""Depth towards the viewer (-inf where it is missed), and the three parts of the normal."""

_MISSED = np.float32(-np.inf)


def reach(solid: Solid) -> tuple[float, float, float, float]:
    """Return left, right, low and high of what a solid covers, seen along z."""
    if isinstance(solid, Cone):
        return (
            min(solid.a[0] - solid.ra, solid.b[0] - solid.rb),
            max(solid.a[0] + solid.ra, solid.b[0] + solid.rb),
            min(solid.a[1] - solid.ra, solid.b[1] - solid.rb),
            max(solid.a[1] + solid.ra, solid.b[1] + solid.rb),
        )
    if isinstance(solid, Egg):
        spread = np.sqrt(((solid.axes * np.asarray(solid.radii)[:, None]) ** 2).sum(0))
    else:
        spread = np.abs(solid.axes * np.asarray(solid.half)[:, None]).sum(0)
    x, y, _ = solid.middle
    return x - spread[0], x + spread[0], y - spread[1], y + spread[1]


def hit(solid: Solid, x: Pixels, y: Pixels) -> Hit:
    """Return where sight lines through (x, y) first meet a solid, and its normal there."""
    if isinstance(solid, Cone):
        return _cone(solid, x, y)
    if isinstance(solid, Egg):
        return _egg(solid, x, y)
    return _slab(solid, x, y)


def _ball(middle: Vector, radius: float, x: Pixels, y: Pixels) -> Pixels:
    inside = np.float32(radius**2) - (x - np.float32(middle[0])) ** 2
    inside = inside - (y - np.float32(middle[1])) ** 2
    deep = np.float32(middle[2]) + np.sqrt(np.maximum(inside, 0))
    return np.where(inside > 0, deep, _MISSED)


def _cone(solid: Cone, x: Pixels, y: Pixels) -> Hit:
    # After the round cone of Inigo Quilez (iquilezles.org/articles/intersectors), for sight
    # lines that all run along -z.
    a, b, ra, rb = solid.a, solid.b, solid.ra, solid.rb
    one, other = _ball(a, ra, x, y), _ball(b, rb, x, y)
    first = one >= other
    depth = np.where(first, one, other)
    with np.errstate(invalid="ignore"):
        nx = np.where(first, (x - a[0]) / ra, (x - b[0]) / rb)
        ny = np.where(first, (y - a[1]) / ra, (y - b[1]) / rb)
        nz = np.where(first, (depth - a[2]) / ra, (depth - b[2]) / rb)
    way = b - a
    rr = ra - rb
    m0 = float(way @ way)
    d2 = m0 - rr * rr
    k2 = d2 - float(way[2]) ** 2
    if d2 > 1e-12 and k2 > 1e-9:
        ox, oy, oz = x - np.float32(a[0]), y - np.float32(a[1]), -float(a[2])
        m1 = way[0] * ox + way[1] * oy + way[2] * oz
        m2, m3 = -float(way[2]), float(a[2])
        m5 = ox * ox + oy * oy + oz * oz
        k1 = d2 * m3 - m1 * m2 + m2 * rr * ra
        k0 = d2 * m5 - m1 * m1 + m1 * (rr * ra * 2) - m0 * ra * ra
        h = k1 * k1 - k0 * k2
        t = (-np.sqrt(np.maximum(h, 0)) - k1) / k2
        along = m1 - ra * rr + t * m2
        body = (h >= 0) & (along > 0) & (along < d2)
        nearer = body & (-t > depth)
        depth = np.where(nearer, -t, depth)
        scale = 1 / (d2 * np.maximum(1e-9, ra - rr * along / d2))
        nx = np.where(nearer, (d2 * ox - way[0] * along) * scale, nx)
        ny = np.where(nearer, (d2 * oy - way[1] * along) * scale, ny)
        nz = np.where(nearer, (d2 * (oz - t) - way[2] * along) * scale, nz)
    return depth.astype(np.float32), nx, ny, nz


def _egg(solid: Egg, x: Pixels, y: Pixels) -> Hit:
    radii = np.asarray(solid.radii)
    form = (solid.axes.T / radii**2) @ solid.axes
    dx, dy = x - np.float32(solid.middle[0]), y - np.float32(solid.middle[1])
    slope = form[0, 2] * dx + form[1, 2] * dy
    rest = form[0, 0] * dx * dx + 2 * form[0, 1] * dx * dy + form[1, 1] * dy * dy - 1
    h = slope * slope - form[2, 2] * rest
    dz = (np.sqrt(np.maximum(h, 0)) - slope) / form[2, 2]
    nx = form[0, 0] * dx + form[0, 1] * dy + form[0, 2] * dz
    ny = form[1, 0] * dx + form[1, 1] * dy + form[1, 2] * dz
    nz = form[2, 0] * dx + form[2, 1] * dy + form[2, 2] * dz
    length = np.sqrt(nx * nx + ny * ny + nz * nz) + 1e-9
    depth = np.where(h > 0, solid.middle[2] + dz, _MISSED)
    return depth.astype(np.float32), nx / length, ny / length, nz / length


def _slab(solid: Slab, x: Pixels, y: Pixels) -> Hit:
    dx, dy = x - np.float32(solid.middle[0]), y - np.float32(solid.middle[1])
    shape = np.broadcast_shapes(dx.shape, dy.shape)
    enters = np.full(shape, _MISSED)
    leaves = np.full(shape, np.inf, np.float32)
    face = np.zeros(shape, np.int8)
    for number, (axis, half) in enumerate(zip(solid.axes, solid.half, strict=True)):
        at = axis[0] * dx + axis[1] * dy
        if abs(axis[2]) < 1e-6:
            leaves = np.where(np.abs(at) > half, -np.inf, leaves)
            continue
        # The way runs towards the eye, so the later end is what is seen.
        one, other = (-half - at) / axis[2], (half - at) / axis[2]
        low, high = np.minimum(one, other), np.maximum(one, other)
        face = np.where(high < leaves, number, face).astype(np.int8)
        leaves = np.minimum(leaves, high)
        enters = np.maximum(enters, low)
    inside = leaves >= enters
    depth = np.where(inside, solid.middle[2] + leaves, _MISSED).astype(np.float32)
    turned = solid.axes * np.where(solid.axes[:, 2:] < 0, -1.0, 1.0)
    normal = turned[face].astype(np.float32)
    return depth, normal[..., 0], normal[..., 1], normal[..., 2]
