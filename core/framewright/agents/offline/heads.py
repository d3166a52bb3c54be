"""Finds what a phrase is about: the last noun before the first preposition."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright.agents.offline.normalise import MARK

if TYPE_CHECKING:
    from framewright.agents.offline.lexicon import Lexicon

_TOKEN = re.compile(rf"{MARK}|\w+(?:[-'.:]\w+)*|[^\s\w]")
_MARK = re.compile(MARK)
_MOST_WORDS = 10
_UNITS = frozenset({"second", "seconds", "sec", "secs", "s", "minute", "minutes", "min", "mins"})


@dataclass(frozen=True, slots=True)
class Head:
    """The noun a phrase turns on, with what stands around it."""

    noun: str
    kind: str
    """What the lexicon says of the noun."""
    modifiers: str
    """The words before the noun, without determiner and count."""
    rest: str
    """Everything behind the noun."""
    determined: bool
    """Whether a determiner or number opens the phrase."""
    count: int = 1
    variants: bool = False


def without_ask(text: str, lexicon: Lexicon) -> str:
    """Return a phrase without its polite or commanding opening."""
    found = lexicon.ask.match(text)
    return text[found.end() :].strip() if found and found.end() < len(text) else text.strip()


def find_head(text: str, lexicon: Lexicon) -> Head | None:
    """Return the head of a phrase, or None where its noun is not in the lexicon."""
    text = without_ask(text, lexicon)
    tokens = list(_TOKEN.finditer(text))
    start, count, determined, many = _opening(tokens, lexicon)
    if many and (inner := _of_inner(text, tokens, start, count, lexicon)):
        return inner
    at, end, noun = start, start, ""
    while at < min(len(tokens), start + _MOST_WORDS):
        if found := _noun_at(tokens, at, lexicon):
            noun, size = found
            at += size
            end = at
            continue
        if _stops(tokens[at][0], bool(noun), lexicon):
            break
        at += 1
    if not noun or not _closes(tokens, start, end, at, noun, lexicon):
        return None
    first = end - len(noun.split())
    modifiers = text[tokens[start].start() : tokens[first].start()].strip() if first > start else ""
    # "four logo variants" are variants of a logo.
    rest = text[tokens[end - 1].end() :]
    head = Head(noun, lexicon.nouns[noun], modifiers, rest, determined, count)
    if end < len(tokens) and tokens[end][0].lower() in lexicon.variants:
        return Head(noun, head.kind, modifiers, text[tokens[end].end() :], True, count, True)
    return head


def _opening(tokens: list[re.Match[str]], lexicon: Lexicon) -> tuple[int, int, bool, bool]:
    """Return where the phrase proper begins, its count, and whether it counts variants or a set."""
    at, count, determined = 0, 1, False
    while at < len(tokens):
        word = tokens[at][0].lower()
        following = tokens[at + 1][0].lower() if at + 1 < len(tokens) else ""
        number = lexicon.number(word)
        if number is not None and following.strip("-") not in _UNITS and "-" not in word:
            count, determined = max(1, min(number, 200)), True
        elif word in lexicon.determiners or (word == "of" and count > 1 and determined):
            determined = True
        elif word in lexicon.sets and following == "of":
            determined, at = True, at + 1
        elif word in lexicon.variants and following in {"of", "for"}:
            return at + 2, count, True, True
        elif word == "different" or (word in lexicon.plain and following in lexicon.variants):
            pass
        else:
            break
        at += 1
    return at, count, determined, False


def _of_inner(
    text: str, tokens: list[re.Match[str]], start: int, count: int, lexicon: Lexicon
) -> Head | None:
    """Read "two versions of a logo" as two logos."""
    if start >= len(tokens):
        return None
    inner = find_head(text[tokens[start].start() :], lexicon)
    if inner is None:
        rest = " " + text[tokens[start].start() :]
        return Head("image", "image", "", rest, True, count, True)
    return Head(inner.noun, inner.kind, inner.modifiers, inner.rest, True, count, True)


def _noun_at(tokens: list[re.Match[str]], at: int, lexicon: Lexicon) -> tuple[str, int] | None:
    for size in range(min(lexicon.longest_noun, len(tokens) - at), 0, -1):
        words = " ".join(token[0].lower() for token in tokens[at : at + size])
        if words in lexicon.nouns:
            return words, size
    return None


def _stops(token: str, noun_seen: bool, lexicon: Lexicon) -> bool:
    word = token.lower()
    if _MARK.match(token) or not word[0].isalnum() or word in lexicon.prepositions:
        return True
    if word in lexicon.verbs["speak"] or word in lexicon.verbs["animate"]:
        return True
    # "music swelling", "a clip looped": what is said of the noun is no longer the phrase.
    return noun_seen and len(word) > 4 and word.endswith(("ing", "ed", "ly"))


def _closes(
    tokens: list[re.Match[str]], start: int, end: int, at: int, noun: str, lexicon: Lexicon
) -> bool:
    """Tell whether the noun is the head: a photo booth and a film crew are neither."""
    between = [token[0].lower() for token in tokens[end:at]]
    if all(_adds_nothing(word, lexicon) for word in between):
        return True
    return start == 0 and end == len(noun.split()) and "music" not in lexicon.nouns[noun]


def _adds_nothing(word: str, lexicon: Lexicon) -> bool:
    return (
        word in lexicon.passing
        or word in lexicon.aspects
        or word in lexicon.variants
        or lexicon.number(word) is not None
        or word in _UNITS
    )
