"""Finds the mouth in a portrait: a red, dark-lined bar with smooth skin all around it.

No face model is needed and none is kept: what is looked for is what is moved. It finds the mouth
of a clear portrait from the front and says so where it finds none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Field = NDArray[np.floating[Any]]

_ROWS = 240
"""The height at which is looked."""
_LEAST_SCORE = 3.0
"""Clear portraits from the front come to 6, eyes and fruit to no more than 2.7."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mouth is, in pixels of the picture."""

    x: float
    """The middle of the line between the lips."""
    y: float
    half: float
    """Half its width."""


def find_mouth(picture: Image.Image) -> Place | None:
    """Return the likeliest mouth of a portrait, or None where there is none to be sure of."""
    scale = _ROWS / picture.height
    size = (max(8, round(picture.width * scale)), _ROWS)
    small = np.asarray(picture.convert("RGB").resize(size, Image.Resampling.BOX), np.float64) / 255
    light = small @ np.array((0.2126, 0.7152, 0.0722))
    total = small.sum(axis=-1) + 0.05
    red = (small[..., 0] - small[..., 1]) / total
    skin = _skin(small)
    best: tuple[float, Place] | None = None
    for width in np.geomspace(10, 84, 15):
        found = _best_of_width(float(width), light, red, skin)
        if found is not None and (best is None or found[0] > best[0]):
            best = found
    if best is None or best[0] < _LEAST_SCORE:
        return None
    place = best[1]
    return Place(place.x / scale, place.y / scale, place.half / scale)


def _skin(small: Field) -> Field:
    """Return where the colour is that of skin of any tone (Chai and Ngan 1999, widened)."""
    red, green, blue = (small[..., part] for part in range(3))
    y = 0.299 * red + 0.587 * green + 0.114 * blue
    cb, cr = 0.564 * (blue - y), 0.713 * (red - y)
    skin: Field = ((cr > 0.010) & (cr < 0.22) & (cb > -0.22) & (cb < 0.01) & (y > 0.08)).astype(
        float
    )
    return skin


def _best_of_width(
    width: float, light: Field, red: Field, skin: Field
) -> tuple[float, Place] | None:
    lips_h, lips_w = max(3, round(width * 0.34) | 1), round(width) | 1
    high, wide = round(width * 1.5) | 1, round(width * 1.7) | 1
    line_h, line_w = max(1, round(width * 0.09) | 1), round(width * 0.7) | 1
    if high >= light.shape[0] or wide >= light.shape[1]:
        return None
    inner, outer = lips_h * lips_w, high * wide
    ring = outer - inner

    def around(field: Field) -> Field:
        return (_box(field, high, wide) * outer - _box(field, lips_h, lips_w) * inner) / ring

    ring_red, ring_light = around(red), around(light)
    spread = np.sqrt(np.maximum(around(red**2) - ring_red**2, 1e-6))
    uneven = np.sqrt(np.maximum(around(light**2) - ring_light**2, 1e-6))
    redder = (_box(red, lips_h, lips_w) - ring_red) / (spread + 0.012)
    darker = (ring_light - _box(light, line_h, line_w)) / (uneven + 0.03)
    smooth = np.clip((0.20 - uneven) / 0.10, 0, 1)
    covered = np.clip((around(skin) - 0.55) / 0.25, 0, 1)
    # A mouth is as red at its left as at its right, and not beyond its ends.
    third = max(1, lips_w // 3) | 1
    left, right = (np.roll(_box(red, lips_h, third), side * third, axis=1) for side in (1, -1))
    even = np.clip(
        1 - 4 * np.abs(left - right) / (np.abs(left + right - 2 * ring_red) + 0.02), 0, 1
    )
    # Brows are red and dark as well: far darker than lips, and without eyes over them.
    lips_light = _box(light, lips_h, lips_w)
    pale = np.clip(1 - ((ring_light - lips_light) / (ring_light + 0.02) - 0.30) / 0.15, 0, 1)
    eyed = np.clip((_eyes_above(width, light, ring_light) - 0.05) / 0.15, 0, 1)
    score = (
        pale
        * eyed
        * np.clip(redder, 0, 3)
        * np.clip(darker, 0, 2.5)
        * smooth
        * covered
        * (0.4 + 0.6 * even)
    )
    edge = high // 2
    score[:edge], score[-edge:] = 0, 0
    score[:, : wide // 2], score[:, -(wide // 2) :] = 0, 0
    row, column = divmod(int(score.argmax()), score.shape[1])
    # The line between the lips is the darkest one near the middle.
    reach = max(1, round(width * 0.18))
    rows = np.arange(max(0, row - reach), min(light.shape[0], row + reach + 1))
    dark = _box(light, 1, line_w)[rows, column]
    place = Place(column + 0.5, float(rows[int(dark.argmin())]) + 0.5, width / 2)
    return float(score[row, column]), place


def _eyes_above(width: float, light: Field, ring_light: Field) -> Field:
    """Return how much darker, of the skin's light, it is where the eyes would be: the paler one."""
    spots = _box(light, max(1, round(width * 0.16)) | 1, max(1, round(width * 0.34)) | 1)
    sides = []
    for side in (-1, 1):
        darkest = np.full_like(light, np.inf)
        for down in np.linspace(0.95, 2.3, 8):
            for across in np.linspace(0.40, 0.95, 5):
                move = (round(down * width), -side * round(across * width))
                darkest = np.minimum(darkest, np.roll(spots, move, axis=(0, 1)))
        sides.append(darkest)
    return (ring_light - np.maximum(*sides)) / (ring_light + 0.02)


def _box(field: Field, high: int, wide: int) -> Field:
    """Return the mean over a box around each pixel; the edges are continued."""
    padded = np.pad(field, ((high // 2 + 1, high // 2), (wide // 2 + 1, wide // 2)), mode="edge")
    sums = padded.cumsum(axis=0).cumsum(axis=1)
    whole = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
    mean: Field = whole / (high * wide)
    return mean
