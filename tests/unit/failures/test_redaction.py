"""Nothing that looks like a secret or a file passes; what helps to understand an error does."""

from __future__ import annotations

import pytest

from framewright.failures.answer import Answer
from framewright.failures.failure import MOST_DETAIL, detail
from framewright.failures.redaction import redacted


@pytest.mark.parametrize(
    "text",
    [
        "The size of tensor a (64) must match the size of tensor b (63)",
        "request id req_0123456789abcdef0123456789abcd",
        "prediction 1cah9wlWR9 failed (E005)",
        "model black-forest-labs/flux-1.1-pro-ultra-finetuned-version-two",
        "11111111-2222-3333-4444-555555555555",
        "The token limit is 4096 tokens",
        "keyframes.frame0.url",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redacted(text) == text


@pytest.mark.parametrize(
    "name", ["api_key", "apikey", "x-api-key", "password", "access_token", "signature", "secret"]
)
def test_what_is_named_as_a_secret_goes(name: str) -> None:
    for form in (f"{name}=hunter2222", f'"{name}": "hunter2222"', f"{name}: hunter2222"):
        assert "hunter" not in redacted(form), form


def test_files_in_answers_are_left_out() -> None:
    assert "AAAA" not in redacted("data:image/png;base64," + "A" * 400)


def test_what_goes_to_the_log_is_bounded_and_printable() -> None:
    body = "\x1b[31m" + "long words " * 5_000 + "\x00 the end"
    told = detail(Answer("x", 500, {}, body))
    assert told.startswith("HTTP 500: ")
    assert len(told) <= MOST_DETAIL + 50
    assert told.isprintable()


def test_what_a_node_was_given_never_reaches_the_log() -> None:
    whole = '{"exception_message": "m", "current_inputs": {"k": ["plain words"]}}'
    assert "plain words" not in detail(Answer("comfyui", None, {}, whole))
    cut = whole[:-4]
    assert "plain words" not in detail(Answer("comfyui", None, {}, cut))
    assert '"m"' in detail(Answer("comfyui", None, {}, cut))
