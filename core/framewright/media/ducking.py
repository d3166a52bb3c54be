"""Ducking: music steps back while a voice sounds, and comes back after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framewright.media.levels import amplitude, hop_peaks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framewright.media.sound_stream import Samples

HOP = 480
"""Samples for which one decision holds: 10 ms at 48 kHz."""

_DEPTH_DB = -12.0
_ATTACK_HOPS = 20
"""How long before the voice the music begins to step back."""
_HOLD_HOPS = 45
"""Pauses between words that the music does not fill."""
_RELEASE_HOPS = 70
_ABSOLUTE_FLOOR = amplitude(-50.0)
_BELOW_LOUDEST = amplitude(-30.0)


@dataclass(frozen=True, slots=True)
class DuckCurve:
    """The gain of what steps back, over time."""

    gains_db: np.ndarray
    """One value at the beginning of each hop."""

    def over(self, start: int, count: int) -> np.ndarray:
        """Return the factor for each of `count` samples from `start` on."""
        if not self.gains_db.size:
            return np.ones(count, dtype=np.float32)
        first = start // HOP
        near = self.gains_db[first : (start + count) // HOP + 2]
        if not near.size:
            near, first = self.gains_db[-1:], self.gains_db.size - 1
        places = (first + np.arange(near.size)) * HOP
        decibels = np.interp(np.arange(start, start + count), places, near)
        factors: np.ndarray = (10.0 ** (decibels / 20)).astype(np.float32)
        return factors


def sounding_hops(blocks: Iterator[Samples]) -> np.ndarray:
    """Return for each hop whether the voice sounds in it, measured against its loudest moment."""
    levels = hop_peaks(blocks, HOP)
    floor = max(_ABSOLUTE_FLOOR, float(levels.max(initial=0)) * _BELOW_LOUDEST)
    return levels > floor


def duck_curve(sounding: np.ndarray) -> DuckCurve:
    """Return the gain for music under a voice that sounds in these hops."""
    if not sounding.size:
        return DuckCurve(np.zeros(0))
    held = np.concatenate([np.zeros(_HOLD_HOPS, dtype=bool), sounding])
    active = np.asarray(np.lib.stride_tricks.sliding_window_view(held, _HOLD_HOPS + 1).max(axis=1))
    # Straight lines in decibels to and from each active stretch; the deeper one wins.
    before = _hops_since(active[::-1])[::-1] / _ATTACK_HOPS
    after = _hops_since(active) / _RELEASE_HOPS
    return DuckCurve(_DEPTH_DB * np.clip(1 - np.minimum(before, after), 0, 1))


def _hops_since(active: np.ndarray) -> np.ndarray:
    places = np.arange(active.size)
    last = np.maximum.accumulate(np.where(active, places, -active.size * 2))
    return (places - last).astype(np.float64)
