"""What each clause asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from framewright.agents.offline.lexicon import words_of
from framewright.agents.offline.measures import take_count, take_seconds
from framewright.agents.offline.normalise import marks, without_marks

if TYPE_CHECKING:
    from framewright.agents.offline.lexicon import Lexicon
    from framewright.agents.offline.normalise import Brief


class Intent(StrEnum):
    """The things a clause can ask for."""

    IMAGE = "image"
    VIDEO = "video"
    ANIMATE = "animate"
    VOICE = "voice"
    MUSIC = "music"
    SOUND = "sound"
    CAPTION = "caption"
    MERGE = "merge"
    TRIM = "trim"
    EXTRACT = "extract"
    RESIZE = "resize"
    UPSCALE = "upscale"
    MODEL3D = "model3d"
    TEXT = "text"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Wish:
    """One clause, understood."""

    intent: Intent
    clause: str
    """The clause as it stands in the plain text."""
    subject: str = ""
    """What it shows or sounds like, in the person's words."""
    quotes: tuple[str, ...] = ()
    count: int = 1
    noun: str | None = None
    """The noun that was counted: scenes make one film, versions do not."""
    seconds: float | None = None
    refers: bool = False
    """Whether it speaks of something named before."""
    many: bool = False
    """Whether it speaks of all of that."""
    missed: tuple[str, ...] = ()
    tail: bool = field(default=False)
    """Whether it belongs at the end of the film, and not at its beginning."""


