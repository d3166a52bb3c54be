"""Things seen from straight above, as solids: cars, boats, houses, animals, trees, small things."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.scene.figure.lit import lit
from framewright_providers.local.scene.figure.solid import Cone, Egg, Slab, Stuff
from framewright_providers.local.scene.figure.view import View, extent, look, turned
from framewright_providers.local.scene.raster import Layer, blurred

if TYPE_CHECKING:
    from framewright_providers.local.scene.colour import Colour
    from framewright_providers.local.scene.figure.solid import Solid
    from framewright_providers.local.scene.light import Light

_GLASS = Stuff((0.08, 0.10, 0.13), 1.2)
_BLACK = Stuff((0.06, 0.06, 0.07), 0.3)


def _at(x: float, y: float, z: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([x, y, z])


def _car(colour: Colour) -> list[Solid]:
    paint = Stuff(colour, 0.9, melt=0.03, kind="paint")
    made: list[Solid] = [
        Slab(_at(x, 0.07, z), (0.030, 0.06, 0.065), _BLACK)
        for x in (-0.19, 0.19)
        for z in (-0.29, 0.29)
    ]
    made += [
        Cone(_at(x, 0.14, -0.40), _at(x, 0.13, 0.40), 0.085, 0.075, paint)
        for x in (-0.12, -0.04, 0.04, 0.12)
    ]
    made += [
        Slab(_at(0, 0.22, 0.02), (0.145, 0.05, 0.22), _GLASS),
        Slab(_at(0, 0.275, -0.02), (0.130, 0.012, 0.125), paint),
        Egg(_at(-0.13, 0.16, 0.455), (0.035, 0.03, 0.02), Stuff((1, 0.96, 0.82), 0.5, 0.6)),
        Egg(_at(0.13, 0.16, 0.455), (0.035, 0.03, 0.02), Stuff((1, 0.96, 0.82), 0.5, 0.6)),
        Slab(_at(0, 0.16, -0.475), (0.14, 0.02, 0.008), Stuff((0.8, 0.08, 0.06), 0.4, 0.4)),
    ]
    return made


def _boat(colour: Colour) -> list[Solid]:
    hull, deck = Stuff(colour, 0.5, melt=0.05, kind="hull"), Stuff((0.66, 0.48, 0.30), 0.2)
    made: list[Solid] = [
        Cone(_at(side * 0.10, 0.10, -0.42), _at(side * 0.012, 0.12, 0.48), 0.075, 0.02, hull)
        for side in (-1.0, -0.4, 0.4, 1.0)
    ]
    made += [
        Egg(_at(0, 0.17, -0.05), (0.085, 0.03, 0.34), deck),
        Slab(_at(0, 0.22, -0.12), (0.06, 0.03, 0.10), Stuff((0.92, 0.92, 0.90), 0.4)),
        Cone(_at(0, 0.20, 0.05), _at(0, 0.90, 0.05), 0.012, 0.008, deck),
    ]
    return made


def _house(colour: Colour) -> list[Solid]:
    tiles = Stuff(colour, 0.1)
    left = np.array([[0.80, 0.60, 0], [-0.60, 0.80, 0], [0, 0, 1.0]])
    right = np.array([[0.80, -0.60, 0], [0.60, 0.80, 0], [0, 0, 1.0]])
    return [
        Slab(_at(0, 0.25, 0), (0.36, 0.25, 0.42), Stuff((0.74, 0.68, 0.58), 0.05)),
        Slab(_at(-0.20, 0.60, 0), (0.26, 0.02, 0.46), tiles, left),
        Slab(_at(0.20, 0.60, 0), (0.26, 0.02, 0.46), tiles, right),
        Slab(_at(0.16, 0.76, 0.2), (0.05, 0.12, 0.05), Stuff((0.50, 0.30, 0.25), 0.05)),
    ]


def _animal(colour: Colour) -> list[Solid]:
    fur = Stuff(colour, 0.1, melt=0.04, kind="fur")
    made: list[Solid] = [
        Cone(_at(0, 0.30, -0.26), _at(0, 0.32, 0.20), 0.115, 0.105, fur),
        Cone(_at(0, 0.36, 0.26), _at(0, 0.38, 0.36), 0.075, 0.085, fur),
        Cone(_at(0, 0.36, 0.40), _at(0, 0.34, 0.49), 0.050, 0.030, fur),
        Cone(_at(0, 0.34, -0.34), _at(0.07, 0.26, -0.62), 0.032, 0.022, fur),
    ]
    for side in (-1, 1):
        made.append(
            Cone(_at(side * 0.06, 0.44, 0.33), _at(side * 0.085, 0.50, 0.31), 0.030, 0.010, fur)
        )
        made += [
            Cone(_at(side * 0.085, 0.28, z), _at(side * 0.105, 0.03, z + way), 0.045, 0.028, fur)
            for z, way in ((0.17, 0.06 * side), (-0.22, -0.06 * side))
        ]
    return made


def _round(colour: Colour) -> list[Solid]:
    inside = Stuff((colour[0] * 0.4, colour[1] * 0.4, colour[2] * 0.4), 0.3)
    return [
        Cone(_at(0, 0.10, 0), _at(0, 0.40, 0), 0.26, 0.28, Stuff(colour, 0.6)),
        Egg(_at(0, 0.655, 0), (0.22, 0.05, 0.22), inside),
    ]


_MADE = {
    "car": (_car, (0.62, 0.14, 0.12), 0.40),
    "train": (_car, (0.30, 0.36, 0.44), 0.7),
    "boat": (_boat, (0.90, 0.90, 0.88), 0.42),
    "house": (_house, (0.52, 0.24, 0.17), 0.46),
    "dog": (_animal, (0.62, 0.46, 0.29), 0.28),
    "fox": (_animal, (0.74, 0.36, 0.14), 0.28),
    "cat": (_animal, (0.42, 0.35, 0.30), 0.22),
    "horse": (_animal, (0.36, 0.21, 0.13), 0.40),
    "mug": (_round, (0.90, 0.88, 0.84), 0.5),
    "bowl": (_round, (0.80, 0.74, 0.64), 0.6),
    "vase": (_round, (0.44, 0.50, 0.52), 0.5),
    "whale": (_boat, (0.26, 0.34, 0.44), 0.6),
}
SEEN_FROM_ABOVE = frozenset(_MADE)
"""The things that have a drawing from above."""


def from_above(
    name: str,
    tint: Colour | None,
    light: Light,
    frame: tuple[int, int],
    middle: tuple[float, float],
    turn: float,
) -> tuple[Layer, ...]:
    """Return a thing's shadow and the thing, its middle given as parts of the frame."""
    make, usual, size = _MADE[name]
    height, width = frame
    view = View(yaw=turn, pitch=82, aim=0.0)
    solids = turned(make(tint or usual), view)
    left, right, low, high = extent(solids)
    scale = size * height
    c0, r0 = round(middle[0] * width + left * scale), round(middle[1] * height - high * scale)
    rows, columns = max(2, round((high - low) * scale)), max(2, round((right - left) * scale))
    seen = look(solids, left, high, scale, rows, columns)
    colour = np.zeros((*frame, 3), np.float32)
    cover = np.zeros(frame, np.float32)
    y0, y1, x0, x1 = max(0, r0), min(height, r0 + rows), max(0, c0), min(width, c0 + columns)
    if y1 <= y0 or x1 <= x0:
        return ()
    piece = (slice(y0 - r0, y1 - r0), slice(x0 - c0, x1 - c0))
    colour[y0:y1, x0:x1] = lit(seen, light, scale, close=True)[piece]
    cover[y0:y1, x0:x1] = blurred(seen.mask, 0.8)[piece]
    away = -1 if light.sun_x > 0.5 else 1
    shift = (round(0.10 * scale), round(away * 0.10 * scale))
    shade = blurred(np.roll(cover, shift, (0, 1)), height * 0.005) * 0.6 * light.strength
    dark = np.ones((*frame, 3), np.float32) * np.asarray(light.ambient, np.float32) * 0.2
    return Layer(dark, shade.astype(np.float32), 0.6), Layer(colour, cover, 0.7)
