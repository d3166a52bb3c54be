"""What rules for edits are made of: words for numbers, scenes, parts, shapes, and their meaning.

A rule is a regular expression in which `{name}` stands for such a word and becomes the group of
that name; a second one of a kind is `{name2}`. Only what a rule names so is read as a number or
a shape: everything else a person writes stays as it is.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from framewright.agents.offline.words.lexicon import lexicon
from framewright.agents.offline.words.measures import take_ratio
from framewright.agents.offline.words.normalise import FIRST_MARK, MARK

if TYPE_CHECKING:
    from collections.abc import Iterable

FIRST_LENGTH = FIRST_MARK + 0x400
FIRST_LIST = FIRST_MARK + 0x800
MOST = 0x400
"""Marks of one kind: more than an edit has characters."""
LENGTH_MARK = f"[{chr(FIRST_LENGTH)}-{chr(FIRST_LENGTH + MOST - 1)}]"
LIST_MARK = f"[{chr(FIRST_LIST)}-{chr(FIRST_LIST + MOST - 1)}]"
SCENE = r"(?:scene|shot|clip|part)"
_PART = (
    r"(?:music|song|soundtrack|voice[- ]?over|voice|narration|narrator|speech|sounds?(?: effects?)?"
    r"|effects?|captions?|subtitles?|titles?|headline)"
)
_FACTORS = {
    "twice": 2.0, "double": 2.0, "half": 0.5, "halve": 0.5, "thrice": 3.0, "triple": 3.0,
}  # fmt: skip
_TOKEN = re.compile(r"\{([a-z]+)(\d?)\}")


@cache
def rule(pattern: str) -> re.Pattern[str]:
    """Return the regular expression of a rule."""
    known = _tokens()
    filled = _TOKEN.sub(lambda found: f"(?P<{found[1]}{found[2]}>{known[found[1]]})", pattern)
    return re.compile(filled, re.IGNORECASE)


@cache
def _tokens() -> dict[str, str]:
    words = lexicon()
    cardinal = _any(words.numbers)
    # Among more than two, "the other scene" is no place.
    ordinal = _any(word for word in words.ordinals if word != "other")
    count = rf"(?:\d{{1,4}}|{cardinal}|last)\b"
    order = rf"(?:{ordinal}|\d{{1,3}}(?:st|nd|rd|th))\b"
    formats = {name.removesuffix(" format") for name in _formats() if name.endswith(" format")}
    lone = {name for name in formats if " " not in name}
    return {
        "quote": MARK,
        "seconds": LENGTH_MARK,
        "scenes": LIST_MARK,
        "count": count,
        "order": order,
        "scene": rf"(?:{SCENE}s? {count}|{order} {SCENE}\b)",
        "part": _PART,
        "factor": rf"(?<![\w.,])(?:{_any(_FACTORS)}|(?:{cardinal}|\d{{1,3}}(?:\.\d{{1,3}})?)"
        r" ?(?:times|x))",
        "shape": rf"(?:{_any([*words.aspects, *lone])})\b",
        "format": rf"(?:{_any(_formats())})\b",
        "ratio": r"(?<![\d:.])\d{1,2} ?: ?\d{1,2}(?![\d:])",
    }


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(each) for each in sorted(words, key=len, reverse=True))


@cache
def _formats() -> tuple[str, ...]:
    """Return the phrases that name a shape, such as "portrait format" or "for phones"."""
    # The lexicon hands them over as one pattern each: `\b(?:one|other)\b`, escaped.
    said = [pattern.pattern for _, pattern in lexicon().aspects_said]
    inner = [text.removeprefix(r"\b(?:").removesuffix(r")\b") for text in said]
    return tuple(re.sub(r"\\(.)", r"\1", each) for text in inner for each in text.split("|"))


def meaning(name: str, said: str) -> str:
    """Return what the words in a group mean, by the kind of the group; words of others stay."""
    kind = name.rstrip("0123456789")
    if kind in {"scene", "count", "order"}:
        return scene_number(said)
    if kind in {"shape", "format", "ratio"}:
        return shape_of(said) or said
    if kind == "factor":
        return str(_factor(said.lower()))
    return said


def scene_number(said: str) -> str:
    """Return the number in "scene two", "the 2nd" or "last shot"; `last` for the last one."""
    words = lexicon()
    for word in said.lower().split():
        digits = re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "", word)
        number = words.number(digits)
        if number is not None:
            return str(number)
        if word in words.ordinals:
            return str(words.ordinals[word] or "last")
    return said


def shape_of(said: str) -> str | None:
    """Return the ratio that a shape's name or a ratio means."""
    words = lexicon()
    if (ratio := take_ratio(said)[0]) is not None:
        return ratio
    if said.lower() in words.aspects:
        return words.aspects[said.lower()]
    named = (f"{said} format", said)
    known = (ratio for ratio, named_so in words.aspects_said if any(map(named_so.fullmatch, named)))
    return next(known, None)


def _factor(said: str) -> float:
    if said in _FACTORS:
        return _FACTORS[said]
    number = re.sub(r" ?(?:times|x)$", "", said)
    return float(lexicon().numbers.get(number) or number)
