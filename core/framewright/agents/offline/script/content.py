"""Gives a description to the picture it describes, or makes one of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from framewright.agents.offline.clauses.intents import (
    Animate,
    Caption,
    Change,
    Content,
    Create,
    Effect,
    Music,
    Scene,
    Settings,
    Speak,
    Write,
)
from framewright.agents.offline.script.shots import (
    Shots,
    described,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.clauses.intents import Intent
    from framewright.agents.offline.script.beats import Beat
    from framewright.agents.offline.words.lexicon import Lexicon


_TALK = frozenset(
    [
        "how",
        "why",
        "you",
        "your",
        "what",
        "i",
        "i'm",
        "something",
        "anything",
        "someone",
        "who",
        "hello",
        "hi",
        "thanks",
    ]
)


_ARTICLES = frozenset(
    ["a", "an", "the", "two", "three", "four", "five", "some", "my", "our", "many"]
)


_PLACES = frozenset(
    [
        "of",
        "in",
        "on",
        "at",
        "over",
        "under",
        "near",
        "by",
        "through",
        "with",
        "behind",
        "between",
        "beside",
        "above",
    ]
)


_PLAYED = frozenset({"reverse", "speed", "loop"})
"""What is done to clips alone."""
_THEN = re.compile(r"\bthen\b", re.IGNORECASE)


def add_content(
    beats: list[Beat],
    said: Content,
    intents: Sequence[Intent],
    has_uploads: bool,
    lexicon: Lexicon,
) -> bool:
    """Give a description to the picture before it, or make a picture of it; False for neither."""
    at = next(
        (at for at in range(len(beats) - 1, -1, -1) if isinstance(beats[at], (Shots, Animate))),
        None,
    )
    last = None if at is None else beats[at]
    if (
        at is not None
        and at < len(beats) - 1
        and not (said.showing or _is_picture(said.subject, lexicon))
    ):
        return False
    if at is not None and isinstance(last, Shots):
        beats[at] = described(last, said)
        return True
    if at is not None and isinstance(last, Animate):
        words = ", ".join(part for part in (last.motion, said.subject) if part)
        beats[at] = replace(
            last,
            motion=words,
            camera=last.camera or said.camera,
            seconds=last.seconds or said.seconds,
        )
        return True
    if has_uploads or not _is_thing(said.subject):
        return False
    if any(isinstance(each, (Write, Scene)) or _shows(each) for each in intents):
        return False
    kind = _kind_of(said, intents)
    make = Create(kind, said.subject, seconds=said.seconds, camera=said.camera)
    beats.append(Shots(make, (said.subject,), (said.seconds,), (said.camera,)))
    return True


def _shows(intent: Intent) -> bool:
    """Tell whether a request says itself what it shows: "a clip of 8 seconds" does not."""
    bare = isinstance(intent, Create) and intent.kind == "video" and intent.count == 1
    return isinstance(intent, Create) and not (bare and not intent.subject)


def _is_picture(subject: str, lexicon: Lexicon) -> bool:
    """Tell what can be seen, said behind a sound or words: "of neon lights", "slow motion"."""
    return _is_thing(subject) or lexicon.patterns["seen"].match(subject) is not None


def _is_thing(subject: str) -> bool:
    """Tell "a red kite" or "kite over the sea" from talk that names nothing to see."""
    words = re.findall(r"[\w'-]+", subject.lower())
    if len(words) < 2 or _TALK & set(words):
        return False
    return words[0] in _ARTICLES or bool(_PLACES & set(words[1:-1]))


def _kind_of(said: Content, intents: Sequence[Intent]) -> str:
    if any(isinstance(each, Animate) for each in intents):
        return "image"
    told = sum(isinstance(each, Content) for each in intents) > 1
    moving = (
        said.seconds is not None or said.camera is not None or told or _THEN.search(said.subject)
    )
    sounding = any(isinstance(each, (Speak, Music, Effect, Caption)) for each in intents)
    timed = any(isinstance(each, Settings) and (each.seconds or each.camera) for each in intents)
    played = any(isinstance(each, Change) and each.what in _PLAYED for each in intents)
    return "video" if moving or sounding or timed or played else "image"
