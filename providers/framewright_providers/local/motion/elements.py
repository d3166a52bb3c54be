"""What moves by itself before the camera: rain, snow, dust, leaves, embers, smoke, fog, flicker.

All of them are functions of the time alone, so that frames can be made in any order.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from PIL import Image, ImageChops

from framewright_providers.local.motion.lay import laid
from framewright_providers.local.motion.particles import DRIFTS, Swarm
from framewright_providers.local.scene.raster import tile
from framewright_providers.local.scene.weather import falling
from framewright_providers.local.scene.words import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from framewright_providers.local.motion.lay import Canvas
    from framewright_providers.local.scene.colour import Colour
    from framewright_providers.local.scene.weather import Sheet

_FILM = 24
"""The frames a second in which the weather's speeds are given."""
_SMOOTH = Image.Resampling.BILINEAR


class Element(Protocol):
    """Something that is laid over a frame; any thread may ask for any moment."""

    def over(self, canvas: Canvas, seconds: float) -> None:
        """Change the frame to what it is at a time after the beginning."""
        ...


@dataclass(frozen=True, slots=True)
class Fall:
    """Drops or flakes at one distance: a sheet that joins itself, drawn past without end."""

    cover: Image.Image
    """Twice as high and wide as the frame, so that every moment is one piece of it."""
    colour: Colour
    speed: float
    """Frame heights a second."""
    sway: float
    """How far it swings to the side, as a part of the frame's width."""

    def over(self, canvas: Canvas, seconds: float) -> None:
        """Lay the sheet over the frame."""
        width, height = canvas[0].size
        down = height - (self.speed * seconds * height) % height
        swing = self.sway * math.sin(1.56 * seconds) - 0.4 * self.sway * math.sin(0.9 * seconds)
        aside = (-swing * width) % width
        box = (aside, down, aside + width, down + height)
        laid(canvas, self.cover.resize((width, height), _SMOOTH, box=box), self.colour)


@dataclass(frozen=True, slots=True)
class Smoke:
    """Two sheets of haze that drift through each other, within a part of the frame."""

    sheets: tuple[Image.Image, Image.Image]
    """Tiles that join themselves, twice over in both directions."""
    where: Image.Image
    """Where there is any, at a quarter of the frame's size."""
    ways: tuple[tuple[float, float], tuple[float, float]]
    """How far each drifts in a second, right and down, as parts of a tile."""
    colour: Colour

    def over(self, canvas: Canvas, seconds: float) -> None:
        """Lay the haze over the frame."""
        size = self.where.size
        seen = []
        for sheet, (right, down) in zip(self.sheets, self.ways, strict=True):
            side = sheet.width // 2
            x, y = (-right * seconds * side) % side, (-down * seconds * side) % side
            seen.append(sheet.resize(size, _SMOOTH, box=(x, y, x + side, y + side)))
        haze = ImageChops.multiply(ImageChops.multiply(*seen), self.where)
        laid(canvas, haze.resize(canvas[0].size, Image.Resampling.BICUBIC), self.colour)


@dataclass(frozen=True, slots=True)
class Flicker:
    """Light that is not steady, as of a fire, a candle or a bad lamp."""

    phases: tuple[float, ...]
    depth: float = 0.09

    def over(self, canvas: Canvas, seconds: float) -> None:
        """Make the frame a little brighter or darker."""
        rates = (1.3, 2.9, 4.7, 7.3)
        waves = zip(rates, self.phases, strict=True)
        swing = sum(math.sin(2 * math.pi * rate * seconds + at) / rate**0.4 for rate, at in waves)
        gain = 1 + self.depth * (swing / 2.2 - 0.35)
        canvas[0] = canvas[0].point([min(235, round(16 + (y - 16) * gain)) for y in range(256)])


def weather_elements(
    sheets: tuple[Sheet, ...],
) -> tuple[Element, ...]:
    """Return what falls in a composed scene."""
    return tuple(_fall(sheet) for sheet in sheets)


def _fall(sheet: Sheet) -> Fall:
    cover = (np.clip(sheet.cover, 0, 1) * 255 + 0.5).astype(np.uint8)
    twice = Image.fromarray(np.tile(cover, (2, 2)))
    return Fall(twice, sheet.colour, sheet.speed * _FILM, sheet.sway)


