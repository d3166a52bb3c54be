"""Things as parts: forms, what they are made of, and their usual colour; about a metre high."""

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
    ring,
    together,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from framewright_providers.local.scene.colour import Colour
    from framewright_providers.local.solid.mesh import Mesh

    Part = tuple[Mesh, str, Colour | None]
    """A mesh, the kind of its stuff, and its own colour; None takes the colour that is asked."""

_WOOD, _STONE, _LEAF = (0.52, 0.34, 0.18), (0.55, 0.54, 0.52), (0.20, 0.44, 0.16)
_STEEL, _DARK, _WHITE = (0.72, 0.73, 0.76), (0.08, 0.08, 0.09), (0.92, 0.91, 0.88)
_GLASS, _GLOW, _RED = (0.45, 0.62, 0.72), (1.0, 0.84, 0.45), (0.75, 0.12, 0.10)


def _mug() -> list[Part]:
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


def _bottle() -> list[Part]:
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
    return [(body, "ceramic", None), (label, "plain", _WHITE), (cap, "metal", _STEEL)]


def _vase() -> list[Part]:
    heights = np.linspace(0, 1, 24)
    line = [(0.16 + 0.17 * math.sin(0.4 + 3.0 * h) ** 2 + 0.02 * h, float(h)) for h in heights]
    inner = [(radius - 0.03, height) for radius, height in reversed(line[3:])]
    return [(lathe([(0, 0), *line, *inner, (0, inner[-1][1])]), "ceramic", None)]


def _bowl() -> list[Part]:
    angles = np.linspace(0.15, math.pi / 2, 14)
    outer = [(0.5 * math.sin(a), 0.46 - 0.42 * math.cos(a)) for a in angles]
    inner = [(0.46 * math.sin(a), 0.47 - 0.39 * math.cos(a)) for a in reversed(angles)]
    return [(lathe([(0, 0.04), *outer, *inner, (0, inner[-1][1])]), "ceramic", None)]


def _apple() -> list[Part]:
    angles = np.linspace(0, math.pi, 30)
    line = [
        (0.44 * math.sin(a) * (1 + 0.10 * math.cos(a - 2)), 0.42 - 0.40 * math.cos(a) * dent)
        for a in angles
        for dent in (1 - 0.35 * math.exp(-((math.sin(a) / 0.35) ** 2)),)
    ]
    stem = cylinder(0.02, 0.03, 0.22, 12).turned(2, -8).moved((0, 0.62, 0))
    return [(lathe(line), "ceramic", None), (stem, "wood", _WOOD)]


def _ball() -> list[Part]:
    return [(ball(0.5).moved((0, 0.5, 0)), "plain", None)]


def _candle() -> list[Part]:
    wax = cylinder(0.17, 0.16, 0.72)
    wick = cylinder(0.012, 0.012, 0.08, 8).moved((0, 0.72, 0))
    flame = lathe([(0, 0), (0.045, 0.05), (0.05, 0.09), (0.025, 0.16), (0, 0.22)])
    return [
        (wax, "plain", None),
        (wick, "plain", _DARK),
        (flame.moved((0, 0.77, 0)), "light", _GLOW),
    ]


def _lamp() -> list[Part]:
    foot = lathe([(0, 0), (0.22, 0), (0.22, 0.03), (0.03, 0.07), (0.025, 0.6), (0, 0.6)])
    shade = lathe([(0.30, 0.52), (0.17, 0.92), (0.16, 0.91), (0.29, 0.52)])
    bulb = ball(0.08).moved((0, 0.68, 0))
    return [(foot, "metal", _STEEL), (shade, "cloth", None), (bulb, "light", _GLOW)]


def _lighthouse() -> list[Part]:
    rock = lathe([(0, 0), (0.34, 0), (0.30, 0.06), (0.20, 0.11), (0, 0.12)], 14)
    bands = [
        lathe([(0.15 - 0.05 * a, 0.10 + 0.58 * a), (0.15 - 0.05 * b, 0.10 + 0.58 * b)])
        for a, b in ((0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1))
    ]
    floor = cylinder(0.14, 0.14, 0.025).moved((0, 0.68, 0))
    light = cylinder(0.07, 0.07, 0.12).moved((0, 0.70, 0))
    roof = cylinder(0.10, 0.0, 0.11).moved((0, 0.82, 0))
    return [
        (rock, "stone", _STONE),
        (together(bands[::2]), "plain", None),
        (together(bands[1::2]), "plain", _WHITE),
        (together([floor, roof]), "metal", _DARK),
        (light, "light", _GLOW),
    ]


