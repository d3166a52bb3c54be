"""Plants, buildings and vehicles as parts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.solid.mesh import (
    ball,
    box,
    cylinder,
    lathe,
    outline,
    together,
)
from framewright_providers.local.solid.parts import (
    DARK,
    GLASS,
    GLOW,
    LEAF,
    RED,
    STONE,
    WHITE,
    WOOD,
)

if TYPE_CHECKING:
    from framewright_providers.local.solid.parts import Part


def lighthouse_parts() -> list[Part]:
    """Return the parts of a lighthouse."""
    rock = lathe([(0, 0), (0.34, 0), (0.30, 0.06), (0.20, 0.11), (0, 0.12)], 14)
    bands = [
        lathe([(0.15 - 0.05 * a, 0.10 + 0.58 * a), (0.15 - 0.05 * b, 0.10 + 0.58 * b)])
        for a, b in ((0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1))
    ]
    floor = cylinder(0.14, 0.14, 0.025).moved((0, 0.68, 0))
    light = cylinder(0.07, 0.07, 0.12).moved((0, 0.70, 0))
    roof = cylinder(0.10, 0.0, 0.11).moved((0, 0.82, 0))
    return [
        (rock, "stone", STONE),
        (together(bands[::2]), "plain", None),
        (together(bands[1::2]), "plain", WHITE),
        (together([floor, roof]), "metal", DARK),
        (light, "light", GLOW),
    ]


def tree_parts() -> list[Part]:
    """Return the parts of a tree."""
    trunk = lathe([(0, 0), (0.10, 0), (0.06, 0.08), (0.045, 0.50), (0, 0.5)], 14)
    crown = [
        ball(size).scaled((1, 0.9, 1)).moved(at)
        for size, at in (
            (0.26, (0, 0.66, 0)),
            (0.19, (0.17, 0.56, 0.06)),
            (0.20, (-0.15, 0.58, -0.05)),
            (0.17, (0.02, 0.60, 0.17)),
            (0.17, (0, 0.82, 0)),
        )
    ]
    return [(trunk, "wood", WOOD), (together(crown), "leaf", LEAF)]


def pine_parts() -> list[Part]:
    """Return the parts of a pine."""
    trunk = cylinder(0.05, 0.04, 0.2, 14)
    tiers = [
        lathe([(0, y), (r, y - 0.03), (0, y + 0.34)])
        for r, y in ((0.30, 0.2), (0.23, 0.42), (0.15, 0.62))
    ]
    return [(trunk, "wood", WOOD), (together(tiers), "leaf", (0.10, 0.32, 0.16))]


def cactus_parts() -> list[Part]:
    """Return the parts of a cactus."""
    pot = lathe([(0, 0), (0.18, 0), (0.23, 0.24), (0.26, 0.24), (0.26, 0.30), (0, 0.29)])
    body = ball(0.17).scaled((1, 1.9, 1)).moved((0, 0.58, 0))
    arm = together(
        [
            ball(0.075).scaled((1.6, 1, 1)).moved((0.2, 0.56, 0)),
            ball(0.075).scaled((1, 1.8, 1)).moved((0.28, 0.66, 0)),
        ]
    )
    return [
        (pot, "stone", (0.66, 0.34, 0.20)),
        (together([body, arm, arm.turned(1, 180).moved((0, -0.06, 0))]), "cloth", LEAF),
    ]


def mushroom_parts() -> list[Part]:
    """Return the parts of a mushroom."""
    stem = lathe([(0, 0), (0.16, 0), (0.11, 0.25), (0.10, 0.5), (0, 0.5)])
    angles = np.linspace(0, math.pi / 2, 16)
    cap = [(0.42 * math.cos(a), 0.46 + 0.34 * math.sin(a)) for a in angles]
    dots = []
    for turn, up in ((10, 0.9), (80, 0.5), (150, 0.8), (220, 0.55), (300, 0.7), (350, 0.35)):
        place = (0, 0.46 + 0.34 * math.sin(up), 0.42 * math.cos(up))
        dots.append(ball(0.055, 16).moved(place).turned(1, turn))
    return [
        (stem, "plain", WHITE),
        (lathe([(0, 0.46), *cap]), "ceramic", None),
        (together(dots), "plain", WHITE),
    ]


def house_parts() -> list[Part]:
    """Return the parts of a house."""
    walls = box(0.8, 0.5, 0.6)
    gable = outline(np.array([(-0.4, 0.0), (0.4, 0.0), (0.0, 0.30)]), 0.58).moved((0, 0.5, 0))
    slope = box(0.58, 0.04, 0.70).turned(2, -38).moved((0.235, 0.615, 0))
    roof = together([slope, slope.turned(1, 180)])
    door = box(0.14, 0.28, 0.02).moved((0, 0, 0.305))
    panes = [box(0.13, 0.13, 0.02).moved((x, 0.22, 0.305)) for x in (-0.25, 0.25)]
    chimney = box(0.09, 0.26, 0.09).moved((0.22, 0.64, -0.12))
    return [
        (together([walls, gable]), "plain", None),
        (roof, "brick", (0.60, 0.22, 0.16)),
        (door, "wood", WOOD),
        (together(panes), "light", GLOW),
        (chimney, "brick", RED),
    ]


def castle_parts() -> list[Part]:
    """Return the parts of a castle."""
    parts = [box(0.7, 0.36, 0.5)]
    teeth = [box(0.06, 0.06, 0.04).moved((x, 0.36, 0.23)) for x in np.linspace(-0.3, 0.3, 6)]
    towers = [
        lathe([(0, 0), (0.13, 0), (0.12, 0.56), (0.15, 0.60), (0.15, 0.66), (0, 0.66)]).moved(
            (x, 0, z)
        )
        for x in (-0.36, 0.36)
        for z in (-0.26, 0.26)
    ]
    roofs = [
        cylinder(0.17, 0.0, 0.28).moved((x, 0.66, z)) for x in (-0.36, 0.36) for z in (-0.26, 0.26)
    ]
    gate = box(0.16, 0.24, 0.02).moved((0, 0, 0.255))
    return [
        (together([*parts, *teeth, *towers]), "brick", STONE),
        (together(roofs), "plain", None),
        (gate, "wood", WOOD),
    ]


def rocket_parts() -> list[Part]:
    """Return the parts of a rocket."""
    hull = lathe([(0.10, 0.14), (0.17, 0.30), (0.18, 0.50), (0.14, 0.75), (0.07, 0.92), (0, 1.0)])
    nozzle = lathe([(0.12, 0.06), (0.07, 0.15), (0, 0.15)])
    edge = np.array([(0, 0.0), (0.16, -0.05), (0.14, 0.10), (0, 0.28)])
    fin = outline(edge, 0.02).moved((0.14, 0.08, 0))
    fins = together([fin.turned(1, at) for at in (45, 135, 225, 315)])
    window = ball(0.06).scaled((1, 1, 0.5)).moved((0, 0.60, 0.165))
    return [
        (hull, "metal", WHITE),
        (fins, "plain", None),
        (nozzle, "metal", DARK),
        (window, "ceramic", GLASS),
    ]


def car_parts() -> list[Part]:
    """Return the parts of a car."""
    edge = np.array(
        [
            (-0.55, 0.0),
            (0.55, 0.0),
            (0.56, 0.14),
            (0.36, 0.20),
            (0.20, 0.36),
            (-0.24, 0.37),
            (-0.42, 0.21),
            (-0.56, 0.18),
        ]
    )
    body = outline(edge, 0.46).moved((0, 0.11, 0))
    glass = outline(
        np.array([(-0.34, 0.20), (0.27, 0.20), (0.16, 0.335), (-0.22, 0.345)]), 0.468
    ).moved((0, 0.11, 0))
    wheel = cylinder(0.12, 0.12, 0.09).turned(0, 90).moved((0, 0.12, 0.18))
    wheels = [wheel.moved((x, 0, 0)).turned(1, turn) for x in (-0.33, 0.33) for turn in (0, 180)]
    lights = [ball(0.035, 14).moved((0.55, 0.22, z)) for z in (-0.16, 0.16)]
    return [
        (body, "metal", None),
        (glass, "ceramic", GLASS),
        (together(wheels), "plain", DARK),
        (together(lights), "light", GLOW),
    ]


def boat_parts() -> list[Part]:
    """Return the parts of a boat."""
    edge = np.array([(-0.40, 0.0), (0.36, 0.0), (0.56, 0.17), (-0.48, 0.17)])
    hull = outline(edge, 0.20, 0.07)
    mast = cylinder(0.014, 0.010, 0.78, 10).moved((0.02, 0.16, 0))
    main = outline(np.array([(0.0, 0.22), (0.0, 0.90), (-0.40, 0.24)]), 0.008)
    jib = outline(np.array([(0.05, 0.22), (0.46, 0.22), (0.05, 0.80)]), 0.008)
    return [(hull, "wood", None), (mast, "wood", WOOD), (together([main, jib]), "cloth", WHITE)]


def balloon_parts() -> list[Part]:
    """Return the parts of a balloon."""
    angles = np.linspace(0, math.pi, 28)
    line = [(0.32 * math.sin(a), 0.64 - 0.36 * math.cos(a)) for a in angles]
    basket = box(0.14, 0.12, 0.14)
    ropes = [
        cylinder(0.006, 0.006, 0.25, 6).moved((x, 0.11, z))
        for x in (-0.06, 0.06)
        for z in (-0.06, 0.06)
    ]
    return [(lathe(line), "cloth", None), (together([basket, *ropes]), "wood", WOOD)]
