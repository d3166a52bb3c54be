"""Where each part of a brief went: into what is seen, heard, spoken or written, or nowhere.

Whatever the clauses made of a part, its words stand somewhere in the plan or do not. So a person
sees at a glance when a wish became a mere part of a picture's description.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from framewright.agents.offline.account.audit_words import is_known, stem, without_figures
from framewright.agents.offline.interpretation import Part, Role
from framewright.agents.offline.words.normalise import MARK

if TYPE_CHECKING:
    from framewright.agents.offline.account.made import Made
    from framewright.agents.offline.words.lexicon import Lexicon
    from framewright.agents.offline.words.normalise import Brief

_BETWEEN = re.compile(
    rf"(?<=[.!?;:])\s+|\n+|,\s+(?:and |then )?|(?<={MARK})[.,;]?\s+"
    r"|\s+(?=(?:with|while|featuring|without)\s)"
    r"|\s+and\s+(?=(?:add |the |an? |some )?(?:[\w-]+ )?(?:title|words?|text|caption|voice-over"
    r"|voice|music|sounds?)\b)",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^[ ,.;:-]*(?:and |then |but )+", re.IGNORECASE)
_DENIES = re.compile(r"^(?:no|without|don't|do not|never)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_][\w'-]*")
_MOST = 200


def parts_of(brief: Brief, made: Made, lexicon: Lexicon) -> tuple[Part, ...]:
    """Return the parts of a brief in order, each with where most of its words stand."""
    there = {
        Role.SEEN: _stems(made.shown),
        Role.HEARD: _stems(made.heard),
        Role.SPOKEN: _stems(made.spoken),
        Role.WRITTEN: _stems(made.written),
    }
    pieces = [_LEAD.sub("", each).strip(" ,.;:-") for each in _BETWEEN.split(brief.text)[:_MOST]]
    return tuple(
        Part(
            text=brief.spelled(piece),
            role=_role(without_figures(piece, made, lexicon), brief, there, lexicon),
        )
        for piece in pieces
        if re.search(rf"\w|{MARK}", piece)
    )


def _role(piece: str, brief: Brief, there: dict[Role, frozenset[str]], lexicon: Lexicon) -> Role:
    quoted = [word.lower() for quote in brief.quoted(piece) for word in _WORD.findall(quote)]
    plain = [word.lower() for word in _WORD.findall(re.sub(MARK, " ", piece))]
    telling = quoted or [word for word in plain if not is_known(word, lexicon)]
    if not telling:
        # What says how: lengths, shapes, joins, and sounds named by no more than their kind.
        telling = [word for word in plain if lexicon.nouns.get(word) in {"music", "sound"}]
    found = Counter(
        role for role, stems in there.items() for word in telling if stem(word) in stems
    )
    if not found and _DENIES.match(piece):
        return Role.HOW
    if found:
        # What is spoken or written is that before it is anything else.
        best = max(found.values())
        order = (Role.SPOKEN, Role.WRITTEN, Role.HEARD, Role.SEEN)
        likely = order if quoted else tuple(reversed(order))
        return next(role for role in likely if found[role] == best)
    return Role.NOWHERE if telling else Role.HOW


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in _WORD.findall(text))
