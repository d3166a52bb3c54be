"""Lengths and times in words: "half a minute", "5 s", "1:30", "twenty seconds"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from framewright.agents.offline.words.lexicon import Lexicon

_UNIT = r"(?:seconds?|secs?|sec|s|minutes?|mins?|min)"
_LEAD = r"(?:\b(?:about|around|roughly|approximately|exactly|of|for|lasting|in|at|is|are|be) ){0,3}"
_TAIL = r"(?:[ -]long\b| in length\b| each\b| apiece\b| per scene\b| in total\b| total\b)*"
_DIGITS = re.compile(
    rf"(?P<lead>{_LEAD})(?<![\d:.])(?!(?:1[89]|20)\d0s\b)"
    r"(?!\d0s (?:synth\w*|style|music|pop|rock|disco|look|vibe|fashion|retro|aesthetic|sitcom"
    r"|horror)\b)"
    rf"(?P<number>\d{{1,5}}(?:[.,]\d{{1,3}})?)[ -]?(?P<unit>{_UNIT})\b{_TAIL}",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    rf"(?P<lead>{_LEAD})(?<![\d:])(?P<min>\d{{1,2}}):(?P<sec>[0-5]\d)(?![\d:])"
    rf"(?: ?(?:min(?:utes?)?|m)\b)?{_TAIL}",
    re.IGNORECASE,
)
_BOTH = re.compile(
    rf"(?P<lead>{_LEAD})(?<![\d:.])(?P<min>\d{{1,3}})[ -]?(?:minutes?|mins?|min|m)\b,?(?: and)? ?"
    rf"(?P<sec>[0-5]?\d)[ -]?(?:seconds?|secs?|sec|s)\b{_TAIL}",
    re.IGNORECASE,
)
_HALF = re.compile(rf"{_LEAD}\b(?:half a minute|half-minute|half minute){_TAIL}", re.IGNORECASE)
_A_MINUTE = re.compile(
    rf"{_LEAD}\b(?:a|one)[ -]minute\b(?P<half> and a half)?{_TAIL}", re.IGNORECASE
)
_PARTS_OF_A_MINUTE = re.compile(
    rf"{_LEAD}\b(?P<said>(?:an? )?one and a half[ -]minutes?|(?:a |three )?quarters? of"
    rf" a minute){_TAIL}",
    re.IGNORECASE,
)
_RATIO = re.compile(r"(?<![\d:])(?P<wide>\d{1,2}(?:\.\d\d?)?) ?: ?(?P<high>\d{1,2})(?![\d:])")
_RATIOS = frozenset(
    {"16:9", "9:16", "1:1", "4:3", "3:4", "21:9", "3:2", "2:3", "4:5", "5:4", "2:1"}
)


def take_ratio(text: str) -> tuple[str | None, str]:
    """Return the explicit ratio a text names, such as `4:3`, and the text without it."""
    for found in _RATIO.finditer(text):
        ratio = f"{found['wide']}:{found['high']}"
        if ratio in _RATIOS:
            return ratio, cut_out(text, found.start(), found.end())
    return None, text


def take_seconds(text: str, lexicon: Lexicon) -> tuple[float | None, str]:
    """Return the first length a text names, in seconds, and the text without it."""
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], float]], ...] = (
        (_BOTH, lambda found: int(found["min"]) * 60.0 + int(found["sec"])),
        (_PARTS_OF_A_MINUTE, lambda found: _part(found["said"].lower())),
        (_HALF, lambda _: 30.0),
        (_A_MINUTE, lambda found: 90.0 if found["half"] else 60.0),
        (_DIGITS, lambda found: _of(float(found["number"].replace(",", ".")), found["unit"])),
        (
            _spoken(lexicon),
            lambda found: _of(lexicon.numbers[found["word"].lower()], found["unit"]),
        ),
        (_CLOCK, lambda found: int(found["min"]) * 60.0 + int(found["sec"])),
    )
    for pattern, read in readers:
        found = pattern.search(text)
        if found and not (pattern is _CLOCK and found[0].strip() in _RATIOS):
            seconds = read(found)
            if 0 < seconds <= 86_400:
                return seconds, cut_out(text, found.start(), found.end())
    return None, text


def moment(text: str, lexicon: Lexicon) -> float | None:
    """Return a moment written as `2`, `2.5`, `0:45` or a number word, in seconds."""
    if found := re.fullmatch(r"(\d{1,3}):([0-5]\d)(?:[.,](\d))?", text):
        return int(found[1]) * 60.0 + int(found[2])
    if re.fullmatch(r"\d{1,5}(?:[.,]\d{1,3})?", text):
        return float(text.replace(",", "."))
    number = lexicon.numbers.get(text.lower())
    return None if number is None else float(number)


def plain_number(value: float) -> float | int:
    """Return whole numbers as integers, so that plans read `5` and not `5.0`."""
    rounded = round(value, 3)
    return int(rounded) if rounded == int(rounded) else rounded


def cut_out(text: str, start: int, end: int) -> str:
    """Return the text without a part, its spaces and commas in order."""
    joined = f"{text[:start].rstrip()} {text[end:].lstrip()}"
    joined = re.sub(r" +([,.;:!?)])", r"\1", joined)
    joined = re.sub(r"\( *\)|,(?= *,)", "", joined)
    return re.sub(r" {2,}", " ", joined).strip(" ,")


def _part(said: str) -> float:
    if "quarter" not in said:
        return 90.0
    return 45.0 if said.startswith("three") else 15.0


def _of(number: float, unit: str) -> float:
    return number * 60 if unit.lower().startswith("min") else number


def _spoken(lexicon: Lexicon) -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, lexicon.numbers), key=len, reverse=True))
    # `re` keeps compiled patterns, so this costs a look-up.
    return re.compile(
        rf"(?P<lead>{_LEAD})\b(?P<word>{words})[ -](?P<unit>{_UNIT})\b{_TAIL}", re.IGNORECASE
    )
