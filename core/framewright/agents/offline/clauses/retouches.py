"""Orders that change the picture just made, one after the other: "…, then make it night"."""

# ruff: noqa: E501 - patterns: one meaning a line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.agents.offline.clauses.clauses import without_asking
from framewright.agents.offline.clauses.intents import (
    Animate,
    Change,
    Create,
    Merge,
    Scene,
    Use,
)
from framewright.agents.offline.clauses.opening import opening
from framewright.agents.offline.words.measures import take_ratio, take_seconds
from framewright.agents.offline.words.normalise import MARK
from framewright.domain.media import MediaKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.agents.offline.clauses.intents import Intent
    from framewright.agents.offline.words.lexicon import Lexicon
    from framewright.agents.offline.words.normalise import Brief
    from framewright.domain.upload import Upload

_THEN = (
    r"(?:and |but )?(?:then|after(?: that|wards?)?|next|finally|lastly|in a (?:second|third|next)"
    r" step),? (?:please )?(?:also )?"
)
_IT = (
    r"(?:it|this|that|everything|them|these|those|both|each(?: of them)?|all of (?:it|them)"
    r"|the (?:whole )?(?:image|picture|photo|photograph|scene|still"
    r"|drawing|painting|illustration|thing))"
)
_ORDER = (
    rf"(?:make {_IT}|turn {_IT} (?:in)?to|(?:remove|delete|erase|take away|take out|get rid of"
    r"|replace|swap|change|recolou?r|repaint|restyle|redraw|add|put|give|paint|colou?r|make|turn"
    r"|let|move|set) (?:an?|the|his|her|its|their|him|her|them|it|some|more|all|two|three|in|snow"
    r"|rain|fog)) \S|(?:add|remove) \w+$|(?:restyle|redraw|repaint|relight|recolou?r) it\b"
)
_FIRST = re.compile(
    rf"(?:^|[,;.]? ){_THEN}(?={_ORDER})"
    # By itself a sentence of this kind can mean nothing else.
    rf"|^(?:please )?(?=(?:turn {_IT} (?:in)?to|remove|erase|get rid of|repaint|restyle|redraw)\b)"
    rf"(?={_ORDER})",
    re.IGNORECASE,
)
_NEXT = re.compile(
    rf"(?:[,;.] (?:and |then |and then )?| and then | then | and )(?={_ORDER})", re.IGNORECASE
)
_TAKEN = re.compile(
    r"(?:please )?(?:(?:take|extract|grab|get|use|crop|resize|upscale|enlarge) (?:the|this|my|our|its)\b"
    rf"|make {_IT} )",
    re.IGNORECASE,
)
"""An order about what is there: what "and" joins to it is one more."""
_AND = re.compile(rf",? and (?={_ORDER})", re.IGNORECASE)
_HEARD = frozenset({"music", "sound", "voice", "caption", "video", "model3d", "text"})
_NO_LOOK = re.compile(
    r"\b(?:move|moving|loop|louder|quieter|faster|slower|longer|shorter|bigger|larger|smaller|loud"
    r"|quiet|crop\w*|vertical|horizontal|portrait|landscape|square|widescreen|pixels|px|talk|say"
    r"|speak|clips?|videos?|films?|animations?|3d|speed|seconds?|volume|logo|text|title|caption)\b",
    re.IGNORECASE,
)
"""What no picture is changed into by a brush."""


def take_retouches(text: str, brief: Brief, lexicon: Lexicon) -> tuple[str, tuple[Change, ...]]:
    """Return a clause without the orders behind its first "then", and those orders in turn.

    There are none where what follows "then" is no order to change a picture: "a man stands up,
    then walks", "then add music".
    """
    found = _FIRST.search(text) or (_AND.search(text) if _TAKEN.match(text) else None)
    if found is None:
        return text, ()
    orders = [each.strip(" ,.;") for each in _NEXT.split(text[found.end() :])]
    if not all(_is_order(each, lexicon) for each in orders):
        return text, ()
    changes = (Change("edit", each, {"prompt": brief.spelled(each)}) for each in orders)
    return text[: found.start()].strip(" ,.;"), tuple(changes)


def changes_picture(intents: Sequence[Intent], uploads: Sequence[Upload]) -> bool:
    """Tell whether what was last asked for is a picture, so that "it" is one and no clip."""
    for intent in reversed(intents):
        if isinstance(intent, Create):
            return intent.kind == "image"
        if isinstance(intent, Change):
            return intent.what in {"edit", "upscale", "resize", "extract"}
        if isinstance(intent, (Animate, Scene, Merge, Use)):
            return False
    return any(upload.kind is MediaKind.IMAGE for upload in uploads)


def _is_order(order: str, lexicon: Lexicon) -> bool:
    if re.search(MARK, order) or _NO_LOOK.search(order):
        return False
    if take_seconds(order, lexicon)[0] is not None or take_ratio(order)[0] is not None:
        return False
    about = opening(re.sub(rf"^\w+ {_IT} ", "", without_asking(order, lexicon)), lexicon)
    return about is None or about.kind not in _HEARD
