"""What the scratch effects are made of: bursts, crunches, struck bodies, gliding tones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.synth import (
    RATE,
    add_at,
    banded,
    clock,
    count,
    envelope,
    noise,
    stereo,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from framewright_providers.local.synth import Samples

_FIRST = 0.06
"""Seconds before the first stroke, which the fade at the beginning would else take."""


def wide(size: int, random: np.random.Generator, low: float, high: float, slope: float) -> Samples:
    """Return noise that differs from left to right."""
    return np.stack([noise(size, random, low=low, high=high, slope=slope) for _ in range(2)])


def burst(seconds: float, random: np.random.Generator, low: float, high: float) -> Samples:
    """Return noise that is struck and dies away within so many seconds."""
    size = count(seconds)
    return noise(size, random, low=low, high=high) * np.exp(-clock(size) * 6 / seconds)


def grains(
    seconds: float, random: np.random.Generator, a_second: float, low: float, high: float
) -> Samples:
    """Return a crunch: many tiny clicks, thick in the middle."""
    size = count(seconds)
    thick = np.sin(np.linspace(0, np.pi, size)) ** 1.5
    clicks = (random.random(size) < a_second / RATE * 2 * thick) * random.uniform(-1, 1, size)
    found = banded(clicks, low=low, high=high) * envelope(size, 0.005, seconds / 4)
    return found / max(1e-9, float(np.sqrt(np.mean(found**2))))


def struck(seconds: float, modes: Sequence[tuple[float, float, float]]) -> Samples:
    """Return a struck body: hertz, level and decay in 1/s of each of its tones."""
    size = count(seconds)
    at = clock(size)
    tone = np.zeros(size)
    for hertz, level, fall in modes:
        tone += level * np.sin(2 * np.pi * hertz * at) * np.exp(-at * fall)
    return tone * envelope(size, 0.001, seconds / 5)


def glide(pitches: Samples, levels: Sequence[float]) -> Samples:
    """Return a tone whose pitch, in hertz, is told for each sample, and its harmonics."""
    phase = 2 * np.pi * np.cumsum(pitches) / RATE
    tone = np.zeros(pitches.size)
    for number, level in enumerate(levels, 1):
        tone += level * np.sin(number * phase) * (pitches * number < RATE * 0.45)
    return tone


def scattered(
    size: int,
    random: np.random.Generator,
    every: float,
    make: Callable[[np.random.Generator], Samples],
    *,
    even: bool = False,
) -> Samples:
    """Place sounds about every so many seconds, here and there; `even` keeps a beat."""
    scene = np.zeros((2, size))
    at = _FIRST if even else float(random.uniform(0, min(every, size / RATE / 2)))
    while at * RATE < size:
        pan = 0.0 if even else float(random.uniform(-0.8, 0.8))
        add_at(scene, stereo(make(random), pan), int(at * RATE), float(random.uniform(0.6, 1.0)))
        at += every if even else every * float(random.uniform(0.4, 1.6))
    return scene
