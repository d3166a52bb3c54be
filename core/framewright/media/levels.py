"""How loud sound is, in numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from framewright.media.sound_stream import Samples

SILENCE_DBFS = -60.0
"""Sound that stays below this is heard as silence."""
_WINDOW_SECONDS = 0.02
_FLOOR_DBFS = -120.0


@dataclass(frozen=True, slots=True)
class Levels:
    """The loudness of a piece of sound; decibels below full scale, -120 for nothing at all."""

    seconds: float
    peak_dbfs: float
    rms_dbfs: float
    silent_seconds: float
    """How much of it is below the threshold of silence, in windows of 20 ms."""
    leading_silence: float
    """Seconds of silence before the first sound."""
    trailing_silence: float
    """Seconds of silence after the last sound."""
    clipped: int
    """Samples at or beyond full scale."""


def dbfs(amplitude: float) -> float:
    """Return an amplitude, full scale 1, in decibels."""
    return max(_FLOOR_DBFS, 20 * math.log10(amplitude)) if amplitude > 0 else _FLOOR_DBFS


def amplitude(decibels: float) -> float:
    """Return a gain or level in decibels as a factor."""
    return float(10 ** (decibels / 20))


def measure(samples: Samples, rate: int) -> Levels:
    """Return how loud the samples, shape (channels, n), are."""
    count = samples.shape[1]
    if not count:
        return Levels(0.0, _FLOOR_DBFS, _FLOOR_DBFS, 0.0, 0.0, 0.0, 0)
    loudest = np.abs(samples).max(axis=0)
    window = max(1, round(rate * _WINDOW_SECONDS))
    edges = np.arange(0, count, window)
    quiet = np.maximum.reduceat(loudest, edges) < amplitude(SILENCE_DBFS)
    lengths = np.diff(np.append(edges, count)) / rate
    sounding = np.flatnonzero(~quiet)
    first, last = (sounding[0], sounding[-1]) if sounding.size else (quiet.size, -1)
    return Levels(
        seconds=count / rate,
        peak_dbfs=dbfs(float(loudest.max())),
        rms_dbfs=dbfs(float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))),
        silent_seconds=float(lengths[quiet].sum()),
        leading_silence=float(lengths[:first].sum()),
        trailing_silence=float(lengths[last + 1 :].sum()),
        clipped=int(np.count_nonzero(loudest >= 1.0)),
    )


def hop_peaks(blocks: Iterable[Samples], hop: int) -> np.ndarray:
    """Return the loudest amplitude of each hop of so many samples; the last may be shorter."""
    peaks: list[np.ndarray] = []
    rest = np.zeros(0, dtype=np.float32)
    for block in blocks:
        loudest = np.concatenate([rest, np.abs(block).max(axis=0)])
        whole = loudest.size // hop * hop
        peaks.append(loudest[:whole].reshape(-1, hop).max(axis=1))
        rest = loudest[whole:]
    if rest.size:
        peaks.append(rest.max(keepdims=True))
    return np.concatenate(peaks) if peaks else np.zeros(0, dtype=np.float32)
