"""What a clause wants to be heard: effects, what words are spoken over, new sound."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from framewright.agents.offline.clauses.intents import (
    Effect,
    Music,
)
from framewright.agents.offline.clauses.opening import opening
from framewright.agents.offline.clauses.subjects import (
    sound_subject,
)
from framewright.agents.offline.words.measures import take_seconds
from framewright.agents.offline.words.normalise import MARK

if TYPE_CHECKING:
    from framewright.agents.offline.clauses.intents import Intent
    from framewright.agents.offline.words.lexicon import Lexicon
    from framewright.agents.offline.words.normalise import Brief


_THEN = re.compile(r",? (?:and )?then (?:finally )?", re.IGNORECASE)
_OVER = re.compile(
    rf"{MARK} over (?!(?:it|the (?:video|clip|film|picture|whole))\b)(?P<what>.+)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a clause has said besides what it asks for."""

    seconds: float | None
    camera: str | None
    each: bool
    total: bool


def under_speech(text: str, brief: Brief, lexicon: Lexicon) -> tuple[Intent, ...]:
    """Return what the words are spoken over: "saying 'Hello' over gentle rain"."""
    found = _OVER.search(text)
    if found is None:
        return ()
    seconds, rest = take_seconds(found["what"], lexicon)
    about = opening(rest, lexicon)
    if about is not None and about.kind == "music":
        return (Music(brief.spelled(sound_subject(rest, lexicon)), seconds),)
    return (effect(rest, rest, Told(seconds, None, False, False), brief, lexicon),)


def new_sound(text: str, brief: Brief, lexicon: Lexicon) -> tuple[Intent, ...]:
    """Return the sound that takes the place of another: "… with ocean waves"."""
    found = re.search(r"\b(?:with|by|for) (?P<what>.+)$", text, re.IGNORECASE)
    if found is None:
        return ()
    about = opening(found["what"], lexicon)
    words = brief.spelled(sound_subject(found["what"], lexicon))
    music = about is not None and about.kind == "music"
    return (Music(words),) if music else (Effect(words),)


def scene_of(text: str, lexicon: Lexicon) -> int | None:
    """Return the scene a text places something in; 0 is the last, None for none."""
    found = lexicon.patterns["in_scene"].search(text)
    return lexicon.number(found["number"]) if found else None


def effects(
    phrase: str, rest: str, told: Told, brief: Brief, lexicon: Lexicon
) -> tuple[Effect, ...]:
    """Return the sounds of a clause, one for each "then"."""
    first, *more = _THEN.split(rest)
    made = [effect(phrase, first, told, brief, lexicon)]
    for each in more:
        later = effect(phrase, each, told, brief, lexicon)
        made.append(replace(later, follows=True, scene=made[0].scene))
    return tuple(made)


def effect(phrase: str, rest: str, told: Told, brief: Brief, lexicon: Lexicon) -> Effect:
    """Return the sound a clause asks for: what, how long, and where."""
    scene = None
    if found := lexicon.patterns["in_scene"].search(rest):
        scene = lexicon.number(found["number"])
        rest = rest[: found.start()] if scene else rest
    subject = sound_subject(rest, lexicon)
    hit = bool(lexicon.hits & set(re.findall(r"[\w-]+", subject.lower())))
    return Effect(
        brief.spelled(subject),
        told.seconds,
        hit,
        bool(lexicon.patterns["at_end"].search(phrase)),
        scene,
    )
