"""The players of the scratch score: what each plays in a bar, note by note."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.synth import clock, count, envelope, noise, partials

if TYPE_CHECKING:
    from framewright_providers.local.score import Score
    from framewright_providers.local.synth import Samples


@dataclass(frozen=True, slots=True)
class Note:
    """One sound in a bar."""

    at: float
    """Seconds from the bar's start."""
    sound: Samples
    level: float
    pan: float = 0.0
    """From -1, left, to 1, right."""


Player = Callable[["Score", int, tuple[int, ...], np.random.Generator], Iterator[Note]]


def hertz(note: float) -> float:
    """Return the frequency of a MIDI note number, A4 = 69 = 440 Hz."""
    return float(440 * 2 ** ((note - 69) / 12))


def pad(
    score: Score, bar: int, chord: tuple[int, ...], random: np.random.Generator
) -> Iterator[Note]:
    """Hold the chord, wide and soft, over into the next bar."""
    del bar, random
    for number, note in enumerate(chord):
        for pan, detune in ((-0.7, -0.06), (0.7, 0.06)):
            sound = _pad_tone(note + detune, score.bar_seconds + 0.9)
            yield Note(0.0, sound, 0.16, pan * (1 - 0.2 * number))


def strings(
    score: Score, bar: int, chord: tuple[int, ...], random: np.random.Generator
) -> Iterator[Note]:
    """Bow the chord, swelling through the bar."""
    del bar, random
    for number, note in enumerate(chord[:3]):
        sound = _string_tone(note + (12 if number == 2 else 0), score.bar_seconds + 0.5)
        yield Note(0.0, sound, 0.2, (-0.5, 0.1, 0.5)[number])


def keys(
    score: Score, bar: int, chord: tuple[int, ...], random: np.random.Generator
) -> Iterator[Note]:
    """Break the chord over the bar and touch a high note now and then."""
    beat = score.bar_seconds / 4
    order = (0, 2, 1, 2) if bar % 2 else (0, 1, 2, 1)
    steps = 8 if score.tempo > 88 else 4
    for step in range(steps):
        if step and random.random() < 0.15:
            continue
        note = chord[order[step % 4] % len(chord)] + (12 if step % 4 == 2 else 0)
        at = step * 4 * beat / steps + float(random.normal(0, 0.006))
        level = 0.34 * (1.0 if step == 0 else float(random.uniform(0.55, 0.85)))
        yield Note(max(0.0, at), _key_tone(note, 2.6), level, (note - 60) / 30)
    if random.random() < 0.4:
        high = chord[int(random.integers(len(chord)))] + 24
        yield Note(2 * beat, _key_tone(high, 2.2), 0.14, 0.3)


def pluck(
    score: Score, bar: int, chord: tuple[int, ...], random: np.random.Generator
) -> Iterator[Note]:
    """Pick the chord in eighths."""
    del bar
    pattern = (0, 1, 2, 1, 0, 2, 1, 2)
    for step, place in enumerate(pattern):
        if random.random() < 0.12:
            continue
        note = chord[place % len(chord)]
        at = step * score.bar_seconds / 8
        level = 0.3 * (1.0 if step % 4 == 0 else 0.7)
        yield Note(at, _pluck_tone(note + 12, 1.4), level, -0.35 + 0.1 * place)


def bass(
    score: Score, bar: int, chord: tuple[int, ...], random: np.random.Generator
) -> Iterator[Note]:
    """Give the ground on the first and third beat."""
    del bar
    low = min(chord) % 12 + 36
    for step in (0, 2) if score.tempo < 100 else (0, 1.5, 2, 3.5):
        if step and random.random() < 0.2:
            continue
        sound = _bass_tone(low, score.bar_seconds / 2)
        yield Note(step * score.bar_seconds / 4, sound, 0.34)