def _rocket() -> list[Part]:
    hull = lathe([(0.10, 0.14), (0.17, 0.30), (0.18, 0.50), (0.14, 0.75), (0.07, 0.92), (0, 1.0)])
    nozzle = lathe([(0.12, 0.06), (0.07, 0.15), (0, 0.15)])
    edge = np.array([(0, 0.0), (0.16, -0.05), (0.14, 0.10), (0, 0.28)])
    fin = outline(edge, 0.02).moved((0.14, 0.08, 0))
    fins = together([fin.turned(1, at) for at in (45, 135, 225, 315)])
    window = ball(0.06).scaled((1, 1, 0.5)).moved((0, 0.60, 0.165))
    return [
        (hull, "metal", _WHITE),
        (fins, "plain", None),
        (nozzle, "metal", _DARK),
        (window, "ceramic", _GLASS),
    ]


def _tree() -> list[Part]:
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
    return [(trunk, "wood", _WOOD), (together(crown), "leaf", _LEAF)]


def _pine() -> list[Part]:
    trunk = cylinder(0.05, 0.04, 0.2, 14)
    tiers = [
        lathe([(0, y), (r, y - 0.03), (0, y + 0.34)])
        for r, y in ((0.30, 0.2), (0.23, 0.42), (0.15, 0.62))
    ]
    return [(trunk, "wood", _WOOD), (together(tiers), "leaf", (0.10, 0.32, 0.16))]


def _cactus() -> list[Part]:
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
        (together([body, arm, arm.turned(1, 180).moved((0, -0.06, 0))]), "cloth", _LEAF),
    ]


def _mushroom() -> list[Part]:
    stem = lathe([(0, 0), (0.16, 0), (0.11, 0.25), (0.10, 0.5), (0, 0.5)])
    angles = np.linspace(0, math.pi / 2, 16)
    cap = [(0.42 * math.cos(a), 0.46 + 0.34 * math.sin(a)) for a in angles]
    dots = []
    for turn, up in ((10, 0.9), (80, 0.5), (150, 0.8), (220, 0.55), (300, 0.7), (350, 0.35)):
        place = (0, 0.46 + 0.34 * math.sin(up), 0.42 * math.cos(up))
        dots.append(ball(0.055, 16).moved(place).turned(1, turn))
    return [
        (stem, "plain", _WHITE),
        (lathe([(0, 0.46), *cap]), "ceramic", None),
        (together(dots), "plain", _WHITE),
    ]


def _house() -> list[Part]:
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
        (door, "wood", _WOOD),
        (together(panes), "light", _GLOW),
        (chimney, "brick", _RED),
    ]


def _castle() -> list[Part]:
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
        (together([*parts, *teeth, *towers]), "brick", _STONE),
        (together(roofs), "plain", None),
        (gate, "wood", _WOOD),
    ]


def _chair() -> list[Part]:
    seat = box(0.46, 0.05, 0.44).moved((0, 0.42, 0))
    legs = [
        cylinder(0.025, 0.03, 0.43, 14).moved((x, 0, z))
        for x in (-0.19, 0.19)
        for z in (-0.18, 0.18)
    ]
    posts = [cylinder(0.025, 0.022, 0.5, 14).moved((x, 0.45, -0.19)) for x in (-0.19, 0.19)]
    slats = [box(0.40, 0.09, 0.025).moved((0, y, -0.19)) for y in (0.62, 0.80)]
    return [(together([seat, *legs, *posts, *slats]), "wood", None)]


def _table() -> list[Part]:
    top = box(1.1, 0.05, 0.65).moved((0, 0.68, 0))
    legs = [box(0.07, 0.68, 0.07).moved((x, 0, z)) for x in (-0.47, 0.47) for z in (-0.25, 0.25)]
    return [(together([top, *legs]), "wood", None)]


def _crate() -> list[Part]:
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


def _barrel() -> list[Part]:
    heights = np.linspace(0, 0.9, 16)
    line = [(0.28 + 0.07 * math.sin(math.pi * h / 0.9), float(h)) for h in heights]
    hoops = [
        lathe([(r, h), (r + 0.012, h), (r + 0.012, h + 0.05), (r, h + 0.05)])
        for h, r in ((0.12, 0.312), (0.72, 0.318))
    ]
    return [(lathe([(0, 0), *line, (0, 0.9)]), "wood", None), (together(hoops), "metal", _DARK)]


