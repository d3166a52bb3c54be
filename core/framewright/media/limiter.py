"""A look-ahead limiter: loud moments are turned down in time, everything else is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright.media.levels import hop_peaks
from framewright.media.progress import Heard
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from framewright.media.sound_stream import Samples

_HOP = 96
_LOOK_AHEAD_HOPS = 4
_RELEASE_PER_HOP = 0.01


def tamed(
    make: Callable[[], Iterator[Samples]], ceiling: float, tell: Tell = silent
) -> Iterator[Samples]:
    """Yield what `make` yields, nowhere above the ceiling (full scale 1).

    `make` is called twice, once to measure, which tells that nothing is done yet. Sound that
    stays below the ceiling comes through unchanged.
    """
    peaks = hop_peaks(Heard(tell, 0).through(make()), _HOP)
    yield from _applied(make(), gain_curve(peaks, ceiling))


def gain_curve(peaks: np.ndarray, ceiling: float) -> np.ndarray | None:
    """Return the gain at the boundaries of the hops, or None where none is needed.

    The least gain of a window is held, released slowly, and averaged over the same window: so
    it arrives in time and never lies above what a hop needs.
    """
    if not peaks.size or peaks.max() <= ceiling:
        return None
    needed = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9))
    window = _LOOK_AHEAD_HOPS + 1
    ahead = np.concatenate([needed, np.ones(_LOOK_AHEAD_HOPS)])
    least = np.lib.stride_tricks.sliding_window_view(ahead, window).min(axis=1)
    held = 1.0
    for index, gain in enumerate(least):
        held = min(gain, held + _RELEASE_PER_HOP * (1.0 - held) + 1e-5)
        least[index] = held
    behind = np.concatenate([np.full(_LOOK_AHEAD_HOPS, least[0]), least])
    smooth = np.lib.stride_tricks.sliding_window_view(behind, window).mean(axis=1)
    edges = np.ones(smooth.size + 1)
    edges[:-1] = smooth
    edges[1:] = np.minimum(edges[1:], smooth)
    return edges


def _applied(blocks: Iterator[Samples], curve: np.ndarray | None) -> Iterator[Samples]:
    if curve is None:
        yield from blocks
        return
    at = 0
    places = np.arange(curve.size) * _HOP
    for block in blocks:
        positions = np.arange(at, at + block.shape[1])
        first = max(0, at // _HOP - 1)
        last = (at + block.shape[1]) // _HOP + 2
        gains = np.interp(positions, places[first:last], curve[first:last])
        at += block.shape[1]
        yield (block * gains).astype(np.float32)
