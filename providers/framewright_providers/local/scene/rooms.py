"""Rooms of many kinds: floor, walls, windows and furniture seen along their length."""

# ruff: noqa: E501 - tables: one piece of furniture a line

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from framewright_providers.local.scene.perspective import FOCAL, Bore, bars, meets
from framewright_providers.local.scene.raster import Layer, blurred, fractal, mix, smooth, solid

if TYPE_CHECKING:
    from framewright_providers.local.scene.colour import Colour
    from framewright_providers.local.scene.light import Light
    from framewright_providers.local.scene.perspective import Met
    from framewright_providers.local.scene.raster import Pixels

WOOD: Colour = (0.50, 0.33, 0.20)
DARK_WOOD: Colour = (0.30, 0.19, 0.12)
WHITE: Colour = (0.86, 0.85, 0.82)
STEEL: Colour = (0.62, 0.64, 0.66)
BLACK: Colour = (0.07, 0.07, 0.08)
WARM: Colour = (1.25, 0.92, 0.56)
SCREEN: Colour = (0.55, 0.80, 1.05)


@dataclass(frozen=True, slots=True)
class Box:
    """A piece of furniture; metres from the middle, the floor and the eye."""

    x: tuple[float, float]
    up: tuple[float, float]
    away: tuple[float, float]
    colour: Colour
    glow: float = 0.0


@dataclass(frozen=True, slots=True)
class Room:
    """A kind of room."""

    wall: Colour
    floor: str
    """`planks`, `tiles`, `carpet` or `concrete`."""
    boxes: tuple[Box, ...]
    window: tuple[float, float, float, float] | None = (-2.0, -0.3, 1.0, 2.2)
    """Left, right, low and high on the far wall; None has none."""
    half: float = 3.4
    end: float = 6.2
    ceiling: float = 2.7
    books: bool = False
    """Whether the far wall is full of books."""


def _table(
    x: float,
    away: float,
    wide: float = 1.2,
    deep: float = 0.7,
    up: float = 0.74,
    colour: Colour = WOOD,
) -> tuple[Box, ...]:
    half = wide / 2
    legs = tuple(
        Box(
            (x + side * (half - 0.06) - 0.03, x + side * (half - 0.06) + 0.03),
            (0, up),
            (at, at + 0.06),
            colour,
        )
        for at in (away + deep - 0.08, away + 0.02)
        for side in (-1, 1)
    )
    return (*legs, Box((x - half, x + half), (up - 0.05, up), (away, away + deep), colour))


def _lamp(x: float, away: float, low: float = 1.75) -> tuple[Box, ...]:
    return (
        Box((x - 0.01, x + 0.01), (low + 0.2, 2.7), (away, away + 0.02), BLACK),
        Box((x - 0.16, x + 0.16), (low, low + 0.2), (away, away + 0.3), WARM, 0.9),
    )


def _desk(x: float, away: float) -> tuple[Box, ...]:
    return (
        *_table(x, away, 1.5, 0.8, colour=(0.68, 0.60, 0.48)),
        Box((x - 0.08, x + 0.08), (0.74, 0.9), (away + 0.4, away + 0.5), BLACK),
        Box((x - 0.34, x + 0.34), (0.88, 1.28), (away + 0.42, away + 0.46), BLACK),
        Box((x - 0.31, x + 0.31), (0.91, 1.25), (away + 0.41, away + 0.42), SCREEN, 0.75),
    )


def _shelf(x: float, away: float, wide: float = 1.2, tall: float = 2.1) -> tuple[Box, ...]:
    tints: tuple[Colour, ...] = (
        (0.52, 0.18, 0.16),
        (0.18, 0.30, 0.36),
        (0.62, 0.50, 0.28),
        (0.26, 0.34, 0.22),
        (0.70, 0.66, 0.58),
    )
    made = [Box((x - wide / 2, x + wide / 2), (0, tall), (away, away + 0.32), DARK_WOOD)]
    for row in range(int(tall / 0.36)):
        at = x - wide / 2 + 0.05
        number = row * 3
        while at < x + wide / 2 - 0.08:
            thick = 0.045 + 0.03 * ((number * 7) % 3)
            made.append(
                Box(
                    (at, at + thick),
                    (row * 0.36 + 0.06, row * 0.36 + 0.28 + 0.02 * (number % 3)),
                    (away - 0.01, away + 0.1),
                    tints[(number * 5 + row) % 5],
                )
            )
            at += thick + 0.006
            number += 1
    return tuple(made)