_PRIORITY = (Intent.MERGE, Intent.ANIMATE, Intent.TRIM, Intent.EXTRACT, Intent.RESIZE)
_AFTER_SAYING = re.compile(
    r"\b(?:says?|saying|speaks?|speaking|reads?|reading|narrat\w+|announc\w+|whisper\w*)\b[ :,]*(.*)$",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^(?:an?|the|some|my|our)\s+", re.IGNORECASE)


def wish_of(clause: str, brief: Brief, lexicon: Lexicon) -> Wish:
    """Return what a clause asks for; the intent `nothing` when no word of it is known."""
    text = lexicon.ask.sub("", clause).strip(" ,.:") or clause
    intent = _intent(text, clause, lexicon)
    seconds, rest = take_seconds(text, lexicon)
    count, noun, rest = take_count(rest, lexicon)
    words = words_of(without_marks(rest))
    wish = Wish(
        intent=intent,
        clause=clause,
        quotes=brief.quoted(clause),
        count=count,
        noun=noun,
        seconds=seconds,
        refers=any(word in lexicon.refers for word in words[:6]),
        many=any(word in lexicon.many for word in words[:6]),
        tail=bool(re.search(r"\bat the end\b|\bend (?:card|title)|\bclosing\b|\boutro\b", clause)),
    )
    if intent in {Intent.IMAGE, Intent.VIDEO, Intent.MODEL3D, Intent.TEXT, Intent.UPSCALE}:
        return replace(wish, subject=brief.spelled(picture_subject(rest, lexicon)))
    if intent is Intent.ANIMATE:
        subject = _animated_subject(rest, lexicon)
        return replace(wish, subject=brief.spelled(subject))
    if intent in {Intent.MUSIC, Intent.SOUND}:
        return replace(wish, subject=brief.spelled(_sound_subject(rest, lexicon)))
    if intent is Intent.VOICE and not wish.quotes:
        said = _AFTER_SAYING.search(clause)
        return replace(wish, subject="" if said is None else said[1].strip(" .,:"))
    return replace(wish, missed=missed_words(rest, lexicon))


def missed_words(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the words of a clause that steer nothing."""
    known = lexicon.known() | lexicon.little | frozenset(lexicon.numbers)
    words = [word for word in words_of(without_marks(text)) if word not in known]
    return tuple(dict.fromkeys(words))


def picture_subject(text: str, lexicon: Lexicon) -> str:
    """Return what a picture shows: "product image of a mug" becomes "a mug, product image".

    Only a noun of ours that stands before "of", "showing" or "with" is moved; where there is
    none, the words stay as they are.
    """
    body = lexicon.ask.sub("", text).strip(" ,.:")
    found = re.match(
        r"^(?P<kind>(?:[\w'-]+ ){0,4}?(?P<noun>[\w-]+))\s+(?:of|showing|with|about|for|where|in which|:)\s+"
        r"(?P<subject>.+)$",
        body,
        re.DOTALL,
    )
    if found is None or lexicon.nouns.get(found["noun"].lower()) not in {
        "image",
        "video",
        "model3d",
    }:
        return _without_bare_noun(body, lexicon)
    kind = _LEAD.sub("", found["kind"])
    described = [word for word in kind.split()[:-1] if word.lower() not in lexicon.little]
    subject = found["subject"].strip(" ,.")
    return f"{subject}, {' '.join([*described, found['noun']])}" if described else subject


def _without_bare_noun(body: str, lexicon: Lexicon) -> str:
    """Return the words, or nothing where they name only the thing to be made: "a video"."""
    carrying = [word for word in words_of(body) if word not in lexicon.little]
    if all(lexicon.nouns.get(word) in {"image", "video"} for word in carrying):
        return ""
    return body


def _intent(text: str, clause: str, lexicon: Lexicon) -> Intent:
    for name in ("merge", "animate"):
        if lexicon.phrases[name].search(clause):
            return Intent(name)
    words = words_of(without_marks(text))
    quoted = bool(marks(clause))
    if lexicon.phrases["narration"].search(clause):
        return Intent.VOICE
    first = next((w for w in words if w not in lexicon.little or w in lexicon.verbs), "")
    verb = lexicon.verbs.get(first)
    if verb in {"merge", "animate", "trim", "extract", "resize", "upscale"}:
        return Intent(verb)
    if verb == "caption" and quoted:
        return Intent.CAPTION
    return _by_noun(words, quoted, clause, lexicon)


def _by_noun(words: list[str], quoted: bool, clause: str, lexicon: Lexicon) -> Intent:
    speaks = any(lexicon.verbs.get(word) == "speak" for word in words)
    for at, word in enumerate(words):
        meaning = lexicon.nouns.get(word)
        if meaning == "sound" and not lexicon.phrases["sound"].search(clause):
            continue
        if meaning == "caption" and not (quoted and not speaks):
            continue
        if (
            meaning == "music"
            and words[at + 1 : at + 2]
            and lexicon.nouns.get(words[at + 1]) == "video"
        ):
            continue
        if meaning == "text" and at > 3:
            continue
        if meaning is not None:
            return Intent(meaning)
    if speaks and quoted:
        return Intent.VOICE
    return Intent.NOTHING


def _animated_subject(text: str, lexicon: Lexicon) -> str:
    """Return how something is to move: what an order to animate says beyond itself."""
    rest = re.sub(
        r"^\s*animate[ds]?\s+(?:it|this|that|them|these|those|each(?: of them)?|all(?: of them)?|"
        r"(?:the|my|this|these|our) [\w-]+)?\s*(?:into an?|into|as an?|to)?\s*",
        "",
        text,
        flags=re.IGNORECASE,
    )
    rest = lexicon.phrases["animate"].sub(" ", rest)
    return _without_bare_noun(rest.strip(" ,."), lexicon)


def _sound_subject(text: str, lexicon: Lexicon) -> str:
    rest = re.sub(
        r"^\s*(?:add|adding|include|put|lay|with|use|plus)\b", "", text, flags=re.IGNORECASE
    )
    rest = re.sub(
        r"\b(?:the )?(?:sounds?|sound effects?|noise)(?: effects?)? of\b",
        " ",
        rest,
        flags=re.IGNORECASE,
    )
    rest = re.sub(
        r"\b(?:under|underneath|beneath|behind|over|to|throughout|in the background|on top of)\b"
        r"(?: (?:it|the \w+|everything|them|all))?\s*$",
        "",
        rest.strip(" ,."),
        flags=re.IGNORECASE,
    )
    return _LEAD.sub("", rest.strip(" ,."))
