"""How a mouth stands for each sound, and how it goes from one to the next."""
# ruff: noqa: RUF001 - signs of the phonetic alphabet look like letters

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

from framewright_providers.local.marks import END, PHONEME, Mark


@dataclass(frozen=True, slots=True)
class Mouth:
    """A mouth; all parts from 0 to 1 but `wide`."""

    open: float = 0.0
    """How far the lips are apart."""
    wide: float = 0.0
    """-1 is round, as in "oo", 1 spread, as in "ee"."""
    teeth: float = 0.0
    """How much the upper teeth are over the lower lip, as in "f"."""


CLOSED = Mouth()
_BY_SOUNDS = (
    ("mbp", CLOSED),
    ("fvɸβ", Mouth(0.16, 0.15, 1.0)),
    ("wʍ", Mouth(0.16, -1.0)),
    ("uʊɯyʏ", Mouth(0.30, -0.95)),
    ("oɔøœɒɤ", Mouth(0.58, -0.6)),
    ("aɑæʌɐɶ", Mouth(0.95, 0.1)),
    ("eɛəɜɚɝɘ", Mouth(0.52, 0.35)),
    ("iɪɨj", Mouth(0.32, 0.95)),
    ("ʃʒɹrʁ", Mouth(0.24, -0.45)),
    ("θð", Mouth(0.26, 0.1)),
    ("szɕʑ", Mouth(0.16, 0.55)),
    ("tdnlɾɫɲʎ", Mouth(0.24, 0.2)),
    ("kɡgŋxɣhçcɟqʔ", Mouth(0.34, 0.1)),
)
"""Sounds of the International Phonetic Alphabet that look alike on the lips."""
_SHAPES = {sound: shape for sounds, shape in _BY_SOUNDS for sound in sounds}
_BLUR = 0.038
"""How long a mouth takes from one shape to the next: half of it, in seconds."""
_MOST_SECONDS = 0.5
"""No sound is held longer than this: after it the mouth rests."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A stretch of time in which the mouth makes for one shape."""

    start: float
    end: float
    shape: Mouth
    shut: bool = False
    """Whether the lips must be seen to close."""


def shape_of(sign: str) -> Mouth:
    """Return the shape of one sign of the IPA; what only lengthens or stresses rests as before."""
    return _SHAPES.get(sign, CLOSED)


def sounds_of(marks: tuple[Mark, ...]) -> tuple[Sound, ...]:
    """Return the sounds of marked speech in order; a sound of two vowels is two of them."""
    timed = [mark for mark in marks if mark.kind in {PHONEME, END}]
    found: list[Sound] = []
    for number, mark in enumerate(timed):
        end = timed[number + 1].seconds if number + 1 < len(timed) else mark.seconds + 0.12
        end = min(end, mark.seconds + _MOST_SECONDS)
        signs = [sign for sign in mark.text if sign in _SHAPES]
        if mark.kind == END or not signs or end <= mark.seconds:
            continue
        step = (end - mark.seconds) / len(signs)
        for place, sign in enumerate(signs):
            start = mark.seconds + step * place
            found.append(Sound(start, start + step, shape_of(sign), sign in "mbp"))
    return tuple(found)


class Track:
    """The mouth over time; any thread may ask for any moment."""

    def __init__(self, sounds: tuple[Sound, ...]) -> None:
        self._sounds = sounds
        self._starts = [sound.start for sound in sounds]

    def at(self, seconds: float, around: float = 1 / 24) -> Mouth:
        """Return the mouth at a moment; lips close for at least `around` seconds.

        Shapes flow into each other, weighted by how close in time each is: what is said next is
        seen a little before it is heard.
        """
        first = max(0, bisect_right(self._starts, seconds - 4 * _BLUR - _MOST_SECONDS))
        weight = 0.0
        parts = [0.0, 0.0, 0.0]
        for sound in self._sounds[first:]:
            if sound.start > seconds + 4 * _BLUR:
                break
            # A closure shorter than a frame would fall between two of them.
            early = max(0.0, around - (sound.end - sound.start)) / 2
            if sound.shut and sound.start - early <= seconds < sound.end + early:
                return CLOSED
            share = _share(sound.start - seconds, sound.end - seconds)
            shape = sound.shape
            weight += share
            for at, part in enumerate((shape.open, shape.wide, shape.teeth)):
                parts[at] += share * part
        # What no sound covers is silence, in which the lips are closed and at rest.
        whole = max(1.0, weight)
        return Mouth(*(part / whole for part in parts))


def _share(start: float, end: float) -> float:
    """Return how much of a bell around now lies between two times."""
    scale = 1 / (_BLUR * math.sqrt(2))
    return 0.5 * (math.erf(end * scale) - math.erf(start * scale))
