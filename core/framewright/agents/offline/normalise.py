"""Brings a brief into one form: plain signs, one kind of space, quoted words lifted out.

What stands in quotes is kept to the letter. In the text a mark takes its place, one character
of the private use area that nobody types.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from framewright.errors import BriefError

MOST_CHARACTERS = 20_000
FIRST_MARK = 0xE000
_MOST_QUOTES = 512
_PAIRS = (("“", "”"), ("„", "“"), ("«", "»"), ("‘", "’"), ('"', '"'), ("'", "'"))
_SIGNS = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": " - ", "…": "...", "×": "x"})
_MARK = re.compile(f"[{chr(FIRST_MARK)}-{chr(FIRST_MARK + _MOST_QUOTES)}]")


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
    kept = "".join(sign for sign in brief if _is_text(sign))
    if not kept.strip():
        raise BriefError("The brief is empty.")
    text, quotes = _lift_quotes(kept)
    plain = unicodedata.normalize("NFKC", text.translate(_SIGNS))
    plain = re.sub(r"[^\S\n]+", " ", plain)
    return Brief(re.sub(r" ?\n[\n ]*", "\n", plain).strip(), quotes)


def marks(text: str) -> list[str]:
    """Return the marks of quotes in a text, in order."""
    return _MARK.findall(text)


def without_marks(text: str) -> str:
    """Return a text without its quotes."""
    return _MARK.sub(" ", text)


def _is_text(sign: str) -> bool:
    if sign in "\n\t":
        return True
    return unicodedata.category(sign) not in {"Cc", "Cs", "Co", "Cn"}


def _lift_quotes(text: str) -> tuple[str, tuple[str, ...]]:
    quotes: list[str] = []
    out: list[str] = []
    at = 0
    while at < len(text):
        end = _quote_end(text, at) if len(quotes) < _MOST_QUOTES else None
        if end is None:
            out.append(text[at])
            at += 1
            continue
        out.append(chr(FIRST_MARK + len(quotes)))
        quotes.append(text[at + 1 : end].strip())
        at = end + 1
    return "".join(out), tuple(quotes)


def _quote_end(text: str, at: int) -> int | None:
    """Return where the quote that opens here closes; an apostrophe opens none."""
    for opening, closing in _PAIRS:
        if text[at] != opening:
            continue
        if opening == closing and at and text[at - 1].isalnum():
            return None
        end = at
        while (end := text.find(closing, end + 1)) >= 0:
            after = text[end + 1 : end + 2]
            inside_word = closing in "'’" and after.isalnum()
            if not inside_word and text[at + 1 : end].strip():
                return end
        # „German" and “sloppy" quotes close with another sign.
    return None
