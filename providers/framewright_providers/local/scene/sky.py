"""The sky: gradient, the light's own glow and disc, clouds, stars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.scene.raster import fractal, grid, mix, ramp, smooth

if TYPE_CHECKING:
    from framewright_providers.local.scene.light import Light
    from framewright_providers.local.scene.raster import Pixels


def paint_sky(
    height: int, width: int, horizon: float, light: Light, random: np.random.Generator
) -> Pixels:
    """Return a sky over the whole frame; `horizon` is where it meets the ground."""
    sky = ramp(
        [
            (0.0, light.zenith),
            (horizon * 0.62, light.middle),
            (horizon, light.horizon),
            (1.0, light.horizon),
        ],
        height,
        width,
    )
    y, x = grid(height, width)
    wide = width / height
    distance = np.sqrt(((x - light.sun_x) * wide) ** 2 + (y - light.sun_y) ** 2)
    sky += np.asarray(light.sun, np.float32) * (
        0.55 * light.strength * np.exp(-((distance / light.glow) ** 2))
    )[..., None].astype(np.float32)
    if light.stars:
        sky = _stars(sky, horizon, light, random)
    disc = smooth(0.037, 0.031, distance) * float(light.strength)
    halo = np.exp(-distance / 0.05).astype(np.float32) * 0.5 * float(light.strength)
    bright = np.minimum(1.0, np.asarray(light.sun, np.float32) * 1.25 + 0.12)
    sky = np.maximum(sky, mix(sky, bright, np.clip(disc + halo, 0, 1)))
    return _clouds(np.clip(sky, 0, 1.2), horizon, light, random)


def _stars(sky: Pixels, horizon: float, light: Light, random: np.random.Generator) -> Pixels:
    height, width, _ = sky.shape
    y, _ = grid(height, width)
    count = int(height * width / 1_400)
    field = np.zeros((height, width), np.float32)
    rows = (random.random(count) ** 1.2 * height * horizon).astype(int)
    columns = (random.random(count) * width).astype(int)
    field[rows, columns] = (random.random(count) ** 4).astype(np.float32)
    soft = np.maximum(field, 0.5 * np.roll(field, 1, 0) + 0.5 * np.roll(field, 1, 1))
    way = fractal(height, width, random, height * 0.4, 2.0)
    band = smooth(0.52, 0.75, way) * 0.10 * np.clip(1 - y / horizon, 0, 1)
    lit = np.clip(soft * light.stars + band * light.stars, 0, 1)
    return mix(sky, (0.86, 0.90, 1.0), lit.astype(np.float32))


def _clouds(sky: Pixels, horizon: float, light: Light, random: np.random.Generator) -> Pixels:
    height, width, _ = sky.shape
    y, x = grid(height, width)
    field = fractal(height, width, random, height * 0.16, 3.6)
    # Clouds flatten towards the horizon and thin out at the top.
    field = field + 0.10 * (y / horizon) - 0.12 * np.clip(0.25 - y, 0, 1)
    edge = 0.66 - 0.30 * light.clouds
    body = smooth(edge, edge + 0.17, field.astype(np.float32)) * smooth(horizon, horizon - 0.1, y)
    reach = max(2, round(height * 0.012))
    side = -1 if light.sun_x > 0.5 else 1
    towards = np.roll(np.roll(field, reach, 0), side * reach, 1)
    lit = np.clip(0.5 + 6 * (field - towards), 0, 1)
    warmth = np.exp(-(((x - light.sun_x) / 0.5) ** 2)).astype(np.float32)
    shade = (
        np.asarray(light.middle, np.float32) * 0.72 + np.asarray(light.ambient, np.float32) * 0.2
    )
    glow = np.asarray(light.sun, np.float32) * (0.62 + 0.38 * light.strength)
    colour = shade + (glow - shade) * (lit * (0.45 + 0.5 * warmth))[..., None]
    return mix(sky, colour.astype(np.float32), (body * 0.82).astype(np.float32))
