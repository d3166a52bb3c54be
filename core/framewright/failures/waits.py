"""How long a provider asks to wait: each says it somewhere else, in its own unit."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from framewright.failures.shape import Shape

MOST_SECONDS = 7 * 86_400.0
"""Whoever says more than a week says nothing."""
_EPOCH_FROM = 1_000_000_000
"""Numbers from here on are moments in Unix time, not lengths."""
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}
_LENGTH = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s{0,3}(ms|milli|s|m|h|d)[a-z]{0,10}", re.IGNORECASE)
_PART = (
    r"\d{1,9}(?:\.\d{1,9})?\s{0,3}(?:milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|"
    r"h|days?|d)\b"
)
_SAID = re.compile(
    r"\b(?:(?:try|retry|available|request|wait|resets?|back)(?: your request)?"
    r"(?: again| it| for| at least| after| in| about| approximately| another)*|timed out for)"
    r"[ :~]{1,4}"
    rf"((?:\d{{1,9}}(?:\.\d{{1,9}})?\s{{0,3}}[hm](?=\d)){{0,2}}{_PART}(?:,? (?:and )?{_PART})?)",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\bretry[ -_]?after[\"']?[ :=]{1,3}(\d{1,6}(?:\.\d{1,6})?)\b", re.IGNORECASE)
_RESETS = (
    "ratelimit-reset",
    "x-ratelimit-reset",
    "x-rate-limit-reset",
    "x-ratelimit-reset-requests",
    "x-ratelimit-reset-tokens",
)


def wait_seconds(
    headers: Mapping[str, str], said: Shape, *, resets: bool, now_ms: int | None
) -> float | None:
    """Return how long to wait, in seconds from 0 to a week; None where nothing is said.

    `resets` says whether the moment when a window of requests ends counts, as it does for who
    was too fast. Moments are counted from the answer's own `Date`, else from `now_ms`.
    """
    now = _moment(headers.get("date", "")) or (None if now_ms is None else now_ms / 1_000)
    ways: tuple[Callable[[], float | None], ...] = (
        lambda: _scaled(headers.get("retry-after-ms"), 0.001),
        lambda: _after(headers.get("retry-after"), now),
        lambda: _of_body(said, now),
        lambda: _of_words(said),
        lambda: _of_resets(headers, now) if resets else None,
    )
    for way in ways:
        seconds = way()
        if seconds is not None and 0 <= seconds <= MOST_SECONDS:
            return round(seconds, 3)
    return None


def _after(value: str | None, now: float | None) -> float | None:
    """Read a `Retry-After`: seconds, or a moment."""
    if value is None:
        return None
    seconds = _number(value)
    if seconds is None:
        seconds = _length(value)
    if seconds is not None:
        return seconds - now if seconds >= _EPOCH_FROM and now is not None else seconds
    at = _moment(value)
    return None if at is None or now is None else max(0.0, at - now)


def _of_body(said: Shape, now: float | None) -> float | None:
    for key, value in said.waits:
        scale = 0.001 if key.endswith(("ms", "milliseconds")) else 1.0
        seconds = _scaled(value, scale)
        if seconds is None and isinstance(value, str):
            seconds = _after(value, now)
        if seconds is not None:
            return seconds
    return None


def _of_words(said: Shape) -> float | None:
    for text in said.texts[:12]:
        match = _SAID.search(text)
        if match:
            return _length(match.group(1))
        match = _AFTER.search(text)
        if match:
            return float(match.group(1))
    return None


def _of_resets(headers: Mapping[str, str], now: float | None) -> float | None:
    for name in _RESETS:
        seconds = _after(headers.get(name), now)
        if seconds is not None:
            return seconds
    return None


def _length(value: str) -> float | None:
    """Read `39s`, `1.5 seconds`, `6m0s`, `2 minutes and 5 seconds`."""
    parts = _LENGTH.findall(value[:80])
    if not parts:
        return None
    units = [("ms" if unit.lower() == "milli" else unit.lower(), float(n)) for n, unit in parts]
    return sum(number * _UNITS[unit] for unit, number in units)


def _scaled(value: Any, scale: float) -> float | None:
    number = _number(value)
    return None if number is None else number * scale


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and not isinstance(value, bool) else None


def _moment(value: str) -> float | None:
    """Read a moment as HTTP or ISO 8601 writes it, as Unix time in seconds."""
    value = value.strip()[:64]
    if not value or not value[0].isalnum():
        return None
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            at = read(value)
            return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None
