"""Things of a house as parts: what stands on a table or a floor."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.solid.mesh import (
    ball,
    box,
    cylinder,
    lathe,
    ring,
    together,
)
from framewright_providers.local.solid.parts import (
    DARK,
    GLOW,
    STEEL,
    WHITE,
    WOOD,
)

if TYPE_CHECKING:
    from framewright_providers.local.solid.parts import Part


def mug_parts() -> list[Part]:
    """Return the parts of a mug."""
    body = lathe(
        [
            (0, 0),
            (0.36, 0),
            (0.40, 0.04),
            (0.42, 0.85),
            (0.39, 0.88),
            (0.36, 0.85),
            (0.34, 0.08),
            (0, 0.07),
        ]
    )
    handle = ring(0.24, 0.05, 0.5).turned(2, -90).scaled((0.9, 1.1, 1)).moved((0.40, 0.46, 0))
    drink = lathe([(0.352, 0.70), (0, 0.70)])
    return [(together([body, handle]), "ceramic", None), (drink, "plain", (0.24, 0.13, 0.07))]


def bottle_parts() -> list[Part]:
    """Return the parts of a bottle."""
    body = lathe(
        [
            (0, 0),
            (0.22, 0),
            (0.24, 0.04),
            (0.24, 0.52),
            (0.20, 0.64),
            (0.10, 0.74),
            (0.08, 0.92),
            (0, 0.92),
        ]
    )
    label = lathe([(0.243, 0.14), (0.243, 0.42)])
    cap = cylinder(0.09, 0.09, 0.09).moved((0, 0.91, 0))
    return [(body, "ceramic", None), (label, "plain", WHITE), (cap, "metal", STEEL)]


def vase_parts() -> list[Part]:
    """Return the parts of a vase."""
    heights = np.linspace(0, 1, 24)
    line = [(0.16 + 0.17 * math.sin(0.4 + 3.0 * h) ** 2 + 0.02 * h, float(h)) for h in heights]
    inner = [(radius - 0.03, height) for radius, height in reversed(line[3:])]
    return [(lathe([(0, 0), *line, *inner, (0, inner[-1][1])]), "ceramic", None)]


def bowl_parts() -> list[Part]:
    """Return the parts of a bowl."""
    angles = np.linspace(0.15, math.pi / 2, 14)
    outer = [(0.5 * math.sin(a), 0.46 - 0.42 * math.cos(a)) for a in angles]
    inner = [(0.46 * math.sin(a), 0.47 - 0.39 * math.cos(a)) for a in reversed(angles)]
    return [(lathe([(0, 0.04), *outer, *inner, (0, inner[-1][1])]), "ceramic", None)]


def apple_parts() -> list[Part]:
    """Return the parts of a apple."""
    angles = np.linspace(0, math.pi, 30)
    line = [
        (0.44 * math.sin(a) * (1 + 0.10 * math.cos(a - 2)), 0.42 - 0.40 * math.cos(a) * dent)
        for a in angles
        for dent in (1 - 0.35 * math.exp(-((math.sin(a) / 0.35) ** 2)),)
    ]
    stem = cylinder(0.02, 0.03, 0.22, 12).turned(2, -8).moved((0, 0.62, 0))
    return [(lathe(line), "ceramic", None), (stem, "wood", WOOD)]


def ball_parts() -> list[Part]:
    """Return the parts of a ball."""
    return [(ball(0.5).moved((0, 0.5, 0)), "plain", None)]


def candle_parts() -> list[Part]:
    """Return the parts of a candle."""
    wax = cylinder(0.17, 0.16, 0.72)
    wick = cylinder(0.012, 0.012, 0.08, 8).moved((0, 0.72, 0))
    flame = lathe([(0, 0), (0.045, 0.05), (0.05, 0.09), (0.025, 0.16), (0, 0.22)])
    return [
        (wax, "plain", None),
        (wick, "plain", DARK),
        (flame.moved((0, 0.77, 0)), "light", GLOW),
    ]


def lamp_parts() -> list[Part]:
    """Return the parts of a lamp."""
    foot = lathe([(0, 0), (0.22, 0), (0.22, 0.03), (0.03, 0.07), (0.025, 0.6), (0, 0.6)])
    shade = lathe([(0.30, 0.52), (0.17, 0.92), (0.16, 0.91), (0.29, 0.52)])
    bulb = ball(0.08).moved((0, 0.68, 0))
    return [(foot, "metal", STEEL), (shade, "cloth", None), (bulb, "light", GLOW)]


def chair_parts() -> list[Part]:
    """Return the parts of a chair."""
    seat = box(0.46, 0.05, 0.44).moved((0, 0.42, 0))
    legs = [
        cylinder(0.025, 0.03, 0.43, 14).moved((x, 0, z))
        for x in (-0.19, 0.19)
        for z in (-0.18, 0.18)
    ]
    posts = [cylinder(0.025, 0.022, 0.5, 14).moved((x, 0.45, -0.19)) for x in (-0.19, 0.19)]
    slats = [box(0.40, 0.09, 0.025).moved((0, y, -0.19)) for y in (0.62, 0.80)]
    return [(together([seat, *legs, *posts, *slats]), "wood", None)]


def table_parts() -> list[Part]:
    """Return the parts of a table."""
    top = box(1.1, 0.05, 0.65).moved((0, 0.68, 0))
    legs = [box(0.07, 0.68, 0.07).moved((x, 0, z)) for x in (-0.47, 0.47) for z in (-0.25, 0.25)]
    return [(together([top, *legs]), "wood", None)]


def crate_parts() -> list[Part]:
    """Return the parts of a crate."""
    side = 0.7
    bars = [
        box(side + 0.04, 0.09, 0.05).turned(1, turn).moved((x, y, z))
        for y in (0.0, side - 0.07)
        for turn, x, z in (
            (0, 0, side / 2),
            (0, 0, -side / 2),
            (90, side / 2, 0),
            (90, -side / 2, 0),
        )
    ]
    return [(box(side, side, side), "wood", None), (together(bars), "wood", (0.36, 0.22, 0.11))]


def barrel_parts() -> list[Part]:
    """Return the parts of a barrel."""
    heights = np.linspace(0, 0.9, 16)
    line = [(0.28 + 0.07 * math.sin(math.pi * h / 0.9), float(h)) for h in heights]
    hoops = [
        lathe([(r, h), (r + 0.012, h), (r + 0.012, h + 0.05), (r, h + 0.05)])
        for h, r in ((0.12, 0.312), (0.72, 0.318))
    ]
    return [(lathe([(0, 0), *line, (0, 0.9)]), "wood", None), (together(hoops), "metal", DARK)]


def book_parts() -> list[Part]:
    """Return the parts of a book."""
    cover = together(
        [
            box(0.62, 0.03, 0.86),
            box(0.62, 0.03, 0.86).moved((0, 0.16, 0)),
            box(0.03, 0.19, 0.86).moved((-0.31, 0, 0)),
        ]
    )
    return [(cover, "cloth", None), (box(0.58, 0.13, 0.82).moved((0, 0.03, 0)), "plain", WHITE)]
