"""Rain and snow as sheets that join themselves at top and bottom, so that they can fall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from framewright_providers.local.scene.raster import blurred

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framewright_providers.local.scene.colour import Colour
    from framewright_providers.local.scene.raster import Pixels
    from framewright_providers.local.scene.words import SceneWords


@dataclass(frozen=True, slots=True)
class Sheet:
    """Drops or flakes at one distance."""

    cover: Pixels
    """(height, width), 0 to 1; the top row goes on where the bottom row ends."""
    colour: Colour
    speed: float
    """How many frame heights it falls in a frame of film."""
    sway: float = 0.0
    """How far it swings to the side, as a part of the width."""


def falling(
    words: SceneWords, height: int, width: int, random: np.random.Generator
) -> tuple[Sheet, ...]:
    """Return what falls in a scene, from far to near; nothing indoors or out of the air."""
    if words.setting in {"studio", "room", "space", "underwater"}:
        return ()
    if "rain" in words.weather:
        return tuple(
            Sheet(_streaks(height, width, long, many, random) * share, (0.80, 0.85, 0.92), speed)
            for long, many, share, speed in ((16, 900, 0.30, 0.055), (38, 260, 0.42, 0.093))
        )
    if "snow" in words.weather:
        return tuple(
            Sheet(_flakes(height, width, size, many, random), (0.96, 0.97, 1.0), speed, 0.006)
            for size, many, speed in ((0.9, 900, 0.0055), (1.7, 260, 0.0098), (3.4, 46, 0.0171))
        )
    return ()


def fallen(sheet: Sheet, number: int) -> Pixels:
    """Return a sheet's cover at a frame of film."""
    height, width = sheet.cover.shape
    down = round(sheet.speed * number * height) % height
    aside = round(sheet.sway * width * float(np.sin(number * 0.065)))
    return np.roll(sheet.cover, (down, aside), (0, 1))


def under(picture: NDArray[np.uint8], sheets: tuple[Sheet, ...], number: int) -> NDArray[np.uint8]:
    """Return an 8-bit picture with what falls before it."""
    shown = Image.fromarray(picture)
    for sheet in sheets:
        mask = Image.fromarray((fallen(sheet, number) * 255).astype(np.uint8))
        red, green, blue = (round(part * 255) for part in sheet.colour)
        shown.paste((red, green, blue), (0, 0), mask)
    return np.asarray(shown)


def _streaks(height: int, width: int, long: int, many: int, random: np.random.Generator) -> Pixels:
    drops = np.zeros((height, width), np.float32)
    rows, columns = random.integers(0, height, many), random.integers(0, width, many)
    strength = random.uniform(0.35, 1.0, many).astype(np.float32)
    length = max(4, round(long * height / 720))
    for step in range(length):
        fade = 1 - abs(step / length - 0.5) * 1.6
        drops[(rows + step) % height, (columns - step // 9) % width] = strength * fade
    return drops


def _flakes(height: int, width: int, size: float, many: int, random: np.random.Generator) -> Pixels:
    flakes = np.zeros((height, width), np.float32)
    flakes[random.integers(0, height, many), random.integers(0, width, many)] = 1
    pad = 16
    around = np.pad(flakes, pad, mode="wrap")
    soft = blurred(around, size)[pad:-pad, pad:-pad]
    lit: Pixels = np.clip(soft * (5.0 * size * size + 2.0), 0, 0.85)
    return lit
