"""Pictures of what things are made of, drawn for their colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from framewright_providers.local.scene.raster import tile
from framewright_providers.local.solid.gltf import Stuff

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from framewright_providers.local.scene.colour import Colour

    Pixels = NDArray[np.float32]

_SIDE = 256


def stuff(kind: str, colour: Colour, random: np.random.Generator) -> Stuff:
    """Return a material of a kind in `KINDS` in a colour of 0 to 1."""
    metal, rough, glow, draw = _KINDS[kind]
    base = np.asarray(colour, np.float32)
    shade = draw(random)
    pixels = np.clip(base * shade[..., None], 0, 1)
    picture = Image.fromarray((pixels * 255 + 0.5).astype(np.uint8))
    return Stuff(kind, picture, metal, rough, glow)


def pictured(picture: Image.Image, *, rough: float = 0.8) -> Stuff:
    """Return a material that shows a picture."""
    return Stuff("picture", picture, 0.0, rough)


def _noise(random: np.random.Generator, scale: float, stretch: float = 1.0) -> Pixels:
    field: Pixels = tile(random, scale, stretch)[:_SIDE, :_SIDE].astype(np.float32)
    return field - 0.5


def _plain(random: np.random.Generator) -> Pixels:
    return 1 + 0.05 * _noise(random, 8)


def _glazed(random: np.random.Generator) -> Pixels:
    down = np.linspace(1.06, 0.90, _SIDE, dtype=np.float32)[:, None]
    specks = (_noise(random, 4) > 0.34).astype(np.float32)
    made: Pixels = down + 0.16 * _noise(random, 60) - 0.25 * specks
    return made


def _wooden(random: np.random.Generator) -> Pixels:
    across = np.linspace(0, 7, _SIDE, dtype=np.float32)[None, :] + 2.2 * _noise(random, 70, 0.25)
    rings: Pixels = np.sin(2 * np.pi * across).astype(np.float32)
    return 0.9 + 0.14 * rings + 0.30 * _noise(random, 7, 0.12)


def _stone(random: np.random.Generator) -> Pixels:
    return 0.95 + 0.5 * _noise(random, 26) + 0.25 * _noise(random, 5)


def _brushed(random: np.random.Generator) -> Pixels:
    return 0.97 + 0.22 * _noise(random, 4, 24.0)


def _leafy(random: np.random.Generator) -> Pixels:
    return 0.92 + 0.8 * _noise(random, 12) + 0.3 * _noise(random, 40)


def _bricks(random: np.random.Generator) -> Pixels:
    y, x = np.mgrid[0:_SIDE, 0:_SIDE]
    row = y // 32
    gap = ((y % 32) < 3) | (((x + (row % 2) * 32) % 64) < 3)
    each = random.uniform(0.82, 1.08, (16, 16))
    shade = each[row % 16, ((x + (row % 2) * 32) // 64) % 16]
    made: Pixels = (np.where(gap, 0.62, shade) + 0.25 * _noise(random, 6)).astype(np.float32)
    return made


def _ribbed(random: np.random.Generator) -> Pixels:
    across = np.linspace(0, 20, _SIDE, dtype=np.float32)[None, :]
    made: Pixels = (0.92 + 0.12 * np.cos(2 * np.pi * across)).astype(np.float32)
    return made + 0.2 * _noise(random, 20)


_KINDS: dict[str, tuple[float, float, float, Callable[[np.random.Generator], Pixels]]] = {
    "plain": (0.0, 0.6, 0.0, _plain),
    "ceramic": (0.0, 0.25, 0.0, _glazed),
    "wood": (0.0, 0.7, 0.0, _wooden),
    "stone": (0.0, 0.9, 0.0, _stone),
    "metal": (1.0, 0.35, 0.0, _brushed),
    "leaf": (0.0, 0.8, 0.0, _leafy),
    "brick": (0.0, 0.9, 0.0, _bricks),
    "cloth": (0.0, 0.95, 0.0, _ribbed),
    "light": (0.0, 0.5, 0.9, _plain),
}
KINDS = tuple(_KINDS)
