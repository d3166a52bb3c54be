"""Brings a brief into one form: plain signs, one kind of space, quoted words lifted out.

What stands in quotes is kept to the letter. In the text a mark takes its place, one character
of the private use area, which no brief contains after this.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from framewright.errors import BriefError

MOST_CHARACTERS = 20_000
FIRST_MARK = 0xE000
_MOST_QUOTES = 512
_CLOSING = {"“": "”", "„": "“”", "«": "»", "‹": "›", "‘": "’", '"': '"', "'": "'", "「": "」"}  # noqa: RUF001 - these are the signs meant
_SIGNS = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": " - ", "…": "...", "×": "x"})  # noqa: RUF001 - these are the signs meant
_MARKS = f"[{chr(FIRST_MARK)}-{chr(FIRST_MARK + _MOST_QUOTES)}]"
_MARK = re.compile(_MARKS)
_ELISION = re.compile(r"'(?:n'|\d0s|em\b|til\b|cause\b)")
_UNQUOTED = re.compile(
    r"\b([Tt]itled?|[Cc]aption|[Ss]logan|[Tt]agline|[Hh]eadline|[Cc]losing card|[Ee]nd card"
    r"|the (?:text|words?)) ([A-Z][\w'-]*(?:(?: (?:of|the|to|for|a|in))* [A-Z][\w'-]*)*)(?!\w)"
)
"""A title without quotes shows by its capitals: "the title North Star"."""

_SCRIPT = re.compile(
    r"(?:^|(?<=[.!?\n\"] )|(?<=\n))(?!(?:MUSIC|VOICE|SOUND|SFX|TITLE|TEXT|STYLE|NARRAT"
    r"|SCENE|SHOT|CUT"
    r"|FADE|EXT|INT|NOTE|LENGTH|FORMAT|CAPTION|VO\b|TTS))([A-Z]{2,20}): ([^.!?\n\"“]{2,300}[.!?])"
)
"""A line of a screenplay: "ANNA: You came back."."""

MARK = _MARKS
"""A regular expression for one mark."""


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief in plain form."""

    text: str
    quotes: tuple[str, ...]
    """What stood in quotes, by mark."""

    def quoted(self, part: str) -> tuple[str, ...]:
        """Return the quoted words whose marks stand in a part of the text."""
        return tuple(self.quotes[ord(mark) - FIRST_MARK] for mark in _MARK.findall(part))

    def spelled(self, part: str) -> str:
        """Return a part of the text with its quotes back in place."""
        return _MARK.sub(lambda mark: f'"{self.quotes[ord(mark[0]) - FIRST_MARK]}"', part)


def normalise(brief: str) -> Brief:
    """Return the plain form; raises `BriefError` for a brief that is empty or too long."""
    if len(brief) > MOST_CHARACTERS:
        message = f"The brief has {len(brief):,} characters; {MOST_CHARACTERS:,} are the most."
        raise BriefError(message, action="Split it into several briefs.")
    brief = brief.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(sign for sign in brief if _is_text(sign))
    if not kept.strip():
        raise BriefError("The brief is empty.")
    kept = _SCRIPT.sub(lambda found: f'{found[1].title()}: "{found[2]}"', kept)
    text, quotes = _lift_quotes(_UNQUOTED.sub(r'\1 "\2"', kept))
    plain = unicodedata.normalize("NFKC", text.translate(_SIGNS))
    plain = re.sub(r"[^\S\n]+", " ", plain)
    plain = "\n".join(line.strip() for line in plain.split("\n") if line.strip())
    return Brief(plain, quotes)


def _is_text(sign: str) -> bool:
    if sign in "\n\t":
        return True
    # A zero-width joiner (Cf) holds emoji and some scripts together; control signs do nothing.
    return unicodedata.category(sign) not in {"Cc", "Cs", "Co", "Cn"}


def _lift_quotes(text: str) -> tuple[str, tuple[str, ...]]:
    ends = {sign: _ends(text, signs) for sign, signs in _CLOSING.items() if sign in text}
    quotes: list[str] = []
    out: list[str] = []
    at = 0
    while at < len(text):
        end = _quote_end(text, at, ends.get(text[at])) if len(quotes) < _MOST_QUOTES else None
        if end is None:
            out.append(text[at])
            at += 1
            continue
        out.append(chr(FIRST_MARK + len(quotes)))
        quotes.append(text[at + 1 : end].strip())
        at = end + 1
    return "".join(out), tuple(quotes)


def _ends(text: str, signs: str) -> list[int]:
    """Return where quotes can close, in order: an apostrophe inside a word closes none."""
    return [
        at
        for at, sign in enumerate(text)
        if sign in signs
        and not (sign in "'’" and (text[at + 1 : at + 2].isalnum() or text[at - 1 : at].isspace()))  # noqa: RUF001 - these are the signs meant
    ]


def _quote_end(text: str, at: int, ends: list[int] | None) -> int | None:
    """Return where the quote that opens here closes; an apostrophe opens none."""
    opening = text[at]
    if ends is None or (opening in "'\"‘" and at and text[at - 1].isalnum()):  # noqa: RUF001 - these are the signs meant
        return None
    if opening in "'‘" and _ELISION.match("'" + text[at + 1 : at + 8]):  # noqa: RUF001 - these are the signs meant
        return None
    place = bisect_right(ends, at)
    if opening in "“«‹「":  # noqa: RUF001 - these are the signs meant
        place = _same_depth(text, at, ends, place)
    while place < len(ends):
        if text[at + 1 : ends[place]].strip():
            return ends[place]
        place += 1
    return None


def _same_depth(text: str, at: int, ends: list[int], place: int) -> int:
    """Step over closing signs that belong to quotes inside this one, as far as they pair up."""
    opening, start, inner = text[at], place, 0
    since = at + 1
    while place < len(ends) and place - start < 8:
        inner += text.count(opening, since, ends[place])
        if inner == place - start:
            return place
        since = ends[place]
        place += 1
    return start
