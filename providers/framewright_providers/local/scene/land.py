"""Hills, mountains and the soil before them, paler the farther they are."""

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
    from framewright_providers.local.scene.colour import Colour
    from framewright_providers.local.scene.light import Light
    from framewright_providers.local.scene.raster import Pixels

_SOILS: dict[str, tuple[Colour, Colour]] = {
    "desert": ((0.88, 0.66, 0.44), (0.78, 0.50, 0.30)),
    "snow": ((0.92, 0.95, 1.0), (0.84, 0.90, 0.98)),
    "forest": ((0.24, 0.30, 0.16), (0.15, 0.17, 0.10)),
    "village": ((0.42, 0.44, 0.26), (0.30, 0.30, 0.20)),
    "autumn": ((0.60, 0.46, 0.20), (0.42, 0.28, 0.12)),
    "mountains": ((0.36, 0.42, 0.24), (0.24, 0.26, 0.17)),
    "meadow": ((0.50, 0.58, 0.24), (0.26, 0.36, 0.13)),
}


def hazed(colour: Colour, light: Light, near: float) -> Pixels:
    """Return a lit colour as the air before it makes it: far things take the horizon's colour."""
    share = (1 - near) ** 1.3 * (0.45 + 0.62 * light.haze)
    lit = np.asarray(colour, np.float32) * light.falling
    air = np.asarray(light.horizon, np.float32) * 0.80 + np.asarray(light.middle, np.float32) * 0.18
    mixed: Pixels = lit + (air - lit) * np.float32(min(0.96, share))
    return mixed


def ranges(
    height: int,
    width: int,
    horizon: float,
    light: Light,
    random: np.random.Generator,
    count: int,
    rise: float,
    *,
    sharp: bool = True,
    white: bool = False,
) -> tuple[Layer, ...]:
    """Return ranges of hills one behind the other, mist between them."""
    layers = []
    rows, x = grid(height, width)
    # Only from the ridge to a little below the horizon is anything seen of a range.
    last = min(height, int((horizon + 0.10) * height) + 4)
    for number in range(count):
        part = number / max(1, count - 1) if count > 1 else 0.0
        near = 0.05 + 0.36 * part
        line = skyline(width, random, width * (0.40 - 0.12 * part), sharp=sharp)
        lift = 1 - 0.70 * part
        if sharp:
            line = 0.30 * line + 0.70 * line**1.5
        top = (horizon + 0.012 * number - rise * lift * line)[None, :].astype(np.float32)
        first = max(0, min(int(float(top.min()) * height) - 4, last - 8))
        y = rows[first:last]
        body = hazed((0.30, 0.33, 0.34), light, near)
        mist = hazed((0.46, 0.48, 0.50), light, near * 0.25)
        deep = np.clip((y - top) / (0.05 + rise * 0.75), 0, 1) ** 1.3
        facets = (
            _facets(top, y, height, width, light, random)
            if sharp
            else _folds(y.shape[0], height, width, light, random)
        )
        sun = np.asarray(light.sun, np.float32) * (0.40 * light.strength * (0.35 + near))
        glow = np.exp(-(((x - light.sun_x) / 0.35) ** 2)) * 0.10 * light.strength * (1 - near)
        lit = np.clip(facets, 0, 1)[..., None] * sun * (1 - deep)[..., None]
        shade = 1 - 0.45 * np.clip(-facets, 0, 1) * (0.3 + near)
        colour = body * shade[..., None] + lit
        if sharp and rise > 0.2:
            low = horizon + 0.16 * white
            colour = _snowed(colour, top, y, facets, near, low, light, height, random)
        colour = mix(colour.astype(np.float32), mist, (deep * 0.85).astype(np.float32))
        colour = colour + glow[..., None] * np.asarray(light.sun, np.float32)
        painted = np.empty((height, width, 3), np.float32)
        painted[:first], painted[first:last], painted[last:] = colour[0], colour, colour[-1]
        alpha = np.ones((height, width), np.float32)
        alpha[:first], alpha[first:last] = 0, smooth(0.0, 2.0 / height, y - top)
        layers.append(Layer(painted, alpha, near))
    return tuple(layers)


def _facets(
    top: Pixels, y: Pixels, height: int, width: int, light: Light, random: np.random.Generator
) -> Pixels:
    """Return how much rock faces look at the light, -1 to 1: spurs that run down from the ridge."""
    side = 1.0 if light.sun_x > 0.5 else -1.0
    below = np.clip(y - top, 0, 1)
    warp = fractal(y.shape[0], width, random, height * 0.20, 1.2) - 0.5
    columns = np.arange(width)[None, :] + (warp * 0.30 + below * side * 0.25) * width * 0.25
    columns = np.clip(columns, 0, width - 1).astype(np.int32)
    slope = np.gradient(top[0]) * width / 8
    rough = fractal(y.shape[0], width, random, height * 0.05, 0.8) - 0.5
    faces: Pixels = slope[columns] * side * 1.3 + rough * 1.6
    held: Pixels = np.clip(faces, -1, 1).astype(np.float32)
    return held


def _folds(rows: int, height: int, width: int, light: Light, random: np.random.Generator) -> Pixels:
    soft = fractal(rows, width, random, height * 0.08, 3.0)
    side = 1.0 if light.sun_x > 0.5 else -1.0
    folds: Pixels = np.clip(np.gradient(soft, axis=1) * -side * height * 0.10, -0.6, 0.6)
    return folds.astype(np.float32)


