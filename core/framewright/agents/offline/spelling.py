"""Mends slips in the words that steer the planner, and in no others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framewright.agents.offline.lexicon import Lexicon

_LEAST_LETTERS = 5
_LIKENESS = 88.0
_MOST_WORDS = 400
# Words that look like slips of ours and are not.
_LEAVE = frozenset(
    ["cliff", "cliffs", "flip", "steel", "stall", "stilt", "vide", "films", "musical", "clap", "clips", "scene", "scent", "scenery", "tiles", "title", "tale", "tittle", "imagine", "images", "shore", "shorn", "shirts", "short", "shots", "spots", "trails", "tracks", "trucks", "voices", "sounds", "sound", "sounding", "picturesque", "effective", "illustrated", "drawn"]
)


def corrected(text: str, lexicon: Lexicon) -> str:
    """Return the text with near misses of steering words mended: "vidoe" becomes "video"."""
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    known = sorted(word for word in lexicon.known() if len(word) >= _LEAST_LETTERS)
    steering = lexicon.known() | lexicon.little | _LEAVE
    left = _MOST_WORDS

    def mend(found: re.Match[str]) -> str:
        nonlocal left
        word = found[0].lower()
        if word in steering or left <= 0:
            return found[0]
        left -= 1
        near = process.extractOne(
            word,
            known,
            scorer=DamerauLevenshtein.normalized_similarity,
            score_cutoff=_LIKENESS / 110,
        )
        if near is None or abs(len(near[0]) - len(word)) > 1 or near[0][0] != word[0]:
            return found[0]
        # One slip, and none that makes another common ending: "painter" is no "painted".
        same = near[0][-1] == word[-1] or sorted(near[0]) == sorted(word)
        return (
            str(near[0]) if same and DamerauLevenshtein.distance(word, near[0]) == 1 else found[0]
        )

    return re.sub(rf"[A-Za-z]{{{_LEAST_LETTERS},}}", mend, text)
