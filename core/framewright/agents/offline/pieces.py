"""Cuts a sentence where a new request may begin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright.agents.offline.normalise import MARK
from framewright.agents.offline.read_sound import has_written_thing

if TYPE_CHECKING:
    from framewright.agents.offline.lexicon import Lexicon

_BETWEEN = re.compile(r"\bbetween ([\d:.,]+(?: ?s(?:ec\w*)?)?) and (?=\d)", re.IGNORECASE)
_WORD_BEFORE = re.compile(r"(?:[\w'-]+ ){0,6}$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence with what joined it to the part before."""

    lead: str
    """The comma, "and" or "with" in front, exactly as written."""
    text: str

    @property
    def joined(self) -> bool:
        """Whether something stands in front."""
        return bool(self.lead.strip())


def cut_into_pieces(text: str, lexicon: Lexicon) -> tuple[Piece, ...]:
    """Return the pieces of a sentence in order; together with their leads they are the text."""
    text = _BETWEEN.sub(r"from \1 to ", text)
    text = re.sub(r"\bblack and white\b", "black-and-white", text, flags=re.IGNORECASE)
    cuts = sorted(_cuts(text, lexicon))
    pieces: list[Piece] = []
    lead, start = "", 0
    for begin, end in cuts:
        if begin < start or (begin == start and not pieces and end == start):
            continue
        if text[start:begin].strip():
            pieces.append(Piece(lead, text[start:begin].strip()))
            lead = ""
        lead, start = f"{lead}{text[begin:end]}", end
    if text[start:].strip():
        pieces.append(Piece(lead, text[start:].strip()))
    return tuple(pieces)


def _cuts(text: str, lexicon: Lexicon) -> set[tuple[int, int]]:
    """Return where cuts may be, each with the stretch that joins the parts."""
    patterns = lexicon.patterns
    cuts = set()
    for found in patterns["connector"].finditer(text):
        # "without" says no: it stays with what it forbids.
        kept = " " if "without" in found[0] else found[0]
        cuts.add((found.start(), found.start() + len(kept)))
    cuts |= {(found.start(), found.end()) for found in patterns["run_on"].finditer(text)}
    for found in patterns["chain"].finditer(text):
        cuts |= {(found.start(), found.start()), (found.end(), found.end())}
    for found in re.finditer(rf"(?:{patterns['speaks'].pattern})(?={MARK})", text):
        before = _last_words(text, found.start())
        if not has_written_thing(before, lexicon) and not _speaks_already(before, lexicon):
            cuts.add((found.start(), found.start()))
    return cuts


def _last_words(text: str, end: int) -> str:
    near = text[max(0, end - 80) : end]
    near = near + ("" if near.endswith(" ") else " ")
    found = _WORD_BEFORE.search(near)
    return found[0] if found else ""


def _speaks_already(before: str, lexicon: Lexicon) -> bool:
    return any(lexicon.nouns.get(word.lower()) in {"voice", "caption"} for word in before.split())
