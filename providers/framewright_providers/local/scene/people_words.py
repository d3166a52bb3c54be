"""The words for people: nouns, roles, ages, names."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def people_lists() -> dict[str, Any]:
    """Return the lists of the lexicon, by name."""
    path = files("framewright_assets") / "lexicons" / "people.toml"
    return tomllib.loads(path.read_text("utf-8"))


@cache
def nouns_of_people() -> dict[str, str]:
    """Return what kind of person each noun is for."""
    return {word: kind for kind, words in people_lists()["nouns"].items() for word in words}


@cache
def given(kind: str) -> frozenset[str]:
    """Return the given names of `men` or `women`, or capital words that are `none`."""
    return frozenset(people_lists()["names"][kind])


def earliest(text: str, table: Mapping[str, list[str]]) -> str:
    """Return the name whose words come first in a text, the longest of those; empty for none."""
    found = [
        (at, -len(word), name)
        for name, words in table.items()
        for word in words
        if (at := text.find(f" {word} ")) >= 0
    ]
    return min(found)[2] if found else ""


def singular(noun: str) -> str:
    """Return a noun for one person, where it is known."""
    return noun[:-1] if noun.endswith("s") and noun[:-1] in nouns_of_people() else noun
