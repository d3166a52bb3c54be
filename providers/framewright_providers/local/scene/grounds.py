"""The places: what lies between the horizon and the camera, from far to near."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright_providers.local.scene.grove import paint_grove, paint_leafy, paint_shafts
from framewright_providers.local.scene.indoors import paint_room, paint_studio
from framewright_providers.local.scene.land import paint_dunes, paint_soil, ranges
from framewright_providers.local.scene.overhead import paint_overhead
from framewright_providers.local.scene.raster import laid_over
from framewright_providers.local.scene.rooms import paint_interior
from framewright_providers.local.scene.sky import paint_sky
from framewright_providers.local.scene.special import paint_space, paint_underwater
from framewright_providers.local.scene.street import paint_street
from framewright_providers.local.scene.town import paint_city
from framewright_providers.local.scene.village import paint_village
from framewright_providers.local.scene.water import paint_water
from framewright_providers.local.scene.woods import paint_conifers, paint_grass, paint_trunks

if TYPE_CHECKING:
    import numpy as np

    from framewright_providers.local.scene.light import Light
    from framewright_providers.local.scene.raster import Layer
    from framewright_providers.local.scene.words import SceneWords


_HORIZONS = {
    "mountains": 0.66,
    "forest": 0.64,
    "meadow": 0.60,
    "desert": 0.57,
    "snow": 0.60,
    "street": 0.58,
    "alley": 0.56,
    "city": 0.58,
    "village": 0.56,
}
"""Where the horizon lies, as a part of the height from the top; elsewhere 0.53."""


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
    words: SceneWords,
    light: Light,
    height: int,
    width: int,
    random: np.random.Generator,
    looks: int = 1,
) -> Place:
    """Return the place of a scene; its water has so many looks."""
    setting = words.setting
    if words.framing.angle == "overhead" and setting not in {"space", "underwater"}:
        return Place(paint_overhead(words, height, width, light, random), 0.0, 0.56)
    if setting == "studio":
        layer = paint_studio(height, width, light, words.colour, random)
        return Place((layer,), 0.62, 0.80, mirror=0.25)
    if setting == "room" and (not words.near or words.cast):
        dark = words.time in {"night", "blue"}
        horizon = {"low": 0.66, "high": 0.26}.get(words.framing.angle, 0.47)
        layers = paint_interior(
            words.room, height, width, light, random, dark=dark, horizon=horizon
        )
        return Place(layers, horizon, 0.87, mirror=0.10)
    if setting == "room":
        return Place(paint_room(height, width, light, random), 0.55, 0.80, mirror=0.18)
    if setting == "space":
        return Place(paint_space(height, width, random), 0.7, 0.62, floats=True)
    if setting == "underwater":
        return Place(paint_underwater(height, width, random), 0.8, 0.60, floats=True)
    if setting in {"street", "alley"} or (setting == "city" and words.cast):
        horizon = _horizon(words, random)
        return Place(
            paint_street(height, width, horizon, light, words, random), horizon, 0.86, mirror=0.2
        )
    if setting == "city":
        return Place(paint_city(height, width, light, words, random), 0.66, 0.86, mirror=0.4)
    if setting in {"beach", "ocean", "lake"}:
        return _waterside(words, light, height, width, random, looks)
    return _outdoors(words, light, height, width, random)


def _horizon(words: SceneWords, random: np.random.Generator) -> float:
    usual = {
        "mountains": 0.66,
        "forest": 0.64,
        "meadow": 0.60,
        "desert": 0.57,
        "snow": 0.60,
        "street": 0.58,
        "alley": 0.56,
        "city": 0.58,
        "village": 0.56,
    }
    horizon = usual.get(words.setting, 0.53) + float(random.uniform(-0.02, 0.02))
    if words.framing.angle == "low":
        return horizon + 0.20
    if words.framing.angle == "high":
        return horizon - 0.34
    if words.cast and words.framing.close:
        # The lens is level with the eyes, and so is the horizon.
        return 0.46
    return horizon - 0.05 if words.near else horizon


def _waterside(
    words: SceneWords,
    light: Light,
    height: int,
    width: int,
    random: np.random.Generator,
    looks: int,
) -> Place:
    setting, horizon = words.setting, _horizon(words, random)
    sky = paint_sky(height, width, horizon, light, random)
    hills = {"beach": (1, 0.05), "lake": (3, 0.30)}.get(setting, (0, 0.0))
    far = ranges(height, width, horizon, light, random, *hills)
    seen = sky.colour
    for layer in far:
        seen = laid_over(seen, layer)
    water = paint_water(setting, height, width, horizon, light, seen, random, looks)
    if setting == "beach":
        return Place((sky, *far, *water), horizon, 0.84, mirror=0.16, cover="sand")
    return Place((sky, *far, *water), horizon, 0.72, mirror=0.5)


def _outdoors(
    words: SceneWords, light: Light, height: int, width: int, random: np.random.Generator
) -> Place:
    setting, horizon = words.setting, _horizon(words, random)
    sky = paint_sky(height, width, horizon, light, random)
    count = {"mountains": 5, "meadow": 3, "forest": 2}.get(setting, 3)
    rise = {"mountains": 0.44, "desert": 0.10, "snow": 0.24, "forest": 0.14}.get(setting, 0.15)
    sharp = setting in {"mountains", "snow"}
    white = bool({"snow"} & (words.weather | words.also))
    far = ranges(height, width, horizon, light, random, count, rise, sharp=sharp, white=white)
    soil = "snow" if white else setting
    if words.season == "autumn" and setting in {"meadow", "forest"}:
        soil = "autumn"
    # Before the dunes lies flat sand.
    low = horizon + 0.13 if setting == "desert" else horizon
    ground = paint_soil(soil, height, width, low, light, random)
    if setting == "desert":
        far = (*far, *paint_dunes(height, width, horizon, light, random))
    trees: tuple[Layer, ...] = ()
    front: tuple[Layer, ...] = ()
    season = words.season
    if setting == "forest":
        trees = (
            paint_conifers(height, width, horizon, light, random, 0.16, white=white),
            *(
                paint_conifers(height, width, horizon, light, random, near, white=white)
                for near in (0.28, 0.42, 0.56) * (season == "pine")
            ),
            *(
                paint_grove(height, width, horizon, light, random, near, season=season, white=white)
                for near in ((0.14, 0.34) if season != "pine" else ())
            ),
        )
        close = (
            ()
            if season == "pine"
            else (
                paint_grove(
                    height, width, horizon, light, random, 0.62, season=season, white=white
                ),
            )
        )
        shafts: tuple[Layer, ...] = ()
        if light.strength > 0.45 and light.stars < 0.5:
            shafts = (paint_shafts(height, width, horizon, light, random),)
        front = (paint_trunks(height, width, light, random),)
        layers = (sky, *far, *trees, ground, *close, *shafts)
        return Place(layers, horizon, 0.86, front=front, cover="grass" if not white else "sand")
    if setting == "village":
        dark = words.time in {"night", "blue", "storm"}
        trees = (
            paint_conifers(height, width, horizon, light, random, 0.16, sparse=True, white=white),
            *paint_village(height, width, horizon, light, random, dark=dark, white=white),
        )
        cover = "sand" if white else "grass"
        # The ground lies before the far houses and behind the near ones.
        return Place((sky, *far, *trees[:-1], ground, trees[-1]), horizon, 0.88, cover=cover)
    if (setting == "meadow" and season != "summer") or (setting == "meadow" and words.park):
        trees = (paint_leafy(height, width, horizon, light, random, season=season),)
    elif setting in {"meadow", "snow", "mountains"}:
        trees = (
            paint_conifers(height, width, horizon, light, random, 0.16, sparse=True, white=white),
        )
    if setting == "meadow":
        front = (paint_grass(height, width, light, random),)
    cover = "grass" if not white and setting in {"meadow", "forest", "mountains"} else "sand"
    return Place((sky, *far, *trees, ground), horizon, 0.84, front=front, cover=cover)
