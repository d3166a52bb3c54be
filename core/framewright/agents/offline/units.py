"""Cuts a brief into units: sentences, listed scenes and labelled lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framewright.agents.offline.lexicon import Lexicon

_BULLET = re.compile(r"^(?:[-*•·▪]|\(?\d{1,2}[.)]) +")
_INLINE_NUMBER = re.compile(r"(?:^|(?<=[ ;,.]))\(?(?:\d{1,2}|[a-h])\) ")
_SENTENCE = re.compile(r"(?<=[.!?]) +(?=\S)|(?<=[.!?][)\"]) +(?=\S)")
_WORD = re.compile(r"[A-Za-z0-9]+(?:[-'][A-Za-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of the brief that is read on its own."""

    text: str
    scene: int = 0
    """Which listed scene it belongs to, from 1; 0 for none."""
    item: bool = False
    """It begins with what a listed scene shows."""
    bullet: bool = False
    """It may be a listed scene: it stood in a list."""
    expect: int = 0
    """It should fall into this many listed scenes, set apart by commas."""
    aside: str = ""
    """What stood in brackets behind the scene's number."""


def units(text: str, lexicon: Lexicon) -> tuple[Unit, ...]:
    """Return the units in order."""
    return tuple(_numbered(_all_units(text, lexicon)))


def _all_units(text: str, lexicon: Lexicon) -> Iterator[Unit]:
    listing = False
    for line in text.split("\n"):
        bullet = _BULLET.match(line)
        body = line[bullet.end() :] if bullet else line
        marks = list(lexicon.patterns["scene_mark"].finditer(body))
        if marks:
            yield from _marked(body, marks, lexicon)
        elif bullet and listing and lexicon.label.match(body) is None:
            first, *others = _sentences(body)
            yield Unit(first, scene=-1, bullet=True)
            for other in others:
                yield Unit(other, scene=-1)
        else:
            for sentence in _sentences(body):
                yield from _listed(sentence, lexicon)
        listing = (listing and bullet is not None) or _announces(body, lexicon)


def _numbered(found: Iterator[Unit]) -> Iterator[Unit]:
    """Give listed scenes without a number (-1) theirs."""
    number = 0
    for unit in found:
        number += unit.item or unit.bullet
        yield (
            unit
            if not unit.scene
            else Unit(unit.text, number, unit.item, unit.bullet, unit.expect, unit.aside)
        )


def _marked(body: str, marks: list[re.Match[str]], lexicon: Lexicon) -> Iterator[Unit]:
    before = body[: marks[0].start()].strip(" :,;")
    for sentence in _sentences(before):
        yield Unit(sentence)
    ends = [mark.start() for mark in marks[1:]] + [len(body)]
    for mark, end in zip(marks, ends, strict=True):
        first, *others = _sentences(body[mark.end() : end].strip(" ;,")) or [""]
        if first:
            yield Unit(first, scene=-1, item=True, aside=mark["aside"] or "")
        # Behind several scenes on one line, the last one's further sentences are for them all.
        last = len(marks) > 1 and end == len(body)
        for other in others:
            yield Unit(other, scene=0 if last else -1)


def _listed(sentence: str, lexicon: Lexicon) -> Iterator[Unit]:
    """Yield a sentence, or the head and the items of a list behind a colon."""
    head, colon, rest = sentence.partition(":")
    is_list = colon and rest[:1] == " " and len(head) < 300 and not lexicon.label.match(sentence)
    if is_list and _announces(sentence, lexicon, anywhere=True):
        items = [part.strip(" ,") for part in _INLINE_NUMBER.split(rest) if part.strip(" ,;")]
        if len(items) < 2 or not _INLINE_NUMBER.match(rest.strip()):
            items = [part.strip() for part in rest.split(";") if part.strip()]
        if len(items) > 1:
            yield Unit(head.strip())
            for item in items:
                yield Unit(item.strip(" ;"), scene=-1, item=True)
            return
        if (count := _count(head, lexicon)) > 1:
            yield Unit(head.strip())
            yield Unit(rest.strip(), expect=count)
            return
    for part in sentence.split(";"):
        if part.strip():
            yield Unit(part.strip())


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]


def _announces(text: str, lexicon: Lexicon, *, anywhere: bool = False) -> bool:
    """Tell whether a line ends with a colon and speaks of pictures or clips."""
    if not anywhere and not text.rstrip().endswith(":"):
        return False
    words = [word.lower() for word in _WORD.findall(text.partition(":")[0])]
    return any(lexicon.nouns.get(word) in {"image", "video"} for word in words)


def _count(head: str, lexicon: Lexicon) -> int:
    words = [word.lower() for word in _WORD.findall(head)]
    for place, word in enumerate(words):
        number = lexicon.number(word)
        following = words[place + 1 : place + 4]
        if number and number > 1 and any(_is_plural(each, lexicon) for each in following):
            return number
    return 0


def _is_plural(word: str, lexicon: Lexicon) -> bool:
    return word.endswith("s") and lexicon.nouns.get(word) in {"image", "video"}
