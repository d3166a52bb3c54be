"""Sounds no thing makes: whooshes, risers, magic, science fiction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.noises.making import glide, scattered, struck, wide
from framewright_providers.local.synth import (
    add_at,
    clock,
    count,
    envelope,
    noise,
    room,
    stereo,
    wander,
)

if TYPE_CHECKING:
    from framewright_providers.local.synth import Samples


def whoosh(size: int, random: np.random.Generator) -> Samples:
    """Return something passing by."""

    def pass_by(chance: np.random.Generator) -> Samples:
        long = min(size, count(1.1))
        rise = np.sin(np.linspace(0, np.pi, long)) ** 3
        low, high = (noise(long, chance, low=f, high=3 * f) for f in (250, 1_400))
        passing: Samples = low * rise + high * rise**2
        return passing

    return scattered(size, random, 2.0, pass_by, even=True)


def riser(size: int, random: np.random.Generator) -> Samples:
    """Return a tone and a hiss that rise over the whole length."""
    at = np.linspace(0, 1, size)
    tone = glide(90 * 2 ** (3.6 * at), (1, 0.6, 0.5, 0.35, 0.25))
    high = wide(size, random, 1_500, 9_000, 0.4)
    return (stereo(0.5 * tone, 0) + high * at) * (0.05 + at**1.8)


def laser(size: int, random: np.random.Generator) -> Samples:
    """Return shots of a ray gun."""

    def shot(chance: np.random.Generator) -> Samples:
        long = count(0.32)
        at = clock(long)
        high = float(chance.uniform(2_200, 3_000))
        return glide(180 + high * np.exp(-at * 11), (1, 0.5, 0.33, 0.2)) * envelope(
            long, 0.003, 0.1
        )

    dry = scattered(size, random, 0.62, shot, even=True)
    return dry + 0.25 * room(dry, 1.0)


def spaceship(size: int, random: np.random.Generator) -> Samples:
    """Return the drone of a ship in space: low, beating, with a shimmer above."""
    base = float(random.uniform(50, 60))
    scene = np.zeros((2, size))
    for place, off in ((-0.7, 0.994), (0.0, 1.0), (0.7, 1.007)):
        opened = wander(size, random, 1.7)
        pitch = np.full(size, base * off)
        low = glide(pitch, (1, 0.6, 0.4)) + opened * glide(
            pitch, (0, 0, 0, 0.5, 0.4, 0.3, 0.3, 0.2)
        )
        scene += stereo(low, place)
    shimmer = glide(base * 16 * (1 + 0.004 * wander(size, random, 0.4)), (1, 0.4))
    return scene + stereo(0.1 * shimmer * wander(size, random, 1.1), 0.4)


def sparkle(size: int, random: np.random.Generator) -> Samples:
    """Return a run of small bells, as of magic."""

    def run(chance: np.random.Generator) -> Samples:
        sound = np.zeros(count(2.0))
        base = float(chance.uniform(1_000, 1_200))
        for number in range(12):
            pitch = base * 2 ** ((0, 2, 4, 7, 9)[number % 5] / 12 + number // 5)
            note = struck(0.8, ((pitch, 1, 6), (pitch * 2.76, 0.2, 14)))
            add_at(sound, note, count(0.055 * number), 0.6)
        return sound

    song = scattered(size, random, 2.4, run, even=True)
    return song + 0.6 * room(song, 2.2)
