"""Lengths, counts and shapes in words: "half a minute", "three scenes", "vertical"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framewright.agents.offline.lexicon import Lexicon

RATIOS = ("16:9", "9:16", "1:1", "4:3", "3:4", "21:9")
_UNIT = r"(?:seconds?|secs?|sec|s|minutes?|mins?|min)"
_DIGITS = re.compile(rf"\b(\d+(?:[.,]\d+)?)[ -]?({_UNIT})\b(?:[ -]long\b)?", re.IGNORECASE)
_CLOCK = re.compile(r"\b(\d{1,2}):([0-5]\d)(?: ?min(?:utes)?| long)?\b")
_HALF = re.compile(r"\b(?:half a minute|half-minute)\b", re.IGNORECASE)
_RATIO = re.compile(r"\b(21 ?: ?9|16 ?: ?9|9 ?: ?16|4 ?: ?3|3 ?: ?4|1 ?: ?1)\b")


def take_ratio(text: str, lexicon: Lexicon) -> tuple[str | None, str]:
    """Return the picture's shape that a text asks for, and the text without those words."""
    if found := _RATIO.search(text):
        return found[1].replace(" ", ""), _without(text, found)
    for ratio, pattern in lexicon.aspects.items():
        if found := pattern.search(text):
            # "square" is only a shape; "reel" is also the thing that is asked for.
            stays = found[0].lower() in lexicon.nouns
            return ratio, text if stays else _without(text, found)
    return None, text


def take_seconds(text: str, lexicon: Lexicon) -> tuple[float | None, str]:
    """Return the first length a text names, in seconds, and the text without it."""
    if found := _HALF.search(text):
        return 30.0, _without(text, found)
    if found := _DIGITS.search(text):
        return _seconds(float(found[1].replace(",", ".")), found[2]), _without(text, found)
    numbers = "|".join(map(re.escape, lexicon.numbers))
    if found := re.search(rf"\b({numbers})[ -]({_UNIT})\b", text, re.IGNORECASE):
        return _seconds(lexicon.numbers[found[1].lower()], found[2]), _without(text, found)
    if found := _CLOCK.search(text):
        return int(found[1]) * 60.0 + int(found[2]), _without(text, found)
    return None, text


def take_count(text: str, lexicon: Lexicon) -> tuple[int, str | None, str]:
    """Return how many are asked for, of what noun, and the text without the number.

    A number counts when it stands before a plural of something we make, or of "versions", with
    at most two words between: "three short scenes", "a series of 4 posters".
    """
    numbers = "|".join(map(re.escape, sorted(lexicon.numbers, key=len, reverse=True)))
    nouns = "|".join(map(re.escape, sorted(lexicon.plural | lexicon.variants, key=len)))
    pattern = (
        rf"\b(?:(?:a )?series of )?(\d{{1,3}}|{numbers})((?: of)?(?: [\w'-]+){{0,2}}? )({nouns})\b"
    )
    for found in re.finditer(pattern, text, re.IGNORECASE):
        word = found[1].lower()
        count = int(word) if word.isdigit() else lexicon.numbers[word]
        if count < 2 or count > 200:
            continue
        noun = found[3].lower()
        kept = "" if noun in lexicon.variants else found[2].removeprefix(" of") + found[3]
        rest = f"{text[: found.start()]} {kept} {text[found.end() :]}"
        if noun in lexicon.variants:
            rest = re.sub(r"^\s*of\b", "", rest.strip())
        return count, noun, _tidy(rest)
    return 1, None, text


def _seconds(number: float, unit: str) -> float:
    return number * 60 if unit.lower().startswith("min") else number


def _without(text: str, found: re.Match[str]) -> str:
    return _tidy(f"{text[: found.start()]} {text[found.end() :]}")


def _tidy(text: str) -> str:
    return re.sub(r"[^\S\n]+", " ", text).replace(" ,", ",").strip()
