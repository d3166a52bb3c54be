"""Whether a brief names a thing to say that it is not wanted."""

from __future__ import annotations

import re

_NOT = re.compile(
    r"\b(?:no|not|without|don't|do not|never|zero|avoid|skip|instead of|minus|neither|nor|free of"
    r"|rather than|leave out|\w+n't)\b[^,.;:\n]{0,40}$",
    re.IGNORECASE,
)


def denied(text: str, at: int) -> bool:
    """Tell whether what begins at a place of the text is denied: "no", "without", "don't"."""
    return _NOT.search(text[max(0, at - 60) : at]) is not None
