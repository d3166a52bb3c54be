"""Words for people, from the lexicon of the previz renderer: who is a man, who is old."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_WOMEN = ("woman", "girl", "grandmother")
_MEN = ("man", "boy", "grandfather")
_WORN = ("top", "bottom", "hat", "hair")


@dataclass(frozen=True, slots=True)
class People:
    """Words that tell of people, in small letters."""

    nouns: frozenset[str]
    """What a person can be called: "woman", "chef", "pirate"."""
    women: frozenset[str]
    """Nouns and given names of women; so the next of men."""
    men: frozenset[str]
    children: frozenset[str]
    old: frozenset[str]
    no_names: frozenset[str]
    """Words with a capital letter that name nobody."""
    does: re.Pattern[str]
    """What somebody does, at its beginning: "sits", "is running"."""
    worn: re.Pattern[str]
    """Hair, clothes and the like."""


@cache
def people() -> People:
    """Return the words for people."""
    path = files("framewright_assets") / "lexicons" / "people.toml"
    table = tomllib.loads(path.read_text("utf-8"))
    nouns, names = table["nouns"], table["names"]
    women = {word for kind in _WOMEN for word in nouns[kind]} | set(names["women"])
    men = {word for kind in _MEN for word in nouns[kind]} | set(names["men"])
    worn = {word for kind in _WORN for words in table[kind].values() for word in words}
    worn |= set(table["hair-colour"])
    deeds = {word for words in table["pose"].values() for word in words if " " not in word}
    return People(
        nouns=frozenset(word for words in nouns.values() for word in words),
        women=frozenset(women),
        men=frozenset(men),
        children=frozenset([*table["age"]["child"], *table["age"]["toddler"]]),
        old=frozenset(table["age"]["elder"]),
        no_names=frozenset(names["none"]),
        does=re.compile(rf"(?:(?:is|are|who|stands|then) )*(?:{_any(deeds)})\b", re.IGNORECASE),
        worn=re.compile(
            rf"\b(?:hair|haired|beard|bearded|moustache|mustache|eyes|eyed|glasses|scarf|apron"
            rf"|{_any(worn)})\b",
            re.IGNORECASE,
        ),
    )


def is_person(said: str) -> bool:
    """Tell whether words name a person, or anybody by name: "Captain Okoro", "a tall woman"."""
    known = people()
    words = re.findall(r"[\w'-]+", said)
    named = (word for word in words[1:] or words if word[:1].isupper())
    return any(word.lower() in known.nouns for word in words) or any(
        word.lower() not in known.no_names for word in named
    )


def _any(words: set[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
