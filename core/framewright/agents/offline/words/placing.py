"""When words and sounds are there: "at 3 seconds", "from 2 to 4 seconds", "on the last scene"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.agents.offline.words.measures import cut_out
from framewright.agents.offline.words.normalise import MARK

if TYPE_CHECKING:
    from framewright.agents.offline.words.lexicon import Lexicon

_UNIT = r"(?:s|secs?|seconds?)"
_LED = (
    r",? ?(?:\b(?:(?:that|which|it) )?(?:appear|show|start|begin|com|fad|play)(?:s|es|ing|e)?"
    r"(?: (?:in|up|on))? )?"
)
_SPAN = re.compile(
    rf"{_LED}\b(?:from|between) (?:seconds? )?(?P<start>\d{{1,4}}(?:\.\d)?)(?: ?{_UNIT})?"
    rf" ?(?:to|until|till|and|-) ?(?:second )?(?P<end>\d{{1,4}}(?:\.\d)?)(?: ?{_UNIT}\b)?"
    r"(?!:|\d)",
    re.IGNORECASE,
)
_AT = re.compile(
    rf"{_LED}\b(?:at|after|from)(?: the)? (?:second (?=\d{{1,4}}(?:\.\d)?(?:$|[,.;\n ])))?"
    rf"(?P<start>\d{{1,4}}(?:\.\d)?)(?:(?<=second \d)|[- ]?{_UNIT}\b)(?: mark)?"
    r"(?: (?:in|on)\b(?= ?$|[,.;]))?",
    re.IGNORECASE,
)
_ORDER = r"(?P<order>first|second|third|fourth|fifth|sixth|last|final|opening|closing)"
_PLACE = re.compile(
    rf",? (?:but |and )?(?:only )?(?:on|in|over|during|for) the {_ORDER}"
    r" (?:scene|shot|clip)(?: only)?\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.;\n]")
_REACH = 200
"""How many letters before a place the words or sound may stand that it places."""
_CUE = re.compile(
    rf"{MARK}|\b(?:voice-?over|voice|narrat\w+|title|caption|text|words?|slogan|sounds?|whoosh"
    r"|music)\b",
    re.IGNORECASE,
)
_TWICE = re.compile(
    rf"(?P<lead>\b(?:voice(?:-?over)?|narrator|narration)\b[^.;\n{MARK[1:-1]}]{{0,40}}?)"
    rf"(?P<first>{MARK} (?:at \d{{1,4}}(?:\.\d)? ?{_UNIT}|(?:at|in) the (?:start|beginning))),?"
    rf" (?:and |then )?(?:again )?(?=(?P<next>{MARK} at (?:\d|the end)))",
    re.IGNORECASE,
)


_CARDS = re.compile(
    rf"(?P<first>{MARK} (?:from|between) \d{{1,4}}(?:\.\d)?(?: ?{_UNIT})? (?:to|and|until|-)"
    rf" \d{{1,4}}(?:\.\d)?(?: ?{_UNIT})?|{MARK} at \d{{1,4}}(?:\.\d)? ?{_UNIT}),? (?:and |then )?"
    rf"(?:the words? |the title )?(?=(?P<next>{MARK} (?:from|between|at) \d))",
    re.IGNORECASE,
)


def take_moment(text: str) -> tuple[float | None, float | None, str]:
    """Return when something begins and ends, in seconds, and the text without that."""
    if found := _SPAN.search(text):
        start, end = float(found["start"]), float(found["end"])
        if end > start:
            return start, end, cut_out(text, found.start(), found.end())
    if found := _AT.search(text):
        return float(found["start"]), None, cut_out(text, found.start(), found.end())
    return None, None, text


def by_scene(text: str, lexicon: Lexicon) -> str:
    """Write "on the second clip" as "in scene 2" where words or sounds are placed there.

    Scene 0 is the last. At the beginning of a sentence it tells what the scene shows.
    """

    def place(found: re.Match[str]) -> str:
        before = _SENTENCE_END.split(text[max(0, found.start() - _REACH) : found.start()])[-1]
        if not _CUE.search(before):
            return found[0]
        named = {"opening": 1, "closing": 0}
        order = found["order"].lower()
        number = named.get(order, lexicon.ordinals.get(order, 0))
        return f" in scene {number}"

    text = _TWICE.sub(lambda found: f"{found['lead']}{found['first']}. A voice saying ", text)
    text = _CARDS.sub(lambda found: f"{found['first']}. The words ", text)
    return _PLACE.sub(place, text)
