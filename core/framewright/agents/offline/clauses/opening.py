"""Reads how a phrase opens: what kind of thing it asks for, and how many."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright.agents.offline.words.normalise import MARK

if TYPE_CHECKING:
    from framewright.agents.offline.words.lexicon import Lexicon

_TOKEN = re.compile(rf"{MARK}|[\w'-]+|[^\w\s]")
_MARK = re.compile(MARK)
_REACH = 12
"""Words into a phrase by which it must have named what it asks for."""
MOST_AT_ONCE = 200
"""Pictures or clips that one phrase makes."""
_YEARS = range(1_800, 2_101)
_PERSONS = frozenset({"i", "we", "you", "he", "she", "they"})


@dataclass(frozen=True, slots=True)
class Opening:
    """The noun phrase in front."""

    kind: str
    """`image`, `video`, `model3d`, `text`, `voice`, `music`, `sound` or `caption`."""
    noun: str
    count: int
    variants: bool
    counted: bool
    """Whether a number or "a series of" stands in front."""
    described: tuple[str, ...]
    """What stands between article or number and noun."""
    start: int
    """Where the described noun begins in the text."""
    end: int
    """Where the phrase ends in the text."""
    asked: int = 1
    """The number in front as it stands there; `count` stops at `MOST_AT_ONCE`."""


@dataclass(slots=True)
class _Phrase:
    words: list[tuple[str, int, int]]
    count: int = 1
    variants: bool = False
    counted: bool = False
    asked: int = 1
    year: tuple[str, int, int] | None = None
    """The number in front, where it can be a year."""


def opening(text: str, lexicon: Lexicon) -> Opening | None:
    """Return the noun phrase a text opens with, if it names a kind of media."""
    phrase = _phrase(text, lexicon)
    words = [word for word, _, _ in phrase.words]
    for end in range(len(words), 0, -1):
        for start in range(max(0, end - lexicon.longest_noun), end):
            noun = " ".join(words[start:end])
            kind = lexicon.nouns.get(noun)
            if kind is not None and _counts(kind, text, phrase.words[end - 1][2]):
                return _opening(phrase, kind, noun, start, end, lexicon)
        # Behind the noun only words that say nothing: "soft music please".
        if words[end - 1] not in lexicon.passing:
            break
    if phrase.variants and phrase.words[:1]:
        place = phrase.words[0]
        return Opening("image", "", phrase.count, True, True, (), place[1], place[1])
    if words and words[-1] in lexicon.genres and not text.lower().startswith(("a ", "an ", "the ")):
        return _opening(phrase, "music", words[-1], len(words) - 1, len(words), lexicon)
    return None


def _counts(kind: str, text: str, end: int) -> bool:
    """Tell whether a noun is meant: words on the picture need words in quotes."""
    return kind != "caption" or _MARK.search(text, end, end + 80) is not None


def _opening(
    phrase: _Phrase, kind: str, noun: str, start: int, end: int, lexicon: Lexicon
) -> Opening:
    words = phrase.words
    if phrase.year is not None and not noun.endswith("s"):
        # "A 1950 film poster" is one poster.
        at = sum(place < phrase.year[1] for _, place, _ in words)
        words = [*words[:at], phrase.year, *words[at:]]
        start, end = start + (at <= start), end + 1
        phrase = _Phrase(words)
    before = [word for word, _, _ in words[:start]]
    if kind == "music" and any(lexicon.nouns.get(word) == "voice" for word in before):
        kind = "voice"
    described = tuple(w for w in before if w not in lexicon.determiners and w not in lexicon.plain)
    first = next((at for at, word in enumerate(before) if word in described), start)
    return Opening(
        kind,
        noun,
        phrase.count,
        phrase.variants,
        phrase.counted,
        described,
        words[first][1],
        words[end - 1][2],
        phrase.asked,
    )


def _phrase(text: str, lexicon: Lexicon) -> _Phrase:
    """Return the words up to where the phrase ends, without the numbers that count it."""
    phrase = _Phrase([])
    last = ""
    for token in _TOKEN.finditer(text[:200]):
        word = token[0].lower()
        number = None if last == "$" else lexicon.number(word)
        if word == "$":
            last = word
            continue
        if len(phrase.words) >= _REACH or not re.match(r"\w", word) or _MARK.match(word):
            break
        if word == "of" and (
            last in lexicon.variants
            or last in lexicon.sets
            or (phrase.counted and not phrase.words)
        ):
            phrase.variants |= last in lexicon.variants
            phrase.counted = True
            phrase.words.clear()
        elif (
            number is not None
            and number > 0
            and (not phrase.words or phrase.words[-1][0] in lexicon.determiners)
        ):
            phrase.asked, phrase.counted = number, number > 1
            phrase.count = min(number, MOST_AT_ONCE)
            is_year = len(word) == 4 and number in _YEARS
            phrase.year = (word, token.start(), token.end()) if is_year else None
        elif word in lexicon.variants and phrase.counted:
            phrase.variants = True
            phrase.words.append((word, token.start(), token.end()))
        elif word in lexicon.determiners:
            phrase.words.append((word, token.start(), token.end()))
        elif word in lexicon.prepositions or word in lexicon.verbs["speak"] or word in _PERSONS:
            break
        else:
            # A price keeps its sign: "$5 coffee".
            phrase.words.append((word, token.start() - (last == "$"), token.end()))
        last = word
    if phrase.variants:
        phrase.words = [each for each in phrase.words if each[0] not in lexicon.variants]
    return phrase
