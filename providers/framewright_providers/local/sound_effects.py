"""Sound-effect jobs: scratch ambiences and hits, chosen and layered by the prompt's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from framewright.media.sound import write_wav
from framewright_providers.local.effects import EFFECTS, asked_effects
from framewright_providers.local.synth import RATE, count, finished, noise, room, stereo, wander
from framewright_providers.local.words import words_of

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.protocols import Tell
    from framewright_providers.local.synth import Samples

MOST_LAYERS = 3
"""Sounds that are laid over each other; a prompt that names more is told so."""
_DISTANT = frozenset({"distant", "far", "faint", "echo", "echoing", "cave", "hall", "cathedral"})


def sound(inputs: dict[str, Any], seed: int, folder: Path, tell: Tell) -> Path:
    """Make a sound of exactly the asked length."""
    seconds = float(inputs["duration_seconds"])
    random = np.random.Generator(np.random.PCG64(seed))
    prompt = str(inputs["prompt"])
    layered = _layered(prompt, count(seconds), random, tell)
    if _DISTANT & set(words_of(prompt)):
        layered = 0.5 * layered + 1.5 * room(layered, 3.0)
    whole = finished(layered, rms_dbfs=-20, peak_dbfs=-3, fade=min(0.4, seconds / 6))
    target = folder / "sound.wav"
    write_wav(target, whole, RATE)
    return target


def _layered(prompt: str, size: int, random: np.random.Generator, tell: Tell) -> Samples:
    names = asked_effects(prompt)[:MOST_LAYERS]
    if not names:
        return _air(size, random)
    mixed = np.zeros((2, size))
    for number, name in enumerate(names):
        tell(number / len(names))
        layer = EFFECTS[name](size, random)
        level = float(np.sqrt(np.mean(layer**2))) or 1.0
        # What is named first stands in front.
        mixed += layer / level / (1 + 0.6 * number)
    return mixed


def _air(size: int, random: np.random.Generator) -> Samples:
    """Return the tone of a room with nothing in it that has a name."""
    sides = [noise(size, random, low=60, high=2_500, slope=1.6) for _ in range(2)]
    swell = 0.7 + 0.3 * wander(size, random, 2.5)
    return np.stack(sides) * swell + stereo(0.3 * noise(size, random, low=40, high=200), 0)