ROOMS: dict[str, Room] = {
    "kitchen": Room((0.82, 0.78, 0.68), "tiles", (
        Box((-3.4, 1.6), (0, 0.86), (5.55, 6.2), (0.40, 0.50, 0.48)), Box((-3.4, 1.65), (0.86, 0.92), (5.5, 6.2), (0.80, 0.76, 0.70)),
        Box((-3.4, -2.2), (1.5, 2.3), (5.85, 6.2), (0.46, 0.56, 0.53)), Box((0.0, 1.6), (1.5, 2.3), (5.85, 6.2), (0.46, 0.56, 0.53)),
        Box((1.75, 2.75), (0, 2.0), (5.45, 6.2), STEEL), Box((0.35, 1.05), (0.92, 0.94), (5.6, 6.1), BLACK), Box((0.45, 0.72), (0.94, 1.10), (5.7, 5.95), (0.62, 0.22, 0.16)),
        Box((-0.15, 0.0), (0.92, 1.16), (5.7, 5.85), WHITE), Box((-3.0, -2.7), (0.92, 1.24), (5.7, 5.9), (0.70, 0.56, 0.30)),
        *_table(1.9, 3.0, 1.5, 0.9), *_lamp(1.9, 3.3, 1.7))),
    "office": Room((0.80, 0.81, 0.82), "carpet", (
        *_shelf(2.9, 5.85, 0.9, 1.4), *_desk(-1.6, 4.9), *_desk(1.1, 4.9), *_desk(-2.5, 3.2), *_desk(2.5, 3.2),
        Box((-2.6, 2.6), (2.66, 2.69), (4.2, 4.6), (1.1, 1.12, 1.15), 0.9), Box((-2.6, 2.6), (2.66, 2.69), (2.4, 2.9), (1.1, 1.12, 1.15), 0.9)), (-3.2, 2.2, 0.9, 2.4)),
    "bedroom": Room((0.62, 0.64, 0.70), "carpet", (
        Box((-0.5, 2.1), (0, 1.15), (6.0, 6.15), DARK_WOOD), Box((-0.4, 2.0), (0, 0.5), (4.0, 6.0), (0.82, 0.80, 0.78)), Box((-0.42, 2.02), (0.35, 0.58), (3.95, 5.2), (0.34, 0.42, 0.58)),
        Box((-0.2, 0.65), (0.55, 0.75), (5.5, 5.95), WHITE), Box((0.95, 1.8), (0.55, 0.75), (5.5, 5.95), WHITE),
        Box((2.3, 2.8), (0, 0.55), (5.6, 6.1), WOOD), Box((2.42, 2.68), (0.75, 1.05), (5.7, 5.95), WARM, 0.9), Box((2.52, 2.58), (0.55, 0.75), (5.8, 5.86), BLACK),
        Box((-3.3, -2.5), (0, 2.1), (4.6, 5.9), WOOD))),
    "living": Room((0.74, 0.68, 0.58), "planks", (
        Box((0.6, 1.5), (1.5, 2.15), (6.15, 6.18), DARK_WOOD), Box((0.66, 1.44), (1.56, 2.09), (6.13, 6.15), (0.46, 0.54, 0.50)),
        Box((0.0, 2.2), (0, 0.42), (5.2, 6.0), (0.28, 0.42, 0.44)), Box((0.0, 2.2), (0.3, 0.85), (5.75, 6.05), (0.26, 0.40, 0.42)), Box((-0.15, 0.1), (0, 0.6), (5.2, 6.0), (0.26, 0.40, 0.42)), Box((2.1, 2.35), (0, 0.6), (5.2, 6.0), (0.26, 0.40, 0.42)),
        Box((-1.9, 2.6), (0, 0.015), (3.2, 5.0), (0.60, 0.30, 0.24)), *_table(0.9, 4.1, 1.1, 0.6, 0.40, DARK_WOOD),
        Box((2.85, 2.9), (0, 1.5), (5.6, 5.65), BLACK), Box((2.65, 3.1), (1.5, 1.85), (5.4, 5.85), WARM, 0.9), *_shelf(-3.0, 5.85, 0.8, 1.9))),
    "cafe": Room((0.46, 0.35, 0.27), "planks", (
        Box((-3.3, 0.2), (0, 1.1), (5.3, 5.9), DARK_WOOD), Box((-3.3, 0.25), (1.1, 1.15), (5.25, 5.95), (0.72, 0.62, 0.48)), Box((-2.6, -0.4), (1.75, 2.45), (6.1, 6.15), (0.08, 0.10, 0.09)),
        Box((-2.9, -2.3), (1.15, 1.55), (5.4, 5.8), STEEL), Box((-1.6, -1.45), (1.15, 1.32), (5.4, 5.55), WHITE), Box((-1.3, -1.15), (1.15, 1.32), (5.4, 5.55), WHITE),
        *_lamp(-2.2, 5.0), *_lamp(-0.6, 5.0), *_lamp(1.9, 4.2), *_table(1.9, 4.1, 0.8, 0.8), *_table(2.3, 2.9, 0.8, 0.8), *_table(-2.2, 3.3, 0.8, 0.8), *_lamp(-2.2, 3.4)), (0.9, 3.0, 0.7, 2.3)),
    "library": Room((0.40, 0.28, 0.20), "planks", (
        *_shelf(-2.75, 5.85, 1.2, 2.5), *_shelf(-1.45, 5.85, 1.2, 2.5), *_shelf(1.45, 5.85, 1.2, 2.5), *_shelf(2.75, 5.85, 1.2, 2.5), *_shelf(-3.0, 4.3, 0.9, 2.5), *_shelf(3.0, 4.3, 0.9, 2.5),
        *_table(1.6, 3.6, 1.6, 0.8, colour=DARK_WOOD), Box((1.45, 1.75), (0.95, 1.1), (3.9, 4.05), (0.25, 0.75, 0.42), 0.8), Box((1.58, 1.62), (0.74, 0.95), (3.95, 3.99), BLACK)), (-0.7, 0.7, 0.9, 2.3)),
    "classroom": Room((0.72, 0.74, 0.66), "planks", (
        Box((-1.9, 1.9), (1.0, 2.15), (6.12, 6.18), WOOD), Box((-1.83, 1.83), (1.06, 2.09), (6.10, 6.12), (0.13, 0.25, 0.19)), Box((-0.9, -0.1), (1.6, 1.62), (6.09, 6.10), WHITE), Box((-0.9, 0.5), (1.75, 1.77), (6.09, 6.10), WHITE),
        *_table(2.2, 5.0, 1.3, 0.6), *_table(-2.2, 4.2, 1.1, 0.5), *_table(0.0, 4.4, 1.1, 0.5), *_table(-2.3, 2.9, 1.1, 0.5), *_table(2.3, 2.9, 1.1, 0.5)), None),
    "hospital": Room((0.80, 0.86, 0.87), "tiles", (
        Box((0.3, 1.5), (0.35, 0.7), (4.2, 6.0), WHITE), Box((0.3, 1.5), (0.0, 1.1), (6.0, 6.08), STEEL), Box((0.45, 1.35), (0.7, 0.85), (5.5, 5.95), (0.92, 0.94, 0.95)), Box((0.3, 1.5), (0.66, 0.73), (4.15, 5.3), (0.52, 0.72, 0.78)),
        Box((2.1, 2.6), (1.2, 1.6), (5.8, 6.0), BLACK), Box((2.14, 2.56), (1.24, 1.56), (5.78, 5.8), (0.3, 0.95, 0.6), 0.8), Box((2.33, 2.37), (0, 1.2), (5.9, 5.94), STEEL),
        Box((-1.2, 1.2), (2.66, 2.69), (3.6, 4.6), (1.15, 1.16, 1.18), 0.9))),
    "warehouse": Room((0.42, 0.42, 0.42), "concrete", tuple(
        box for side in (-1, 1) for away in (9.5, 7.0, 4.6)
        for box in (Box((side * 4.4 - 0.9, side * 4.4 + 0.9), (0, 1.3), (away, away + 1.4), (0.60, 0.44, 0.28)), Box((side * 4.5 - 0.7, side * 4.5 + 0.7), (1.3, 2.3), (away + 0.1, away + 1.2), (0.55, 0.40, 0.26)))
    ) + tuple(Box((-0.5, 0.5), (4.9, 4.95), (away, away + 0.5), (1.2, 1.15, 1.0), 0.95) for away in (10.0, 7.5, 5.0)), (-3.5, 3.5, 2.8, 4.4), 5.6, 12.0, 5.2),
    "corridor": Room((0.66, 0.68, 0.66), "tiles", tuple(
        box for away in (8.6, 6.4, 4.2) for side in (-1, 1)
        for box in (Box((side * 1.38 - 0.03, side * 1.38 + 0.03), (0, 2.1), (away, away + 0.9), (0.36, 0.26, 0.20)),)
    ) + tuple(Box((-0.3, 0.3), (2.66, 2.69), (away, away + 0.5), (1.15, 1.16, 1.15), 0.95) for away in (9.0, 7.0, 5.0, 3.2)), None, 1.4, 11.0),
    "stage": Room((0.10, 0.07, 0.09), "planks", (
        Box((-3.4, -2.2), (0, 4.0), (5.6, 5.9), (0.42, 0.06, 0.08)), Box((2.2, 3.4), (0, 4.0), (5.6, 5.9), (0.42, 0.06, 0.08)), Box((-3.4, 3.4), (3.1, 4.0), (5.5, 5.6), (0.46, 0.07, 0.09)),
        Box((-1.6, -1.4), (3.9, 4.0), (4.5, 4.6), WARM, 1.0), Box((1.4, 1.6), (3.9, 4.0), (4.5, 4.6), WARM, 1.0)), None, 3.4, 6.2, 4.0),
    "room": Room((0.70, 0.66, 0.58), "planks", (
        *_table(2.0, 4.6, 1.3, 0.7), Box((0.8, 1.6), (1.4, 2.0), (6.12, 6.16), DARK_WOOD), Box((0.86, 1.54), (1.46, 1.94), (6.10, 6.12), (0.52, 0.46, 0.36)), *_shelf(-3.0, 5.85, 0.8, 1.6), Box((1.85, 2.05), (0.74, 1.0), (4.8, 5.0), (0.30, 0.46, 0.50)))),
}  # fmt: skip


