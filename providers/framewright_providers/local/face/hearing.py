"""When which sound is made in a recording: by its marks, by its words, or by ear."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from framewright.media.sound import read_sound
from framewright_providers.local.face.mouth import Mouth, Sound, sounds_of
from framewright_providers.local.marks import Mark, read_marks

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Levels = NDArray[np.floating[Any]]

_RATE = 16_000
_HOP = 320
"""20 ms."""
_QUIET = 0.09
"""What is below this share of the loud parts is a pause."""
_PAUSE_HOPS = 9
"""A pause shorter than this is a sound that lets nothing through."""


def heard(audio: Path, said: tuple[Mark, ...] = ()) -> tuple[Sound, ...]:
    """Return the sounds of a recording.

    Marks in the file are exact. Without them those of its words, as another voice says them
    (`said`), tell which sounds come, and the voiced stretches when; without words, loudness says
    how far the mouth is open and brightness how wide.
    """
    if marks := read_marks(audio):
        return sounds_of(marks)
    samples = read_sound(audio, _RATE, 1)[0]
    levels = _levels(samples)
    if said:
        return sounds_of(_fitted(said, _stretches(levels)))
    return _by_ear(samples, levels)


def _levels(samples: Levels) -> Levels:
    """Return the loudness of each hop, 1 where it is loud."""
    whole = samples[: samples.size // _HOP * _HOP].reshape(-1, _HOP).astype(np.float64)
    power = np.sqrt((whole**2).mean(axis=1))
    loud = float(np.percentile(power, 95)) if power.size else 0.0
    made: Levels = power / max(loud, 1e-6)
    return made


def _stretches(levels: Levels) -> list[tuple[float, float]]:
    """Return when somebody speaks, without the pauses between."""
    speaks = np.flatnonzero(levels > _QUIET)
    if not speaks.size:
        return []
    parts = np.split(speaks, np.flatnonzero(np.diff(speaks) > _PAUSE_HOPS) + 1)
    return [(int(part[0]) * _HOP / _RATE, (int(part[-1]) + 1) * _HOP / _RATE) for part in parts]


def _fitted(marks: tuple[Mark, ...], stretches: list[tuple[float, float]]) -> tuple[Mark, ...]:
    """Return marks moved so that what is spoken in them falls into the stretches, in order."""
    if not stretches:
        return ()
    ends = [mark.seconds for mark in marks[1:]] + [marks[-1].seconds]
    lengths = np.array(
        [
            max(0.0, end - mark.seconds) if mark.text and mark.kind == "phoneme" else 0.0
            for mark, end in zip(marks, _next_sound(marks, ends), strict=True)
        ]
    )
    before = np.concatenate([[0.0], np.cumsum(lengths)[:-1]])
    total = float(lengths.sum())
    room = np.array([end - start for start, end in stretches])
    edges = np.concatenate([[0.0], np.cumsum(room)]) / float(room.sum())
    fitted = []
    for mark, done in zip(marks, before, strict=True):
        share = min(done / max(total, 1e-6), 1.0)
        place = min(int(np.searchsorted(edges, share, "right")) - 1, len(stretches) - 1)
        start, _ = stretches[place]
        fitted.append(
            Mark(start + (share - edges[place]) * float(room.sum()), mark.kind, mark.text)
        )
    last = stretches[-1][1]
    return (*fitted, Mark(last, "end", ""))


def _next_sound(marks: tuple[Mark, ...], ends: list[float]) -> list[float]:
    """Return when the next sound begins after each mark: words are marked in between."""
    found = list(ends)
    upcoming = marks[-1].seconds
    for number in range(len(marks) - 1, -1, -1):
        found[number] = upcoming
        if marks[number].kind != "word":
            upcoming = marks[number].seconds
    return found


def _by_ear(samples: Levels, levels: Levels) -> tuple[Sound, ...]:
    step = _HOP / _RATE
    whole = samples[: levels.size * _HOP].reshape(-1, _HOP).astype(np.float64)
    crossings = np.abs(np.diff(np.sign(whole), axis=1)).sum(axis=1) / (2 * _HOP)
    made = []
    for number, (level, bright) in enumerate(zip(levels, crossings, strict=True)):
        if level <= _QUIET:
            continue
        hiss = min(1.0, max(0.0, (bright - 0.12) / 0.15))
        wide = min(1.0, max(-0.8, (bright - 0.055) / 0.05))
        far = min(1.0, float(level) ** 0.7) * (1 - 0.7 * hiss)
        made.append(Sound(number * step, (number + 1) * step, Mouth(far, wide * 0.6)))
    return tuple(made)
