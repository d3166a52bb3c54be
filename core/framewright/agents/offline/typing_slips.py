"""Mends typing slips in the words that steer the planner, and in no others."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from framewright.agents.offline.lexicon import Lexicon

_WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
_SHORTEST = 5
_MOST_WORDS = 7
"""A steering word stands near the beginning of its phrase."""


def corrected(text: str, lexicon: Lexicon) -> str:
    """Return a phrase with slips in steering words mended.

    One letter too many, one missing or two swapped is a slip; another letter is only one in
    words of eight letters and more, because "trainer" is no trailer.
    """
    words = list(_WORD.finditer(text))[:_MOST_WORDS]
    for found in reversed(words):
        lowered = found[0].lower()
        if lowered in lexicon.nouns or lowered in lexicon.passing:
            continue
        mended = lexicon.typos.get(lowered) or _nearest(lowered, lexicon)
        if mended:
            text = f"{text[: found.start()]}{mended}{text[found.end() :]}"
    return text


def _nearest(word: str, lexicon: Lexicon) -> str | None:
    if len(word) < _SHORTEST:
        return None
    steering = _steering(lexicon.longest_noun, frozenset(lexicon.nouns), _verbs(lexicon))
    for known in steering:
        if known[0] == word[0] and known != word and _is_slip(word, known):
            return known
    return None


def _is_slip(word: str, known: str) -> bool:
    if abs(len(word) - len(known)) > 1 or OSA.distance(word, known, score_cutoff=1) != 1:
        return False
    if word in {f"{known}s", f"{known}d", f"{known}y"} or known in {f"{word}s", f"{word}d"}:
        return False
    swapped = sorted(word) == sorted(known)
    return swapped or len(word) != len(known) or len(known) >= 8


def _verbs(lexicon: Lexicon) -> frozenset[str]:
    return frozenset().union(
        *(lexicon.verbs[name] for name in ("animate", "merge", "upscale", "transcribe"))
    )


@cache
def _steering(_: int, nouns: frozenset[str], verbs: frozenset[str]) -> tuple[str, ...]:
    return tuple(
        sorted(word for word in nouns | verbs if len(word) >= _SHORTEST and " " not in word)
    )