def paint_interior(
    kind: str,
    height: int,
    width: int,
    light: Light,
    random: np.random.Generator,
    *,
    dark: bool,
    horizon: float = 0.47,
) -> tuple[Layer, ...]:
    """Return a room of a kind: its shell, then its furniture; `dark` is night outside."""
    room = ROOMS.get(kind, ROOMS["room"])
    bore = Bore(
        room.half, 1.5, horizon, room.ceiling, room.end, 0.5 + float(random.uniform(-0.03, 0.03))
    )
    met = meets(bore, height, width)
    indoor = (
        np.asarray((0.46, 0.38, 0.30), np.float32)
        if dark
        else np.asarray(light.ambient, np.float32) * 0.95
        + np.asarray((0.24, 0.22, 0.19), np.float32) * (0.5 + light.strength)
    )
    shell = _shell(room, met, light, indoor, random, dark=dark)
    furniture, cover = _furnished(room, bore, light, indoor, height, width, dark=dark)
    shade = blurred(np.roll(cover, round(height * 0.012), 0), height * 0.018) * (1 - cover) * 0.42
    shell = shell * (1 - shade)[..., None]
    beam = _beam(room, bore, light, height, width, dark=dark)
    shell = shell + beam
    furniture = furniture + beam * 0.6
    return (
        solid(height, width, 0.1, np.clip(shell, 0, 3).astype(np.float32)),
        Layer(np.clip(furniture, 0, 3).astype(np.float32), cover, 0.35),
    )


