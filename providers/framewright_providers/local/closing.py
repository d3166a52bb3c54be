"""The last bar of the scratch score: the key's chord, struck once and left to ring out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framewright_providers.local import timbres
from framewright_providers.local.instruments import Note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framewright_providers.local.score import Score
    from framewright_providers.local.synth import Samples
    from framewright_providers.local.timbres import Timbre

_HELD: dict[str, tuple[Timbre, float, float]] = {
    "pad": (timbres.pad_tone, 0.26, 0.0),
    "strings": (timbres.string_tone, 0.2, 0.0),
    "organ": (timbres.organ_tone, 0.14, 0.0),
    "keys": (timbres.key_tone, 0.3, 0.02),
    "pluck": (timbres.pluck_tone, 0.3, 0.018),
    "arp": (timbres.saw_tone, 0.2, 0.0),
    "ostinato": (timbres.short_string_tone, 0.3, 0.0),
}
"""Timbre, level, and seconds from one note of the chord to the next."""
_LOW: dict[str, tuple[Timbre, float]] = {
    "bass": (timbres.bass_tone, 0.36),
    "walking": (timbres.bass_tone, 0.36),
    "drone": (timbres.drone_tone, 0.3),
}
_TUNES: dict[str, tuple[Timbre, int, float]] = {
    "flute": (timbres.flute_tone, 0, 0.18),
    "brass": (timbres.brass_tone, -12, 0.11),
    "mallet": (timbres.mallet_tone, 12, 0.22),
    "violin": (timbres.string_tone, 0, 0.2),
}


_LEVEL = 0.6
"""All play at once here, and it is no blow."""


def closing(player: str, score: Score) -> Iterator[Note]:
    """Play the closing chord; the notes are over before the end, so that the room can ring out."""
    chord = score.chords[-1]
    seconds = max(0.4, score.hold_seconds - min(0.9, score.hold_seconds * 0.3))
    if player in _HELD:
        timbre, level, apart = _HELD[player]
        for number, note in enumerate(chord):
            at = number * apart
            pan = -0.5 + number / len(chord)
            yield Note(at, _falling(timbre(note, seconds - at, score.bright)), _LEVEL * level, pan)
    elif player in _LOW:
        timbre, level = _LOW[player]
        yield Note(0.0, _falling(timbre(chord[0], seconds, score.bright)), _LEVEL * level)
    elif player in _TUNES:
        timbre, raised, level = _TUNES[player]
        home = score.melody[-1][0].note + raised if score.melody else chord[-1] + raised
        yield Note(0.0, _falling(timbre(home, seconds, score.bright)), _LEVEL * level, 0.15)
    elif player == "drums":
        yield Note(0.0, timbres.kick(), 0.3)
        yield Note(0.0, timbres.cymbal(seconds), 0.05 * score.bright, 0.2)


def _falling(sound: Samples) -> Samples:
    """Let a note die away from its first moment on, as a player does who ends a piece."""
    fall = np.cos(np.linspace(0, np.pi / 2, sound.size))
    fallen: Samples = sound * fall
    return fallen
