"""What stands behind a label, as in "Music: soft piano", and what is not wanted."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from framewright.agents.offline.clauses import spoken
from framewright.agents.offline.clauses.heard import Told, effect, scene_of
from framewright.agents.offline.clauses.intents import (
    Create,
    Music,
    Settings,
)
from framewright.agents.offline.clauses.settings import take_camera
from framewright.agents.offline.words.measures import take_seconds
from framewright.agents.offline.words.normalise import MARK
from framewright.agents.offline.words.placing import take_moment

if TYPE_CHECKING:
    from framewright.agents.offline.clauses.clauses import Part
    from framewright.agents.offline.clauses.intents import Intent
    from framewright.agents.offline.words.lexicon import Lexicon
    from framewright.agents.offline.words.normalise import Brief


def negation(text: str, lexicon: Lexicon) -> Settings | None:
    """Return what a clause does not want; None for one that denies nothing."""
    found = lexicon.patterns["negation"].match(text)
    if found is None:
        return None
    silent: set[str] = set()
    unwanted: list[str] = []
    length: float | None = None
    for each in re.split(r",\s*(?:and |or |no )*|\s+(?:and|or)\s+(?:no )?", found["what"]):
        seconds, rest = take_seconds(each, lexicon)
        if seconds is not None and not rest:
            length = seconds
            continue
        kind = lexicon.nouns.get(each.rsplit(" ", 1)[-1].lower())
        if kind in {"music", "voice", "sound"}:
            silent.add(kind)
        elif each.strip():
            unwanted.append(each.strip())
    return Settings(without=", ".join(unwanted), silent=frozenset(silent), seconds=length)


def by_label(part: Part, brief: Brief, lexicon: Lexicon) -> tuple[Intent, ...]:
    """Return what stands behind the label of a part; empty for a label that asks for nothing."""
    seconds, rest = take_seconds(part.text, lexicon)
    words = brief.spelled(rest)
    match part.label:
        case "voice":
            speech = spoken.labelled_speech(part.text, part.aside, brief)
            start, _, left = take_moment(part.text)
            speech = replace(speech, scene=scene_of(part.text, lexicon), start=start)
            length, _ = take_seconds(left, lexicon) if re.search(MARK, left) else (None, "")
            return (speech, *([Settings(seconds=length)] if length else []))
        case "music":
            return (Music(words, seconds),)
        case "sound":
            return (effect(part.text, rest, Told(seconds, None, False, False), brief, lexicon),)
        case "caption":
            return (spoken.labelled_caption(part.text, brief, lexicon),)
        case "style":
            return (Settings(styles=(words,)),)
        case "length":
            return (Settings(seconds=seconds),)
        case "negative":
            return (Settings(without=words),)
        case "image" | "video" as kind:
            camera, rest = take_camera(rest, lexicon)
            return (
                Create(
                    kind,
                    brief.spelled(rest),
                    noun=kind,
                    seconds=seconds,
                    camera=camera,
                    phrase=part.text,
                ),
            )
        case _:
            return ()
