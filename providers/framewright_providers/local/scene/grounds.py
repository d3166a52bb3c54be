"""The places: what lies between the horizon and the camera, from far to near."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.scene.indoors import paint_room, paint_studio
from framewright_providers.local.scene.raster import (
    Layer,
    fractal,
    grid,
    laid_over,
    mix,
    receding,
    skyline,
    smooth,
)
from framewright_providers.local.scene.sky import paint_sky
from framewright_providers.local.scene.special import paint_space, paint_underwater
from framewright_providers.local.scene.town import paint_city
from framewright_providers.local.scene.water import paint_water

if TYPE_CHECKING:
    from framewright_providers.local.scene.light import Light
    from framewright_providers.local.scene.raster import Pixels
    from framewright_providers.local.scene.words import Colour, SceneWords


@dataclass(frozen=True, slots=True)
class Place:
    """A painted place."""

    layers: tuple[Layer, ...]
    """From far to near."""
    horizon: float
    stand: float
    """Where a subject's feet are: 0 top, 1 bottom."""
    mirror: float = 0.0
    """How clearly the ground reflects a subject."""
    floats: bool = False
    """Whether subjects hang in the scene instead of standing."""
    front: tuple[Layer, ...] = ()
    """What stands between the subject and the camera."""
    cover: str = ""
    """What hides the feet: "grass", "sand" or nothing."""


def paint_place(
    words: SceneWords, light: Light, height: int, width: int, random: np.random.Generator
) -> Place:
    """Return the place of a scene."""
    setting = words.setting
    if setting == "studio":
        layer = paint_studio(height, width, light, words.colour, random)
        return Place((layer,), 0.62, 0.80, mirror=0.25)
    if setting == "room":
        return Place(paint_room(height, width, light, random), 0.55, 0.80, mirror=0.18)
    if setting == "space":
        return Place(paint_space(height, width, random), 0.7, 0.62, floats=True)
    if setting == "underwater":
        return Place(paint_underwater(height, width, random), 0.8, 0.60, floats=True)
    if setting == "city":
        return Place(paint_city(height, width, light, words, random), 0.66, 0.86, mirror=0.4)
    return _outdoors(words, light, height, width, random)


def _outdoors(
    words: SceneWords, light: Light, height: int, width: int, random: np.random.Generator
) -> Place:
    setting = words.setting
    horizon = {"mountains": 0.66, "forest": 0.66, "meadow": 0.60, "desert": 0.58}.get(setting, 0.54)
    if words.near:
        horizon -= 0.06
    sky = paint_sky(height, width, horizon, light, random)
    if setting in {"beach", "ocean", "lake"}:
        hills = {"beach": (1, 0.05), "lake": (3, 0.30)}.get(setting, (0, 0.0))
        far = _ranges(height, width, horizon, light, random, *hills)
        seen = sky.colour
        for layer in far:
            seen = laid_over(seen, layer)
        water = paint_water(setting, height, width, horizon, light, seen, random)
        stand = 0.84 if setting == "beach" else 0.72
        return Place((sky, *far, *water), horizon, stand, mirror=0.45)
    count = 4 if setting == "mountains" else 2
    rise = {"mountains": 0.42, "desert": 0.10, "snow": 0.20, "forest": 0.16}.get(setting, 0.12)
    far = _ranges(height, width, horizon, light, random, count, rise, sharp=setting != "desert")
    ground = _ground(setting, height, width, horizon, light, random)
    trees: tuple[Layer, ...] = ()
    if setting == "forest":
        trees = tuple(
            _trees(height, width, horizon, light, random, near) for near in (0.22, 0.42, 0.62)
        )
    elif setting in {"meadow", "snow", "mountains"} and random.random() < 0.7:
        trees = (_trees(height, width, horizon, light, random, 0.22),)
    return Place((sky, *far, *trees, ground), horizon, 0.84)


def hazed(colour: Colour, light: Light, near: float) -> Colour:
    """Return a colour as the air between makes it: far things take the horizon's colour."""
    share = (1 - near) * (0.35 + 0.6 * light.haze)
    lit = np.asarray(colour) * (
        np.asarray(light.ambient) + np.asarray(light.sun) * light.strength * 0.75
    )
    mixed = lit + (np.asarray(light.horizon) * 0.92 - lit) * share
    return tuple(float(part) for part in np.clip(mixed, 0, 1))  # type: ignore[return-value]


