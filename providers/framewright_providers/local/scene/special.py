"""Places without a horizon: space and the deep sea."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.scene.raster import (
    Layer,
    fractal,
    grid,
    mix,
    ramp,
    skyline,
    smooth,
    solid,
)

if TYPE_CHECKING:
    from framewright_providers.local.scene.raster import Pixels

_NEBULAE = (
    ((0.38, 0.10, 0.42), (0.08, 0.26, 0.52)),
    ((0.50, 0.20, 0.16), (0.20, 0.12, 0.42)),
    ((0.06, 0.36, 0.40), (0.22, 0.10, 0.44)),
)


def paint_space(height: int, width: int, random: np.random.Generator) -> tuple[Layer, ...]:
    """Return stars, a nebula and a planet lit from one side."""
    one, other = _NEBULAE[int(random.integers(len(_NEBULAE)))]
    base = np.ones((height, width, 3), np.float32) * np.asarray((0.012, 0.014, 0.035), np.float32)
    cloud = fractal(height, width, random, height * 0.5, 1.6)
    veil = fractal(height, width, random, height * 0.25, 1.3)
    glow = smooth(0.42, 0.80, cloud) * 0.85
    base = mix(base, mix(one, other, veil), (glow * (0.35 + 0.65 * veil)).astype(np.float32))
    stars = np.zeros((height, width), np.float32)
    count = height * width // 700
    stars[random.integers(0, height, count), random.integers(0, width, count)] = (
        random.random(count) ** 5
    )
    stars = np.maximum(stars, 0.45 * (np.roll(stars, 1, 0) + np.roll(stars, 1, 1)))
    base = mix(base, (0.95, 0.96, 1.0), np.clip(stars, 0, 1))
    return (solid(height, width, 0.0, np.clip(base, 0, 1)), _planet(height, width, random))


def _planet(height: int, width: int, random: np.random.Generator) -> Layer:
    y, x = grid(height, width)
    wide = width / height
    centre = float(random.choice((0.18, 0.82)))
    radius = float(random.uniform(0.22, 0.36))
    u, v = (x - centre) * wide / radius, (y - 0.70) / radius
    inside = u * u + v * v
    z = np.sqrt(np.clip(1 - inside, 0, 1))
    side = -1.0 if centre > 0.5 else 1.0
    day = np.clip(0.75 * side * u - 0.45 * v + 0.40 * z, 0, 1)
    bands = fractal(height, width, random, height * 0.06, 6.0)
    tint = np.asarray(
        ((0.78, 0.56, 0.40), (0.46, 0.60, 0.78), (0.72, 0.66, 0.50))[int(random.integers(3))]
    )
    colour = tint * (0.7 + 0.7 * (bands - 0.5))[..., None] * (0.05 + 1.05 * day)[..., None]
    rim = np.exp(-(((np.sqrt(inside) - 1) / 0.05) ** 2)) * np.clip(side * u - 0.3 * v + 0.3, 0, 1)
    colour = colour + rim[..., None] * np.asarray((0.30, 0.42, 0.60)) * 0.8
    alpha = np.clip(smooth(1.02, 0.985, inside.astype(np.float32)) + 0.55 * rim, 0, 1)
    return Layer(np.clip(colour, 0, 1).astype(np.float32), alpha.astype(np.float32), 0.3)


def paint_underwater(height: int, width: int, random: np.random.Generator) -> tuple[Layer, ...]:
    """Return blue depth with rays from above and a floor of rocks."""
    stops = [(0.0, (0.42, 0.78, 0.84)), (0.45, (0.08, 0.42, 0.58)), (1.0, (0.01, 0.12, 0.26))]
    base = ramp(stops, height, width)
    base = mix(base, (0.80, 0.96, 0.95), _rays(height, width, random))
    floor: list[Layer] = []
    y, _ = grid(height, width)
    for near, top, shade in ((0.25, 0.84, 0.30), (0.55, 0.91, 0.12)):
        line = skyline(width, random, width * 0.16, sharp=True)
        depth = y - (top - 0.13 * line)[None, :]
        rough = fractal(height, width, random, height * 0.04)
        rock = (
            np.asarray((0.10, 0.40, 0.48), np.float32)
            * (shade * 2 + 0.5 * (rough - 0.5))[..., None]
        )
        alpha = smooth(0.0, 0.006, depth.astype(np.float32))
        floor.append(Layer(np.clip(rock, 0, 1).astype(np.float32), alpha, near))
    return (solid(height, width, 0.0, np.clip(base, 0, 1)), *floor)


def _rays(height: int, width: int, random: np.random.Generator) -> Pixels:
    y, x = grid(height, width)
    source = float(random.uniform(0.35, 0.65))
    angle = np.arctan2(x - source, y + 0.35)
    total = np.zeros((height, width), np.float32)
    for _ in range(9):
        at, wide = float(random.uniform(-0.8, 0.8)), float(random.uniform(0.015, 0.06))
        total += np.exp(-(((angle - at) / wide) ** 2)).astype(np.float32) * 0.20
    rays: Pixels = (total * np.exp(-2.0 * y)).astype(np.float32)
    return np.clip(rays, 0, 0.8)