def _snowed(
    colour: Pixels,
    top: Pixels,
    y: Pixels,
    facets: Pixels,
    near: float,
    horizon: float,
    light: Light,
    height: int,
    random: np.random.Generator,
) -> Pixels:
    """Return mountains with snow from some height on, in the gullies lower down."""
    rows, width, _ = colour.shape
    ragged = fractal(rows, width, random, height * 0.06, 0.9) - 0.5
    line = horizon - 0.16 + 0.16 * ragged + 0.05 * facets
    cover = smooth(0.012, -0.012, y - line) * smooth(0.16, 0.04, y - top - 0.3 * ragged)
    white = hazed((0.90, 0.93, 1.0), light, near + 0.12)
    lit = white * (0.86 + 0.26 * facets)[..., None]
    return mix(colour.astype(np.float32), lit.astype(np.float32), cover * 0.85)


def paint_dunes(
    height: int, width: int, horizon: float, light: Light, random: np.random.Generator
) -> tuple[Layer, ...]:
    """Return dunes behind each other: a sharp crest, one side in the light and one in the shade."""
    y, _ = grid(height, width)
    columns = np.arange(width, dtype=np.float32)
    side = 1.0 if light.sun_x > 0.5 else -1.0
    layers = []
    for near, rise, low in ((0.45, 0.10, 0.00), (0.60, 0.15, 0.05), (0.78, 0.20, 0.13)):
        line = skyline(width, random, width * (0.5 + 0.4 * near))
        wide = max(3, width // 24)
        line = np.convolve(np.pad(line, wide, mode="edge"), np.ones(wide) / wide, "same")
        line = line[wide:-wide].astype(np.float32)
        top = horizon + low + rise * (0.55 - line)
        # The crest runs down the slope towards us, away from the light.
        below = np.clip((y - top[None, :]) / (rise * 1.3), 0, 1)
        wave = fractal(height, width, random, height * 0.16, 2.2) - 0.5
        from_x = np.clip(
            columns[None, :] + side * below * width * 0.16 + wave * width * 0.05, 0, width - 1
        )
        slope = np.gradient(line, 1.0 / width).astype(np.float32)
        faces = slope[from_x.astype(np.int32)] * side
        lit = smooth(-0.6, 0.9, faces)
        ripples = fractal(height, width, random, height * 0.012, 5.0) - 0.5
        sunny = hazed((0.95, 0.72, 0.46), light, near) * (1.06 + 0.22 * ripples)[..., None]
        shade = hazed((0.60, 0.36, 0.22), light, near) * 0.78
        colour = mix(
            np.broadcast_to(shade, (height, width, 3)), sunny, lit * (0.35 + 0.65 * light.strength)
        )
        alpha = smooth(0.0, 2.0 / height, y - top[None, :].astype(np.float32))
        layers.append(Layer(colour.astype(np.float32), alpha, near * 0.9))
    return tuple(layers)


def paint_soil(
    setting: str,
    height: int,
    width: int,
    horizon: float,
    light: Light,
    random: np.random.Generator,
) -> Layer:
    """Return the ground from the horizon to the camera."""
    far, near = _SOILS.get(setting, _SOILS["meadow"])
    y, x = grid(height, width)
    line = skyline(width, random, width * 0.5)
    top = (horizon + 0.014 - 0.035 * line)[None, :].astype(np.float32)
    depth = np.clip((y - top) / (1 - horizon), 0, 1).astype(np.float32)
    colour = mix(hazed(far, light, 0.50), hazed(near, light, 0.97), depth**0.7)
    shape = _shape(setting, height, width, horizon, depth, random)
    side = 1.0 if light.sun_x > 0.5 else -1.0
    tilt = np.gradient(shape, axis=0) * depth + side * 0.9 * np.gradient(shape, axis=1)
    strength = {"desert": 0.017, "snow": 0.012}.get(setting, 0.011)
    relief = np.clip(tilt * height * strength, -0.45, 0.45) * (0.5 + 0.6 * light.strength)
    patches = receding(height, width, horizon, random, grain=70.0, scale=70.0, stretch=1.8)
    tone = 1 + relief + (patches - 0.5) * (0.14 if setting in {"desert", "snow"} else 0.55)
    pool = np.exp(-(((x - light.sun_x) / 0.34) ** 2)) * np.exp(-depth * 2.4)
    warm = np.asarray(light.sun, np.float32) * (0.26 * light.strength * pool)[..., None]
    lit = colour * tone[..., None] + warm * np.asarray(far, np.float32)
    if setting in {"meadow", "forest", "mountains", "village", "autumn"}:
        blades = receding(height, width, horizon, random, grain=210.0, scale=9.0, stretch=0.35)
        dabs = receding(height, width, horizon, random, grain=150.0, scale=14.0, stretch=1.1)
        lit = lit * (1 + (blades - 0.5) * 0.9 * (0.35 + 0.65 * depth))[..., None]
        gold = np.clip((dabs - 0.55) * 3.0, 0, 1) * 0.30 * (0.3 + 0.7 * light.strength)
        lit = mix(lit.astype(np.float32), hazed((0.62, 0.58, 0.24), light, 0.9), gold)
    alpha = smooth(0.0, 2.5 / height, y - top)
    return Layer(np.clip(lit, 0, 4).astype(np.float32), alpha, 0.6)


def _shape(
    setting: str,
    height: int,
    width: int,
    horizon: float,
    depth: Pixels,
    random: np.random.Generator,
) -> Pixels:
    """Return the height of the ground: dunes and wind ripples, drifts, or lumps."""
    lumps = receding(height, width, horizon, random, grain=60.0, scale=60.0, stretch=1.3)
    if setting not in {"desert", "snow"}:
        return lumps
    ripples = receding(height, width, horizon, random, grain=240.0, scale=9.0, stretch=3.0)
    crests = 1 - np.abs(2 * lumps - 1) * 1.6
    fine: Pixels = crests * 0.8 + ripples * (0.30 if setting == "desert" else 0.16) * depth
    return fine.astype(np.float32)