def _shell(
    room: Room, met: Met, light: Light, indoor: Pixels, random: np.random.Generator, *, dark: bool
) -> Pixels:
    height, width = met.away.shape
    span = (met.away / FOCAL / height).astype(np.float32)
    deep = (met.away**2 / (FOCAL * 1.5) / height).astype(np.float32)
    wall = np.asarray(room.wall, np.float32)
    plaster = 1 + 0.10 * (fractal(height, width, random, height * 0.4) - 0.5)
    colour = np.ones((height, width, 3), np.float32) * wall * plaster[..., None]
    colour = mix(
        colour, wall * 0.55, (smooth(0.14, 0.12, met.up) * (1 - met.floor) * (1 - met.ceiling))
    )
    floors: dict[str, tuple[Colour, float, float]] = {
        "planks": ((0.48, 0.33, 0.21), 0.18, 1.6),
        "tiles": ((0.66, 0.64, 0.60), 0.6, 0.6),
        "carpet": ((0.42, 0.43, 0.46), 50, 50),
        "concrete": ((0.46, 0.46, 0.45), 4, 4),
    }
    tint, across, along = floors[room.floor]
    joints = bars(met.x, across, 0.0, 0.965, span) * bars(
        met.away + np.floor(met.x / across) * 0.7 * (room.floor == "planks"),
        along,
        0.0,
        0.985,
        deep,
    )
    vary = (
        np.sin(np.floor(met.x / across) * 12.9898) * 0.5
        if room.floor == "planks"
        else np.zeros_like(met.x)
    )
    floor = np.asarray(tint, np.float32) * (0.72 + 0.28 * joints + 0.10 * vary)[..., None]
    colour = mix(colour, floor.astype(np.float32), met.floor)
    colour = mix(colour, np.minimum(1, wall * 0.5 + 0.48), met.ceiling)
    # Corners take less light than the middle of a wall.
    edge = np.minimum(np.abs(met.up), np.abs(room.ceiling - met.up))
    side = np.abs(room.half - np.abs(met.x))
    back = np.abs(room.end - met.away)
    corner = np.where(
        met.end > 0,
        np.minimum(edge, side),
        np.where(met.wall > 0, np.minimum(edge, back), np.minimum(side, back)),
    )
    shut = 0.62 + 0.38 * smooth(0.0, 0.9, corner.astype(np.float32))
    fall = indoor * (1.0 if dark else 1.06)
    lit = colour * fall * shut[..., None]
    if room.window is not None:
        left, right, low, high = room.window
        gap = np.hypot(
            np.maximum(np.maximum(left - met.x, met.x - right), 0),
            np.maximum(np.maximum(low - met.up, met.up - high), 0),
        )
        pane = met.end * smooth(0.02, 0.0, gap)
        mullion = bars(
            met.x - left, (right - left) / max(2, round((right - left) / 0.9)), 0.04, 0.96, span
        ) * bars(met.up - low, (high - low) / 2, 0.04, 0.96, span)
        sky = np.asarray(light.horizon, np.float32) * 0.6 + np.asarray(light.sun, np.float32) * (
            0.5 if not dark else 0.05
        )
        gradient = sky * (0.72 + 0.5 * ((met.up - low) / (high - low)))[..., None]
        trees = smooth(
            0.45, 0.60, fractal(height, width, random, height * 0.05) + 0.5 * (low + 0.5 - met.up)
        )
        gradient = mix(
            gradient.astype(np.float32),
            np.asarray((0.30, 0.40, 0.28), np.float32) * light.falling,
            blurred(trees, 3.0) * 0.6,
        )
        lit = mix(
            lit.astype(np.float32), (wall * 0.4 + 0.5) * fall, met.end * smooth(0.12, 0.10, gap)
        )
        lit = mix(lit, np.minimum(1.6, gradient), (pane * mullion).astype(np.float32))
        spill = np.exp(-gap / 1.5) * (0.05 if dark else 0.34) * (0.4 + 0.6 * light.strength)
        lit = lit + (spill * (1 - pane))[..., None] * np.asarray(light.sun, np.float32) * colour
        if not dark:
            # The window's light lies on the floor before it.
            middle, reach = (left + right) / 2, (right - left) / 2
            pool = (
                smooth(
                    reach * 1.3, reach * 0.8, np.abs(met.x - middle + (room.end - met.away) * 0.25)
                )
                * smooth(0.8, 1.4, room.end - met.away)
                * smooth(4.0, 2.8, room.end - met.away)
            )
            lit = (
                lit
                + (pool * met.floor * 0.55 * light.strength)[..., None]
                * np.asarray(light.sun, np.float32)
                * colour
            )
    for box in room.boxes:
        if box.glow > 0.7:
            x, up, away = sum(box.x) / 2, sum(box.up) / 2, sum(box.away) / 2
            far = np.sqrt((met.x - x) ** 2 + (met.up - up) ** 2 + (met.away - away) ** 2)
            pool = np.exp(-far / 1.1) * (0.85 if dark else 0.30)
            lit = lit + pool[..., None].astype(np.float32) * colour * np.minimum(
                1.2, np.asarray(box.colour, np.float32)
            )
    held: Pixels = lit.astype(np.float32)
    return held


