"""Which input is at fault, where only the words of a provider name it."""

from __future__ import annotations

import re

_NAME = r"([A-Za-z_][\w.\[\]]{0,80})"
_QUOTE = "[`'\"]"
_WAYS = (
    re.compile(
        r"\b(?:parameters?|fields?|arguments?|property|inputs?|key|name)[: ]{1,3}"
        rf"{_QUOTE}{_NAME}{_QUOTE}"
    ),
    re.compile(rf"\b(?:field|parameter|argument|property): {_NAME}\b"),
    re.compile(rf"{_QUOTE}{_NAME}{_QUOTE} (?:parameter|field|property|is|must|should|has|value)\b"),
    re.compile(r"^[-* ]{0,3}(?:input|body|root)\.([A-Za-z_][\w.]{0,80})[: ]"),
    re.compile(r"^[-* ]{0,3}([a-z][a-z0-9]*(?:[_.][a-z0-9]+)+|[a-z]+[A-Z]\w*|[a-z]{2,12}): "),
    re.compile(
        r"\b([a-z][a-z0-9]*(?:_[a-z0-9]+)+|[a-z]+[A-Z]\w*) "
        r"(?:is|are|must|should|can ?not|cannot|has to|exceeds?|does)\b"
    ),
    re.compile(
        r"^\W?(prompt|width|height|seed|steps|duration|size|model|voice|speed|quality|ratio|n|text)"
        r" (?:is|must|should|can ?not|cannot|too)\b",
        re.IGNORECASE,
    ),
)
_NO_NAMES = frozenset(
    {"error", "message", "detail", "failed", "type", "status", "code", "invalid", "https"}
)
"""What stands before a colon without being an input."""


def named_field(texts: list[str]) -> str | None:
    """Return the input that a sentence names: `width` of `- input.width: Must be …`."""
    for text in texts[:4]:
        for way in _WAYS:
            match = way.search(text[:400])
            if match and match.group(1).lower() not in _NO_NAMES:
                return match.group(1).strip(".")
    return None
