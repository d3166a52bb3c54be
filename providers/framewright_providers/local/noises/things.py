"""Things: doors, bells, glass, blows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.noises.making import burst, glide, scattered, struck
from framewright_providers.local.synth import (
    RATE,
    add_at,
    banded,
    clock,
    count,
    envelope,
    noise,
    partials,
    room,
    wander,
)

if TYPE_CHECKING:
    from framewright_providers.local.synth import Samples


def bell(size: int, random: np.random.Generator) -> Samples:
    """Return a bell struck again and again."""
    base = float(random.uniform(480, 720))

    def strike(chance: np.random.Generator) -> Samples:
        del chance
        long = count(3.5)
        at = clock(long)
        # Overtones of a church bell as measured by Rayleigh, rounded.
        tones = ((0.5, 0.5, 0.9), (1, 1, 1.2), (1.19, 0.6, 1.6), (1.5, 0.4, 2), (2, 0.5, 2.4))
        struck = sum(v * np.sin(2 * np.pi * base * m * at) * np.exp(-d * at) for m, v, d in tones)
        rung: Samples = np.asarray(struck) * envelope(long, 0.002, 0.3)
        return rung

    return scattered(size, random, 2.2, strike, even=True)


def door(size: int, random: np.random.Generator) -> Samples:
    """Return a door that creaks and falls shut."""

    def slam(chance: np.random.Generator) -> Samples:
        long = count(1.6)
        creak = partials(95, long, [1 / n for n in range(1, 14)]) * wander(long, chance, 0.05) ** 2
        creak *= 0.3 * envelope(long, 0.3, 0.8)
        add_at(creak, 2.2 * burst(0.4, chance, 40, 420), count(1.1))
        return creak

    dry = scattered(size, random, 3.0, slam, even=True)
    return dry + 0.4 * room(dry, 1.0)


def creak(size: int, random: np.random.Generator) -> Samples:
    """Return a hinge that wants oil."""

    def slow(chance: np.random.Generator) -> Samples:
        long = count(min(1.4, size / RATE))
        pace = 70 + 90 * wander(long, chance, 0.25)
        rasp = glide(pace, [1] * 26) * (0.3 + 0.7 * wander(long, chance, 0.08))
        return banded(rasp, low=450, high=2_600) * envelope(long, 0.12, 0.3)

    dry = scattered(size, random, 2.0, slow, even=True)
    return dry + 0.4 * room(dry, 1.0)


def opening(size: int, random: np.random.Generator) -> Samples:
    """Return a latch and the air of a door that opens."""

    def once(chance: np.random.Generator) -> Samples:
        sound = np.zeros(count(1.2))
        for at in (0.0, 0.11):
            latch = struck(0.06, ((900, 0.7, 90), (2_300, 0.6, 120)))
            add_at(latch, 0.5 * burst(0.02, chance, 1_500, 6_000), 0)
            add_at(sound, latch, count(at))
        air = count(0.8)
        swing = noise(air, chance, low=150, high=900, slope=0.8)
        add_at(sound, 0.12 * swing * np.hanning(air), count(0.25))
        return sound

    dry = scattered(size, random, 2.6, once, even=True)
    return dry + 0.3 * room(dry, 0.7)


def closing(size: int, random: np.random.Generator) -> Samples:
    """Return a door that falls shut."""

    def once(chance: np.random.Generator) -> Samples:
        shut = struck(0.5, ((62, 1, 12), (118, 0.9, 16), (240, 0.5, 28)))
        add_at(shut, 0.5 * burst(0.25, chance, 50, 600), 0)
        add_at(shut, 0.25 * burst(0.03, chance, 1_200, 5_000), count(0.03))
        return shut

    dry = scattered(size, random, 2.6, once, even=True)
    return dry + 0.4 * room(dry, 1.0)


def knock(size: int, random: np.random.Generator) -> Samples:
    """Return three knocks on wood, and a pause."""

    def thrice(chance: np.random.Generator) -> Samples:
        sound = np.zeros(count(0.8))
        for number in range(3):
            wood = struck(0.12, ((185, 1, 38), (340, 0.8, 45), (720, 0.5, 60), (1_300, 0.2, 80)))
            add_at(wood, 0.2 * burst(0.015, chance, 800, 4_000), 0)
            add_at(sound, wood, count(0.23 * number))
        return sound

    dry = scattered(size, random, 1.9, thrice, even=True)
    return dry + 0.25 * room(dry, 0.6)


def doorbell(size: int, random: np.random.Generator) -> Samples:
    """Return ding, dong."""

    def both(chance: np.random.Generator) -> Samples:
        del chance
        sound = np.zeros(count(2.2))
        for at, pitch in ((0.0, 659), (0.55, 523)):
            chime = struck(1.6, ((pitch, 1, 2.4), (pitch * 2.76, 0.25, 6), (pitch * 5.4, 0.1, 12)))
            add_at(sound, chime, count(at))
        return sound

    return scattered(size, random, 3.0, both, even=True)


def glass(size: int, random: np.random.Generator) -> Samples:
    """Return glass that breaks, and its shards."""

    def shard(chance: np.random.Generator) -> Samples:
        pitches = chance.uniform(2_200, 9_500, 4)
        return struck(0.3, [(float(p), float(chance.uniform(0.3, 1)), 26) for p in pitches])

    def crash(chance: np.random.Generator) -> Samples:
        sound = np.zeros(count(1.7))
        add_at(sound, 1.3 * burst(0.25, chance, 2_200, 12_000), 0)
        for _ in range(34):
            late = float(chance.exponential(0.28))
            add_at(sound, shard(chance), count(late), 0.8 * float(np.exp(-1.5 * late)))
        return sound

    dry = scattered(size, random, 2.6, crash, even=True)
    return dry + 0.2 * room(dry, 0.8)


def impact(size: int, random: np.random.Generator) -> Samples:
    """Return the deep hit of a film trailer."""

    def hit(chance: np.random.Generator) -> Samples:
        long = count(2.4)
        at = clock(long)
        deep = glide(34 + 66 * np.exp(-at * 7), (1, 0.3, 0.12)) * np.exp(-at * 2.0)
        add_at(deep, 0.5 * burst(0.12, chance, 80, 4_000), 0)
        return deep * envelope(long, 0.001, 0.5)

    dry = scattered(size, random, 3.0, hit, even=True)
    return dry + 0.5 * room(dry, 2.8)


def gunshot(size: int, random: np.random.Generator) -> Samples:
    """Return a shot and its echo."""

    def shot(chance: np.random.Generator) -> Samples:
        sound = np.zeros(count(0.8))
        add_at(sound, 1.6 * burst(0.09, chance, 300, 11_000), 0)
        add_at(sound, 0.7 * burst(0.7, chance, 50, 700), 0)
        return sound

    dry = scattered(size, random, 1.6, shot, even=True)
    return dry + 0.4 * room(dry, 1.8)


def explosion(size: int, random: np.random.Generator) -> Samples:
    """Return a blast and its rumble."""

    def blast(chance: np.random.Generator) -> Samples:
        long = count(3.0)
        at = clock(long)
        boom = noise(long, chance, low=25, high=240, slope=1.0) * np.exp(-at * 1.8)
        add_at(boom, 1.6 * burst(0.3, chance, 60, 6_000), 0)
        return boom * envelope(long, 0.002, 0.5)

    dry = scattered(size, random, 4.0, blast, even=True)
    return dry + 0.4 * room(dry, 2.8)
