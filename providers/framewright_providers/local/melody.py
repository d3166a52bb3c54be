"""The tune of the scratch score: two motifs of a bar each, fitted to every bar's chord."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright_providers.local.harmony import SCALES
from framewright_providers.local.score import Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

_RHYTHMS = (
    ((0, 1.5), (1.5, 0.5), (2, 2)),
    ((0, 1), (1, 1), (2, 2)),
    ((0, 2), (2, 1), (3, 1)),
    ((0, 3), (3, 1)),
    ((0, 1), (1, 0.5), (1.5, 0.5), (2, 2)),
    ((0, 0.5), (0.5, 0.5), (1, 1), (2, 2)),
)
"""Beginning and length of each note, in beats."""
_LOWEST, _HIGHEST = 67, 84


def melody(
    mode: str, root: int, chords: Sequence[tuple[int, ...]], random: np.random.Generator
) -> tuple[tuple[Tone, ...], ...]:
    """Return a tune: a bar asks, the next answers; the last note is the key note."""
    motifs = [_RHYTHMS[int(random.integers(len(_RHYTHMS)))] for _ in range(2)]
    bends = [[int(random.integers(-2, 3)) for _ in motif] for motif in motifs]
    scale = {(root + step) % 12 for step in SCALES[mode]}
    tune = []
    at = 74
    for bar, chord in enumerate(chords[:-1]):
        tones = []
        for number, (beat, beats) in enumerate(motifs[bar % 2]):
            bend = bends[bar % 2][number]
            # Strong beats take a note of the chord, the others a step of the scale.
            strong = beat % 2 == 0
            among = {note % 12 for note in chord} if strong else scale
            at = _nearest(at + (3 if strong else 2) * bend, among)
            tones.append(Tone(beat, beats, at))
        tune.append(tuple(tones))
    home = _nearest(at, {root % 12})
    return (*tune, (Tone(0, 4, home),))


def _nearest(note: int, classes: set[int]) -> int:
    """Return the note of these pitch classes that is nearest, within the tune's range."""
    within = [each for each in range(_LOWEST, _HIGHEST + 1) if each % 12 in classes]
    return min(within, key=lambda each: (abs(each - note), each))
