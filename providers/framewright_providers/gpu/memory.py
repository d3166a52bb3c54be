"""Which size would have fitted, from what was measured. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

_SHARE = 0.9
"""How much of the room an estimate fills: memory is never used without gaps."""
_WANTED = re.compile(r"[Tt]ried to allocate ([0-9.]+) ([KMG]i?B)")
_UNITS = {"K": 2**10, "M": 2**20, "G": 2**30}


@dataclass(frozen=True, slots=True)
class Shortage:
    """What is known where memory ran out; all in bytes."""

    capacity: int
    """What there is for the model, its weights included; 0 where nobody says."""
    weights: int
    needed: int
    """What it had, weights included, with what it wanted when there was no more: at least."""
    per_pixel: float | None = None
    """What each pixel of each frame has taken before, where it worked."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A size that would fit, as far as is known."""

    width: int
    height: int
    measured: bool
    """Whether it follows from pictures that were made; else from where the memory ended."""


def wanted_bytes(text: str) -> int:
    """Return how much torch says it wanted when there was no more; 0 where it does not say."""
    found = _WANTED.search(text)
    return int(float(found[1]) * _UNITS[found[2][0]]) if found else 0


def size_that_fits(
    width: int, height: int, frames: int, sides: int, shortage: Shortage
) -> Fit | None:
    """Return the largest size of that shape that fits; None where nothing is known or fits.

    What is not weights grows with the number of pixels: in a diffusion network every layer holds
    a fixed number of values for each, and its attention is computed in pieces.
    """
    pixels = width * height * frames
    room = (shortage.capacity - shortage.weights) * _SHARE
    so_far = (shortage.needed - shortage.weights) / pixels
    measured = shortage.per_pixel is not None
    per_pixel = max(so_far, shortage.per_pixel or 0.0)
    if room <= 0 or per_pixel <= 0:
        return None
    # That it did not fit is known, whatever was measured before.
    scale = min(math.sqrt(room / (per_pixel * pixels)), 0.95)
    smaller = (_down(width * scale, sides), _down(height * scale, sides))
    return Fit(*smaller, measured=measured) if min(smaller) >= sides else None


def _down(side: float, step: int) -> int:
    return int(side // step) * step
