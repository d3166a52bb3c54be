"""A portrait whose mouth opens: the lips part, the jaw goes down, teeth and tongue show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framewright_providers.local.face.finding import Place
    from framewright_providers.local.face.mouth import Mouth

    Field = NDArray[np.floating[Any]]

_OPENS = 0.92
"""The widest gap, in half mouths."""
_UPPER = 0.24
"""How much of the gap the upper lip makes."""
_CHIN, _NOSE = 2.3, 1.1
"""How far down and up the skin gives, in half mouths."""
_ASIDE = 1.9
_INSIDE = np.array((52.0, 16.0, 18.0))
_TEETH = np.array((226.0, 220.0, 208.0))
_TONGUE = np.array((158.0, 72.0, 74.0))


@dataclass(frozen=True, slots=True)
class Speaker:
    """A portrait and where its mouth is; any thread may ask for any mouth."""

    picture: NDArray[np.uint8]
    """(height, width, 3); with its mouth closed."""
    place: Place

    def saying(self, mouth: Mouth) -> NDArray[np.uint8]:
        """Return the portrait with that mouth."""
        if mouth.open < 0.01 and abs(mouth.wide) < 0.02:
            return self.picture
        half, height, width = self.place.half, *self.picture.shape[:2]
        left = max(0, int(self.place.x - half * (_ASIDE + 0.4)))
        right = min(width, int(self.place.x + half * (_ASIDE + 0.4)) + 2)
        top = max(0, int(self.place.y - half * (_NOSE + 0.3)))
        low = min(height, int(self.place.y + half * (_CHIN + _OPENS)) + 2)
        u = ((np.arange(left, right) + 0.5 - self.place.x) / half)[None, :]
        v = ((np.arange(top, low) + 0.5 - self.place.y) / half)[:, None]
        shown = self.picture.copy()
        shown[top:low, left:right] = self._around(u, v, mouth)
        return shown

    def _around(self, u: Field, v: Field, mouth: Mouth) -> NDArray[np.uint8]:
        """Return the pixels around the mouth; u and v are places in half mouths from its middle."""
        # Round lips are narrower and come forward; spread ones are wider.
        stretch = 1 + (0.16 if mouth.wide > 0 else 0.34) * mouth.wide
        calm = np.exp(-((u / 1.25) ** 2) - ((v - 0.1) / 0.85) ** 2)
        across = u / (1 + (stretch - 1) * calm)
        arch = np.sqrt(np.clip(1 - (u / (0.93 * stretch)) ** 2, 0, 1))
        gap = _OPENS * mouth.open * arch
        upper, lower = _UPPER * gap, (1 - _UPPER) * gap
        # What is beside the mouth follows its jaw, ever less towards the ears.
        jaw = (1 - _UPPER) * _OPENS * mouth.open * 0.8 * np.exp(-((u / 1.35) ** 2))
        pulled = np.maximum(lower, jaw * np.clip(v / 0.8, 0, 1))
        down = np.where(
            v >= 0,
            np.clip(
                (v - pulled) * (_CHIN + 0.55) / np.maximum(_CHIN + 0.55 - pulled, 0.2), 0, None
            ),
            -np.clip((-v - upper) * _NOSE / np.maximum(_NOSE - upper, 0.2), 0, None),
        )
        down = np.where(v >= _CHIN + 0.55, v, np.where(v <= -_NOSE, v, down))
        skin = self._sampled(across, down)
        # The edge of the gap is as soft as a pixel.
        soft = self.place.half
        within = np.minimum(v + upper, lower - v) * soft
        cover = np.clip(within + 0.5, 0, 1) * np.clip(gap * soft - 0.5, 0, 1)
        inside = _inside(u, v, upper, gap, mouth)
        made = skin + (inside - skin) * cover[..., None]
        pixels: NDArray[np.uint8] = np.clip(made + 0.5, 0, 255).astype(np.uint8)
        return pixels

    def _sampled(self, u: Field, v: Field) -> Field:
        """Return the portrait at places in half mouths, between its pixels."""
        height, width = self.picture.shape[:2]
        x = np.clip(self.place.x + u * self.place.half - 0.5, 0, width - 1.001)
        y = np.clip(self.place.y + v * self.place.half - 0.5, 0, height - 1.001)
        x, y = np.broadcast_arrays(x, y)
        column, row = x.astype(int), y.astype(int)
        right, below = (x - column)[..., None], (y - row)[..., None]
        whole = self.picture
        upper = whole[row, column] * (1 - right) + whole[row, column + 1] * right
        lower = whole[row + 1, column] * (1 - right) + whole[row + 1, column + 1] * right
        sampled: Field = upper * (1 - below) + lower * below
        return sampled


def _inside(u: Field, v: Field, upper: Field, gap: Field, mouth: Mouth) -> Field:
    """Return what is behind the lips: the upper teeth, the tongue, and the dark."""
    deep = (v + upper) / np.maximum(gap, 1e-3)
    shade = (1 - 0.55 * np.clip(u**2, 0, 1))[..., None]
    made = _INSIDE * np.ones((*deep.shape, 3))
    tongue = np.clip((deep - 0.72) / 0.2, 0, 1) * np.clip(1.1 - np.abs(u) * 1.5, 0, 1)
    made = made + (_TONGUE - made) * (0.75 * tongue)[..., None]
    reach = 0.20 + 0.18 * mouth.teeth
    teeth = np.clip((reach - (v + upper)) / 0.04, 0, 1) * np.clip(1.35 - np.abs(u) * 1.25, 0, 1)
    made = made + (_TEETH - made) * (0.92 * teeth)[..., None]
    lit: Field = made * shade
    return lit
