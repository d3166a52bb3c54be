"""How long a text may be, where a vendor only writes it: `Max 5000 characters`."""

from __future__ import annotations

import re
from typing import Any

_COUNT = r"(\d{1,3}(?:,\d{3})+|\d{1,7})"
_UNIT = r"(?: (?:utf-8|unicode))? (?:characters|chars)\b"
_MOST = re.compile(
    rf"\b(?:max(?:imum)?\.?|up to|at most|limited to)(?: (?:length|of|is|to))*:? {_COUNT}{_UNIT}"
    rf"|\b{_COUNT}{_UNIT} (?:max(?:imum)?\b|or (?:less|fewer))"
)
_RANGE = re.compile(rf"(?<![\d.,-]){_COUNT} ?(?:-|\u2013|to) ?{_COUNT}{_UNIT}")
_NO_LIMIT = re.compile(
    r"recommend|ideal|optimal|\bbest\b|suggest|typical|usual|\bper\b|\beach\b|\bevery\b|\bfree\b"
)
_SENTENCE = re.compile(r"[.!?;](?=\s|$)|\n")
_FEWEST = 50
_MOST_CHARACTERS = 4_000


def text_limits(schema: dict[str, Any]) -> dict[str, int]:
    """Return `minLength` and `maxLength` that a text field's description sets; none of others.

    Where the schema itself has a limit, that holds. Of several in words the largest counts:
    none keeps out what the vendor would take.
    """
    told = schema.get("description")
    if schema.get("type") != "string" or "enum" in schema or not isinstance(told, str):
        return {}
    if {"minLength", "maxLength"} & schema.keys():
        return {}
    most: list[int] = []
    least: list[int] = []
    for sentence in _SENTENCE.split(told[:_MOST_CHARACTERS].lower()):
        if _NO_LIMIT.search(sentence):
            continue
        for found in _RANGE.finditer(sentence):
            least.append(_number(found[1]))
            most.append(_number(found[2]))
        most += [_number(found[1] or found[2]) for found in _MOST.finditer(sentence)]
    # "Up to 3 characters" are people of a story.
    if not most or max(most) < _FEWEST or (least and min(least) > max(most)):
        return {}
    usual = schema.get("default")
    if isinstance(usual, str) and len(usual) > max(most):
        return {}
    return {"maxLength": max(most), **({"minLength": min(least)} if least else {})}


def _number(written: str) -> int:
    return int(written.replace(",", ""))
