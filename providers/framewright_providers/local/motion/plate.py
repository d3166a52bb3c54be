"""Plates: pictures cut out and kept as brightness and colour, in the form videos are written.

Working in that form takes a third of the time of working in RGB, and nothing is converted twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

from framewright.media.picture import planes_of, split

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float32]

BLURS = (0.0, 0.0033, 0.0066, 0.01, 0.0133, 0.0166, 0.02)
"""How soft each step out of focus is: radius as a part of the frame's height."""


@dataclass(frozen=True, slots=True)
class Look:
    """One picture: brightness, and the two colours at half its size."""

    y: Image.Image
    u: Image.Image
    v: Image.Image

    @property
    def parts(self) -> tuple[Image.Image, Image.Image, Image.Image]:
        """All three."""
        return self.y, self.u, self.v


@dataclass(frozen=True, slots=True)
class Ground:
    """A plate that lies: it comes nearer from its top row to the frame's lower edge."""

    horizon: float
    """Its top, as a part of the frame's height."""
    far: float
    """The nearness there; at the lower edge it is 1."""

    def nearness(self, row: float) -> float:
        """Return the nearness of a row, given as a part of the frame's height."""
        share = (row - self.horizon) / max(0.05, 1 - self.horizon)
        return self.far + (1 - self.far) * share


@dataclass(frozen=True, slots=True)
class Plate:
    """Something at one distance, or lying from far to near."""

    looks: tuple[Look, ...]
    """More than one where it shimmers."""
    near: float
    cover: Image.Image | None = None
    """Where it is, 0 to 255; None covers the frame."""
    half_cover: Image.Image | None = None
    left: int = 0
    """The frame's column of its first column; even, as is its width."""
    top: int = 0
    """The frame's row of its first row; even, as is its height."""
    wider: float = 0.0
    """How much wider than the frame it is, at its right end, as a part of the frame's width."""
    ground: Ground | None = None


def look_of(pixels: NDArray[np.uint8]) -> Look:
    """Return RGB pixels, both sides even, as a look."""
    y, u, v = (Image.fromarray(np.ascontiguousarray(part)) for part in split(planes_of(pixels)))
    return Look(y, u, v)


def halved(cover: Image.Image) -> Image.Image:
    """Return a cover at half its size."""
    return cover.reduce(2)


def softened(plate: Plate, radius: float) -> Plate:
    """Return a plate out of focus, by a radius in pixels; its cover softens with it."""
    if radius < 0.3:
        return plate

    def soft(image: Image.Image, share: float) -> Image.Image:
        return image.filter(ImageFilter.GaussianBlur(radius * share))

    looks = tuple(
        Look(soft(look.y, 1), soft(look.u, 0.5), soft(look.v, 0.5)) for look in plate.looks[:1]
    )
    cover = None if plate.cover is None else soft(plate.cover, 1)
    half = None if cover is None else halved(cover)
    return replace(plate, looks=looks, cover=cover, half_cover=half)


def spread(values: Values, weight: Values) -> Values:
    """Return values (height, width, n) continued smoothly to where their weight is 0.

    So that the edge of a cut-out never takes in what lies outside it.
    """
    if float(weight.min()) > 0.999:
        return values.astype(np.float32)
    if min(weight.shape) <= 2:
        total = max(float(weight.sum()), 1e-6)
        mean = (values * weight[..., None]).sum(axis=(0, 1)) / total
        share = np.clip(weight, 0, 1)[..., None]
        kept: Values = (values * share + mean * (1 - share)).astype(np.float32)
        return kept
    small_weight = _reduced(weight[..., None])
    sums = _reduced(values * weight[..., None])
    small = sums / np.maximum(small_weight, 1e-5)
    below = spread(small.astype(np.float32), np.minimum(1, small_weight[..., 0] * 4))
    wide = _doubled(below)[: weight.shape[0], : weight.shape[1]]
    share = weight[..., None]
    filled: Values = (values * share + wide * 0.004) / (share + 0.004)
    return filled.astype(np.float32)


def _doubled(values: Values) -> Values:
    """Return values at twice the size, going over from one to the next without steps."""
    made = values
    for axis in (0, 1):
        flat = made if axis == 0 else made.swapaxes(0, 1)
        wide = np.empty((2 * flat.shape[0], *flat.shape[1:]), np.float32)
        wide[0::2] = 0.75 * flat
        wide[1::2] = wide[0::2]
        quarter = 0.25 * flat
        wide[2::2] += quarter[:-1]
        wide[0] += quarter[0]
        wide[1:-1:2] += quarter[1:]
        wide[-1] += quarter[-1]
        made = wide if axis == 0 else wide.swapaxes(0, 1)
    return made


def _reduced(values: Values) -> Values:
    height, width = (side // 2 * 2 for side in values.shape[:2])
    padded = values
    if (height, width) != values.shape[:2]:
        more = [(0, side % 2) for side in values.shape[:2]]
        padded = np.pad(values, (*more, (0, 0)), mode="edge")
        height, width = padded.shape[:2]
    quarters = padded.reshape(height // 2, 2, width // 2, 2, -1)
    mean: Values = quarters.mean(axis=(1, 3))
    return mean
