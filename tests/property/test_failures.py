"""Whatever a provider sends is read: never an exception, never a secret, never a retry in vain."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from framewright.domain.job import ErrorCategory as Category
from framewright.failures.answer import Answer
from framewright.failures.classify import Diagnosis, classify
from framewright.failures.failure import MOST_DETAIL, failure
from framewright.failures.waits import MOST_SECONDS

PASSING = {Category.RATE_LIMIT, Category.CAPACITY, Category.OUTAGE, Category.UNKNOWN}
WORDS = [
    "error", "detail", "code", "message", "type", "loc", "body", "input", "retry_after", "status",
    "node_errors", "errors", "extra_info", "input_name", "rate limit", "insufficient credits",
    "must be", "nsfw", "image too large", "CUDA out of memory", "timed out", "E005", "429", "{",
    "<html>", "Traceback (most recent call last)", "try again in 20s", "not found", "\x1b[31m",
]  # fmt: skip
KEYS = st.sampled_from(WORDS) | st.text(max_size=12)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | KEYS
JSONS: st.SearchStrategy[Any] = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=40
)
BODIES = (
    st.binary(max_size=400).map(lambda raw: raw.decode("utf-8", "replace"))
    | st.lists(st.sampled_from(WORDS)).map(" ".join)
    | JSONS.map(json.dumps)
    | JSONS.map(repr)
)
STATUSES = (
    st.none()
    | st.sampled_from([200, 400, 401, 402, 403, 404, 413, 422, 429, 500, 503])
    | (st.integers())
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["Retry-After", "retry-after-ms", "X-Should-Retry", "X-RateLimit-Reset", "Date"]
    ),
    st.sampled_from(["true", "nan", "-1", "1e999", "Wed, 21 Oct 2099 07:28:00 GMT", "9" * 300])
    | st.text(max_size=20),
)
PROVIDERS = st.sampled_from(["fal", "openai", "minimax", "", "{who}", "\x00"]) | st.text(
    max_size=30
)


def _holds(found: Diagnosis) -> None:
    if found.category not in PASSING:
        assert not found.retryable
    wait = found.retry_after_seconds
    assert wait is None or (math.isfinite(wait) and 0 <= wait <= MOST_SECONDS)
    assert 0 < len(found.message) < 600
    assert 0 < len(found.action) < 400
    assert len(found.code) <= 80
    assert found.field is None or len(found.field) <= 130
    assert (found.message + found.action).isprintable()


@settings(max_examples=400)
@given(
    provider=PROVIDERS, status=STATUSES, headers=HEADERS, body=BODIES, now=st.none() | st.just(1)
)
@example(provider="x", status=429, headers={"Date": "-1"}, body='{"retry_after": 1e999}', now=1)
def test_anything_is_read_within_bounds(
    provider: str, status: int | None, headers: dict[str, str], body: str, now: int | None
) -> None:
    answer = Answer(provider, status, headers, body)
    found = classify(answer, now_ms=now)
    _holds(found)
    assert not (found.retryable and status in {401, 402})
    assert len(failure(answer).detail) <= MOST_DETAIL + 300


@pytest.mark.parametrize(
    "body",
    [
        "[" * 200_000,
        '{"error":' * 100_000,
        '{"error":' * 400 + "1" + "}" * 400,
        "{" * 50_000,
        json.dumps({"error": "a " * 500_000}),
        json.dumps({f"k{at}": {"message": "m" * 50} for at in range(20_000)}),
        "image " * 100_000,
        "not enough " * 50_000,
        "<" * 100_000,
        "<script>" * 20_000,
        "'code': '" * 30_000,
        "\n" * 300_000,
        "error code: " * 30_000,
        "a_" * 100_000,
        "data:image/png;base64," + "A" * 500_000,
        "key_" * 100_000,
        "eyJ" * 100_000,
        "9" * 5_000,
        '{"code": ' + "9" * 5_000 + "}",
        '{"retry_after": ' + "9" * 400 + "}",
        "\ud800",
    ],
)
def test_what_is_meant_to_harm_is_read_too(body: str) -> None:
    answer = Answer("x", 400, {}, body)
    _holds(classify(answer))
    assert len(failure(answer).detail) <= MOST_DETAIL + 300


SECRETS = [
    "key_" + "0123456789abcdef" * 8,
    "sk-" + "proj-Ab3d" * 5,
    "r8_" + "Zx9" * 12,
    "hf_" + "Qw3rTy" * 6,
    "Bearer " + "abc123XYZ" * 4,
    "Key " + "11111111-2222-3333-4444-555555555555:" + "0a1b2c3d" * 4,
    "11111111-2222-3333-4444-555555555555:" + "0a1b2c3d" * 4,
    "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "AIza" + "SyA1234567890abcdefghijklmnopqrstuv",
    "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxIn0" + ".sIgNaTuReHeRe123",
    "0123456789abcdef" * 3,
]
PLACES = [
    "Invalid key {} given",
    "{}",
    "Authorization: {}",
    "https://x.example/v1?api_key={}&a=1",
    '{{"error": {{"message": "Incorrect API key provided: {}.", "code": "{}"}}}}',
    '{{"detail": [{{"loc": ["body", "{}"], "msg": "bad {}", "type": "value_error"}}]}}',
    '{{"exception_message": "x {}", "current_inputs": {{"api_key": ["{}"]}}}}',
    "{{'error': {{'message': 'not found: {}'}}}}",
    "requests.exceptions.HTTPError: 404 for url: https://x.example/?token={}",
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("status", [400, 401, 404, None])
def test_a_secret_never_comes_through(secret: str, place: str, status: int | None) -> None:
    answer = Answer(
        "openai",
        status,
        {"X-Note": secret},
        place.replace("{}", secret).replace("{{", "{").replace("}}", "}"),
    )
    found = classify(answer)
    told = failure(answer)
    bare = secret.removeprefix("Bearer ").removeprefix("Key ")
    for text in (found.message, found.action, found.code, found.field or "", told.detail):
        assert bare not in text
        assert bare[6:] not in text
