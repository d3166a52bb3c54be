"""The timbres of the scratch score: one note each, by MIDI number, length and brightness."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.synth import clock, count, envelope, noise, partials

if TYPE_CHECKING:
    from collections.abc import Callable

    from framewright_providers.local.synth import Samples

    Timbre = Callable[[float, float, float], Samples]

_KEPT = 48
"""Notes that are kept of each timbre; one can be some megabytes."""


def hertz(note: float) -> float:
    """Return the frequency of a MIDI note number, A4 = 69 = 440 Hz."""
    return float(440 * 2 ** ((note - 69) / 12))


def _shaded(levels: tuple[float, ...], bright: float) -> tuple[float, ...]:
    return tuple(level * bright**number for number, level in enumerate(levels))


@lru_cache(maxsize=_KEPT)
def pad_tone(note: float, seconds: float, bright: float) -> Samples:
    """Return a soft, slowly moving tone."""
    size = count(seconds)
    tone = partials(hertz(note), size, _shaded((1, 0.5, 0.34, 0.2, 0.14, 0.09), bright))
    slow = 1 + 0.12 * np.sin(2 * np.pi * 0.31 * clock(size) + note)
    return tone * slow * envelope(size, min(0.7, seconds / 4), min(0.9, seconds / 2))


@lru_cache(maxsize=_KEPT)
def string_tone(note: float, seconds: float, bright: float) -> Samples:
    """Return three bows a little apart."""
    size = count(seconds)
    at = clock(size)
    tone = np.zeros(size)
    for detune in (-0.05, 0.0, 0.07):
        vibrato = 0.0016 * np.sin(2 * np.pi * (5.1 + detune) * at)
        for number in range(1, 10):
            pitch = hertz(note + detune) * number
            level = bright ** (number - 1) / number**1.2 / 3
            tone += level * np.sin(2 * np.pi * pitch * (at + vibrato / 30))
    swell = 0.65 + 0.35 * np.sin(np.linspace(0, np.pi, size))
    return tone * swell * envelope(size, min(0.28, seconds / 4), min(0.5, seconds / 2))


@lru_cache(maxsize=_KEPT)
def short_string_tone(note: float, seconds: float, bright: float) -> Samples:
    """Return a short, biting bow."""
    size = count(seconds)
    tone = partials(
        hertz(note), size, _shaded(tuple(1 / n**0.9 for n in range(1, 13)), bright), decay=1.2
    )
    return tone * np.exp(-clock(size) * 5) * envelope(size, 0.012, 0.06)


@lru_cache(maxsize=_KEPT)
def key_tone(note: float, seconds: float, bright: float) -> Samples:
    """Return a struck string, as of a piano."""
    size = count(seconds)
    dull = max(0.25, 1 - (note - 40) / 70) * (0.4 + 0.6 * bright)
    levels = tuple(dull ** (number - 1) / number for number in range(1, 9))
    tone = partials(hertz(note), size, levels, stretch=0.0004, decay=0.55)
    fall = np.exp(-clock(size) * (0.9 + max(0.0, note - 48) * 0.02))
    return tone * fall * envelope(size, 0.006, min(0.3, seconds / 3))


@lru_cache(maxsize=_KEPT)
def pluck_tone(note: float, seconds: float, bright: float) -> Samples:
    """Return a picked string."""
    size = count(seconds)
    # A string picked at a fifth of its length lacks every fifth harmonic.
    levels = tuple(abs(np.sin(np.pi * number / 5)) / number**1.1 for number in range(1, 13))
    tone = partials(hertz(note), size, _shaded(levels, bright), stretch=0.00012, decay=0.8)
    return tone * np.exp(-clock(size) * 1.9) * envelope(size, 0.003, min(0.2, seconds / 3))


@lru_cache(maxsize=_KEPT)
def bass_tone(note: float, seconds: float, bright: float) -> Samples:
    """Return a deep plucked string."""
    size = count(seconds)
    tone = partials(hertz(note), size, _shaded((1, 0.42, 0.18), bright))
    return tone * np.exp(-clock(size) * 0.9) * envelope(size, 0.012, min(0.15, seconds / 3))


@lru_cache(maxsize=_KEPT)
def mallet_tone(note: float, seconds: float, bright: float) -> Samples:
    """Return a struck bar: a pure tone and the overtones of a bar, which are no harmonics."""
    size = count(seconds)
    at = clock(size)
    tone = np.zeros(size)
    # A uniform free bar's modes are at 1, 2.76 and 5.4 times the lowest (Rayleigh).
    for ratio, level, fall in ((1, 1, 2.2), (2.76, 0.35 * bright, 7), (5.4, 0.2 * bright, 16)):
        if hertz(note) * ratio < 20_000:
            tone += level * np.sin(2 * np.pi * hertz(note) * ratio * at) * np.exp(-at * fall)
    return tone * envelope(size, 0.003, min(0.2, seconds / 3))


@lru_cache(maxsize=_KEPT)
def flute_tone(note: float, seconds: float, bright: float) -> Samples:
    """Return a blown, breathing tone with a little vibrato."""
    size = count(seconds)
    at = clock(size)
    phase = 2 * np.pi * hertz(note) * at + 0.09 * np.sin(2 * np.pi * 5.2 * at) * np.minimum(1, at)
    levels = _shaded((1, 0.4, 0.16, 0.06), bright)
    tone = sum(level * np.sin(number * phase) for number, level in enumerate(levels, 1))
    random = np.random.Generator(np.random.PCG64(round(note)))
    breath = 0.03 * noise(size, random, low=1_500, high=5_000)
    blown: Samples = (np.asarray(tone) + breath) * envelope(
        size, min(0.07, seconds / 4), min(0.15, seconds / 3)
    )
    return blown


@lru_cache(maxsize=_KEPT)
def brass_tone(note: float, seconds: float, bright: float) -> Samples:
    """Return a horn, which grows brighter as it grows louder."""
    size = count(seconds)
    at = clock(size)
    swell = np.minimum(1, at / 0.12) * np.exp(-at * 0.25)
    tone = np.zeros(size)
    for number in range(1, 11):
        if hertz(note) * number < 18_000:
            level = bright ** (number - 1) / number**0.7
            tone += level * swell**number * np.sin(2 * np.pi * hertz(note) * number * at)
    return tone * envelope(size, 0.03, min(0.2, seconds / 3))


@lru_cache(maxsize=_KEPT)
def saw_tone(note: float, seconds: float, bright: float) -> Samples:
    """Return a short note of a synthesiser whose filter closes."""
    size = count(seconds)
    tone = partials(
        hertz(note), size, _shaded(tuple(1 / n for n in range(1, 21)), bright), decay=1.6
    )
    return tone * np.exp(-clock(size) * 4) * envelope(size, 0.004, min(0.08, seconds / 3))


@lru_cache(maxsize=_KEPT)
def organ_tone(note: float, seconds: float, bright: float) -> Samples:
    """Return pipes an octave apart."""
    size = count(seconds)
    levels = _shaded((1, 0.7, 0.35, 0.45, 0.1, 0.2, 0.05, 0.25), bright)
    return partials(hertz(note), size, levels) * envelope(size, 0.04, min(0.25, seconds / 3))


@lru_cache(maxsize=_KEPT)
def drone_tone(note: float, seconds: float, bright: float) -> Samples:
    """Return a low tone that beats with itself."""
    size = count(seconds)
    tone = np.zeros(size)
    for detune in (-0.11, 0.0, 0.09):
        tone += partials(hertz(note + detune), size, _shaded((1, 0.8, 0.5, 0.4, 0.3), bright))
    return tone / 2 * envelope(size, min(0.8, seconds / 4), min(1.2, seconds / 2))


@lru_cache(maxsize=1)
def kick() -> Samples:
    """Return a bass drum."""
    size = count(0.35)
    at = clock(size)
    sweep = 48 * at + 70 * (1 - np.exp(-at * 28)) / 28
    drum: Samples = np.sin(2 * np.pi * sweep) * np.exp(-at * 11) * envelope(size, 0.002, 0.05)
    return drum


@lru_cache(maxsize=4)
def snare(number: int) -> Samples:
    """Return one of several strokes of a snare drum."""
    random = np.random.Generator(np.random.PCG64(40 + number))
    size = count(0.22)
    hiss = noise(size, random, low=900, high=7_000, slope=0.5) * np.exp(-clock(size) * 22)
    body = np.sin(2 * np.pi * 185 * clock(size)) * np.exp(-clock(size) * 30)
    struck: Samples = (0.5 * hiss + body) * envelope(size, 0.001, 0.04)
    return struck


@lru_cache(maxsize=4)
def low_drum(number: int) -> Samples:
    """Return one of several strokes of a large, deep drum."""
    random = np.random.Generator(np.random.PCG64(50 + number))
    size = count(0.9)
    at = clock(size)
    sweep = 62 * at + 26 * (1 - np.exp(-at * 20)) / 20
    skin = noise(size, random, low=60, high=900, slope=1.0) * np.exp(-at * 18)
    drum: Samples = (np.sin(2 * np.pi * sweep) * np.exp(-at * 5) + 0.4 * skin) * envelope(
        size, 0.002, 0.2
    )
    return drum


@lru_cache(maxsize=8)
def hat(number: int) -> Samples:
    """Return one of several strokes of a hi-hat."""
    random = np.random.Generator(np.random.PCG64(70 + number))
    size = count(0.09)
    hiss = noise(size, random, low=6_500, high=13_000)
    return hiss * np.exp(-clock(size) * 55) * envelope(size, 0.001, 0.02)


def cymbal(seconds: float) -> Samples:
    """Return a cymbal that rings out."""
    random = np.random.Generator(np.random.PCG64(90))
    size = count(seconds)
    hiss = noise(size, random, low=3_500, high=12_000, slope=0.4)
    return hiss * np.exp(-clock(size) * 2.4) * envelope(size, 0.002, seconds / 2)
