"""People: steps on many grounds, crowds, hands, a heart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local.noises.making import burst, glide, grains, scattered, struck, wide
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
    from collections.abc import Callable

    from framewright_providers.local.synth import Samples


def _walk(
    size: int,
    random: np.random.Generator,
    step: Callable[[np.random.Generator], Samples],
    every: float = 0.56,
    echo: float = 0.0,
) -> Samples:
    dry = scattered(size, random, every, step, even=True)
    return dry + echo * room(dry, 0.6) if echo else dry


def footsteps(size: int, random: np.random.Generator) -> Samples:
    """Return even steps in a small room."""
    return _walk(size, random, _step, echo=0.3)


def running(size: int, random: np.random.Generator) -> Samples:
    """Return quick steps."""
    return _walk(size, random, _step, every=0.31, echo=0.2)


def _step(random: np.random.Generator) -> Samples:
    thud = burst(0.16, random, 50, 320)
    add_at(thud, 0.35 * burst(0.09, random, 1_200, 5_000), 300)
    return thud


def on_gravel(size: int, random: np.random.Generator) -> Samples:
    """Return steps on small stones."""

    def step(chance: np.random.Generator) -> Samples:
        crunch = grains(0.28, chance, 900, 1_400, 9_000)
        add_at(crunch, 0.5 * burst(0.12, chance, 60, 300), 0)
        return crunch

    return _walk(size, random, step)


def on_snow(size: int, random: np.random.Generator) -> Samples:
    """Return steps in cold snow."""

    def step(chance: np.random.Generator) -> Samples:
        crunch = grains(0.36, chance, 5_000, 350, 2_400)
        add_at(crunch, 0.4 * grains(0.2, chance, 900, 1_500, 4_000), count(0.1))
        return crunch

    return _walk(size, random, step, every=0.66)


def on_wood(size: int, random: np.random.Generator) -> Samples:
    """Return steps on floorboards."""

    def step(chance: np.random.Generator) -> Samples:
        bend = float(chance.uniform(0.93, 1.07))
        board = struck(0.25, [(h * bend, v, d) for h, v, d in _BOARD])
        add_at(board, 0.15 * burst(0.03, chance, 900, 4_000), 0)
        return board

    return _walk(size, random, step, echo=0.35)


_BOARD = ((118, 1.0, 22), (214, 0.8, 30), (402, 0.45, 42), (690, 0.25, 60))


def on_leaves(size: int, random: np.random.Generator) -> Samples:
    """Return steps in dry leaves."""
    return _walk(size, random, lambda r: grains(0.4, r, 1_300, 2_600, 11_000), every=0.62)


def applause(size: int, random: np.random.Generator) -> Samples:
    """Return many hands."""

    def clap(chance: np.random.Generator) -> Samples:
        low = float(chance.uniform(700, 1_300))
        return burst(0.035, chance, low, 2.6 * low)

    hands = scattered(size, random, 0.007, clap)
    return hands + 0.35 * room(hands, 1.4)


def cheer(size: int, random: np.random.Generator) -> Samples:
    """Return a crowd that shouts for joy, and claps."""
    voices = np.zeros((2, size))
    for place in np.linspace(-0.8, 0.8, 12):
        pitch = float(random.uniform(240, 520)) * (0.85 + 0.4 * wander(size, random, 0.5))
        shout = glide(pitch, (0.5, 1, 0.9, 0.6, 0.3, 0.2)) * wander(size, random, 0.6)
        voices += stereo(shout, float(place))
    roar = wide(size, random, 500, 3_500, 0.8) * (0.6 + 0.4 * wander(size, random, 1.0))
    loud = voices / max(1e-9, float(np.sqrt(np.mean(voices**2))))
    return 0.5 * loud + 0.8 * roar + 0.25 * applause(size, random)


def crowd(size: int, random: np.random.Generator) -> Samples:
    """Return the murmur of many voices."""
    scene = np.zeros((2, size))
    for voice in range(9):
        low = float(random.uniform(150, 500))
        talk = noise(size, random, low=low, high=low * 3.2, slope=0.5)
        talk *= wander(size, random, 0.16) ** 2 * wander(size, random, 1.4)
        scene += stereo(talk, (voice - 4) / 5)
    return scene + 0.3 * room(scene, 1.2)


def heartbeat(size: int, random: np.random.Generator) -> Samples:
    """Return a heart at rest."""

    def beat(chance: np.random.Generator) -> Samples:
        del chance
        long = count(0.6)
        at = clock(long)
        one = np.sin(2 * np.pi * 52 * at) * np.exp(-at * 22)
        add_at(one, 0.7 * one.copy(), count(0.24))
        return one * envelope(long, 0.004, 0.1)

    return scattered(size, random, 0.95, beat, even=True)
