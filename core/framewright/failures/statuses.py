"""What an HTTP status means by itself: the last thing to go by."""

from __future__ import annotations

from framewright.domain.job import ErrorCategory as Category

_EXACT = {
    400: Category.INVALID_PARAMETERS,
    401: Category.AUTHENTICATION,
    402: Category.BILLING,
    403: Category.AUTHENTICATION,
    404: Category.NOT_FOUND,
    405: Category.INVALID_PARAMETERS,
    406: Category.INVALID_PARAMETERS,
    407: Category.AUTHENTICATION,
    408: Category.OUTAGE,
    409: Category.INVALID_PARAMETERS,
    410: Category.NOT_FOUND,
    411: Category.INVALID_PARAMETERS,
    413: Category.INPUT_MEDIA,
    415: Category.INPUT_MEDIA,
    422: Category.INVALID_PARAMETERS,
    424: Category.OUTAGE,
    425: Category.CAPACITY,
    429: Category.RATE_LIMIT,
    451: Category.CONTENT_POLICY,
    498: Category.AUTHENTICATION,
    499: Category.CANCELLED,
    501: Category.INVALID_PARAMETERS,
    507: Category.CAPACITY,
    529: Category.CAPACITY,
}

CERTAIN = {402: Category.BILLING, 451: Category.CONTENT_POLICY}
"""Statuses that nobody uses for anything else."""

SURE = frozenset({401, 403, 404, 410, 429})
"""Statuses that say more than words of a wrong input, or of a fault of nobody's in particular."""
BLAMES = frozenset({401, 402, 403, 404, 405, 410, 413, 415, 422})
"""Statuses that nobody uses who is down himself."""


def of_status(status: int | None) -> Category | None:
    """Return what an HTTP status means; None where it says nothing about a failure."""
    if status is None or status < 400:
        return None
    if status in _EXACT:
        return _EXACT[status]
    return Category.OUTAGE if 500 <= status <= 599 else None
