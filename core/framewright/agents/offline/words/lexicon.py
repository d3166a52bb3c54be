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
    """Word lists of one language; the asset file explains each table."""

    ask: re.Pattern[str]
    nouns: dict[str, str]
    """What a noun stands for: `image`, `video`, `voice`, `music`, `sound`, `caption`, …"""
    longest_noun: int
    """Words in the longest noun."""
    generic: frozenset[str]
    plain: frozenset[str]
    """Adjectives that add nothing to a prompt."""
    sheets: frozenset[str]
    """Drawings of one person from all sides."""
    series: frozenset[str]
    shapes: dict[str, str]
    variants: frozenset[str]
    sets: frozenset[str]
    verbs: dict[str, frozenset[str]]
    tools: frozenset[str]
    """Words of orders for the cutting room: "backwards", "half", "proxy"."""
    written: frozenset[str]
    genres: frozenset[str]
    hits: frozenset[str]
    ambiences: frozenset[str]
    determiners: frozenset[str]
    prepositions: frozenset[str]
    passing: frozenset[str]
    pointing: tuple[str, ...]
    """What stands before a file of the person's own: "my", "the attached", "these"."""
    labels: dict[str, str]
    label: re.Pattern[str]
    aspects: dict[str, str]
    aspects_said: tuple[tuple[str, re.Pattern[str]], ...]
    styles: re.Pattern[str]
    styles_made: re.Pattern[str]
    """A style that is the thing itself: "a documentary about bees"."""
    named_styles: re.Pattern[str]
    style_ends: re.Pattern[str]
    camera: tuple[tuple[str, re.Pattern[str]], ...]
    numbers: dict[str, int]
    ordinals: dict[str, int]
    """Places in a row; 0 is the last."""
    languages: tuple[tuple[str, re.Pattern[str]], ...]
    beats: dict[str, tuple[str, ...]]
    foreign: frozenset[str]
    """Common words of other languages."""
    typos: dict[str, str]
    real: frozenset[str]
    """Words that look like slips of others here and mean themselves."""
    audio_only: re.Pattern[str]
    patterns: dict[str, re.Pattern[str]]
    said: frozenset[str]
    """Every word of the phrases for shapes, camera moves, languages and asking."""
    steering: frozenset[str]
    """Every word that says what to do, or nothing at all."""

    def number(self, word: str) -> int | None:
        """Return what a number word or digits say."""
        return int(word) if word.isdecimal() and len(word) < 7 else self.numbers.get(word.lower())


@cache
def lexicon(language: str = "en") -> Lexicon:
    """Return the words of a language."""
    path = files("framewright_assets") / "lexicons" / f"planner_{language}.toml"
    table = tomllib.loads(path.read_text("utf-8"))
    nouns = _inverted(table["nouns"])
    ends = _any(table["styles"]["ends"])
    names = _any(table["styles"]["words"])
    little = table["little"]
    return Lexicon(
        ask=re.compile(rf"(?:(?:{_any(table['ask']['phrases'])})\b[ ,:]*){{1,12}}", re.IGNORECASE),
        nouns=nouns,
        longest_noun=max(len(noun.split()) for noun in nouns),
        # A sheet's prompt is whom it shows.
        generic=frozenset([*table["generic"]["words"], *table["sheets"]["words"]]),
        plain=frozenset(table["generic"]["adjectives"]),
        sheets=frozenset(table["sheets"]["words"]),
        series=frozenset(table["plural"]["series"]),
        shapes=_inverted(table["shapes"]),
        variants=frozenset(table["variants"]["words"]),
        sets=frozenset(table["variants"]["sets"]),
        verbs={name: frozenset(words) for name, words in table["verbs"].items()},
        tools=frozenset(table["tools"]["words"]),
        written=frozenset(table["written"]["words"]),
        genres=frozenset(table["genres"]["words"]),
        hits=frozenset(table["hits"]["words"]),
        ambiences=frozenset(table["ambiences"]["words"]),
        determiners=frozenset(little["determiners"]),
        prepositions=frozenset(little["prepositions"]),
        passing=frozenset(little["passing"] + little["determiners"] + little["prepositions"]),
        pointing=(*table["pointing"]["own"], *table["pointing"]["near"]),
        labels=_inverted(table["labels"]),
        label=re.compile(
            rf"({_any(list(_inverted(table['labels'])))})(?: ?\(([^()]{{1,40}})\))? ?(?::"
            rf"|-(?= )) ?",
            re.IGNORECASE,
        ),
        aspects=_inverted(table["aspects"]),
        aspects_said=_patterns(table["aspects_said"]),
        styles=re.compile(rf"\b(?:{names})\b", re.IGNORECASE),
        styles_made=re.compile(
            rf"(?:^|\b)(?:{_any(table['styles']['media'])})s?"
            rf"(?=$|[,.;:]| (?:about|of|on|showing|with|where|for|lasting|featuring)\b)",
            re.IGNORECASE,
        ),
        named_styles=re.compile(r"\bin the style of [^,;.()\n]{1,80}", re.IGNORECASE),
        style_ends=re.compile(
            rf"\b(?:(?!(?:{_any(little['prepositions'] + little['determiners'])})\b)"
            rf"[\w'-]{{1,30}} ){{1,3}}(?:{ends})\b(?! (?:on|at|in|of)\b)",
            re.IGNORECASE,
        ),
        camera=_patterns(table["camera"]),
        numbers=table["numbers"],
        ordinals=table["ordinals"],
        languages=_patterns(table["languages"]),
        beats={name: tuple(words) for name, words in table["beats"].items()},
        foreign=frozenset(table["foreign"]["words"]),
        typos=table["typos"],
        real=frozenset(table["real"]["words"]),
        audio_only=_words(table["audio_only"]["words"]),
        patterns={
            **{name: re.compile(text) for name, text in table["patterns"].items()},
            "own": _words(table["pointing"]["own"]),
        },
        said=_said(table),
        steering=_steering(nouns, little, table["verbs"]),
    )


def _said(table: dict[str, Any]) -> frozenset[str]:
    phrases = [*table["ask"]["phrases"], *table["audio_only"]["words"], *table["typos"]]
    for name in ("aspects", "aspects_said", "camera", "languages"):
        phrases += [phrase for each in table[name].values() for phrase in each]
    phrases += [*table["pointing"]["own"], *table["pointing"]["near"]]
    return frozenset(word for phrase in phrases for word in phrase.lower().split())


def _steering(
    nouns: dict[str, str], little: dict[str, list[str]], verbs: dict[str, list[str]]
) -> frozenset[str]:
    words = {word for noun in nouns for word in noun.split()}
    passing = [*little["passing"], *little["determiners"], *little["prepositions"]]
    return frozenset([*words, *passing, *(verb for each in verbs.values() for verb in each)])


def _inverted(table: dict[str, Any]) -> dict[str, str]:
    return {word: name for name, words in table.items() for word in words}


def _any(phrases: list[str]) -> str:
    return "|".join(re.escape(each) for each in sorted(phrases, key=len, reverse=True))


def _words(phrases: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_any(phrases)})\b", re.IGNORECASE)


def _patterns(table: dict[str, list[str]]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, _words(words)) for name, words in table.items())
