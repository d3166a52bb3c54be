"""When a failed job is tried again: the class of its error decides. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.domain.job import ErrorCategory

if TYPE_CHECKING:
    from framewright.domain.ids import Random
    from framewright.domain.job import JobError

MOST_ATTEMPTS = {
    ErrorCategory.RATE_LIMIT: 6,
    ErrorCategory.CAPACITY: 5,
    ErrorCategory.OUTAGE: 4,
}
"""How often one job is submitted in all, by the class of its last error: what is busy is asked
for some two minutes, what is down for half a one; after that its breaker opens."""
MOST_OF_UNKNOWN = 3
"""How often one is whose provider says no more than that another attempt may help."""
FIRST_PAUSE_SECONDS = 2.0
GROWTH = 3
MOST_PAUSE_SECONDS = 120.0
"""Longest pause that is not the provider's own word."""
MOST_TOLD_SECONDS = 3_600.0
"""Who asks to come back later than that is not waited for."""


def attempts(error: JobError) -> int:
    """Return how often a job may be submitted in all that fails like this."""
    if error.category is ErrorCategory.UNKNOWN and error.retryable:
        return MOST_OF_UNKNOWN
    return MOST_ATTEMPTS.get(error.category, 1)


def pause_seconds(error: JobError, attempt: int, chance: Random) -> float | None:
    """Return how long to wait before the next attempt; None where there is to be none.

    `attempt` is the one that failed, from 1. Exponential backoff with jitter: 2, 6, 18 … seconds,
    each longer by up to half, so that they grow whatever the chance; at least what the provider
    asks for. A failure that nobody knows the meaning of is never tried again: it may be paid for.
    """
    if attempt >= attempts(error):
        return None
    told = max(0.0, error.retry_after_seconds or 0.0)
    if told > MOST_TOLD_SECONDS:
        return None
    longer: float = FIRST_PAUSE_SECONDS * GROWTH ** (attempt - 1)
    jitter = 1.0 + chance.getrandbits(16) / (1 << 17)
    return max(told, min(longer * jitter, MOST_PAUSE_SECONDS))
