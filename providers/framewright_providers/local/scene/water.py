"""Sea, lake and beach: water that mirrors the sky on its waves, foam, wet sand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.scene.raster import (
    Layer,
    fractal,
    grid,
    laid,
    mix,
    receding,
    skyline,
    smooth,
    tile,
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
    looks: int = 1,
) -> tuple[Layer, ...]:
    """Return the water, and for a beach the wet sand before it; `sky` is what it mirrors."""
    y, x = grid(height, width)
    tiles = tile(random, 40.0, 3.2), tile(random, 9.0, 2.2)
    glints = fractal(height, width, random, 3.0, 7.0)
    waves = []
    for look in range(looks):
        moved = tuple(np.roll(each, (look * 23, look * 170), (0, 1)) for each in tiles)
        swell = laid(moved[0], height, width, horizon, 150.0) - 0.5
        chop = laid(moved[1], height, width, horizon, 240.0) - 0.5
        fine = np.roll(glints, look * (width // 3), 1) - 0.5
        waves.append(surface(sky, horizon, light, (swell, chop, fine), calm=setting == "lake"))
    alpha = smooth(0.0, 1.5 / height, y - horizon) * np.ones_like(x)
    sea = Layer(waves[0], alpha.astype(np.float32), 0.4, tuple(waves[1:]))
    if setting != "beach":
        return (sea,)
    return (sea, _sand(height, width, horizon, light, sky, random))


def surface(
    sky: Pixels,
    horizon: float,
    light: Light,
    waves: tuple[Pixels, Pixels, Pixels],
    *,
    calm: bool,
) -> Pixels:
    """Return water from the horizon down: each wave mirrors another part of the sky.

    `waves` are swell, chop and glints around 0.
    """
    height, width, _ = sky.shape
    y, x = grid(height, width)
    depth = np.clip((y - horizon) / (1 - horizon), 0, 1).astype(np.float32)
    swell, chop, glints = waves
    # Far off one pixel holds many waves: their glitter is finer than the plane can show.
    fine = glints * np.exp(-depth * 5)
    rough = 0.35 if calm else 1.0
    slope = (swell * 0.7 + chop * 0.8 + fine * 0.9) * rough
    line = int(horizon * height)
    rows = (2 * horizon - y) - 0.06 * depth + slope * (0.30 + 0.22 * depth)
    rows = np.where(rows > horizon, 2 * horizon - rows, rows)
    source = np.clip(rows * height, 0, max(0, line - 1)).astype(np.int32)
    columns = (np.arange(width)[None, :] + (chop * 0.05 * height * rough)).astype(np.int32)
    mirrored = sky[source, np.clip(columns, 0, width - 1)]
    deep = np.asarray(light.zenith, np.float32) * 0.34 + light.falling * np.asarray(
        (0.015, 0.09, 0.11), np.float32
    )
    # Steep waves close by show the water itself instead of the sky.
    inside = np.clip(0.10 + 0.62 * depth - 1.4 * slope * (0.3 + depth), 0.05, 0.85)
    body = mix(mirrored, deep, inside.astype(np.float32))
    spread = 0.03 + 0.15 * depth
    path = np.exp(-(((x - light.sun_x) / spread) ** 2)) * np.exp(-depth * (0.7 + 1.0 * light.sun_y))
    facing = smooth(0.02, 0.16, (slope / rough + 0.06 * (1 - depth)).astype(np.float32))
    sun = np.asarray(light.sun, np.float32)
    glitter = (facing * path * 1.6 + path * 0.16) * light.strength
    lit: Pixels = (body + glitter[..., None] * sun).astype(np.float32)
    return lit


def _mirror(sky: Pixels, horizon: float, bend: Pixels) -> Pixels:
    """Return the sky turned over at the horizon, rows moved by `bend` (parts of the height)."""
    height, width, _ = sky.shape
    y, _ = grid(height, width)
    rows = np.clip((2 * horizon - y) * height + bend * height, 0, max(0, horizon * height - 2))
    flipped: Pixels = sky[rows.astype(np.int32), np.arange(width)[None, :]]
    return flipped


def _sand(
    height: int,
    width: int,
    horizon: float,
    light: Light,
    sky: Pixels,
    random: np.random.Generator,
) -> Layer:
    """Return the beach: lace of foam, a film of water that mirrors, then dry rippled sand."""
    y, x = grid(height, width)
    edge = skyline(width, random, width * 0.30)
    ripple = skyline(width, random, width * 0.06)
    room = 1 - horizon
    lean = float(random.uniform(-0.05, 0.05)) * np.linspace(-1, 1, width, dtype=np.float32)
    shore = (horizon + room * (0.30 + 0.09 * edge + 0.015 * ripple) + lean)[None, :]
    below = ((y - shore) / room).astype(np.float32)
    top = horizon - 0.02
    lumps = receding(height, width, top, random, grain=110.0, scale=46.0, stretch=1.1)
    ripples = receding(height, width, top, random, grain=210.0, scale=14.0, stretch=1.8)
    grains = fractal(height, width, random, 2.2)
    wet = smooth(0.46, 0.10, below + (lumps - 0.5) * 0.28)
    sand = np.asarray((0.92, 0.76, 0.60), np.float32) * light.falling
    side = 1.0 if light.sun_x > 0.5 else -1.0
    tilt = np.gradient(lumps, axis=0) * 0.8 + side * np.gradient(lumps, axis=1) * 0.8
    tilt += (np.gradient(ripples, axis=0) + side * 0.5 * np.gradient(ripples, axis=1)) * 0.9
    relief = np.clip(tilt * height * 0.011, -0.3, 0.3) * (1 - 0.85 * wet)
    tone = 1 + relief * (0.5 + 0.6 * light.strength) + (grains - 0.5) * 0.20 * (1 - 0.6 * wet)
    pool = np.exp(-(((x - light.sun_x) / 0.40) ** 2)) * 0.35 * light.strength
    colour = sand * (tone * (0.80 + pool))[..., None]
    colour = colour * (1 - 0.52 * wet)[..., None]
    bend = (lumps - 0.5) * 0.05 + (ripples - 0.5) * 0.05 * smooth(0.0, 0.3, below)
    shine = _mirror(sky, horizon, bend) * np.asarray((0.90, 0.86, 0.84), np.float32)
    path = np.exp(-(((x - light.sun_x) / (0.05 + 0.10 * np.clip(below, 0, 1))) ** 2))
    shine = shine + (path * 0.8 * light.strength)[..., None] * np.asarray(light.sun, np.float32)
    film = wet * (0.50 + 0.45 * smooth(0.30, 0.0, below) + 0.25 * (ripples - 0.5))
    colour = mix(colour, shine, np.clip(film, 0, 0.92).astype(np.float32))
    colour, alpha = _foam(colour.astype(np.float32), below, light, random)
    return Layer(colour.astype(np.float32), alpha, 0.62)


def _foam(
    colour: Pixels, below: Pixels, light: Light, random: np.random.Generator
) -> tuple[Pixels, Pixels]:
    """Return sand with the wave's foam on its edge, and what the two cover."""
    height, width = below.shape
    lace = fractal(height, width, random, 9.0, 2.4)
    holes = fractal(height, width, random, 26.0, 3.0)
    white = light.falling * 0.86 + 0.14
    front = np.exp(-((below / 0.016) ** 2)) * smooth(0.22, 0.50, lace)
    behind = smooth(-0.16, -0.01, below) * smooth(0.004, -0.004, below)
    net = behind * smooth(0.10, 0.02, np.abs(holes - 0.5)) * smooth(0.35, 0.6, lace)
    roll = np.zeros_like(below)
    for at, tall, strength in ((-0.24, 0.014, 0.75), (-0.42, 0.010, 0.5)):
        bent = below - at - 0.10 * (holes - 0.5)
        broken = smooth(0.46, 0.62, holes)
        roll = np.maximum(roll, np.exp(-((bent / tall) ** 2)) * strength * broken)
    foam = np.clip(np.maximum(np.maximum(front, net * 0.6), roll), 0, 0.95).astype(np.float32)
    # The thin front of a wave throws a narrow shade on the sand before it.
    shade = np.exp(-(((below - 0.026) / 0.014) ** 2)) * 0.30
    colour = mix(colour * (1 - shade)[..., None], white, foam)
    ground = smooth(-0.012, 0.006, below)
    return colour, np.maximum(ground, foam).astype(np.float32)
