"""How often each caller may ask: a bucket of tokens that fills by the second."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
MOST_CALLERS = 10_000
"""Buckets are kept of so many callers; a full one is the same as none."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one question."""

    allowed: bool
    limit: int
    remaining: int
    reset_seconds: int
    """Until the bucket is full again."""
    retry_seconds: int
    """Until the next question is answered; 0 where it is at once."""

    @property
    def headers(self) -> dict[str, str]:
        """The fields of draft-ietf-httpapi-ratelimit-headers (03), and `Retry-After`."""
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset_seconds),
        }
        return told if self.allowed else {**told, "Retry-After": str(self.retry_seconds)}


def read_rate(rate: str) -> tuple[int, float]:
    """Return how many a rate allows at once, and how many a second: "60/minute" is 60 and 1."""
    count, _, time = rate.partition("/")
    return int(count), int(count) / SECONDS[time]


@dataclass(slots=True)
class Buckets:
    """The buckets of all callers of one process; belongs to one event loop."""

    _held: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Tokens, and when they were counted, by caller."""

    def take(self, caller: str, rate: str, now_seconds: float) -> Taken:
        """Take a token of a caller's, where there is one; `now_seconds` never goes back."""
        size, per_second = read_rate(rate)
        tokens, at = self._held.pop(caller, (float(size), now_seconds))
        tokens = min(float(size), tokens + max(0.0, now_seconds - at) * per_second)
        # What is a token but for rounding is one.
        allowed = tokens >= 1 - 1e-9
        if allowed:
            tokens = max(0.0, tokens - 1)
        self._held[caller] = (tokens, now_seconds)
        if len(self._held) > MOST_CALLERS:
            # The one that was silent for longest.
            del self._held[next(iter(self._held))]
        lacking = 0 if tokens >= 1 else max(1, math.ceil((1 - tokens) / per_second - 1e-9))
        full = math.ceil((size - tokens) / per_second)
        return Taken(allowed, size, int(tokens), full, lacking)
