"""Rooms and studios."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.scene.raster import (
    Layer,
    blurred,
    fractal,
    grid,
    mix,
    receding,
    smooth,
    solid,
)

if TYPE_CHECKING:
    from framewright_providers.local.scene.colour import Colour
    from framewright_providers.local.scene.light import Light


def paint_studio(
    height: int, width: int, light: Light, colour: Colour | None, random: np.random.Generator
) -> Layer:
    """Return a paper sweep that runs from wall to floor without an edge."""
    y, x = grid(height, width)
    tint = np.asarray(colour if colour is not None else (0.80, 0.78, 0.76), np.float32)
    if colour is not None:
        # Paler than the thing before it, which has the colour itself.
        tint = 0.45 * tint + 0.42
    paper = 0.62 * tint + 0.30 * np.asarray(light.sun, np.float32) * (0.4 + 0.6 * light.strength)
    wide = width / height
    spot = np.sqrt(((x - 0.5) * wide * 0.8) ** 2 + ((y - 0.40) * 1.1) ** 2)
    glow = np.exp(-((spot / 0.55) ** 2))
    floor = smooth(0.55, 0.80, y)
    shade = 0.55 + 0.55 * glow + 0.10 * floor - 0.25 * smooth(0.82, 1.05, y)
    grain = fractal(height, width, random, height * 0.5) - 0.5
    painted = paper * (shade + 0.06 * grain)[..., None]
    return solid(height, width, 0.1, np.clip(painted, 0, 1).astype(np.float32))


def paint_room(
    height: int, width: int, light: Light, random: np.random.Generator
) -> tuple[Layer, ...]:
    """Return a wall with a window out of focus, its light on the wall, and a table before it."""
    y, x = grid(height, width)
    plaster = fractal(height, width, random, height * 0.3)
    side = 0.20 if light.sun_x < 0.5 else 0.80
    wall = np.asarray((0.68, 0.54, 0.40), np.float32) * (
        np.asarray(light.ambient, np.float32) * 1.1
        + np.asarray(light.sun, np.float32) * 0.30 * light.strength
    )
    fall = np.exp(-(((x - side) / 0.45) ** 2)) * np.exp(-(((y - 0.35) / 0.5) ** 2))
    painted = wall * (0.62 + 0.9 * fall + 0.14 * (plaster - 0.5))[..., None]
    pane = smooth(0.145, 0.135, np.abs(x - side)) * smooth(0.265, 0.255, np.abs(y - 0.30))
    bars = smooth(0.006, 0.010, np.abs(x - side)) * smooth(0.008, 0.013, np.abs(y - 0.30))
    outside = np.asarray(light.horizon, np.float32) * 0.5 + np.asarray(light.sun, np.float32) * 0.5
    window = blurred(pane * bars, height * 0.008)
    painted = mix(painted.astype(np.float32), np.minimum(1, outside * 1.05), window)
    beam_x = side + (0.5 - side) * 1.05 * (y - 0.1)
    beam = smooth(0.20, 0.10, np.abs(x - beam_x)) * smooth(0.05, 0.4, y) * 0.20 * light.strength
    painted = mix(painted, np.asarray(light.sun, np.float32), beam.astype(np.float32))
    back = solid(height, width, 0.1, np.clip(painted, 0, 1))
    return (back, _table(height, width, light, side, random))


def _table(
    height: int, width: int, light: Light, side: float, random: np.random.Generator
) -> Layer:
    y, x = grid(height, width)
    top = 0.66
    rings = receding(height, width, top - 0.05, random, grain=120.0, scale=12.0, stretch=14.0)
    wood = np.asarray((0.46, 0.30, 0.19), np.float32) * (
        np.asarray(light.ambient, np.float32)
        + np.asarray(light.sun, np.float32) * 0.85 * light.strength
    )
    pool = np.exp(-(((x - side - (0.5 - side) * 0.7) / 0.34) ** 2)) * np.exp(
        -(((y - 0.8) / 0.22) ** 2)
    )
    painted = wood * (0.55 + 0.55 * rings + 0.7 * pool)[..., None]
    sheen = smooth(0.10, 0.0, y - top) * 0.22
    painted = mix(
        painted.astype(np.float32), np.asarray(light.sun, np.float32), sheen * np.ones_like(x)
    )
    return Layer(np.clip(painted, 0, 1), smooth(0.0, 0.003, y - top) * np.ones_like(x), 0.55)
