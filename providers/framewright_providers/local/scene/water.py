"""Sea, lake and beach: water that takes the sky's colours, foam, wet sand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.scene.raster import (
    Layer,
    fractal,
    grid,
    mix,
    receding,
    skyline,
    smooth,
)

if TYPE_CHECKING:
    from framewright_providers.local.scene.light import Light
    from framewright_providers.local.scene.raster import Pixels


def paint_water(
    setting: str,
    height: int,
    width: int,
    horizon: float,
    light: Light,
    sky: Pixels,
    random: np.random.Generator,
) -> tuple[Layer, ...]:
    """Return the water, and for a beach the wet sand before it."""
    y, x = grid(height, width)
    depth = np.clip((y - horizon) / (1 - horizon), 0, 1).astype(np.float32)
    colour = _surface(height, width, horizon, light, sky, depth, random, calm=setting == "lake")
    alpha = smooth(0.0, 2.0 / height, y - horizon) * np.ones_like(x)
    sea = Layer(colour, alpha.astype(np.float32), 0.4)
    if setting != "beach":
        return (sea,)
    return (sea, _sand(height, width, horizon, light, sky, random))


def _surface(
    height: int,
    width: int,
    horizon: float,
    light: Light,
    sky: Pixels,
    depth: Pixels,
    random: np.random.Generator,
    *,
    calm: bool,
) -> Pixels:
    _, x = grid(height, width)
    mirrored = _mirror(sky, horizon)
    deep = np.asarray(light.zenith, np.float32) * 0.42 + np.asarray((0.02, 0.10, 0.12), np.float32)
    body = mix(mirrored, deep, (0.25 + 0.45 * depth).astype(np.float32))
    swell = receding(fractal(height, width, random, height * 0.035, 9.0), horizon)
    body = body * (1 + (swell - 0.5) * (0.18 if calm else 0.5) * (0.25 + depth))[..., None]
    fine = receding(fractal(height, width, random, height * 0.014, 7.0), horizon)
    path = np.exp(-(((x - light.sun_x) / (0.05 + 0.16 * depth)) ** 2))
    sparkle = smooth(0.52, 0.70, fine) * path * (0.95 - 0.45 * depth) * light.strength
    sun = np.minimum(1.0, np.asarray(light.sun, np.float32) * 1.15)
    body = mix(
        body, sun, np.clip(sparkle + 0.30 * path * light.strength, 0, 0.95).astype(np.float32)
    )
    return np.clip(body, 0, 1)


def _mirror(sky: Pixels, horizon: float) -> Pixels:
    """Return the sky turned over at the horizon."""
    height = sky.shape[0]
    rows = np.arange(height)
    line = int(horizon * height)
    turned = np.clip(2 * line - rows, 0, line)
    # Waves stretch what they mirror: it is drawn from closer to the horizon.
    taken = (line - (line - turned) * 0.7).astype(int)
    flipped: Pixels = sky[np.clip(taken, 0, height - 1)]
    return flipped


def _sand(
    height: int,
    width: int,
    horizon: float,
    light: Light,
    sky: Pixels,
    random: np.random.Generator,
) -> Layer:
    y, x = grid(height, width)
    edge = skyline(width, random, width * 0.28)
    ripple = skyline(width, random, width * 0.05)
    shore = (horizon + 0.150 + 0.035 * edge + 0.006 * ripple)[None, :].astype(np.float32)
    below = (y - shore).astype(np.float32)
    grain = fractal(height, width, random, 5.0)
    lumps = receding(fractal(height, width, random, height * 0.05, 4.0), horizon)
    sand = np.asarray((0.80, 0.68, 0.54), np.float32)
    shade = np.asarray(light.ambient, np.float32) + np.asarray(light.sun, np.float32) * (
        0.55 * light.strength
    )
    dry = sand * shade
    colour = np.ones((height, width, 3), np.float32) * dry
    colour *= (1 + (lumps - 0.5) * 0.42 + (grain - 0.5) * 0.16)[..., None]
    wet = smooth(0.26, 0.02, below + (lumps - 0.5) * 0.05)
    mirrored = _mirror(sky, horizon) * np.asarray((0.92, 0.88, 0.86), np.float32)
    path = np.exp(-(((x - light.sun_x) / 0.16) ** 2)) * light.strength * 0.35
    shine = np.clip(mirrored * 0.82 + path[..., None] * np.asarray(light.sun, np.float32), 0, 1)
    colour = mix(colour * (1 - 0.40 * wet)[..., None], shine, (wet * 0.62).astype(np.float32))
    white = np.minimum(1.0, shade * 1.08 + 0.12)
    for offset, strength in ((0.0, 0.92), (-0.028, 0.55), (-0.062, 0.38)):
        lace = fractal(height, width, random, 13.0, 2.2)
        line = np.exp(-(((below - offset) / (0.0065 - 0.02 * offset)) ** 2)) * smooth(
            0.30, 0.62, lace
        )
        colour = mix(colour, white, np.clip(line * strength, 0, 1).astype(np.float32))
    alpha = np.clip(smooth(-0.008, 0.004, below), 0, 1)
    foam = np.zeros_like(alpha)
    for offset in (-0.028, -0.062, -0.10):
        foam = np.maximum(
            foam, np.exp(-(((below - offset) / 0.006) ** 2)).astype(np.float32) * 0.55
        )
    lace = smooth(0.42, 0.66, fractal(height, width, random, 11.0, 3.0))
    return Layer(np.clip(colour, 0, 1), np.maximum(alpha, foam * lace), 0.62)