def _book() -> list[Part]:
    cover = together(
        [
            box(0.62, 0.03, 0.86),
            box(0.62, 0.03, 0.86).moved((0, 0.16, 0)),
            box(0.03, 0.19, 0.86).moved((-0.31, 0, 0)),
        ]
    )
    return [(cover, "cloth", None), (box(0.58, 0.13, 0.82).moved((0, 0.03, 0)), "plain", _WHITE)]


def _robot() -> list[Part]:
    trunk = box(0.42, 0.38, 0.26).moved((0, 0.30, 0))
    head = box(0.28, 0.22, 0.22).moved((0, 0.72, 0))
    limbs = [cylinder(0.05, 0.05, 0.3, 18).moved((x, 0, 0)) for x in (-0.12, 0.12)]
    limbs += [cylinder(0.045, 0.045, 0.32, 18).moved((x, 0.34, 0)) for x in (-0.27, 0.27)]
    feet = [box(0.15, 0.06, 0.22).moved((x, 0, 0.03)) for x in (-0.12, 0.12)]
    eyes = [ball(0.04, 18).moved((x, 0.84, 0.11)) for x in (-0.07, 0.07)]
    antenna = together([cylinder(0.01, 0.01, 0.1, 8), ball(0.03, 14).moved((0, 0.1, 0))])
    return [
        (together([trunk, head]), "metal", None),
        (together([*limbs, *feet]), "metal", (0.30, 0.31, 0.34)),
        (together(eyes), "light", (0.35, 0.85, 1.0)),
        (antenna.moved((0, 0.94, 0)), "plain", _RED),
    ]


def _snowman() -> list[Part]:
    balls = [ball(r).moved((0, y, 0)) for r, y in ((0.27, 0.25), (0.20, 0.60), (0.14, 0.87))]
    nose = cylinder(0.03, 0.0, 0.16, 14).turned(0, 90).moved((0, 0.87, 0.12))
    coal = [
        ball(0.02, 12).moved(at)
        for at in ((-0.05, 0.92, 0.12), (0.05, 0.92, 0.12), (0, 0.66, 0.19), (0, 0.56, 0.195))
    ]
    hat = together([cylinder(0.17, 0.17, 0.02), cylinder(0.11, 0.11, 0.16)]).moved((0, 0.97, 0))
    return [
        (together(balls), "plain", _WHITE),
        (nose, "plain", (0.95, 0.45, 0.10)),
        (together([*coal, hat]), "cloth", _DARK),
    ]


def _car() -> list[Part]:
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
        (glass, "ceramic", _GLASS),
        (together(wheels), "plain", _DARK),
        (together(lights), "light", _GLOW),
    ]


def _boat() -> list[Part]:
    edge = np.array([(-0.40, 0.0), (0.36, 0.0), (0.56, 0.17), (-0.48, 0.17)])
    hull = outline(edge, 0.20, 0.07)
    mast = cylinder(0.014, 0.010, 0.78, 10).moved((0.02, 0.16, 0))
    main = outline(np.array([(0.0, 0.22), (0.0, 0.90), (-0.40, 0.24)]), 0.008)
    jib = outline(np.array([(0.05, 0.22), (0.46, 0.22), (0.05, 0.80)]), 0.008)
    return [(hull, "wood", None), (mast, "wood", _WOOD), (together([main, jib]), "cloth", _WHITE)]


def _star() -> list[Part]:
    angles = np.linspace(0, 2 * np.pi, 11)[:-1] + np.pi / 2
    radii = np.where(np.arange(10) % 2, 0.21, 0.5)
    edge = np.stack([radii * np.cos(angles), radii * np.sin(angles)], 1)
    return [(outline(edge, 0.02, 0.12).moved((0, 0.45, 0)), "metal", (0.95, 0.75, 0.20))]


def _heart() -> list[Part]:
    t = np.linspace(0, 2 * np.pi, 61)[:-1]
    x = 16 * np.sin(t) ** 3
    y = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    edge = np.stack([x, y], 1)[::-1] / 34
    return [(outline(edge, 0.03, 0.16).moved((0, 0.5, 0)), "ceramic", None)]


def _sword() -> list[Part]:
    edge = np.array([(-0.045, 0.25), (0.045, 0.25), (0.038, 0.90), (0, 1.0), (-0.038, 0.90)])
    guard = box(0.28, 0.035, 0.05).moved((0, 0.22, 0))
    grip = cylinder(0.022, 0.022, 0.2, 16).moved((0, 0.03, 0))
    knob = ball(0.035, 18).moved((0, 0.03, 0))
    return [
        (outline(edge, 0.008, 0.012), "metal", _STEEL),
        (together([guard, knob]), "metal", (0.80, 0.62, 0.24)),
        (grip, "cloth", None),
    ]