def drums(
    score: Score, bar: int, chord: tuple[int, ...], random: np.random.Generator
) -> Iterator[Note]:
    """Keep time: a low drum, a soft snare, a brushed hat."""
    del chord
    beat = score.bar_seconds / 4
    for step in range(4):
        if step in (0, 2):
            yield Note(step * beat, _kick(), 0.5)
        else:
            yield Note(step * beat, _snare(bar % 4), 0.2, 0.05)
        for half in (0, 1):
            level = float(random.uniform(0.04, 0.08)) * (1.3 if half else 1.0)
            yield Note((step + half / 2) * beat, _hat((step + half) % 4), level, -0.3)


PLAYERS: dict[str, Player] = {
    "pad": pad,
    "strings": strings,
    "keys": keys,
    "pluck": pluck,
    "bass": bass,
    "drums": drums,
}


@lru_cache(maxsize=256)
def _pad_tone(note: float, seconds: float) -> Samples:
    size = count(seconds)
    tone = partials(hertz(note), size, (1, 0.42, 0.24, 0.12, 0.07, 0.04))
    slow = 1 + 0.12 * np.sin(2 * np.pi * 0.31 * clock(size) + note)
    return tone * slow * envelope(size, 0.7, 0.9)


@lru_cache(maxsize=256)
def _string_tone(note: float, seconds: float) -> Samples:
    size = count(seconds)
    at = clock(size)
    tone = np.zeros(size)
    for detune in (-0.05, 0.0, 0.07):
        vibrato = 0.0016 * np.sin(2 * np.pi * (5.1 + detune) * at)
        for number in range(1, 10):
            pitch = hertz(note + detune) * number
            tone += np.sin(2 * np.pi * pitch * (at + vibrato / 30)) / number**1.35 / 3
    swell = 0.65 + 0.35 * np.sin(np.linspace(0, np.pi, size))
    return tone * swell * envelope(size, 0.28, 0.5)


@lru_cache(maxsize=256)
def _key_tone(note: float, seconds: float) -> Samples:
    size = count(seconds)
    bright = max(0.25, 1 - (note - 40) / 70)
    levels = tuple(bright ** (number - 1) / number for number in range(1, 9))
    tone = partials(hertz(note), size, levels, stretch=0.0004, decay=0.55)
    fall = np.exp(-clock(size) * (0.9 + (note - 48) * 0.02))
    return tone * fall * envelope(size, 0.006, 0.3)


@lru_cache(maxsize=256)
def _pluck_tone(note: float, seconds: float) -> Samples:
    size = count(seconds)
    # A string picked at a fifth of its length lacks every fifth harmonic.
    levels = tuple(abs(np.sin(np.pi * number / 5)) / number**1.2 for number in range(1, 13))
    tone = partials(hertz(note), size, levels, stretch=0.00012, decay=0.8)
    return tone * np.exp(-clock(size) * 1.9) * envelope(size, 0.003, 0.2)


@lru_cache(maxsize=64)
def _bass_tone(note: float, seconds: float) -> Samples:
    size = count(seconds)
    tone = partials(hertz(note), size, (1, 0.35, 0.12))
    return tone * np.exp(-clock(size) * 0.9) * envelope(size, 0.012, 0.15)


@lru_cache(maxsize=1)
def _kick() -> Samples:
    size = count(0.35)
    at = clock(size)
    sweep = 48 * at + 70 * (1 - np.exp(-at * 28)) / 28
    drum: Samples = np.sin(2 * np.pi * sweep) * np.exp(-at * 11) * envelope(size, 0.002, 0.05)
    return drum


@lru_cache(maxsize=4)
def _snare(number: int) -> Samples:
    random = np.random.Generator(np.random.PCG64(40 + number))
    size = count(0.22)
    hiss = noise(size, random, low=900, high=7_000, slope=0.5) * np.exp(-clock(size) * 22)
    body = np.sin(2 * np.pi * 185 * clock(size)) * np.exp(-clock(size) * 30)
    struck: Samples = (0.5 * hiss + body) * envelope(size, 0.001, 0.04)
    return struck


@lru_cache(maxsize=8)
def _hat(number: float) -> Samples:
    random = np.random.Generator(np.random.PCG64(70 + round(2 * number)))
    size = count(0.09)
    hiss = noise(size, random, low=6_500, high=13_000)
    return hiss * np.exp(-clock(size) * 55) * envelope(size, 0.001, 0.02)
