"""Devices: alarms, telephones, keys, clocks, machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.noises.making import burst, glide, scattered, struck, wide
from framewright_providers.local.synth import (
    add_at,
    clock,
    count,
    envelope,
    partials,
    room,
    stereo,
    wander,
)

if TYPE_CHECKING:
    from framewright_providers.local.synth import Samples


def alarm(size: int, random: np.random.Generator) -> Samples:
    """Return a beeping alarm."""
    base = float(random.uniform(820, 1_050))
    at = clock(size)
    beep = np.sin(2 * np.pi * base * at) + 0.3 * np.sin(6 * np.pi * base * at)
    gate = np.clip(8 * np.sin(2 * np.pi * 2 * at), 0, 1)
    return stereo(beep * gate, 0)


def hum(size: int, random: np.random.Generator) -> Samples:
    """Return the hum of a large machine."""
    base = float(random.uniform(44, 62))
    slow = 0.7 + 0.3 * wander(size, random, 3.0)
    left = partials(base, size, (1, 0.6, 0.35, 0.2, 0.15, 0.1)) * slow
    right = partials(base * 1.004, size, (1, 0.6, 0.35, 0.2, 0.15, 0.1)) * slow
    return np.stack([left, right]) + 0.1 * wide(size, random, 60, 900, 1.0)


def siren(size: int, random: np.random.Generator) -> Samples:
    """Return a siren that wails up and down, three seconds each time."""
    base = float(random.uniform(560, 640))
    sway = (1 - np.cos(2 * np.pi * clock(size) / 3)) / 2
    dry = stereo(glide(base * (1 + 1.2 * sway), (1, 0.1, 0.33, 0.05, 0.2)), 0)
    return dry + 0.3 * room(dry, 1.2)


def phone(size: int, random: np.random.Generator) -> Samples:
    """Return a telephone with a bell: two rings and a pause."""

    def ring(chance: np.random.Generator) -> Samples:
        del chance
        sound = np.zeros(count(1.2))
        for at in (0.0, 0.6):
            long = count(0.4)
            trill = 0.5 + 0.5 * np.sign(np.sin(2 * np.pi * 20 * clock(long)))
            bells = struck(0.4, ((1_050, 1, 1), (1_320, 0.8, 1), (2_900, 0.3, 2)))
            add_at(sound, bells * (0.3 + trill) * envelope(long, 0.004, 0.05), count(at))
        return sound

    return scattered(size, random, 2.4, ring, even=True)


def typing(size: int, random: np.random.Generator) -> Samples:
    """Return keys of a keyboard, quick and uneven."""

    def key(chance: np.random.Generator) -> Samples:
        body = float(chance.uniform(280, 520))
        down = struck(0.06, ((body, 0.5, 80), (body * 4.3, 0.3, 120)))
        add_at(down, 0.5 * burst(0.02, chance, 1_800, 8_000), 0)
        return down

    return scattered(size, random, 0.13, key)


def click(size: int, random: np.random.Generator) -> Samples:
    """Return a button on a screen."""

    def tick(chance: np.random.Generator) -> Samples:
        sound = struck(0.05, ((1_900, 1, 130), (3_800, 0.4, 180)))
        add_at(sound, 0.2 * burst(0.008, chance, 2_000, 9_000), 0)
        return sound

    return scattered(size, random, 0.8, tick, even=True)


def shutter(size: int, random: np.random.Generator) -> Samples:
    """Return a camera that takes a picture."""

    def shot(chance: np.random.Generator) -> Samples:
        sound = np.zeros(count(0.3))
        add_at(sound, burst(0.03, chance, 1_200, 8_000), 0)
        add_at(sound, 0.8 * burst(0.05, chance, 700, 5_000), count(0.09))
        return sound

    return scattered(size, random, 1.2, shot, even=True)


def notification(size: int, random: np.random.Generator) -> Samples:
    """Return two friendly notes."""
    base = float(random.uniform(780, 900))

    def ding(chance: np.random.Generator) -> Samples:
        del chance
        sound = np.zeros(count(1.4))
        for at, pitch in ((0.0, base), (0.14, base * 4 / 3)):
            add_at(sound, struck(1.0, ((pitch, 1, 5), (pitch * 2, 0.3, 9))), count(at))
        return sound

    return scattered(size, random, 2.2, ding, even=True)


def ticking(size: int, random: np.random.Generator) -> Samples:
    """Return a clock: tick, tock."""

    def both(chance: np.random.Generator) -> Samples:
        sound = np.zeros(count(0.7))
        for at, pitch in ((0.0, 2_700), (0.5, 2_100)):
            tick = struck(0.05, ((pitch, 1, 120), (pitch * 1.7, 0.5, 160)))
            add_at(tick, 0.5 * burst(0.012, chance, 1_800, 7_000), 0)
            add_at(sound, tick, count(at))
        return sound

    return scattered(size, random, 1.0, both, even=True)