def _beam(room: Room, bore: Bore, light: Light, height: int, width: int, *, dark: bool) -> Pixels:
    """Return dusty light that falls from the window into the room."""
    none = np.zeros((height, width, 3), np.float32)
    if room.window is None or dark:
        return none
    left, right, _, high = room.window
    wide = width / height
    x0, y0 = bore.project(left, high, room.end, wide)
    x1, _ = bore.project(right, high, room.end, wide)
    y = np.arange(height, dtype=np.float32)[:, None] / height - y0
    x = np.arange(width, dtype=np.float32)[None, :] / width
    lean = y * (0.55 if (x0 + x1) / 2 < 0.5 else -0.55)
    inside = smooth(x0 - 0.02, x0 + 0.06, x - lean) * smooth(x1 + 0.02, x1 - 0.06, x - lean)
    share = inside * smooth(0.0, 0.08, y) * np.exp(-np.clip(y, 0, 1) * 1.6) * 0.10 * light.strength
    return share[..., None].astype(np.float32) * np.asarray(light.sun, np.float32)


def _furnished(
    room: Room, bore: Bore, light: Light, indoor: Pixels, height: int, width: int, *, dark: bool
) -> tuple[Pixels, Pixels]:
    """Return the furniture drawn from far to near, its faces shaded, with its cover."""
    scale = 2
    wide = width / height
    picture = Image.new("RGB", (width * scale, height * scale))
    cover = Image.new("L", (width * scale, height * scale), 0)
    draw, mask = ImageDraw.Draw(picture), ImageDraw.Draw(cover)
    sun = np.asarray(light.sun, np.float32) * (0.30 if not dark else 0.06) * light.strength

    def at(x: float, up: float, away: float) -> tuple[float, float]:
        across, down = bore.project(x, up, max(0.6, away), wide)
        return across * width * scale, down * height * scale

    def face(points: list[tuple[float, float, float]], tone: Pixels) -> None:
        placed = [at(*point) for point in points]
        red, green, blue = (int(min(1.0, float(part) / 1.5) * 255) for part in tone)
        draw.polygon(placed, fill=(red, green, blue))
        mask.polygon(placed, fill=255)

    for box in sorted(room.boxes, key=lambda each: -each.away[0] - 0.001 * each.away[1]):
        (x0, x1), (low, high), (near, far) = box.x, box.up, box.away
        body = np.asarray(box.colour, np.float32)
        base = body * (indoor * 0.95)
        if box.glow:
            tone = body * (0.55 + 0.75 * box.glow)
            front = top = side = np.minimum(1.5, tone)
        else:
            front, top, side = base * 0.86, base * 1.12 + body * sun, base * 0.62
        if high < bore.eye:
            face([(x0, high, near), (x1, high, near), (x1, high, far), (x0, high, far)], top)
        elif low > bore.eye:
            face([(x0, low, near), (x1, low, near), (x1, low, far), (x0, low, far)], side)
        if x0 > 0:
            face([(x0, low, near), (x0, high, near), (x0, high, far), (x0, low, far)], side)
        elif x1 < 0:
            face([(x1, low, near), (x1, high, near), (x1, high, far), (x1, low, far)], side)
        face([(x0, low, near), (x1, low, near), (x1, high, near), (x0, high, near)], front)
    size = (width, height)
    colour = np.asarray(picture.resize(size, Image.Resampling.BOX), np.float32) / 255 * 1.5
    alpha = np.asarray(cover.resize(size, Image.Resampling.BOX), np.float32) / 255
    colour = colour / np.maximum(alpha, 0.05)[..., None]
    # A little unevenness keeps flat faces from looking cut out.
    tone = np.linspace(1.05, 0.90, height, dtype=np.float32)[:, None, None]
    return (colour * tone).astype(np.float32), alpha
