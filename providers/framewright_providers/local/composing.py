"""Reads a prompt for music and composes: mood, key, tempo, and a form that ends on the bar."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from framewright_providers.local.harmony import SCALES, harmony
from framewright_providers.local.melody import melody
from framewright_providers.local.score import Score
from framewright_providers.local.words import first_of, places, sound_words, words_of

if TYPE_CHECKING:
    import numpy as np

NUDGE = 0.03
"""By which share the tempo gives way at most, so that the last bar ends with the piece."""
_SLOWEST, _FASTEST = 36.0, 220.0
_SHORTEST_CLOSE = 1.5
"""Seconds that a closing chord needs to sound like one."""
_BEATS = re.compile(
    r"\b(?P<before>\d{2,3})[ -]?(?:bpm|beats (?:per|a) minute)\b"
    r"|\b(?:bpm|tempo)(?: (?:of|at|is|around|about))?:? ?(?P<after>\d{2,3})\b"
)
_KEY = re.compile(
    r"\bin (?P<note>[a-g])(?P<sign>#|♯|b|♭|[ -]?sharp|[ -]?flat)? ?(?:the )?"
    rf"(?P<mode>{'|'.join(SCALES)})\b(?! (?:key|scale|mode))"
)
_NOTES = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_ROOTS = (43, 54)
"""Lowest and highest key note."""
_LONG_ENOUGH_TO_BUILD = 12


def compose(prompt: str, seconds: float, random: np.random.Generator) -> Score:
    """Return the score for a prompt, exactly as long as asked."""
    lists = sound_words()
    words = words_of(prompt)
    mood: dict[str, Any] = lists["mood"][mood_of(prompt)]
    slowest, fastest = mood["tempo"]
    usual = float(random.uniform(slowest, fastest))
    tempo, bars, hold = fitted(seconds, asked_tempo(prompt, usual))
    mode, root = _key(prompt, mood["mode"], int(random.integers(*_ROOTS)))
    chords, grounds = harmony(mode, root, bars, random, sevenths=mood["sevenths"])
    players = _players(prompt, mood)
    tune = melody(mode, root, chords, random)
    # A player that is asked for by name is there from the beginning.
    named = {lists["instruments"].get(word) for word in words}
    entries = tuple(
        0 if player in named or bars < _LONG_ENOUGH_TO_BUILD else 2 * number
        for number, player in enumerate(players)
    )
    # Drums where the mood has no rhythm of its own keep a plain one.
    feel = "pop" if mood["feel"] == "none" else mood["feel"]
    return Score(
        mode, tempo, root, chords, grounds, players, feel, mood["bright"], hold, tune, entries
    )


def mood_of(prompt: str) -> str:
    """Return the name of the mood that a prompt names first; calm where it names none."""
    moods = {name: mood["words"] for name, mood in sound_words()["mood"].items()}
    return next(iter(places(prompt, moods)), "calm")


def asked_tempo(prompt: str, usual: float) -> float:
    """Return the tempo in beats a minute: as stated, or the mood's usual one, bent by words."""
    stated = _BEATS.search(prompt.lower()[:4_000])
    if stated:
        return min(_FASTEST, max(_SLOWEST, float(stated["before"] or stated["after"])))
    lists = sound_words()
    words = words_of(prompt)
    term = first_of(words, lists["tempo_terms"])
    if term is not None:
        return float(term)
    return min(_FASTEST, max(_SLOWEST, usual * float(first_of(words, lists["tempo"]) or 1.0)))


def fitted(seconds: float, tempo: float) -> tuple[float, int, float]:
    """Return tempo, number of bars with the closing one, and seconds of the closing chord.

    The piece is made a whole number of bars long where the tempo has to give way by no more than
    `NUDGE` for that, else of beats. What is too short even for that keeps its tempo. In each case
    the closing chord begins on a bar line and lasts to the end.
    """
    beats = seconds * tempo / 60
    for step in (4, 1):
        whole = max(step, step * round(beats / step))
        if abs(whole / beats - 1) <= NUDGE:
            tempo, beats = tempo * whole / beats, float(whole)
            break
    least = max(3.0, _SHORTEST_CLOSE * tempo / 60)
    before = max(0, math.floor((beats - least) / 4 + 1e-9))
    return tempo, before + 1, (beats - 4 * before) * 60 / tempo


def _key(prompt: str, mode: str, root: int) -> tuple[str, int]:
    text = prompt.lower()[:4_000]
    asked = _KEY.search(text)
    if asked:
        sign = (asked["sign"] or "").strip(" -")
        bend = {"": 0, "#": 1, "♯": 1, "sharp": 1}.get(sign, -1)
        note = (_NOTES[asked["note"]] + bend - _ROOTS[0]) % 12 + _ROOTS[0]
        return asked["mode"], note
    return first_of(words_of(prompt), {each: each for each in SCALES}) or mode, root


def _players(prompt: str, mood: dict[str, Any]) -> tuple[str, ...]:
    """Return who plays: who is named in the prompt, then who belongs to the mood."""
    lists = sound_words()
    words = words_of(prompt)
    names = lists["instruments"]
    if first_of(words, {"solo": 1, "only": 1, "just": 1}):
        alone = tuple(dict.fromkeys(names[word] for word in words if word in names))
        if alone:
            return alone
    unwanted = {
        names[word]
        for before, word in pairwise(words)
        if before in {"no", "without"} and word in names
    }
    asked = [names[word] for word in words if word in names]
    players = tuple(
        player for player in dict.fromkeys([*asked, *mood["instruments"]]) if player not in unwanted
    )
    return players or ("pad",)
