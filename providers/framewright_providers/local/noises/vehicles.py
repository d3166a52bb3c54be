"""Vehicles: engines, cars, streets, trains, aircraft."""

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


def engine(size: int, random: np.random.Generator) -> Samples:
    """Return an engine whose speed wanders."""
    turns = 34 + 10 * wander(size, random, 2.5)
    phase = 2 * np.pi * np.cumsum(turns) / RATE
    hum = sum(np.sin(n * phase) / n**0.8 for n in (1, 2, 3, 4, 6, 8))
    return stereo(np.asarray(hum), 0) + 0.4 * wide(size, random, 80, 1_500, 1.2)


def traffic(size: int, random: np.random.Generator) -> Samples:
    """Return cars passing in a street."""

    def passing(chance: np.random.Generator) -> Samples:
        long = count(3.0)
        return noise(long, chance, low=70, high=1_100, slope=1.0) * np.hanning(long) ** 2

    def horn(chance: np.random.Generator) -> Samples:
        sound = glide(np.full(count(0.35), float(chance.uniform(390, 440))), (1, 0.8, 0.6, 0.4))
        return 0.25 * sound * envelope(sound.size, 0.02, 0.06)

    horns = scattered(size, random, 4.0, horn)
    return (
        0.4 * wide(size, random, 40, 600, 1.4) + 0.8 * scattered(size, random, 1.7, passing) + horns
    )


def car(size: int, random: np.random.Generator) -> Samples:
    """Return one car that comes, passes from left to right, and goes."""
    at = np.linspace(-1, 1, size)
    near = 1 / (1 + (at / 0.22) ** 2)
    # Doppler: what comes is higher than what goes.
    turns = 62 * (1 - 0.12 * np.tanh(at / 0.15))
    motor = glide(turns, [1 / n for n in range(1, 12)])
    tyres = noise(size, random, low=250, high=2_400, slope=0.6)
    mono = (0.4 * motor + tyres) * near
    angle = (np.tanh(at / 0.3) + 1) * np.pi / 4
    return np.stack([mono * np.cos(angle), mono * np.sin(angle)])


def train(size: int, random: np.random.Generator) -> Samples:
    """Return wheels over the joints of rails, and the rumble under them."""

    def joint(chance: np.random.Generator) -> Samples:
        sound = np.zeros(count(0.5))
        for at in (0.0, 0.13):
            clack = struck(0.16, ((310, 1, 38), (520, 0.7, 46), (1_450, 0.3, 70)))
            add_at(clack, 0.5 * burst(0.04, chance, 900, 5_000), 0)
            add_at(sound, clack, count(at))
        return sound

    rumble = wide(size, random, 35, 320, 1.2) * (0.8 + 0.2 * wander(size, random, 0.5))
    return 0.35 * rumble + 0.9 * scattered(size, random, 0.62, joint, even=True)


def train_horn(size: int, random: np.random.Generator) -> Samples:
    """Return the horn of a train far off, a chord of five pipes."""

    def blow(chance: np.random.Generator) -> Samples:
        long = count(min(1.8, size / RATE))
        bend = 1 + 0.01 * np.minimum(1, np.linspace(0, 8, long))
        chord = np.zeros(long)
        for hertz in (311, 370, 415, 494, 622):
            off = float(chance.uniform(0.995, 1.005))
            chord += glide(hertz * off * bend, (1, 0.8, 0.6, 0.4, 0.3, 0.2))
        return chord * envelope(long, 0.08, 0.35)

    dry = scattered(size, random, 2.6, blow, even=True)
    return dry + 0.6 * room(dry, 2.4)


def helicopter(size: int, random: np.random.Generator) -> Samples:
    """Return blades that beat the air."""
    at = clock(size)
    beat = np.clip(np.sin(2 * np.pi * 11.5 * at), 0, 1) ** 3
    return wide(size, random, 50, 700, 1.0) * (0.12 + beat) + stereo(
        0.25 * glide(np.full(size, 210.0), (1, 0.5, 0.3)) * (0.5 + beat), 0
    )


def jet(size: int, random: np.random.Generator) -> Samples:
    """Return an aeroplane that flies over."""
    at = np.linspace(-1, 1, size)
    near = 1 / (1 + (at / 0.4) ** 2)
    low = wide(size, random, 40, 500, 1.0) * near**0.7
    return low + 0.7 * wide(size, random, 700, 6_000, 0.5) * near**2.2
