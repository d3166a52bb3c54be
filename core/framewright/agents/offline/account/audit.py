"""Holds a plan against its brief once more, by other means than those that read it.

The clauses are read one by one, and each reading can be wrong in its own way. Here the whole
brief is looked through for what can be counted or named: lengths, numbers of things, shapes,
sounds, voices, joins, moments. Whatever the plan does not bear out becomes a note, so that
nothing that was asked for is lost in silence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.agents.offline.account.audit_figures import NUMBER, counts, lengths, shapes
from framewright.agents.offline.account.audit_sounds import moments, quotes, sounds
from framewright.agents.offline.account.audit_words import moves, words
from framewright.agents.offline.account.denial import denied
from framewright.domain.media import MediaKind
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from framewright.agents.offline.account.made import Made
    from framewright.agents.offline.words.lexicon import Lexicon
    from framewright.agents.offline.words.normalise import Brief

_JOIN = re.compile(
    r"\b(?:merged?|join(?:ed)?|stitch(?:ed)?|splic(?:e|ed)|combined?|(?:edit|cut|put)"
    r" (?:them|it all|everything|all of (?:it|them)) together)\b",
    re.IGNORECASE,
)
_FADE = re.compile(r"\b(?:cross-?fad(?:e|es|ed|ing)|dissolves?|cross-?dissolves?)\b", re.IGNORECASE)
_CUTS = re.compile(
    r"\b(?:(?:fast|quick|rapid|jump|match) cuts?|wipes?(?: transitions?)?|whip pans?"
    r"|(?!smooth|soft|fade|crossfade|no\b)\w+ transitions?)\b",
    re.IGNORECASE,
)
_CHAIN = re.compile(
    r"\b(?:last|final) frame of the (?:one|clip|shot|scene|previous)|\b(?:chain(?:ed)?"
    r"|continu(?:es|ing) from|(?:start|begin|pick)(?:s|ing)? (?:up )?(?:where|from where"
    r"|from the (?:last|end))"
    r"|flow(?:s|ing)? into the next)\b",
    re.IGNORECASE,
)
_MOVING = re.compile(
    rf"(?<!for )\b(?:a|an|the|one|this|short|{NUMBER}[- ]seconds?) (?:[\w-]+ ){{0,2}}?(?:clip"
    r"|video(?! game)|film(?! set| crew| star| camera| noir| still| grain"
    r"| strip)|trailer|teaser|animation|advert"
    r"|commercial|ad)\b(?!-)"
    r"|\banimate[ds]?\b",
    re.IGNORECASE,
)
_STILL = re.compile(
    r"\b(?:a|an|one|this) (?:[\w-]+ ){0,2}?(?:image|picture|photo|poster|logo|illustration)\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:this|the)\b", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(?:^|(?<=[\s;,:.]))(?:(?:scene|shot) )?(?P<number>\d{1,2})(?:\)|\.(?= [A-Za-z])|:(?= ))",
    re.IGNORECASE,
)
_UNDONE = re.compile(
    r"\b(?:repeat(?:ed)?(?: it)? \w+ times|(?:two|three|four|\d+) copies|sped up|speed(?:s|ed)? up"
    r"|slow(?:ed)? down|(?:twice|half) (?:as fast|the speed)|export (?:it|them)[^,.;]{0,30}"
    r"|as an? (?:gif|mov|webm|avi)|gifs?|split[- ]screen|picture[- ]in[- ]picture|green screen"
    r"|rotat(?:e|ed) (?:it|them)|mute[ds]?(?: (?:it|this|the \w+))?|half volume|fade(?:s|d)? (?:in"
    r"|out|to \w+))\b",
    re.IGNORECASE,
)


def audit(brief: Brief, text: str, made: Made, lexicon: Lexicon, notes: Sequence[str]) -> list[str]:
    """Return a note for each thing in the brief that the plan does not bear out.

    `text` is the brief in plain form, its slips of spelling mended; `notes` are those that were
    made already.
    """
    found = [
        *lengths(text, made, lexicon),
        *counts(text, made, lexicon),
        *shapes(text, made),
        *_kinds(text, made),
        *_listed(text, made),
        *_joins(text, made),
        *sounds(text, made, lexicon),
        *quotes(brief, made),
        *moments(text, made),
        *_undone(text, made),
        *moves(text, made, lexicon),
    ]
    return [*found, *words(text, made, " ".join([*notes, *found]), lexicon)]


def _kinds(text: str, made: Made) -> Iterator[str]:
    if made.clips:
        return
    for found in _MOVING.finditer(text):
        if MediaKind.VIDEO in made.own and _OWN.search(found[0]):
            continue
        if not denied(text, found.start()):
            yield f"“{found[0]}” is not kept: nothing in the plan moves."
            return
    for found in _STILL.finditer(text):
        if MediaKind.IMAGE in made.own and _OWN.search(found[0]):
            continue
        if not made.stills and not denied(text, found.start()):
            yield f"“{found[0]}” is not kept: the plan makes no picture."
            return


def _listed(text: str, made: Made) -> Iterator[str]:
    """Hold scenes that are numbered one by one against the clips."""
    numbers = [int(found["number"]) for found in _NUMBERED.finditer(text)]
    if numbers != list(range(1, len(numbers) + 1)) or len(numbers) < 2:
        return
    if len(numbers) not in {made.clips, made.stills}:
        many = made.clips or made.stills
        yield f"The brief numbers {len(numbers)} scenes; the plan makes {many}."


def _joins(text: str, made: Made) -> Iterator[str]:
    merged = made.tasks[Task.MERGE_VIDEOS]
    for found in _JOIN.finditer(text):
        if not merged and not denied(text, found.start()) and made.clips > 1:
            yield f"“{found[0]}” is not kept: the clips stay apart."
    for found in _FADE.finditer(text):
        if not made.crossfade and not denied(text, found.start()):
            yield f"“{found[0]}” is not kept: the plan cuts from clip to clip."
    for found in _CUTS.finditer(text):
        if not denied(text, found.start()) and (made.clips < 2 or "cut" not in found[0].lower()):
            yield f"“{found[0].strip()}” is not kept: nothing here does that yet."
    for found in _CHAIN.finditer(text):
        if not made.chained and not denied(text, found.start()):
            yield f"“{found[0]}” is not kept: no clip begins with the last frame of another."


def _undone(text: str, made: Made) -> Iterator[str]:
    for found in _UNDONE.finditer(text):
        sped = made.tasks[Task.CHANGE_SPEED] and re.match(r"s(?:p|l)|twice|half", found[0].lower())
        if not (sped or denied(text, found.start())) and "mute" not in made.whole:
            yield f"“{found[0].strip()}” is not done: nothing here does that yet."
