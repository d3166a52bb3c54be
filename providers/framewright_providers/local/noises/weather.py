"""Weather: wind, rain, thunder, fire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.noises.making import burst, scattered, wide
from framewright_providers.local.synth import clock, count, noise, stereo, wander

if TYPE_CHECKING:
    from framewright_providers.local.synth import Samples


def wind(size: int, random: np.random.Generator) -> Samples:
    """Return gusts with a faint whistle."""
    gusts = 0.2 + wander(size, random, 1.8) ** 1.5
    whistle = noise(size, random, low=420, high=620) * wander(size, random, 0.9) ** 3
    return wide(size, random, 60, 700, 1.0) * gusts + stereo(0.25 * whistle * gusts, 0.3)


def rain(size: int, random: np.random.Generator) -> Samples:
    """Return rain: a hiss and single drops."""
    drops = scattered(size, random, 0.02, lambda r: burst(0.015, r, 1_500, 9_000))
    return 0.5 * wide(size, random, 700, 11_000, 0.6) + 0.5 * drops


def thunder(size: int, random: np.random.Generator) -> Samples:
    """Return rolling thunder over thin rain."""

    def roll(chance: np.random.Generator) -> Samples:
        long = count(4.0)
        rumble = noise(long, chance, low=25, high=160, slope=1.0)
        return rumble * np.exp(-clock(long) * 1.1) * (0.3 + wander(long, chance, 0.25))

    return scattered(size, random, 5.0, roll) + 0.05 * rain(size, random)


def fire(size: int, random: np.random.Generator) -> Samples:
    """Return a crackling fire."""
    crackle = scattered(size, random, 0.07, lambda r: burst(0.012, r, 1_200, 9_000))
    bed = wide(size, random, 40, 420, 1.2) * (0.5 + wander(size, random, 0.4))
    return 0.5 * bed + 0.9 * crackle
