"""Music jobs: a scratch score whose mood, tempo, mode and instruments follow the prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from framewright.media.sound import write_wav
from framewright_providers.local import instruments
from framewright_providers.local.score import Score
from framewright_providers.local.synth import RATE, add_at, count, finished, room, stereo
from framewright_providers.local.words import places, sound_words, words_of

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.protocols import Tell
    from framewright_providers.local.synth import Samples

_SCALES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
}
_PROGRESSIONS = {
    "major": ((0, 4, 5, 3), (0, 5, 3, 4), (0, 2, 3, 4), (3, 0, 4, 5)),
    "minor": ((0, 5, 2, 6), (0, 3, 5, 4), (0, 5, 3, 4)),
    "dorian": ((0, 3, 0, 6), (0, 6, 3, 0), (1, 4, 0, 3)),
    "phrygian": ((0, 1, 0, 5), (0, 1, 6, 0)),
}
_LOOP_SECONDS = 64.0
"""Longer music repeats after about so long."""
_TAIL_SECONDS = 4.0


def music(inputs: dict[str, Any], seed: int, folder: Path, tell: Tell) -> Path:
    """Compose and play a bed of exactly the asked length."""
    seconds = float(inputs["duration_seconds"])
    random = np.random.Generator(np.random.PCG64(seed))
    score = compose(str(inputs["prompt"]), min(seconds, _LOOP_SECONDS), random)
    played = _play(score, random, tell)
    whole = finished(
        _repeated(played, score, count(seconds)),
        rms_dbfs=-20,
        peak_dbfs=-3,
        fade=min(3.0, seconds / 4),
    )
    target = folder / "music.wav"
    write_wav(target, whole, RATE)
    return target


def compose(prompt: str, seconds: float, random: np.random.Generator) -> Score:
    """Return the score for a prompt: as many whole bars as the length needs."""
    lists = sound_words()
    words = words_of(prompt)
    moods = {name: mood["words"] for name, mood in lists["mood"].items()}
    mood = lists["mood"][next(iter(places(prompt, moods)), "calm")]
    tempo = float(mood["tempo"]) * float(random.uniform(0.97, 1.03))
    for word in words:
        tempo *= lists["tempo"].get(word, 1.0) if "slow" not in mood["words"] else 1.0
    mode = next((lists["mode"][word] for word in words if word in lists["mode"]), mood["mode"])
    asked = [lists["instruments"][word] for word in words if word in lists["instruments"]]
    players = tuple(dict.fromkeys([*asked, *mood["instruments"]]))
    if "no" in words and "drums" in words:
        players = tuple(player for player in players if player != "drums")
    root = 48 + int(random.integers(-5, 5))
    bars = max(1, int(np.ceil(seconds / (240 / tempo))))
    progressions = _PROGRESSIONS[mode]
    turn = progressions[int(random.integers(len(progressions)))]
    chords = _voiced([_chord(mode, root, turn[bar % len(turn)]) for bar in range(bars)])
    return Score(mode, tempo, root, chords, players)


def _chord(mode: str, root: int, degree: int) -> tuple[int, ...]:
    scale = _SCALES[mode]
    steps = (degree, degree + 2, degree + 4, degree + 6)
    notes = tuple(root + scale[step % 7] + 12 * (step // 7) for step in steps)
    # The seventh sweetens; on a major chord with a minor second above it would only rub.
    return notes[:3] if notes[3] - notes[0] == 11 and degree != 0 else notes


def _voiced(chords: list[tuple[int, ...]]) -> tuple[tuple[int, ...], ...]:
    """Return the chords with each note moved by octaves to where it is nearest the one before."""
    centre = 60.0
    voiced = []
    for chord in chords:
        near = tuple(sorted(note + 12 * round((centre - note) / 12) for note in chord))
        centre = 0.7 * centre + 0.3 * (sum(near) / len(near))
        voiced.append(near)
    return tuple(voiced)


def _play(score: Score, random: np.random.Generator, tell: Tell) -> Samples:
    size = count(score.bar_seconds * len(score.chords) + _TAIL_SECONDS)
    dry = np.zeros((2, size))
    for number, player in enumerate(score.players):
        part = np.zeros((2, size))
        for bar, chord in enumerate(score.chords):
            tell(0.8 * (number + bar / len(score.chords)) / len(score.players))
            start = bar * score.bar_seconds
            for note in instruments.PLAYERS[player](score, bar, chord, random):
                add_at(part, stereo(note.sound, note.pan), count(start + note.at) - 1, note.level)
        dry += part
    return dry + room(dry, 2.4)


def _repeated(played: Samples, score: Score, size: int) -> Samples:
    """Return exactly `size` samples; a loop's tail sounds on under its next beginning."""
    period = count(score.bar_seconds * len(score.chords))
    whole = np.zeros((2, size))
    for start in range(0, size, period):
        add_at(whole, played, start)
    return whole
