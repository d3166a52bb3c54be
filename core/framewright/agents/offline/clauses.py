"""Cuts a brief into clauses: each asks for one thing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.agents.offline.lexicon import words_of
from framewright.agents.offline.normalise import marks

if TYPE_CHECKING:
    from framewright.agents.offline.lexicon import Lexicon

_HARD = re.compile(r"[;\n]+|(?<=[.!?])\s+")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_SOFT = re.compile(
    r"\s*,\s*(?:and then|and|then|plus|with)?\s+|\s+(?:and then|then|and|with|plus|over|to)\s+",
    re.IGNORECASE,
)
_REACH = 6
"""So many words into a part, the thing it asks for must have been named."""
_STOPS = frozenset(
    [
        "of",
        "in",
        "on",
        "at",
        "by",
        "to",
        "for",
        "from",
        "near",
        "over",
        "under",
        "through",
        "into",
        "as",
        "like",
    ]
)
_NOT_SOUND = frozenset(
    [
        "video",
        "videos",
        "box",
        "stage",
        "hall",
        "page",
        "book",
        "festival",
        "player",
        "shop",
        "card",
    ]
)


def split(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the clauses in order.

    Sentences, lines and semicolons always part; a comma, "and", "then" or "with" only where
    what follows begins to ask for something: "a boy and a dog" stays whole.
    """
    found: list[str] = []
    for sentence in _HARD.split(text):
        whole = _BULLET.sub("", sentence).strip(" ,.")
        if whole:
            found.extend(_parts(whole, lexicon))
    return tuple(found)


def _parts(sentence: str, lexicon: Lexicon) -> list[str]:
    parts: list[str] = []
    begin = 0
    for joint in _SOFT.finditer(sentence):
        if joint.start() > begin and starts_wish(sentence[joint.end() :], lexicon):
            parts.append(sentence[begin : joint.start()].strip(" ,."))
            begin = joint.end()
    parts.append(sentence[begin:].strip(" ,."))
    return [part for part in parts if part]


def starts_wish(rest: str, lexicon: Lexicon) -> bool:
    """Tell whether a part begins with a verb of ours, or soon names a sound or a caption."""
    words = words_of(rest[:120])
    if not words:
        return False
    first = lexicon.ask.sub("", rest[:120].strip())
    opening = words_of(first)[:1]
    if words[0] in lexicon.verbs and lexicon.verbs[words[0]] not in {"add", "speak"}:
        return _is_order(words, lexicon)
    if words[0] in {"add", "adding", "include", "put", "lay"} or opening[:1] == ["add"]:
        return True
    for at, word in enumerate(words[:_REACH]):
        if word in _STOPS and not (at and words[at - 1] in {"sound", "sounds", "noise"}):
            return False
        meaning = lexicon.nouns.get(word)
        if meaning in {"voice", "music", "sound"}:
            return (
                words[at + 1 : at + 2] != [] and words[at + 1] not in _NOT_SOUND
            ) or at + 1 == len(words)
        if meaning == "caption":
            return bool(marks(rest[:200]))
    return False


def _is_order(words: list[str], lexicon: Lexicon) -> bool:
    """Tell an order, "make it dusk", from a doing in a picture, "a man using a saw"."""
    meaning = lexicon.verbs[words[0]]
    if meaning in {"use"}:
        return len(words) > 1 and (words[1] in lexicon.refers or words[1] in {"my", "the", "our"})
    return not words[0].endswith(("s", "ing")) or meaning in {"animate", "speak"}
