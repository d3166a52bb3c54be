"""How long to wait is read wherever a provider says it, in whatever unit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from framewright.failures.answer import Answer
from framewright.failures.classify import classify

NOON_MS = 1_700_000_000_000


def _wait(body: Any = "", status: int = 429, **headers: str) -> float | None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    text = body if isinstance(body, str) else json.dumps(body)
    return classify(Answer("x", status, named, text), now_ms=NOON_MS).retry_after_seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "7"}, 7),
        ({"retry_after": "1.5"}, 1.5),
        ({"retry_after_ms": "250", "retry_after": "9"}, 0.25),
        ({"retry_after": "Tue, 14 Nov 2023 22:13:50 GMT"}, 30),
        # The answer's own clock counts, not ours.
        (
            {
                "retry_after": "Tue, 14 Nov 2023 22:13:50 GMT",
                "date": "Tue, 14 Nov 2023 22:13:45 GMT",
            },
            5,
        ),
        ({"retry_after": "Mon, 13 Nov 2023 22:13:50 GMT"}, 0),
        ({"x_ratelimit_reset_requests": "6m0s"}, 360),
        ({"ratelimit_reset": "12"}, 12),
        ({"x_ratelimit_reset": "1700000042"}, 42),
        ({"x_ratelimit_reset": "2023-11-14T22:13:25Z"}, 5),
        ({"retry_after": "soon"}, None),
        ({"retry_after": "-3"}, None),
        ({"retry_after": "nan"}, None),
        ({"retry_after": "99999999"}, None),
    ],
)
def test_headers_say_it(headers: dict[str, str], seconds: float | None) -> None:
    assert _wait(**headers) == seconds


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ({"detail": "throttled", "retry_after": 3}, 3),
        ({"retryAfterMs": 1500}, 1.5),
        ({"error": {"details": [{"@type": "x/google.rpc.RetryInfo", "retryDelay": "39s"}]}}, 39),
        ({"error": "Model x is currently loading", "estimated_time": 20.5}, 20.5),
        ("Rate limit reached. Please try again in 20s. Visit x", 20),
        ("Please try again in 7m12s.", 432),
        ("You made 150 requests within a 10 second period, and are timed out for 60 seconds.", 60),
        ("Please try again in 1h2m3s.", 3723),
        ("Please try again in 6ms.", 0.006),
        ("Please retry in 39.2s.", 39.2),
        ("Request was throttled. Expected available in 1 second.", 1),
        ("Your rate limit resets in ~7s.", 7),
        ("Please retry after 26 seconds.", 26),
        ("Retry after 2 minutes", 120),
        ("wait at least 5 minutes", 300),
        ("Try again in 30 seconds", 30),
        ("rate limited, retry_after: 4", 4),
        ("we took 20 seconds to fail", None),
        ("Operation timed out after 30001 milliseconds", None),
        ("slow down", None),
    ],
)
def test_bodies_say_it(body: Any, seconds: float | None) -> None:
    assert _wait(body) == seconds


def test_the_end_of_a_window_is_no_wait_for_who_was_not_too_fast() -> None:
    assert _wait("Internal error", 500, x_ratelimit_reset="12") is None
