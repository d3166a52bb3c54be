"""The words the planner knows, read once from the assets."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word lists of one language; every table is what the asset file says of it."""

    ask: re.Pattern[str]
    nouns: dict[str, str]
    """What a noun means: `image`, `video`, `voice`, `music`, `sound`, `caption`, …"""
    verbs: dict[str, str]
    phrases: dict[str, re.Pattern[str]]
    aspects: dict[str, re.Pattern[str]]
    styles: re.Pattern[str]
    camera: dict[str, re.Pattern[str]]
    numbers: dict[str, int]
    variants: frozenset[str]
    plural: frozenset[str]
    series: frozenset[str]
    refers: frozenset[str]
    many: frozenset[str]
    own: re.Pattern[str]
    little: frozenset[str]

    def known(self) -> frozenset[str]:
        """Return every single word that steers the planner."""
        return frozenset(self.nouns) | frozenset(self.verbs)


@cache
def lexicon(language: str = "en") -> Lexicon:
    """Return the words of a language."""
    path = files("framewright_assets") / "lexicons" / f"planner_{language}.toml"
    table = tomllib.loads(path.read_text("utf-8"))
    endings = "|".join(map(re.escape, table["styles"]["ends"]))
    style = rf"\bin (?:the style of |an? )?(?:[\w'-]+ ){{1,4}}?(?:{endings})\b"
    named = "|".join(map(re.escape, table["styles"]["words"]))
    return Lexicon(
        ask=re.compile(rf"^(?:(?:{_any(table['ask']['phrases'])})\b[ ,:]*)+", re.IGNORECASE),
        nouns=_inverted(table["nouns"]),
        verbs=_inverted(table["verbs"]),
        phrases={name: _words(words) for name, words in table["phrases"].items()},
        aspects={name: _words(words) for name, words in table["aspects"].items()},
        styles=re.compile(rf"{style}|\bin black and white\b|\b(?:{named})\b", re.IGNORECASE),
        camera={name: _words(words) for name, words in table["camera"].items()},
        numbers=table["numbers"],
        variants=frozenset(table["variants"]["words"]),
        plural=frozenset(table["plural"]["words"]),
        series=frozenset(table["series"]["words"]),
        refers=frozenset(table["refers"]["words"]),
        many=frozenset(table["refers"]["many"]),
        own=_words(table["own"]["words"]),
        little=frozenset(table["little"]["words"]),
    )


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case; hyphens and apostrophes inside belong to them."""
    return re.findall(r"[a-z0-9]+(?:[-'][a-z0-9]+)*", text.lower())


def _inverted(table: dict[str, Any]) -> dict[str, str]:
    return {word: name for name, words in table.items() for word in words}


def _any(phrases: list[str]) -> str:
    return "|".join(re.escape(each) for each in sorted(phrases, key=len, reverse=True))


def _words(phrases: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_any(phrases)})\b", re.IGNORECASE)
