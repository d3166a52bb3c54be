"""What stands behind a label, as in "Music: soft piano", and what is not wanted."""

# ruff: noqa: E501 - patterns: one meaning a line

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from framewright.agents.offline.clauses import spoken
from framewright.agents.offline.clauses.clauses import without_asking
from framewright.agents.offline.clauses.heard import Told, effects, scene_of
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


_LABELS = {
    "shot": r"(?:shot|scene) (?:names?|numbers?|labels?|titles?)",
    "timecode": r"time ?-?codes?",
    "action": r"(?:shot )?(?:actions?|descriptions?)|what happens",
}
_ONE = rf"(?:the |their |its |running )?(?:{'|'.join(_LABELS.values())})"
_BURNT = re.compile(
    rf"(?:(?:burn(?:ed|t)?|written|shown?)(?:[- ]?in)? |overlay )?{_ONE}(?:(?:,| and|, and) {_ONE})*"
    r"(?: (?:on|in|into|over|at) [\w ]{1,30}| burn(?:ed|t)[- ]?in|[- ]overlay)?",
    re.IGNORECASE,
)


def burnt_in(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return what "burn in shot names and time code" writes into the picture; empty for no such."""
    bare = without_asking(text, lexicon)
    if not _BURNT.fullmatch(bare):
        return ()
    return tuple(name for name, said in _LABELS.items() if re.search(said, bare, re.IGNORECASE))


def not_burnt_in(text: str) -> tuple[str, ...] | None:
    """Return what is left of it where "no burn-in" or "without time code" is said, else None."""
    found = re.fullmatch(
        rf"(?:and |with |but )*(?:no|without(?: any)?) (?P<what>burn(?:ed|t)?[- ]?ins?|labels|{_ONE})",
        text.strip(" ."),
        re.IGNORECASE,
    )
    if found is None:
        return None
    if re.match(r"burn|label", found["what"], re.IGNORECASE):
        return ()
    return tuple(
        name for name, said in _LABELS.items() if not re.search(said, found["what"], re.IGNORECASE)
    )


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
            return effects(part.text, rest, Told(seconds, None, False, False), brief, lexicon)
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
