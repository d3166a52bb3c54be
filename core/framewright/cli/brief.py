"""Reads a brief from the command line or from standard input."""

from __future__ import annotations

import sys

from framewright.errors import BriefError

MOST_BYTES = 1_000_000
"""More is not read: no brief is that long."""


def read_brief(given: str) -> str:
    """Return the brief; `-` reads it from standard input. Raises `BriefError` when not UTF-8."""
    try:
        if given == "-":
            return sys.stdin.buffer.read(MOST_BYTES).decode("utf-8")
        # The shell's bytes that are no text arrive as lone surrogates.
        given.encode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        raise BriefError("The brief is not UTF-8 text.", action="Write it as UTF-8.") from error
    return given
