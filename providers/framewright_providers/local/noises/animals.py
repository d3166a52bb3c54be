"""Animals: birds, gulls, crickets, bees, dog, cat, horse, owl, wolf."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.noises.making import burst, glide, scattered, struck, wide
from framewright_providers.local.synth import (
    RATE,
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


def birds(size: int, random: np.random.Generator) -> Samples:
    """Return birdsong here and there."""

    def chirp(chance: np.random.Generator) -> Samples:
        song = np.zeros(count(0.9))
        base, times = float(chance.uniform(2_400, 4_800)), int(chance.integers(2, 6))
        for number in range(times):
            long = count(float(chance.uniform(0.05, 0.12)))
            bend = float(chance.uniform(-900, 900)) * clock(long) / (long / RATE)
            tone = np.sin(2 * np.pi * np.cumsum(base + bend) / RATE) * envelope(long, 0.01, 0.03)
            add_at(song, tone, count(0.13 * number))
        return song

    song = scattered(size, random, 0.7, chirp)
    return song + 0.35 * room(song, 1.4) + 0.03 * wide(size, random, 200, 4_000, 1.0)


def crickets(size: int, random: np.random.Generator) -> Samples:
    """Return crickets at night."""
    scene = np.zeros((2, size))
    for voice in range(4):
        pitch = float(random.uniform(3_900, 4_900))
        rate = float(random.uniform(14, 19))
        at = clock(size)
        chirp = np.clip(np.sin(2 * np.pi * rate * at + voice), 0, 1) ** 2
        song = np.sin(2 * np.pi * pitch * at) * chirp * wander(size, random, 0.7)
        scene += stereo(song, (voice - 1.5) / 2)
    return scene + 0.02 * wide(size, random, 100, 3_000, 1.2)


def gulls(size: int, random: np.random.Generator) -> Samples:
    """Return gulls that cry."""

    def cry(chance: np.random.Generator) -> Samples:
        long = count(float(chance.uniform(0.35, 0.6)))
        bend = np.sin(np.linspace(0.3, np.pi, long))
        pitch = float(chance.uniform(900, 1_150)) * (1 + 0.35 * bend)
        return glide(pitch, (0.5, 1, 0.7, 0.4, 0.25)) * envelope(long, 0.04, 0.15)

    song = scattered(size, random, 0.9, cry)
    return song + 0.3 * room(song, 1.6)


def dog(size: int, random: np.random.Generator) -> Samples:
    """Return a dog that barks twice, again and again."""

    def bark(chance: np.random.Generator) -> Samples:
        long = count(0.2)
        at = np.linspace(0, 1, long)
        pitch = float(chance.uniform(380, 460)) * (1 + 0.45 * np.sin(np.pi * at**0.7)) - 90 * at
        voice = glide(pitch, (0.6, 1, 0.9, 0.45, 0.25, 0.15))
        rough = 0.5 * noise(long, chance, low=500, high=2_600)
        return (voice + rough) * envelope(long, 0.012, 0.1)

    def twice(chance: np.random.Generator) -> Samples:
        both = np.zeros(count(0.75))
        add_at(both, bark(chance), 0)
        add_at(both, bark(chance), count(float(chance.uniform(0.36, 0.44))))
        return both

    dry = scattered(size, random, 1.5, twice, even=True)
    return dry + 0.3 * room(dry, 0.9)


def cat(size: int, random: np.random.Generator) -> Samples:
    """Return a cat that mews."""

    def mew(chance: np.random.Generator) -> Samples:
        long = count(float(chance.uniform(0.6, 0.8)))
        at = np.linspace(0, 1, long)
        pitch = float(chance.uniform(520, 640)) * (0.9 + 0.35 * np.sin(np.pi * at**0.6))
        opened = 0.3 + np.sin(np.pi * at)
        voice = glide(pitch, (1, 0.4, 0.2)) + opened * glide(pitch, (0, 0.5, 0.6, 0.4, 0.2))
        return voice * envelope(long, 0.08, 0.25)

    return scattered(size, random, 1.8, mew, even=True)


def horse(size: int, random: np.random.Generator) -> Samples:
    """Return hooves at a gallop."""

    def stride(chance: np.random.Generator) -> Samples:
        beats = np.zeros(count(0.5))
        for number, at in enumerate((0.0, 0.13, 0.26)):
            pitch = float(chance.uniform(560, 700)) * (1, 1.12, 0.9)[number]
            hoof = struck(0.12, ((pitch, 1, 55), (pitch * 2.1, 0.5, 80), (110, 0.8, 40)))
            add_at(hoof, 0.25 * burst(0.05, chance, 800, 5_000), 0)
            add_at(beats, hoof, count(at), (0.8, 0.7, 1.0)[number])
        return beats

    return scattered(size, random, 0.52, stride, even=True)


def owl(size: int, random: np.random.Generator) -> Samples:
    """Return an owl in the dark."""

    def hoot(chance: np.random.Generator) -> Samples:
        call = np.zeros(count(1.7))
        base = float(chance.uniform(340, 390))
        for at, seconds in ((0.0, 0.25), (0.5, 0.14), (0.72, 0.75)):
            long = count(seconds)
            pitch = base * (1 + 0.05 * np.sin(np.linspace(0, np.pi, long)))
            add_at(call, glide(pitch, (1, 0.12, 0.05)) * envelope(long, 0.05, 0.08), count(at))
        return call

    song = scattered(size, random, 3.2, hoot, even=True)
    return song + 0.6 * room(song, 2.0)


def wolf(size: int, random: np.random.Generator) -> Samples:
    """Return a wolf that howls."""

    def howl(chance: np.random.Generator) -> Samples:
        long = count(min(3.0, size / RATE))
        at = np.linspace(0, 1, long)
        rise = np.minimum(1, at / 0.22) - 0.35 * np.maximum(0, at - 0.6)
        pitch = float(chance.uniform(300, 340)) * (1 + 0.75 * rise)
        return glide(pitch, (1, 0.45, 0.2, 0.1)) * envelope(long, 0.2, 0.9)

    song = scattered(size, random, 3.6, howl, even=True)
    return song + 0.6 * room(song, 2.6)


def bees(size: int, random: np.random.Generator) -> Samples:
    """Return buzzing that comes and goes."""
    scene = np.zeros((2, size))
    for place in (-0.6, 0.1, 0.7):
        pitch = float(random.uniform(190, 240)) * (0.92 + 0.16 * wander(size, random, 0.35))
        near = wander(size, random, 0.9) ** 2
        scene += stereo(glide(pitch, [1 / n for n in range(1, 16)]) * near, place)
    return scene
