"""The units that numbers are written in, and whether a field counts in them.

"10 px" is no value of a field of seconds, and "7 s" is not 7 of a field of milliseconds.
"""

from __future__ import annotations

import re
from typing import Any

UNITS = {
    "s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s", "px": "px", "p": "px",
    "fps": "fps", "db": "db", "x": "x", "words": "words", "%": "%",
}  # fmt: skip
"""The units that a number may be read with."""
_NAMES = {
    "ms": r"ms|msecs?|milliseconds?|millis",
    "minutes": r"minutes?|mins",
    "hours": r"hours?|hrs?",
    "fps": r"fps|frames?[_ ]per[_ ]second|frame[_ ]?rate",
    "s": r"secs?|seconds?",
    "frames": r"frames",
    "px": r"px|pixels?",
    "db": r"db|decibels?",
    "%": r"percent(?:age)?|pct",
    "words": r"words",
}
_MEASURES = {
    "s": r"durations?|lengths?|time|delay|pause|start|end|at|offset",
    "px": r"width|height|size|side|resolution|radius",
    "db": r"gain|volume|loudness|lufs",
    "x": r"scale|factor|speed|zoom|upscale|multiplier|tempo|rate",
    "%": r"quality",
}
_NAMED = {unit: re.compile(rf"(?:^|_)(?:{words})(?:_|$)") for unit, words in _NAMES.items()}
_NAMED["s"] = re.compile(rf"(?:^|_)(?:{_NAMES['s']})(?:_|$)|_s$")
_MEASURED = {unit: re.compile(rf"(?:^|_)(?:{words})(?:_|$)") for unit, words in _MEASURES.items()}
_TOLD = {
    unit: re.compile(rf"(?:\b(?:in|number of|count of|of)\s+|\(\s*)(?:whole\s+)?(?:{words})\b")
    for unit, words in _NAMES.items()
}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MOST_TOLD = 2_000


def counts_in(field: str, schema: dict[str, Any], unit: str) -> bool:
    """Tell whether a field counts in a unit: by its name, else by what is told of it.

    A number without a unit is always in the field's own.
    """
    if not unit:
        return True
    name = _as_name(field)
    told = str(schema.get("description", ""))[:_MOST_TOLD].lower()
    # What is written outright comes before what a measure is mostly counted in.
    return unit in (
        _found(name, _NAMED)
        or _found(_as_name(str(schema.get("title", ""))[:_MOST_TOLD]), _NAMED)
        or _first(told)
        or _found(name, _MEASURED)
    )


def _as_name(words: str) -> str:
    return re.sub(r"\W+", "_", _HUMP.sub("_", words)).lower()


def _found(name: str, known: dict[str, re.Pattern[str]]) -> set[str]:
    found = {unit for unit, words in known.items() if words.search(name)}
    # `frames_per_second` counts neither seconds nor frames.
    return found & {"fps"} or found


def _first(told: str) -> set[str]:
    """Return the unit that a description names first, the longest of several names there."""
    found = [(at.start(), -at.end(), unit) for unit, by in _TOLD.items() if (at := by.search(told))]
    return {min(found)[2]} if found else set()
