"""How much more a vendor takes, as the headers of its answer say it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.protocols import Allowance

if TYPE_CHECKING:
    from collections.abc import Mapping

_REMAINING = (
    "ratelimit-remaining",
    "x-ratelimit-remaining",
    "x-ratelimit-remaining-requests",
)
_RESET = ("ratelimit-reset", "x-ratelimit-reset", "x-ratelimit-reset-requests")
_PART = re.compile(r"([0-9.]+)(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}
_A_DAY = 86_400.0


def allowance(headers: Mapping[str, str], *, of_model: bool = False) -> Allowance | None:
    """Return what an answer's headers say (names in small letters); None where they say nothing.

    The time is seconds, as draft-ietf-httpapi-ratelimit-headers has it, or OpenAI's `6m0s`.
    """
    remaining = next((headers[name] for name in _REMAINING if name in headers), "")
    reset = next((headers[name] for name in _RESET if name in headers), "")
    seconds = seconds_of(reset)
    if not remaining.strip().isdigit() or seconds is None:
        return None
    return Allowance(int(remaining), seconds, of_model)


def seconds_of(text: str) -> float | None:
    """Return the seconds that `12`, `0.5`, `850ms` or `1h6m0s` stand for; None for others."""
    text = text.strip().lower()
    try:
        seconds = float(text)
    except ValueError:
        if not text or _PART.sub("", text):
            return None
        try:
            seconds = sum(float(n) * _SECONDS[unit] for n, unit in _PART.findall(text))
        except ValueError:
            return None
    # A moment in Unix time is no span.
    return seconds if 0 <= seconds <= _A_DAY else None
