"""Mends slips in the words that steer the planner, and in no others."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

if TYPE_CHECKING:
    from framewright.agents.offline.words.lexicon import Lexicon

_LEAST_LETTERS = 5
_MOST_WORDS = 400


@cache
def _steering(lexicon_words: frozenset[str]) -> tuple[str, ...]:
    return tuple(
        sorted(word for word in lexicon_words if len(word) >= _LEAST_LETTERS and word.isalpha())
    )


def is_foreign(text: str, lexicon: Lexicon) -> bool:
    """Tell whether a brief is mostly in another language than the lexicon's."""
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", text[:2_000])]
    little = lexicon.determiners | lexicon.prepositions
    ours = sum(word in little for word in words)
    others = sum(word in lexicon.foreign and word not in little for word in words)
    return others >= 2 and others > ours


def corrected(text: str, lexicon: Lexicon) -> str:
    """Return the text with near misses of steering words mended: "vidoe" becomes "video"."""
    if is_foreign(text, lexicon):
        return text
    known = (
        frozenset(lexicon.nouns)
        | lexicon.verbs["animate"]
        | lexicon.verbs["merge"]
        | lexicon.verbs["upscale"]
    )
    targets = _steering(known)
    left = _MOST_WORDS

    def mend(found: re.Match[str]) -> str:
        nonlocal left
        word = found[0].lower()
        if word in lexicon.typos:
            return lexicon.typos[word]
        if (
            len(word) < _LEAST_LETTERS
            or word in known
            or word in lexicon.passing
            or word in lexicon.real
            or left <= 0
        ):
            return found[0]
        left -= 1
        near = process.extractOne(word, targets, scorer=DamerauLevenshtein.distance, score_cutoff=1)
        # A swap, a doubled or a lost letter inside; any other letter in a short word, or at an end
        # of a long one, is another word: "shoes" are no "shots".
        if near is None or near[0][0] != word[0] or near[0][-1] != word[-1]:
            return found[0]
        if len(near[0]) == len(word) < 7 and sorted(near[0]) != sorted(word):
            return found[0]
        return str(near[0])

    text = re.sub(r"\bw/ ?", "with ", text)
    return re.sub(r"[A-Za-z]+(?:-[A-Za-z]+)?", mend, text)
