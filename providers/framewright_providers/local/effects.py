"""The scratch effects: each a function of length and chance that returns stereo samples."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.synth import (
    RATE,
    add_at,
    clock,
    count,
    envelope,
    noise,
    partials,
    room,
    stereo,
    wander,
)

if TYPE_CHECKING:
    from framewright_providers.local.synth import Samples

Effect = Callable[[int, np.random.Generator], "Samples"]


def _wide(size: int, random: np.random.Generator, low: float, high: float, slope: float) -> Samples:
    return np.stack([noise(size, random, low=low, high=high, slope=slope) for _ in range(2)])


def _burst(seconds: float, random: np.random.Generator, low: float, high: float) -> Samples:
    size = count(seconds)
    return noise(size, random, low=low, high=high) * np.exp(-clock(size) * 6 / seconds)


def _scattered(
    size: int,
    random: np.random.Generator,
    every: float,
    make: Callable[[np.random.Generator], Samples],
    *,
    even: bool = False,
) -> Samples:
    """Place sounds about every so many seconds, here and there; `even` keeps a beat."""
    scene = np.zeros((2, size))
    at = 0.0 if even else float(random.uniform(0, min(every, size / RATE / 2)))
    while at * RATE < size:
        pan = 0.0 if even else float(random.uniform(-0.8, 0.8))
        add_at(scene, stereo(make(random), pan), int(at * RATE), float(random.uniform(0.6, 1.0)))
        at += every if even else every * float(random.uniform(0.4, 1.6))
    return scene


def waves(size: int, random: np.random.Generator) -> Samples:
    """Return surf: a swell and the hiss behind it."""
    swell = wander(size, random, 3.2) ** 2
    body = _wide(size, random, 40, 900, 1.2) * (0.25 + swell)
    return body + 0.5 * _wide(size, random, 900, 8_000, 0.8) * np.roll(swell, RATE // 3) ** 1.5


def wind(size: int, random: np.random.Generator) -> Samples:
    """Return gusts with a faint whistle."""
    gusts = 0.2 + wander(size, random, 1.8) ** 1.5
    whistle = noise(size, random, low=420, high=620) * wander(size, random, 0.9) ** 3
    return _wide(size, random, 60, 700, 1.0) * gusts + stereo(0.25 * whistle * gusts, 0.3)


def rain(size: int, random: np.random.Generator) -> Samples:
    """Return rain: a hiss and single drops."""
    drops = _scattered(size, random, 0.02, lambda r: _burst(0.015, r, 1_500, 9_000))
    return 0.5 * _wide(size, random, 700, 11_000, 0.6) + 0.5 * drops


def thunder(size: int, random: np.random.Generator) -> Samples:
    """Return rolling thunder over thin rain."""

    def roll(chance: np.random.Generator) -> Samples:
        long = count(4.0)
        rumble = noise(long, chance, low=25, high=160, slope=1.0)
        return rumble * np.exp(-clock(long) * 1.1) * (0.3 + wander(long, chance, 0.25))

    return _scattered(size, random, 5.0, roll) + 0.05 * rain(size, random)


def fire(size: int, random: np.random.Generator) -> Samples:
    """Return a crackling fire."""
    crackle = _scattered(size, random, 0.07, lambda r: _burst(0.012, r, 1_200, 9_000))
    bed = _wide(size, random, 40, 420, 1.2) * (0.5 + wander(size, random, 0.4))
    return 0.5 * bed + 0.9 * crackle


def footsteps(size: int, random: np.random.Generator) -> Samples:
    """Return even steps in a small room."""

    def step(chance: np.random.Generator) -> Samples:
        thud = _burst(0.16, chance, 50, 320)
        add_at(thud, 0.35 * _burst(0.09, chance, 1_200, 5_000), 300)
        return thud

    dry = _scattered(size, random, 0.56, step, even=True)
    return dry + 0.3 * room(dry, 0.6)


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

    return _scattered(size, random, 2.2, strike, even=True)


def engine(size: int, random: np.random.Generator) -> Samples:
    """Return an engine whose speed wanders."""
    turns = 34 + 10 * wander(size, random, 2.5)
    phase = 2 * np.pi * np.cumsum(turns) / RATE
    hum = sum(np.sin(n * phase) / n**0.8 for n in (1, 2, 3, 4, 6, 8))
    return stereo(np.asarray(hum), 0) + 0.4 * _wide(size, random, 80, 1_500, 1.2)


def crowd(size: int, random: np.random.Generator) -> Samples:
    """Return the murmur of many voices."""
    scene = np.zeros((2, size))
    for voice in range(9):
        low = float(random.uniform(150, 500))
        talk = noise(size, random, low=low, high=low * 3.2, slope=0.5)
        talk *= wander(size, random, 0.16) ** 2 * wander(size, random, 1.4)
        scene += stereo(talk, (voice - 4) / 5)
    return scene + 0.3 * room(scene, 1.2)


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

    song = _scattered(size, random, 0.7, chirp)
    return song + 0.35 * room(song, 1.4) + 0.03 * _wide(size, random, 200, 4_000, 1.0)


def whoosh(size: int, random: np.random.Generator) -> Samples:
    """Return something passing by."""

    def pass_by(chance: np.random.Generator) -> Samples:
        long = min(size, count(1.1))
        rise = np.sin(np.linspace(0, np.pi, long)) ** 3
        low, high = (noise(long, chance, low=f, high=3 * f) for f in (250, 1_400))
        passing: Samples = low * rise + high * rise**2
        return passing

    return _scattered(size, random, 2.0, pass_by, even=True)


def click(size: int, random: np.random.Generator) -> Samples:
    """Return keys being pressed."""
    return _scattered(size, random, 0.19, lambda r: _burst(0.03, r, 900, 6_500))


def door(size: int, random: np.random.Generator) -> Samples:
    """Return a door that creaks and falls shut."""

    def slam(chance: np.random.Generator) -> Samples:
        long = count(1.6)
        creak = partials(95, long, [1 / n for n in range(1, 14)]) * wander(long, chance, 0.05) ** 2
        creak *= 0.3 * envelope(long, 0.3, 0.8)
        add_at(creak, 2.2 * _burst(0.4, chance, 40, 420), count(1.1))
        return creak

    dry = _scattered(size, random, 3.0, slam, even=True)
    return dry + 0.4 * room(dry, 1.0)


def heartbeat(size: int, random: np.random.Generator) -> Samples:
    """Return a heart at rest."""

    def beat(chance: np.random.Generator) -> Samples:
        del chance
        long = count(0.6)
        at = clock(long)
        one = np.sin(2 * np.pi * 52 * at) * np.exp(-at * 22)
        add_at(one, 0.7 * one.copy(), count(0.24))
        return one * envelope(long, 0.004, 0.1)

    return _scattered(size, random, 0.95, beat, even=True)


def alarm(size: int, random: np.random.Generator) -> Samples:
    """Return a beeping alarm."""
    base = float(random.uniform(820, 1_050))
    at = clock(size)
    beep = np.sin(2 * np.pi * base * at) + 0.3 * np.sin(6 * np.pi * base * at)
    gate = np.clip(8 * np.sin(2 * np.pi * 2 * at), 0, 1)
    return stereo(beep * gate, 0)


def drip(size: int, random: np.random.Generator) -> Samples:
    """Return drops in a cave."""

    def drop(chance: np.random.Generator) -> Samples:
        long = count(0.14)
        at = clock(long)
        pitch = float(chance.uniform(700, 1_300)) * (1 + 2.2 * at / 0.14)
        return np.sin(2 * np.pi * np.cumsum(pitch) / RATE) * np.exp(-at * 38)

    dry = _scattered(size, random, 0.9, drop)
    return dry + 0.9 * room(dry, 2.6)


def water(size: int, random: np.random.Generator) -> Samples:
    """Return running water."""
    bubbling = _scattered(size, random, 0.035, _bubble)
    return 0.5 * _wide(size, random, 300, 5_000, 1.0) + 0.6 * bubbling


def _bubble(random: np.random.Generator) -> Samples:
    long = count(0.05)
    at = clock(long)
    pitch = float(random.uniform(350, 1_400)) * (1 + at * 7)
    return (
        np.sin(2 * np.pi * np.cumsum(pitch) / RATE) * np.exp(-at * 70) * envelope(long, 0.003, 0.01)
    )


def traffic(size: int, random: np.random.Generator) -> Samples:
    """Return cars passing in a street."""

    def car(chance: np.random.Generator) -> Samples:
        long = count(3.0)
        return noise(long, chance, low=70, high=1_100, slope=1.0) * np.hanning(long) ** 2

    return 0.4 * _wide(size, random, 40, 600, 1.4) + 0.8 * _scattered(size, random, 1.7, car)


def hum(size: int, random: np.random.Generator) -> Samples:
    """Return the hum of a large machine."""
    base = float(random.uniform(44, 62))
    slow = 0.7 + 0.3 * wander(size, random, 3.0)
    left = partials(base, size, (1, 0.6, 0.35, 0.2, 0.15, 0.1)) * slow
    right = partials(base * 1.004, size, (1, 0.6, 0.35, 0.2, 0.15, 0.1)) * slow
    return np.stack([left, right]) + 0.1 * _wide(size, random, 60, 900, 1.0)


def explosion(size: int, random: np.random.Generator) -> Samples:
    """Return a blast and its rumble."""

    def blast(chance: np.random.Generator) -> Samples:
        long = count(3.0)
        at = clock(long)
        boom = noise(long, chance, low=25, high=240, slope=1.0) * np.exp(-at * 1.8)
        add_at(boom, 1.6 * _burst(0.3, chance, 60, 6_000), 0)
        return boom * envelope(long, 0.002, 0.5)

    dry = _scattered(size, random, 4.0, blast, even=True)
    return dry + 0.4 * room(dry, 2.8)


def ticking(size: int, random: np.random.Generator) -> Samples:
    """Return a clock."""
    return _scattered(size, random, 0.5, lambda r: _burst(0.025, r, 1_800, 6_000), even=True)


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
    return scene + 0.02 * _wide(size, random, 100, 3_000, 1.2)


EFFECTS: dict[str, Effect] = {
    "waves": waves,
    "wind": wind,
    "rain": rain,
    "thunder": thunder,
    "fire": fire,
    "footsteps": footsteps,
    "bell": bell,
    "engine": engine,
    "crowd": crowd,
    "birds": birds,
    "whoosh": whoosh,
    "click": click,
    "door": door,
    "heartbeat": heartbeat,
    "alarm": alarm,
    "drip": drip,
    "water": water,
    "traffic": traffic,
    "hum": hum,
    "explosion": explosion,
    "clock": ticking,
    "crickets": crickets,
}
"""By the names that `lexicons/sound.toml` gives its word lists."""