def named_elements(prompt: str) -> tuple[str, ...]:
    """Return the elements whose words stand in a prompt."""
    text = prompt[:4_000]
    return tuple(
        name for name, words in _TOLD.items() if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)
    )


def elements_of(
    names: tuple[str, ...], height: int, width: int, random: np.random.Generator
) -> tuple[Element, ...]:
    """Return the named elements for frames of a size, in the order they are laid."""
    made: list[Element] = []
    for name in ELEMENTS:
        if name in names:
            made.extend(_MAKERS[name](height, width, random))
    return tuple(made)


def _rain(height: int, width: int, random: np.random.Generator) -> tuple[Element, ...]:
    return weather_elements(falling(read("a meadow in the rain"), height, width, random))


def _snow(height: int, width: int, random: np.random.Generator) -> tuple[Element, ...]:
    return weather_elements(falling(read("a meadow in falling snow"), height, width, random))


def _swarm(name: str) -> Callable[[int, int, np.random.Generator], tuple[Element, ...]]:
    def make(height: int, width: int, random: np.random.Generator) -> tuple[Element, ...]:
        return (Swarm.of(DRIFTS[name], height, width, random),)

    return make


def _smoke(height: int, width: int, random: np.random.Generator) -> tuple[Element, ...]:
    y = np.linspace(0, 1, max(1, height // 4))[:, None]
    x = np.linspace(0, 1, max(1, width // 4))[None, :]
    column = np.exp(-(((x - 0.5) / (0.12 + 0.22 * (1 - y))) ** 2))
    where = column * np.clip((y - 0.02) / 0.25, 0, 1) * np.clip(1.35 - y, 0, 1) ** 0.5
    return (_haze(where * 1.3, ((0.012, -0.10), (-0.02, -0.16)), (0.74, 0.74, 0.76), random),)


def _fog(height: int, width: int, random: np.random.Generator) -> tuple[Element, ...]:
    y = np.linspace(0, 1, max(1, height // 4))[:, None]
    where = np.exp(-(((y - 0.72) / 0.26) ** 2)) * np.ones((1, max(1, width // 4)))
    return (_haze(where * 1.25, ((0.030, 0.0), (0.052, 0.004)), (0.86, 0.88, 0.90), random),)


def _haze(
    where: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    ways: tuple[tuple[float, float], tuple[float, float]],
    colour: Colour,
    random: np.random.Generator,
) -> Smoke:
    sheets = []
    for scale in (130.0, 70.0):
        field = np.clip((tile(random, scale) - 0.26) / 0.5, 0, 1)
        cover = (field * 255 + 0.5).astype(np.uint8)
        sheets.append(Image.fromarray(np.tile(cover, (2, 2))))
    shown = Image.fromarray((np.clip(where, 0, 1) * 235).astype(np.uint8))
    return Smoke((sheets[0], sheets[1]), shown, ways, colour)


def _flicker(height: int, width: int, random: np.random.Generator) -> tuple[Element, ...]:
    del height, width
    return (Flicker(tuple(float(at) for at in random.uniform(0, 2 * math.pi, 4))),)


_MAKERS: dict[str, Callable[[int, int, np.random.Generator], tuple[Element, ...]]] = {
    "fog": _fog,
    "smoke": _smoke,
    "dust": _swarm("dust"),
    "embers": _swarm("embers"),
    "leaves": _swarm("leaves"),
    "snow": _snow,
    "rain": _rain,
    "flicker": _flicker,
}
ELEMENTS = tuple(_MAKERS)
"""Their names, in the order in which they are laid over each other."""
_TOLD = {
    "rain": "rain|rainy|raining|downpour|drizzle",
    "snow": "snowing|snowfall|falling snow|snowflakes|blizzard|snowstorm",
    "dust": "dust|dusty|motes|pollen|fireflies",
    "leaves": "falling leaves|leaves fall(?:ing)?|autumn leaves|blowing leaves|petals",
    "smoke": "smoke|smoky|smoking|steam|steaming",
    "fog": "drifting (?:fog|mist)|rolling fog|fog|mist",
    "embers": "embers|sparks|campfire|bonfire",
    "flicker": "flicker(?:s|ing)?|candle(?:light)?|candlelit|campfire|bonfire|fireplace",
}
