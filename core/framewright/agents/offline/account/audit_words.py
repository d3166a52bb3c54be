"""Words and camera moves of a brief, held against the plan: are they in it at all?"""

# ruff: noqa: E501 - patterns: one meaning a line

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

_WORD = re.compile(r"[^\W\d_][\w'-]*")
_FILE = re.compile(
    r"\d{3,4} ?x ?\d{3,4}|[\w-]{1,80}\.(?:jpe?g|png|webp|gif|mp4|mov|webm|wav|mp3|ogg|flac|m4a)\b",
    re.IGNORECASE,
)
_LEAST_LETTERS = 3
_STEM = 5
"""Letters by which two forms of a word are known for one: "runs" and "running" are not, "swims"
and "swimming" are."""
_MOST_NOTES = 6
_SAYS_HOW = {
    Task.LIP_SYNC: re.compile(
        r"\b(?:lip-?sync\w*|talk(?:s|ing)?|speak(?:s|ing)?|camera|lens|lips?|portrait|straight|directly)\b",
        re.IGNORECASE,
    ),
    Task.ANIMATIC: re.compile(
        r"\b(?:animatics?|burn(?:ed|t)?(?:[- ]?ins?)?|time ?codes?|(?:shot|scene) (?:names?|numbers?"
        r"|labels?|titles?)|labels?)\b",
        re.IGNORECASE,
    ),
}
"""What an order for a task says besides its words."""
_TOOLS = frozenset(
    {
        Task.REVERSE,
        Task.CHANGE_SPEED,
        Task.LOOP,
        Task.NORMALIZE_LOUDNESS,
        Task.FILMSTRIP,
        Task.WAVEFORM,
        Task.PROXY,
        Task.COMPRESS_IMAGE,
        Task.EXTRACT_FRAME,
    }
)
_OFTEN = frozenset(
    re.findall(
        r"\S+",
        """
    about above according add added again all along also always and another any anything apart
    appear appearing appears around aspect atop away back background become before begin begins
    being below beneath beside between both bottom brief bring brings but can chain chained clip
    closing come comes continue continues continuing corner cover cross-fade crossfade
    crossfaded crossfades crossfading cut cuts dissolve dissolves does done during each end
    ending ends equal even every everything exactly except fade fades few fill final finally
    finish first follow followed follows for format fps frame frames from full get gets give goes
    going had half has have her here him his how into its join just keep keeps kept kind last
    lasts later least length let life like line long look looks lower made main make makes mark
    memo middle minute minutes more most move moving much must need needs never new next none
    not nothing now off once one only onto open opening opens other our out over overall own
    part parts per piece place placed play played playing plays please put quarter ratio ready
    recording rest roughly same say says sec second seconds secs see seen set sets several shall
    she short should show showing shown shows side since single size some something soon sound
    split start starting starts stay stays style subject such take takes than that the their
    them then there these they thing things this those three through time times title together total
    too toward towards turn turns two under until upon upper use used uses using very video
    voice was watch way well were what when where which while who whole why will with within
    without word words work would you your
        """,
    )
)
"""Words that say how things go together, or nothing of what they are."""


def words(text: str, made: Made, told: str, lexicon: Lexicon) -> Iterator[str]:
    """Yield a note for words that stand neither in the plan nor in what was told already."""
    there = {stem(word) for word in _WORD.findall(f"{made.whole} {told}".lower())}
    plain = _FILE.sub(lambda found: " " * len(found[0]), re.sub(MARK, " ", text))
    plain = without_figures(plain, made, lexicon)
    passed: list[str] = []
    end = -2
    for found in _WORD.finditer(plain):
        word = found[0].lower()
        if is_known(word, lexicon) or stem(word) in there:
            continue
        if found.start() - end == 1:
            passed[-1] = f"{passed[-1]} {found[0]}"
        else:
            passed.append(found[0])
        end = found.end()
    for each in list(dict.fromkeys(passed))[:_MOST_NOTES]:
        yield f"“{each}” is passed over: no step speaks of it."


def moves(text: str, made: Made, lexicon: Lexicon) -> Iterator[str]:
    """Yield a note for each camera move that no clip makes."""
    left = text
    for move, pattern in lexicon.camera:
        plain = move.replace("-", " ")
        for found in pattern.finditer(left):
            kept = move in made.cameras or plain in made.shown or found[0].lower() in made.shown
            if not kept and not denied(text, found.start()):
                yield f"“{found[0]}” is not kept: no clip's camera moves so."
        # "Zoom out" is no "slow zoom": what was read is read no more.
        left = pattern.sub(lambda found: " " * len(found[0]), left)


def without_figures(text: str, made: Made, lexicon: Lexicon) -> str:
    """Return a text without how many times larger, faster or smaller, where something is so."""
    if made.tasks[Task.UPSCALE]:
        for name in ("larger", "factor"):
            text = lexicon.patterns[name].sub(lambda found: " " * len(found[0]), text)
    for task, said in _SAYS_HOW.items():
        if made.tasks[task]:
            text = said.sub(lambda found: " " * len(found[0]), text)
    if _TOOLS & {task for task in made.tasks if made.tasks[task]}:
        text = _WORD.sub(
            lambda found: " " * len(found[0]) if found[0].lower() in lexicon.tools else found[0],
            text,
        )
    return text


def is_known(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a word says how things go together, or nothing of what they are."""
    plain = word.removesuffix("'s")
    parts = plain.split("-")
    return (
        plain.endswith("n't")
        or len(plain) < _LEAST_LETTERS
        or plain in _OFTEN
        or plain in lexicon.steering
        or plain in lexicon.numbers
        or plain in lexicon.ordinals
        or plain in lexicon.labels
        or plain in lexicon.plain
        or plain in lexicon.typos
        or plain in lexicon.variants
        or plain in lexicon.sets
        or plain in lexicon.said
        or (len(parts) > 1 and all(is_known(part, lexicon) for part in parts))
    )


def stem(word: str) -> str:
    """Return the beginning by which two forms of a word are known for one."""
    return word.replace("'s", "")[:_STEM]
