"""Water: surf, streams, drops, splashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.noises.making import burst, scattered, wide
from framewright_providers.local.synth import RATE, add_at, clock, count, envelope, room, wander

if TYPE_CHECKING:
    from framewright_providers.local.synth import Samples


def waves(size: int, random: np.random.Generator) -> Samples:
    """Return surf: a swell and the hiss behind it."""
    swell = wander(size, random, 3.2) ** 2
    body = wide(size, random, 40, 900, 1.2) * (0.25 + swell)
    return body + 0.5 * wide(size, random, 900, 8_000, 0.8) * np.roll(swell, RATE // 3) ** 1.5


def drip(size: int, random: np.random.Generator) -> Samples:
    """Return drops in a cave."""

    def drop(chance: np.random.Generator) -> Samples:
        long = count(0.14)
        at = clock(long)
        pitch = float(chance.uniform(700, 1_300)) * (1 + 2.2 * at / 0.14)
        return np.sin(2 * np.pi * np.cumsum(pitch) / RATE) * np.exp(-at * 38)

    dry = scattered(size, random, 0.9, drop)
    return dry + 0.9 * room(dry, 2.6)


def water(size: int, random: np.random.Generator) -> Samples:
    """Return running water."""
    bubbling = scattered(size, random, 0.035, bubble)
    return 0.5 * wide(size, random, 300, 5_000, 1.0) + 0.6 * bubbling


def bubble(random: np.random.Generator) -> Samples:
    """Return one bubble, which rises in pitch."""
    long = count(0.05)
    at = clock(long)
    pitch = float(random.uniform(350, 1_400)) * (1 + at * 7)
    return (
        np.sin(2 * np.pi * np.cumsum(pitch) / RATE) * np.exp(-at * 70) * envelope(long, 0.003, 0.01)
    )


def splash(size: int, random: np.random.Generator) -> Samples:
    """Return something that falls into water."""

    def fall(chance: np.random.Generator) -> Samples:
        sound = np.zeros(count(1.3))
        add_at(sound, burst(0.8, chance, 400, 6_000), 0)
        for _ in range(14):
            add_at(sound, 1.2 * bubble(chance), count(float(chance.uniform(0.1, 0.9))))
        return sound

    return scattered(size, random, 2.6, fall, even=True)
