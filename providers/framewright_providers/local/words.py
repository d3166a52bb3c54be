"""Reads what a prompt asks a sound to be, with the word lists of the assets."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def sound_words() -> dict[str, Any]:
    """Return the lists of `lexicons/sound.toml`."""
    path = files("framewright_assets") / "lexicons" / "sound.toml"
    return tomllib.loads(path.read_text("utf-8"))


def words_of(prompt: str) -> tuple[str, ...]:
    """Return the words of a prompt in order, in lower case, hyphens kept."""
    return tuple(re.findall(r"[^\W_]+(?:-[^\W_]+)*", prompt.lower()[:4_000]))


def places(prompt: str, lists: dict[str, list[str]]) -> tuple[str, ...]:
    """Return the names whose words stand in the prompt, in the order they come up in it."""
    text = " " + " ".join(words_of(prompt)) + " "
    found: dict[str, int] = {}
    for name, words in lists.items():
        positions = [at for word in words if (at := text.find(f" {word} ")) >= 0]
        if positions:
            found[name] = min(positions)
    return tuple(sorted(found, key=lambda name: (found[name], name)))


def first_of(words: tuple[str, ...], table: dict[str, Any]) -> Any:
    """Return what a table says of the first word that is in it; None where none is."""
    return next((table[word] for word in words if word in table), None)
