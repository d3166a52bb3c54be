"""Pixels: gradients, fractal noise, layers laid over each other. Float32, 0 to 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from framewright_providers.local.scene.words import Colour

    Pixels = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Layer:
    """A part of the scene at one distance."""

    colour: Pixels
    """(height, width, 3)."""
    alpha: Pixels
    """(height, width)."""
    near: float
    """0 far away, 1 at the camera."""


def grid(height: int, width: int) -> tuple[Pixels, Pixels]:
    """Return y and x of each pixel as columns and rows from 0 to 1."""
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    return y, x


def smooth(low: float, high: float, value: Pixels) -> Pixels:
    """Return a soft step from 0 at `low` to 1 at `high`."""
    share = np.clip((value - low) / (high - low), 0, 1)
    stepped: Pixels = (share * share * (3 - 2 * share)).astype(np.float32)
    return stepped


def mix(one: Pixels | Colour, other: Pixels | Colour, share: Pixels) -> Pixels:
    """Return colours between two, by a (height, width) share."""
    first, second = np.asarray(one, np.float32), np.asarray(other, np.float32)
    mixed: Pixels = first + (second - first) * share[..., None]
    return mixed.astype(np.float32)


def ramp(stops: Sequence[tuple[float, Colour]], height: int, width: int) -> Pixels:
    """Return a vertical gradient through stops at parts of the height."""
    y = np.linspace(0, 1, height)
    places = [at for at, _ in stops]
    bands = [np.interp(y, places, [colour[part] for _, colour in stops]) for part in range(3)]
    column = np.stack(bands, axis=-1).astype(np.float32)
    return np.repeat(column[:, None, :], width, axis=1)


def resized(field: Pixels, height: int, width: int) -> Pixels:
    """Return a field in another size, smoothly."""
    image = Image.fromarray(np.ascontiguousarray(field, np.float32))
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC), np.float32)


def fractal(
    height: int, width: int, random: np.random.Generator, scale: float, stretch: float = 1.0
) -> Pixels:
    """Return noise of five octaves around 0.5; `scale` is its largest feature in pixels high.

    `stretch` makes features so many times wider than high.
    """
    total = np.zeros((height, width), np.float32)
    weight = 0.0
    for octave in range(5):
        size = max(2.0, scale / 2**octave)
        rows, columns = int(height / size) + 3, int(width / size / stretch) + 3
        level = 0.5**octave
        total += level * resized(random.random((rows, columns)).astype(np.float32), height, width)
        weight += level
    even: Pixels = np.clip(total / weight, 0, 1)
    return even


def receding(field: Pixels, top: float) -> Pixels:
    """Return noise laid on the ground: rows below `top` (part of the height) crowd towards it."""
    height = field.shape[0]
    rows = np.arange(height) / height
    depth = 1 / np.maximum(rows - top + 0.06, 0.06)
    picked = (depth / depth.max() * (height - 1) * 1.7).astype(int) % height
    laid: Pixels = field[picked]
    return laid


def blurred(field: Pixels, radius: float) -> Pixels:
    """Return a (height, width) field of 0 to 1, blurred."""
    image = Image.fromarray((np.clip(field, 0, 1) * 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), np.float32) / 255


def laid_over(below: Pixels, layer: Layer) -> Pixels:
    """Return a picture with a layer on it."""
    return mix(below, layer.colour, layer.alpha)


def solid(height: int, width: int, near: float, colour: Pixels) -> Layer:
    """Return a layer that covers everything."""
    return Layer(colour, np.ones((height, width), np.float32), near)


def skyline(
    width: int, random: np.random.Generator, scale: float, *, sharp: bool = False
) -> Pixels:
    """Return a height from 0 to 1 for each column, rolling or, when sharp, jagged."""
    line = fractal(4, width, random, scale, 1.0)[1] if not sharp else _ridge(width, random, scale)
    low, high = float(line.min()), float(line.max())
    return (line - low) / max(1e-6, high - low)


def _ridge(width: int, random: np.random.Generator, scale: float) -> Pixels:
    x = np.arange(width)
    total = np.zeros(width)
    for octave in range(6):
        step = max(3.0, scale / 2**octave)
        knots = random.random(int(width / step) + 3)
        total += np.interp(x, np.arange(knots.size) * step, knots) * 0.55**octave
    return total.astype(np.float32)
