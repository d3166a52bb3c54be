"""Sound from numbers: tones, noise, envelopes, room. All at 48 kHz, float64, full scale 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Samples = NDArray[np.float64]

RATE = 48_000
"""Samples per second."""
_COMBS = (1_557, 1_617, 1_491, 1_422, 1_277, 1_356)
_ALLPASSES = (225, 556)
_SPREAD = 23
"""Delays of Schroeder's reverberator as tuned by Jezar's Freeverb, in samples at 44.1 kHz."""


def count(seconds: float) -> int:
    """Return the number of samples of a length."""
    return max(1, round(seconds * RATE))


def clock(size: int) -> Samples:
    """Return the time of each sample in seconds."""
    return np.arange(size) / RATE


def partials(
    hertz: float, size: int, levels: Sequence[float], *, stretch: float = 0.0, decay: float = 0.0
) -> Samples:
    """Return a tone of harmonics below half the sample rate.

    `stretch` makes the overtones sharp as a stiff string does (inharmonicity B); `decay` is how
    much faster each overtone dies away, in 1/s.
    """
    at = clock(size)
    tone = np.zeros(size)
    for number, level in enumerate(levels, 1):
        pitch = hertz * number * np.sqrt(1 + stretch * number * number)
        if level and pitch < RATE * 0.45:
            partial = level * np.sin(2 * np.pi * pitch * at)
            tone += partial * np.exp(-decay * number * at) if decay else partial
    return tone


def envelope(size: int, attack: float, release: float) -> Samples:
    """Return a rise and a fall of the given seconds, both smooth, shortened where they must be."""
    rise, fall = min(count(attack), size // 2), min(count(release), size - size // 2)
    shape = np.ones(size)
    shape[:rise] = np.sin(np.linspace(0, np.pi / 2, rise, endpoint=False)) ** 2
    shape[size - fall :] *= np.cos(np.linspace(0, np.pi / 2, fall)) ** 2
    return shape


def noise(
    size: int, random: np.random.Generator, *, low: float, high: float, slope: float = 0.0
) -> Samples:
    """Return noise between two frequencies in hertz, RMS 1.

    `slope` is the tilt of its power: 0 white, 1 pink, 2 brown.
    """
    found = banded(random.standard_normal(size), low=low, high=high, slope=slope)
    return found / max(1e-9, float(np.sqrt(np.mean(found**2))))


def banded(sound: Samples, *, low: float, high: float, slope: float = 0.0) -> Samples:
    """Return what of a sound lies between two frequencies in hertz, its power tilted by `slope`."""
    hertz = np.fft.rfftfreq(sound.size, 1 / RATE)
    weight = 1 / np.maximum(hertz, 20) ** (slope / 2)
    # Butterworth-like skirts instead of cliffs, which would ring.
    weight /= np.sqrt(1 + (low / np.maximum(hertz, 1e-3)) ** 6)
    weight /= np.sqrt(1 + (hertz / high) ** 6)
    found: Samples = np.fft.irfft(np.fft.rfft(sound) * weight, sound.size)
    return found


def wander(size: int, random: np.random.Generator, period: float) -> Samples:
    """Return a smooth random curve from 0 to 1 that turns about every `period` seconds."""
    points = max(4, int(size / RATE / period) + 3)
    knots = random.random(points)
    position = np.linspace(0, points - 1.001, size)
    left = position.astype(np.int64)
    share = (1 - np.cos(np.pi * (position - left))) / 2
    curve: Samples = knots[left] * (1 - share) + knots[np.minimum(left + 1, points - 1)] * share
    return curve


def stereo(mono: Samples, pan: float = 0.0) -> Samples:
    """Return (2, n): the sound placed from -1, left, to 1, right, at equal power."""
    angle = (pan + 1) * np.pi / 4
    return np.stack([mono * np.cos(angle), mono * np.sin(angle)])


def add_at(target: Samples, sound: Samples, at: int, level: float = 1.0) -> None:
    """Add a sound to another from sample `at` on; what reaches over the end is left out."""
    size = min(sound.shape[-1], target.shape[-1] - at)
    if size > 0 and at >= 0:
        target[..., at : at + size] += level * sound[..., :size]


def room(sound: Samples, seconds: float) -> Samples:
    """Return only the reverberation of a stereo sound; `seconds` is its decay by 60 dB."""
    wet = np.zeros_like(sound)
    for side in (0, 1):
        line = sound[side] * 0.06
        for delay in _COMBS:
            wet[side] += _comb(line, _scaled(delay + side * _SPREAD), seconds)
        for delay in _ALLPASSES:
            wet[side] = _allpass(wet[side], _scaled(delay + side * _SPREAD))
    return wet


def finished(sound: Samples, *, rms_dbfs: float, peak_dbfs: float, fade: float) -> Samples:
    """Return the sound without offset, faded at both ends, at a level but below a peak."""
    ready = sound - sound.mean(axis=-1, keepdims=True)
    ready *= envelope(ready.shape[-1], min(0.05, fade), fade)
    rms = float(np.sqrt(np.mean(ready**2))) or 1.0
    peak = float(np.abs(ready).max()) or 1.0
    gain = min(10 ** (rms_dbfs / 20) / rms, 10 ** (peak_dbfs / 20) / peak)
    scaled: Samples = (ready * gain).astype(np.float32)
    return scaled


def _scaled(delay: int) -> int:
    return round(delay * RATE / 44_100)


def _comb(line: Samples, delay: int, seconds: float) -> Samples:
    """Return y[n] = x[n] + g y[n - delay], row by row: each row is one delay long."""
    gain = 10 ** (-3 * delay / RATE / seconds)
    rows = -(-line.size // delay)
    y = np.zeros((rows, delay))
    y.reshape(-1)[: line.size] = line
    for row in range(1, rows):
        y[row] += gain * y[row - 1]
    return y.reshape(-1)[: line.size]


def _allpass(line: Samples, delay: int) -> Samples:
    """Return y[n] = -g x[n] + x[n - delay] + g y[n - delay] with g = 0.5, row by row."""
    rows = -(-line.size // delay)
    x = np.zeros((rows, delay))
    x.reshape(-1)[: line.size] = line
    y = -0.5 * x
    for row in range(1, rows):
        y[row] += x[row - 1] + 0.5 * y[row - 1]
    return y.reshape(-1)[: line.size]
