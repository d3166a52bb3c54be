"""Lifts out of an edit what is read as one thing: quoted words, lengths, and lists of scenes.

A mark takes the place of each, one character that no text contains after `normalise`: so a rule
sees at once that there is a length, and no comma inside a list or a quote ends a clause.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from framewright.agents.offline.editing.edit_vocabulary import (
    FIRST_LENGTH,
    FIRST_LIST,
    LENGTH_MARK,
    LIST_MARK,
    SCENE,
    meaning,
    rule,
    scene_number,
    shape_of,
)
from framewright.agents.offline.words.lexicon import lexicon
from framewright.agents.offline.words.measures import plain_number, take_seconds
from framewright.agents.offline.words.normalise import FIRST_MARK, normalise
from framewright.errors import BriefError, EditError

if TYPE_CHECKING:
    from framewright.agents.offline.words.normalise import Brief

MOST_CHARACTERS = 1_000
_OURS = re.compile(f"{LENGTH_MARK}|{LIST_MARK}")
_UNIT = r"(?:seconds?|secs?|s|minutes?|mins?)\b"
_MOST_SCENES = 100


@dataclass(frozen=True, slots=True)
class Lifted:
    """A request with marks in the places of what was lifted out of it."""

    text: str
    brief: Brief
    lengths: tuple[tuple[str, str], ...]
    """Each length as it was said, and in seconds."""
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    """Each list of scenes as it was said, and their numbers."""

    def spelled(self, part: str) -> str:
        """Return a part of the text as it was written."""
        return self.brief.spelled(_OURS.sub(self._as_said, part))

    def _as_said(self, mark: re.Match[str]) -> str:
        place = ord(mark[0])
        if place >= FIRST_LIST:
            return self.lists[place - FIRST_LIST][0]
        return self.lengths[place - FIRST_LENGTH][0]

    def meant(self, found: re.Match[str]) -> dict[str, str]:
        """Return what the groups of a rule say: numbers, seconds, shapes, words."""
        said = {name: text for name, text in found.groupdict().items() if text}
        return {name: self._meant(name.rstrip("0123456789"), text) for name, text in said.items()}

    def known(self, found: re.Match[str]) -> bool:
        """Tell whether what a rule took for a shape is one: 1:30 is none."""
        named = found.groupdict()
        said = [text for name in ("shape", "format", "ratio") if (text := named.get(name))]
        return all(shape_of(text) is not None for text in said)

    def _meant(self, kind: str, text: str) -> str:
        if kind == "quote":
            return self.brief.quotes[ord(text) - FIRST_MARK]
        if kind == "seconds":
            return self.lengths[ord(text) - FIRST_LENGTH][1]
        if kind == "scenes":
            return " ".join(self.numbers(text))
        return meaning(kind, self.spelled(text))

    def numbers(self, mark: str) -> tuple[str, ...]:
        """Return the numbers of a list of scenes."""
        return self.lists[ord(mark) - FIRST_LIST][1]


def lift(text: str) -> Lifted:
    """Return a request in plain form; raises `EditError` for one that is empty or too long."""
    _refuse_long(len(text))
    try:
        brief = normalise(text)
    except BriefError as error:
        raise EditError("The edit is empty.", action='For example: "make this dusk".') from error
    # Plain form writes some signs out: one of them can be eighteen characters.
    _refuse_long(len(brief.text))
    lists: list[tuple[str, tuple[str, ...]]] = []
    lengths: list[tuple[str, str]] = []

    def lift_list(found: re.Match[str]) -> str:
        lists.append((found[0], _numbers(found[0])))
        return chr(FIRST_LIST + len(lists) - 1)

    def lift_length(found: re.Match[str]) -> str:
        seconds = _seconds(found[0])
        if seconds is None:
            return found[0]
        lengths.append((found[0], str(plain_number(seconds))))
        return chr(FIRST_LENGTH + len(lengths) - 1)

    plain = brief.text
    for pattern in _lists():
        plain = pattern.sub(lift_list, plain)
    plain = _length().sub(lift_length, plain)
    return Lifted(plain, brief, tuple(lengths), tuple(lists))


def _refuse_long(characters: int) -> None:
    if characters > MOST_CHARACTERS:
        message = f"The edit has {characters:,} characters; {MOST_CHARACTERS:,} are the most."
        raise EditError(message, action="Say it in several edits, one after the other.")


@cache
def _lists() -> tuple[re.Pattern[str], ...]:
    # "Scene 1, 2 seconds longer" is one scene: what is measured is no scene's number.
    end = rf"(?!\.\d|[ -]?{_UNIT}| ?(?:times|x|%|percent)\b)"
    more = rf"(?:(?:, ?(?:and )?| and | & )(?:the )?(?:{SCENE}s? )?"
    return (
        rule(rf"\b(?:the )?{SCENE}s? {{count}}{more}{{count2}}{end}){{1,20}}"),
        rule(rf"\b(?:the )?{{order}}(?:(?:, ?(?:and )?| and | & )(?:the )?{{order2}}){{1,20}}"
             rf" {SCENE}s?\b"),
        rule(rf"\b(?:the )?{SCENE}s {{count}}(?: ?- ?| to | through ){{count2}}{end}"),
    )  # fmt: skip


def _numbers(said: str) -> tuple[str, ...]:
    if found := _lists()[2].fullmatch(said):
        first, last = scene_number(found["count"]), scene_number(found["count2"])
        if first.isdecimal() and last.isdecimal() and int(first) <= int(last):
            most = min(int(last), int(first) + _MOST_SCENES)
            return tuple(map(str, range(int(first), most + 1)))
    place = rule("{count}|{order}")
    return tuple(dict.fromkeys(scene_number(each[0]) for each in place.finditer(said)))


@cache
def _length() -> re.Pattern[str]:
    numbers = "|".join(sorted(map(re.escape, lexicon().numbers), key=len, reverse=True))
    # "1.2.3 s", "5-10 s" and "1,000 s" are no lengths that could be read one way only.
    number = rf"(?:\d{{1,5}}(?:\.\d{{1,3}}|,\d{{1,2}})?|{numbers})"
    clock = r"\d{1,2}:[0-5]\d(?: ?min(?:utes?)?\b|(?= long\b))"
    half = rf"(?:half an? |half-|(?:an? )?(?:\d{{1,4}}|{numbers}) and a half[ -])"
    more = r"(?: and a half\b|,? (?:and )?\d{1,2} ?(?:seconds?|secs?|s)\b)?"
    return re.compile(
        rf"(?<![\w.,:/-])(?:{clock}|(?:{half}|{number}[ -]?|an? (?=min)){_UNIT}{more})",
        re.IGNORECASE,
    )


def _seconds(said: str) -> float | None:
    """Return the length that some words say, where they say nothing else."""
    words = said.lower()
    if re.fullmatch(r"half an? seconds?", words):
        return 0.5
    if found := re.match(r"(?:an? )?([\w-]+) and a half[ -](s|min)", words):
        whole = lexicon().number(found[1])
        return None if whole is None else (whole + 0.5) * (60 if found[2] == "min" else 1)
    seconds, rest = take_seconds(words, lexicon())
    return None if rest else seconds
