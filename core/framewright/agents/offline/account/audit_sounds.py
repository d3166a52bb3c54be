"""Sounds, voices, quoted words and moments of a brief, held against the plan."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.agents.offline.account.denial import denied
from framewright.agents.offline.words.normalise import MARK
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framewright.agents.offline.account.made import Made
    from framewright.agents.offline.words.lexicon import Lexicon
    from framewright.agents.offline.words.normalise import Brief


_VOICE = re.compile(
    r"\b(?:voice-?overs?|narrat(?:ion|or|ed|es)|a (?:[\w-]+ )?voice|vo)\b(?! ?:)", re.IGNORECASE
)


_TRACKS = re.compile(
    r"\b(?:music(?! (?:video|box|hall|stand|school|teacher|shop|stage|festival))|soundtrack|jingle"
    r"|lullaby|anthem|beats)\b",
    re.IGNORECASE,
)


_EFFECTS = re.compile(r"\b(?:sound effects?|sfx|foley|the sounds? of|sounds of)\b", re.IGNORECASE)


_NONE = re.compile(r" ?: ?(?:none|no|off|without|nothing)\b", re.IGNORECASE)


_CUE = re.compile(
    rf"(?:{MARK}|\b(?:title|caption|text|words?|slogan|voice|narrat\w+|says?|sound|music|effect"
    r"|whoosh|thunder|bell|chime|card|jingle)\b)",
    re.IGNORECASE,
)


_MOMENT = re.compile(
    r"\b(?:at|after|from)(?: the| second)? (?P<second>\d{1,3}(?:\.\d)?)"
    r"(?: ?(?:s|secs?|seconds?)(?: mark)?\b|-second mark| to \d)",
    re.IGNORECASE,
)


_PLACE = re.compile(
    r"\b(?:on|in|over|during|for|with) the (?P<which>second|third|fourth|fifth|last|final) "
    r"(?P<what>scene|clip|shot|part|half)\b",
    re.IGNORECASE,
)


_AT_END = re.compile(r"\bat the (?:very )?end\b", re.IGNORECASE)


_ORDINALS = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": 0, "final": 0}


def sounds(text: str, made: Made, lexicon: Lexicon) -> Iterator[str]:
    """Yield a note for each sound that nobody would hear."""
    for found in _TRACKS.finditer(text):
        kept = made.tasks[Task.TEXT_TO_MUSIC] or (made.sounding and found[0].lower() in made.heard)
        none = _NONE.match(text, found.end())
        if not (kept or none or denied(text, found.start()) or _given(made)):
            yield f"“{found[0]}” is not kept: the plan has no music."
    for found in _EFFECTS.finditer(text):
        if not (made.tasks[Task.TEXT_TO_SOUND] or made.tasks[Task.TEXT_TO_MUSIC]) and not (
            denied(text, found.start()) or _given(made)
        ):
            yield f"“{found[0]}” is not kept: the plan has no such sound."
    for found in _VOICE.finditer(text):
        spoken = made.tasks[Task.TEXT_TO_SPEECH]
        if not (spoken or denied(text, found.start()) or _given(made)):
            yield f"“{found[0]}” is not kept: nothing in the plan speaks."
    words = "|".join(sorted(map(re.escape, lexicon.genres | lexicon.hits), key=len, reverse=True))
    only_seen = re.compile(
        rf"(?:\bwith|\bplus|,|\band) (?P<what>(?:an? |some )?(?:[\w'-]+ ){{0,3}}?(?:{words}))"
        r"(?=$|[,.;\n]| (?:at the|in the background|throughout|over it|under it|behind it)\b)",
        re.IGNORECASE,
    )
    for found in only_seen.finditer(text):
        last = found["what"].lower().rsplit(" ", 1)[-1]
        if last in made.shown and last not in made.heard and last not in made.spoken:
            yield f"“{found['what']}” is only seen: the plan makes no sound of it."


def _given(made: Made) -> bool:
    """Tell whether what is heard is the person's own."""
    makes = made.tasks[Task.TEXT_TO_MUSIC] + made.tasks[Task.TEXT_TO_SOUND]
    return made.sounding and not makes and not made.tasks[Task.TEXT_TO_SPEECH]


def quotes(brief: Brief, made: Made) -> Iterator[str]:
    """Yield a note for quoted words that stand nowhere in the plan."""
    there = _letters(made.whole)
    for quote in brief.quotes:
        if re.search(r"\w", quote) and _letters(quote) not in there:
            yield f"“{quote[:60]}” stands nowhere in the plan."


def _letters(text: str) -> str:
    return "".join(each for each in text.lower() if each.isalnum())


def moments(text: str, made: Made) -> Iterator[str]:
    """Yield a note for each moment or scene at which nothing begins that should."""
    for sentence in re.split(r"[.;\n]", text):
        if not _CUE.search(sentence):
            continue
        for found in _MOMENT.finditer(sentence):
            at = float(found["second"])
            if at and not any(abs(at - each) < 0.06 for each in made.starts):
                yield f"“{found[0]}” is not kept: nothing in the plan begins then."
        for found in _PLACE.finditer(sentence):
            start = _start_of(found["which"].lower(), found["what"].lower(), made)
            if start and not any(abs(start - each) < 0.06 for each in made.starts):
                yield f"“{found[0]}” is not kept: nothing in the plan begins there."
        for found in _AT_END.finditer(sentence):
            if not made.starts and (made.written or made.sounding):
                yield f"“{found[0]}” is not kept: nothing in the plan begins later than the rest."


def _start_of(which: str, what: str, made: Made) -> float | None:
    """Return when a part of the film begins; None where it has no such part."""
    count = len(made.bounds) - 1
    if what == "half":
        return made.bounds[-1] / 2
    number = _ORDINALS[which] or count
    return made.bounds[number - 1] if 1 < number <= count else None
