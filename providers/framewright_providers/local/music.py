"""Music jobs: a scratch score whose mood, tempo, key and instruments follow the prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from framewright.media.sound import write_wav
from framewright_providers.local.closing import closing
from framewright_providers.local.composing import compose
from framewright_providers.local.instruments import PLAYERS
from framewright_providers.local.synth import RATE, add_at, count, finished, room, stereo

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.protocols import Tell
    from framewright_providers.local.score import Score
    from framewright_providers.local.synth import Samples

_LOOP_SECONDS = 60.0
"""What is longer repeats its middle, about so many seconds long."""
_PHRASE = 8
"""Bars of what repeats, or a multiple of it."""
_TAIL_SECONDS = 4.0
_ROOM_SECONDS = 2.4


def music(inputs: dict[str, Any], seed: int, folder: Path, tell: Tell) -> Path:
    """Compose and play a piece that ends, on a bar line or its last chord, at the asked length."""
    seconds = float(inputs["duration_seconds"])
    random = np.random.Generator(np.random.PCG64(seed))
    score = compose(str(inputs["prompt"]), seconds, random)
    whole = finished(
        _played(score, count(seconds), random, tell),
        rms_dbfs=-20,
        peak_dbfs=-3,
        # Only what is left of the room's echo is faded: the chord has died away by itself.
        fade=min(0.25, score.hold_seconds / 6),
    )
    target = folder / "music.wav"
    write_wav(target, whole, RATE)
    return target


def _played(score: Score, size: int, random: np.random.Generator, tell: Tell) -> Samples:
    """Return exactly `size` samples: beginning, a middle as often as it fits, and the close."""
    whole = np.zeros((2, size))
    last = len(score.chords) - 1
    fits = int(_LOOP_SECONDS / score.bar_seconds)
    period = max(_PHRASE, fits - fits % _PHRASE)
    # The close is never cut from what leads to it.
    times = max(0, (last - _PHRASE // 2) // period - 1) if last >= 2 * period else 0
    parts = [(0, period, 1), (period, 2 * period, times)] if times else []
    closed = period * (1 + times) if times else 0
    parts.append((closed, last + 1, 1))
    bars = sum(to - since for since, to, _ in parts)
    done = 0
    for since, to, repeated in parts:

        def heard(bar: float, before: int = done) -> None:
            tell(0.8 * (before + bar) / bars)

        part = _section(score, since, to, random, heard)
        done += to - since
        for time in range(repeated):
            add_at(whole, part, count((since + time * period) * score.bar_seconds) - 1)
    return whole


def _section(score: Score, since: int, to: int, random: np.random.Generator, tell: Tell) -> Samples:
    """Play the bars from `since` up to `to`, with the echo behind them; `tell` hears the bars."""
    last = len(score.chords) - 1
    dry = np.zeros(
        (2, count((to - since) * score.bar_seconds + _TAIL_SECONDS + score.hold_seconds))
    )
    for bar in range(since, to):
        tell(bar - since)
        start = (bar - since) * score.bar_seconds
        for number, player in enumerate(score.players):
            if bar == last:
                notes = closing(player, score)
            elif score.entries and bar < score.entries[number]:
                continue
            else:
                notes = PLAYERS[player](score, bar, score.chords[bar], random)
            for note in notes:
                add_at(dry, stereo(note.sound, note.pan), count(start + note.at) - 1, note.level)
    return dry + room(dry, _ROOM_SECONDS)