def _balloon() -> list[Part]:
    angles = np.linspace(0, math.pi, 28)
    line = [(0.32 * math.sin(a), 0.64 - 0.36 * math.cos(a)) for a in angles]
    basket = box(0.14, 0.12, 0.14)
    ropes = [
        cylinder(0.006, 0.006, 0.25, 6).moved((x, 0.11, z))
        for x in (-0.06, 0.06)
        for z in (-0.06, 0.06)
    ]
    return [(lathe(line), "cloth", None), (together([basket, *ropes]), "wood", _WOOD)]


THINGS: dict[str, tuple[tuple[str, ...], Colour, Callable[[], list[Part]]]] = {
    "mug": (("mug", "cup", "teacup"), (0.85, 0.80, 0.72), _mug),
    "bottle": (("bottle", "flask"), (0.10, 0.36, 0.22), _bottle),
    "vase": (("vase", "urn", "amphora", "jug", "pot"), (0.22, 0.40, 0.62), _vase),
    "bowl": (("bowl", "dish"), (0.80, 0.72, 0.60), _bowl),
    "apple": (("apple", "fruit", "tomato", "orange fruit"), (0.74, 0.10, 0.08), _apple),
    "ball": (("ball", "sphere", "orb", "globe", "planet", "moon"), (0.30, 0.45, 0.75), _ball),
    "candle": (("candle",), (0.93, 0.88, 0.76), _candle),
    "lamp": (("lamp", "lantern"), (0.88, 0.80, 0.62), _lamp),
    "lighthouse": (("lighthouse",), _RED, _lighthouse),
    "rocket": (("rocket", "spaceship", "spacecraft", "starship"), _RED, _rocket),
    "pine": (("pine", "fir", "spruce", "christmas tree"), _LEAF, _pine),
    "tree": (("tree", "oak"), _LEAF, _tree),
    "cactus": (("cactus",), _LEAF, _cactus),
    "mushroom": (("mushroom", "toadstool"), _RED, _mushroom),
    "house": (("house", "cottage", "cabin", "home", "hut"), (0.90, 0.84, 0.72), _house),
    "castle": (("castle", "fortress"), (0.22, 0.28, 0.55), _castle),
    "chair": (("chair", "stool"), _WOOD, _chair),
    "table": (("table", "desk"), _WOOD, _table),
    "crate": (("crate", "box", "chest", "cube"), (0.62, 0.44, 0.24), _crate),
    "barrel": (("barrel", "cask"), _WOOD, _barrel),
    "book": (("book",), (0.42, 0.10, 0.14), _book),
    "robot": (("robot", "android"), (0.62, 0.66, 0.72), _robot),
    "snowman": (("snowman",), _WHITE, _snowman),
    "car": (("car", "automobile", "taxi"), _RED, _car),
    "boat": (("boat", "sailboat", "ship", "yacht"), (0.62, 0.30, 0.16), _boat),
    "star": (("star",), (0.95, 0.75, 0.20), _star),
    "heart": (("heart",), (0.80, 0.08, 0.16), _heart),
    "sword": (("sword", "dagger", "blade"), (0.30, 0.16, 0.10), _sword),
    "balloon": (("hot air balloon", "balloon"), (0.85, 0.30, 0.14), _balloon),
}
"""Words of each thing, its usual colour, and its parts."""


def sculpture(name: str) -> list[Part]:
    """Return a turned form of its own for a thing without a drawing, seeded by its name."""
    random = np.random.Generator(np.random.PCG64(int.from_bytes(name.encode()[:8] or b"?", "big")))
    heights = np.linspace(0.06, 0.94, 30)
    waves = [
        (float(random.uniform(0.03, 0.12)), int(random.integers(1, 5)), float(random.uniform(0, 6)))
        for _ in range(3)
    ]
    line = [
        (0.24 + sum(far * math.sin(many * math.pi * h + at) for far, many, at in waves) * 0.7, h)
        for h in map(float, heights)
    ]
    kept = [(max(0.05, radius), height) for radius, height in line]
    return [(lathe([(0, 0), (kept[0][0] * 1.15, 0), *kept, (0, 1.0)]), "stone", None)]
