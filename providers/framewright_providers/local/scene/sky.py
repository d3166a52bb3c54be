"""The sky: gradient, the light's own glow and disc, clouds, stars, aurora. Light may exceed 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.scene.raster import (
    Layer,
    fractal,
    grid,
    mix,
    projected,
    ramp,
    smooth,
    solid,
    tile,
)

if TYPE_CHECKING:
    from framewright_providers.local.scene.light import Light
    from framewright_providers.local.scene.raster import Pixels


def paint_sky(
    height: int, width: int, horizon: float, light: Light, random: np.random.Generator
) -> Layer:
    """Return a sky over the whole frame; `horizon` is where it meets the ground."""
    y, x = grid(height, width)
    wide = width / height
    stops = [
        (0.0, light.zenith),
        (horizon * 0.55, light.middle),
        (horizon * 0.97, light.horizon),
        (1.0, light.horizon),
    ]
    sky = ramp(stops, height, width)
    far = np.hypot((x - light.sun_x) * wide * 0.72, (y - light.sun_y) * 1.15).astype(np.float32)
    sun = np.asarray(light.sun, np.float32)
    warm = sun * sun * np.asarray((1.05, 0.95, 0.80), np.float32)
    glow = 0.42 * np.exp(-far / light.glow) + 0.50 * np.exp(-((far / (0.30 * light.glow)) ** 2))
    sky += warm * (light.strength * glow)[..., None].astype(np.float32)
    if light.stars:
        sky = _stars(sky, horizon, light, random)
    if light.aurora:
        sky = _aurora(sky, horizon, random)
    near = np.hypot((x - light.sun_x) * wide, y - light.sun_y).astype(np.float32)
    sky += _disc(near, light)
    return solid(height, width, 0.0, _clouds(sky, horizon, far, light, random))


def _disc(near: Pixels, light: Light) -> Pixels:
    """Return the disc of sun or moon with the halo close around it."""
    sun = np.asarray(light.sun, np.float32)
    veiled = light.strength * (1 - 0.85 * min(1.0, max(0.0, (light.clouds - 0.55) / 0.25)))
    size = light.disc
    face = smooth(size, size * 0.86, near) * (1.1 if light.stars > 0.5 else 3.0) * veiled
    halo = np.exp(-near / (size * 1.3)) * 0.55 * veiled
    lit: Pixels = ((face + halo)[..., None] * np.minimum(1, sun * 1.1)).astype(np.float32)
    return lit


def _stars(sky: Pixels, horizon: float, light: Light, random: np.random.Generator) -> Pixels:
    height, width, _ = sky.shape
    y, _ = grid(height, width)
    count = int(height * width / 900)
    field = np.zeros((height, width), np.float32)
    rows = (random.random(count) ** 1.2 * height * horizon * 0.98).astype(int)
    columns = (random.random(count) * width).astype(int)
    field[rows, columns] = (random.random(count) ** 6).astype(np.float32) * 1.3
    soft = np.maximum(field, 0.4 * (np.roll(field, 1, 0) + np.roll(field, 1, 1)))
    way = fractal(height, width, random, height * 0.22)
    lean = np.linspace(-0.22, 0.22, width, dtype=np.float32)[None, :]
    band = np.exp(-(((y - horizon * 0.42 - lean) / 0.13) ** 2)) * (0.25 + 1.5 * (way - 0.3))
    thin = np.clip((horizon - y) / 0.25, 0, 1)
    lit = (soft + np.clip(band, 0, 1) * 0.16) * light.stars * thin
    starry: Pixels = sky + lit[..., None].astype(np.float32) * np.asarray((0.86, 0.90, 1.0))
    return starry.astype(np.float32)


def _aurora(sky: Pixels, horizon: float, random: np.random.Generator) -> Pixels:
    """Return the sky with two green curtains, violet at their tops."""
    height, width, _ = sky.shape
    y, _ = grid(height, width)
    for foot, strength in ((0.62, 1.0), (0.80, 0.6)):
        way = fractal(8, width, random, 120.0, 2.0)[4]
        fold = fractal(8, width, random, 10.0, 1.5)[4]
        low = horizon * (foot + 0.9 * (way - 0.5))[None, :]
        up = (low - y) / (horizon * 0.55)
        shape = np.exp(-np.clip(up, 0, None) * 2.6) * smooth(-0.06, 0.03, up)
        lit = shape * strength * np.clip(0.25 + 2.2 * (fold - 0.32), 0.08, 1.2)[None, :]
        tint = mix((0.12, 0.95, 0.52), (0.46, 0.20, 0.75), np.clip(up * 1.1, 0, 1))
        sky = sky + tint * (0.62 * lit)[..., None].astype(np.float32)
    return sky


def _clouds(
    sky: Pixels, horizon: float, far: Pixels, light: Light, random: np.random.Generator
) -> Pixels:
    """Return the sky with clouds on a plane above: thin edges let the light through."""
    height, width, _ = sky.shape
    foot = min(height, max(4, int(horizon * height)))
    rows = np.arange(foot) / height
    away = 1.0 / ((horizon - rows) / horizon + 0.10)
    wide = width / height
    shape = projected(tile(random, 90.0, 1.2), away, width, wide, 120.0)
    curl = projected(tile(random, 30.0), away, width, wide, 170.0)
    field = shape * 0.78 + curl * 0.22
    edge = 0.70 - 0.34 * light.clouds
    body = smooth(edge, edge + 0.20, field)
    # The side that looks at the light is bright: the way there is through less cloud.
    slope_y, slope_x = np.gradient(_softened(field))
    y, x = grid(height, width)
    to_x, to_y = light.sun_x - x, light.sun_y - y[:foot]
    length = np.hypot(to_x, to_y) + 0.05
    facing = -(slope_x * to_x + slope_y * to_y) / length
    lit = np.clip(0.42 + facing * height * 0.085, 0, 1) * (1 - 0.45 * body)
    close = np.exp(-far[:foot] / (1.4 * light.glow + 0.12))
    sun = np.asarray(light.sun, np.float32)
    shade = np.asarray(light.middle, np.float32) * 0.62 + np.asarray(light.ambient) * 0.30
    bright = sun * (0.45 + 0.55 * light.strength)
    strength = (lit * (0.35 + 0.65 * close) + 0.55 * close * (1 - body)).astype(np.float32)
    colour = shade.astype(np.float32) + (bright - shade).astype(np.float32) * strength[..., None]
    thin = smooth(0.0, 0.16, (horizon - rows).astype(np.float32))[:, None]
    cover = body * 0.88 * (0.25 + 0.75 * thin)
    painted = sky.copy()
    painted[:foot] = mix(sky[:foot], colour.astype(np.float32), cover.astype(np.float32))
    return painted


def _softened(field: Pixels) -> Pixels:
    """Return a field without its finest grain, so that its slope is that of the large forms."""
    once = (field + np.roll(field, 2, 0) + np.roll(field, 2, 1) + np.roll(field, -2, 1)) / 4
    soft: Pixels = (once + np.roll(once, -2, 0) + np.roll(once, 3, 1)) / 3
    return soft
