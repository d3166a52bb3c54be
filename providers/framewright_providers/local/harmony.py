"""Chords of the scratch score: scales, turns, cadences, and how the voices move between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    Chord = tuple[int, ...]

SCALES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
}
"""Semitones over the key note."""
_TURNS = {
    "major": ((0, 4, 5, 3), (0, 5, 3, 4), (0, 2, 3, 4), (3, 0, 4, 5)),
    "lydian": ((0, 1, 0, 4), (0, 1, 5, 4), (0, 4, 1, 0)),
    "mixolydian": ((0, 6, 3, 0), (0, 3, 6, 0), (0, 4, 6, 3)),
    "dorian": ((0, 3, 0, 6), (0, 6, 3, 0), (0, 2, 3, 6)),
    "minor": ((0, 5, 2, 6), (0, 3, 5, 4), (0, 5, 3, 4)),
    "phrygian": ((0, 1, 0, 5), (0, 1, 6, 0), (0, 5, 1, 0)),
}
"""Scale degrees, from 0, of four bars."""
_CADENCES = {
    "major": (3, 4),
    "lydian": (1, 4),
    "mixolydian": (3, 6),
    "dorian": (3, 6),
    "minor": (3, 4),
    "phrygian": (3, 1),
}
"""The degrees of the two bars before the closing chord."""
_LEADING = {"minor"}
"""Modes whose fifth degree takes a raised third at the close, so that it leads home."""
_PHRASE = 4


def harmony(
    mode: str, root: int, bars: int, random: np.random.Generator, *, sevenths: bool
) -> tuple[tuple[Chord, ...], tuple[int, ...]]:
    """Return the chords of so many bars and the note, from 0 for C, that each stands on.

    They are phrases of four bars, a cadence, and at last the key's own chord.
    """
    turns = _TURNS[mode]
    first = turns[int(random.integers(len(turns)))]
    second = turns[int(random.integers(len(turns)))]
    degrees = [
        (second if bar // _PHRASE % 4 == 2 else first)[bar % _PHRASE] for bar in range(bars - 1)
    ]
    close = _CADENCES[mode][-len(degrees) :] if degrees else ()
    degrees[len(degrees) - len(close) :] = close
    chords = [_chord(mode, root, degree, sevenths=sevenths) for degree in degrees]
    if chords and mode in _LEADING:
        low, third, *rest = _chord(mode, root, 4, sevenths=sevenths)
        chords[-1] = (low, third + 1, *rest)
    voiced = _voiced([*chords, _chord(mode, root, 0, sevenths=False)])
    # The key note lies under the last chord, so that nobody hears another one as its ground.
    grounds = tuple((root + SCALES[mode][degree]) % 12 for degree in (*degrees, 0))
    return (*voiced[:-1], (root % 12 + 36, *voiced[-1])), grounds


def _chord(mode: str, root: int, degree: int, *, sevenths: bool) -> Chord:
    scale = SCALES[mode]
    steps = (degree, degree + 2, degree + 4, degree + 6)
    notes = tuple(root + scale[step % 7] + 12 * (step // 7) for step in steps)
    # The seventh sweetens; a semitone under the octave it would only rub, but at home.
    rubs = notes[3] - notes[0] == 11 and degree != 0
    return notes if sevenths and not rubs else notes[:3]


def _voiced(chords: list[Chord]) -> list[Chord]:
    """Return the chords with each note moved by octaves to where it is nearest the one before."""
    centre = 60.0
    voiced = []
    for chord in chords:
        near = tuple(sorted(note + 12 * round((centre - note) / 12) for note in chord))
        centre = 0.7 * centre + 0.3 * (sum(near) / len(near))
        voiced.append(near)
    return voiced