def _ranges(
    height: int,
    width: int,
    horizon: float,
    light: Light,
    random: np.random.Generator,
    count: int,
    rise: float,
    *,
    sharp: bool = True,
) -> tuple[Layer, ...]:
    """Return ranges of hills one behind the other, paler the farther."""
    layers = []
    y, _ = grid(height, width)
    for number in range(count):
        near = 0.04 + 0.40 * number / max(1, count)
        scale = width * (0.42 - 0.07 * number)
        line = skyline(width, random, scale, sharp=sharp)
        top = horizon + 0.015 * number - rise * (1 - 0.62 * number / max(1, count)) * line
        alpha = smooth(0.0, 2.5 / height, y - top[None, :])
        base = hazed((0.36, 0.40, 0.46), light, near)
        valley = hazed((0.48, 0.52, 0.56), light, near * 0.4)
        depth = np.clip((y - top[None, :]) / 0.26, 0, 1)
        colour = mix(base, valley, depth.astype(np.float32))
        rock = fractal(height, width, random, height * 0.10, 1.4)
        side = 1.0 if light.sun_x > 0.5 else -1.0
        relief = np.clip(np.gradient(rock, axis=1) * side * height * 0.03, -0.4, 0.4)
        colour = colour * (1 - relief * (0.15 + 1.1 * near))[..., None]
        layers.append(Layer(np.clip(colour, 0, 1).astype(np.float32), alpha, near))
    return tuple(layers)


_SOILS: dict[str, tuple[Colour, Colour]] = {
    "desert": ((0.86, 0.66, 0.44), (0.72, 0.48, 0.30)),
    "snow": ((0.94, 0.96, 1.0), (0.76, 0.84, 0.94)),
    "forest": ((0.24, 0.30, 0.18), (0.16, 0.18, 0.12)),
    "mountains": ((0.40, 0.44, 0.32), (0.26, 0.27, 0.22)),
    "meadow": ((0.46, 0.58, 0.26), (0.28, 0.38, 0.16)),
}


def _ground(
    setting: str,
    height: int,
    width: int,
    horizon: float,
    light: Light,
    random: np.random.Generator,
) -> Layer:
    far, near = _SOILS.get(setting, _SOILS["meadow"])
    y, x = grid(height, width)
    line = skyline(width, random, width * 0.5)
    top = horizon + 0.012 - 0.03 * line
    depth = np.clip((y - top[None, :]) / (1 - horizon), 0, 1).astype(np.float32)
    colour = mix(hazed(far, light, 0.45), hazed(near, light, 0.95), depth)
    texture = receding(height, width, horizon, random, grain=130.0, scale=40.0, stretch=1.4)
    relief = (texture - 0.5) * (0.16 + 0.5 * depth)
    if setting in {"desert", "snow"}:
        waves = np.sin(34 * depth**0.6 + 9 * line[None, :] + 5 * texture) * 0.05 * depth
        relief = relief * 0.6 + waves
    pool = np.exp(-(((x - light.sun_x) / 0.42) ** 2)) * np.exp(-depth * 2.2)
    warm = np.asarray(light.sun, np.float32) * (0.22 * light.strength * pool)[..., None]
    lit = colour * (1 + relief)[..., None] + warm
    blades = _blades(height, width, random) if setting == "meadow" else None
    if blades is not None:
        lit = lit * (1 - 0.30 * blades * depth)[..., None]
    alpha = smooth(0.0, 3.0 / height, y - top[None, :])
    return Layer(np.clip(lit, 0, 1).astype(np.float32), alpha, 0.6)


def _blades(height: int, width: int, random: np.random.Generator) -> Pixels:
    return smooth(0.55, 0.75, fractal(height, width, random, 26.0, 0.22))


def _trees(
    height: int,
    width: int,
    horizon: float,
    light: Light,
    random: np.random.Generator,
    near: float,
) -> Layer:
    """Return a row of conifers, nearer ones larger and darker."""
    y, _ = grid(height, width)
    columns = np.arange(width)
    tops = np.full(width, horizon + 0.05 + 0.1 * near)
    size = 0.08 + 0.62 * near**1.2
    at = -0.02
    while at < 1.02:
        centre = at * width
        tall = size * float(random.uniform(0.55, 1.1))
        half = tall * height * 0.17
        away = np.abs(columns - centre) / half
        tiers = 0.10 * np.abs(((away * 7 + random.random()) % 1.0) - 0.5)
        crown = horizon + 0.05 + 0.1 * near - tall * (1 - np.clip(away, 0, 1) - tiers * (away < 1))
        tops = np.where(away < 1, np.minimum(tops, crown), tops)
        at += size * float(random.uniform(0.10, 0.30))
    ragged = fractal(height, width, random, 9.0, 1.2)
    depth = y - tops[None, :].astype(np.float32) + (ragged - 0.5) * 0.018
    alpha = smooth(0.0, 0.004, depth.astype(np.float32))
    dark = hazed((0.13, 0.20, 0.15), light, near)
    rim = hazed((0.36, 0.42, 0.26), light, near)
    lit = np.clip(1 - depth * 11, 0, 1) * ragged
    foot = np.clip((y - horizon - 0.02) * 6, 0, 1) * (1 - near)
    colour = mix(mix(dark, rim, lit.astype(np.float32)), hazed((0.5, 0.5, 0.5), light, 0.1), foot)
    return Layer(colour, alpha, near)
