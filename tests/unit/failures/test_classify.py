"""A failed answer is read into one category, with what a person should hear of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from framewright.domain.job import ErrorCategory as Category
from framewright.failures.answer import Answer
from framewright.failures.classify import Fault, classify
from framewright.failures.failure import failure


def _answer(provider: str, status: int | None, body: Any, **headers: str) -> Answer:
    text = body if isinstance(body, str) else json.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(provider, status, named, text)


@pytest.mark.parametrize(
    ("provider", "status", "body", "category"),
    [
        ("elevenlabs", 401, {"detail": {"status": "quota_exceeded"}}, Category.BILLING),
        ("elevenlabs", 401, {"detail": {"status": "invalid_api_key"}}, Category.AUTHENTICATION),
        ("fal", 403, {"detail": "User is locked. Reason: Exhausted balance."}, Category.BILLING),
        ("runway", 400, {"error": "You do not have enough credits."}, Category.BILLING),
        ("openai", 429, {"error": {"code": "insufficient_quota"}}, Category.BILLING),
        (
            "google",
            400,
            {
                "error": {
                    "status": "INVALID_ARGUMENT",
                    "details": [{"reason": "PUBLIC_ERROR_UNSAFE_GENERATION"}],
                }
            },
            Category.CONTENT_POLICY,
        ),
        (
            "google",
            429,
            {
                "error": {
                    "status": "RESOURCE_EXHAUSTED",
                    "details": [{"reason": "MODEL_CAPACITY_EXHAUSTED"}],
                }
            },
            Category.CAPACITY,
        ),
        ("replicate", 422, {"detail": "The specified version does not exist."}, Category.NOT_FOUND),
        (
            "comfyui",
            None,
            {"exception_type": "torch.OutOfMemoryError", "current_inputs": {"text": "nsfw"}},
            Category.CAPACITY,
        ),
    ],
)
def test_codes_and_words_come_before_a_status_that_lies(
    provider: str, status: int | None, body: Any, category: Category
) -> None:
    assert classify(_answer(provider, status, body)).category is category


def test_what_was_asked_is_not_taken_for_what_was_said() -> None:
    body = {"status": "failed", "error": "", "input": {"prompt": "insufficient credits, nsfw"}}
    assert classify(_answer("replicate", None, body)).category is Category.UNKNOWN


def test_a_bill_is_urgent_yours_and_never_tried_again() -> None:
    found = classify(_answer("luma", 402, {"detail": "Insufficient credits"}, retry_after="3"))
    assert (found.category, found.fault) == (Category.BILLING, Fault.YOURS)
    assert found.urgent
    assert not found.retryable


def test_the_field_at_fault_is_named_and_quoted() -> None:
    body = {"detail": [{"loc": ["body", "voice", "speed"], "msg": "Too fast", "type": "less_than"}]}
    found = classify(_answer("elevenlabs", 422, body))
    assert found.field == "voice.speed"
    assert "voice.speed" in found.message
    assert "voice.speed" in found.action


def test_the_words_that_say_most_are_quoted() -> None:
    body = {"title": "Input validation failed", "detail": "- input.width: Must be at most 1440\n"}
    found = classify(_answer("replicate", 422, body))
    assert found.field == "width"
    assert found.message.endswith("(width): “input.width: Must be at most 1440”.")


def test_a_node_of_a_server_says_more_than_that_the_prompt_is_wrong() -> None:
    node = {
        "message": "Value not in list",
        "details": "ckpt_name: 'x' not in []",
        "extra_info": {"input_name": "ckpt_name"},
    }
    body = {
        "error": {"type": "prompt_outputs_failed_validation", "message": "Prompt outputs failed"},
        "node_errors": {"4": {"errors": [node]}},
    }
    found = classify(_answer("comfyui", None, body))
    assert (found.category, found.field) == (Category.INVALID_PARAMETERS, "4.ckpt_name")
    assert "Value not in list" in found.message


def test_a_provider_may_say_that_no_retry_helps() -> None:
    body = {"error": {"message": "Rate limit reached", "code": "rate_limit_exceeded"}}
    assert classify(_answer("openai", 429, body)).retryable
    assert not classify(_answer("openai", 429, body, x_should_retry="false")).retryable
    bill = {"error": {"code": "insufficient_quota"}}
    assert not classify(_answer("openai", 429, bill, x_should_retry="true")).retryable
    odd = {"detail": "It broke."}
    assert not classify(_answer("fal", None, odd)).retryable
    assert classify(_answer("fal", None, odd, X_Fal_Retryable="true")).retryable


def test_a_failure_takes_keys_out_of_what_goes_to_the_log() -> None:
    key = "sk-" + "a1b2" * 8
    body = {"exception_message": f"bad key {key}", "current_inputs": {"api": "hidden words"}}
    found = failure(_answer("comfyui", None, body), cost=0.5)
    assert found.cost == 0.5
    assert key not in found.detail
    assert "hidden" not in found.detail


def test_the_providers_own_words_stand_beside_a_refused_key_without_the_key() -> None:
    told = "Your organization must be verified to use this model. Click on Verify Organization."
    body = json.dumps({"error": {"message": told, "type": "invalid_request_error"}})
    found = classify(Answer("openai", 403, {}, body))
    assert found.category is Category.AUTHENTICATION
    assert "organization must be verified" in found.message
    key = "sk-abc123def456ghi789jkl012"
    body = json.dumps({"error": {"message": f"Incorrect API key provided: {key}."}})
    assert key not in classify(Answer("openai", 401, {}, body)).message


def test_a_code_in_capitals_is_no_key() -> None:
    body = {"error": {"code": 400, "message": "API key not valid.", "details": [
        {"reason": "API_KEY_INVALID"}]}}  # fmt: skip
    assert classify(Answer("google", 400, {}, json.dumps(body))).code == "API_KEY_INVALID"


def test_who_stands_before_a_provider_says_nothing_of_the_key() -> None:
    page = "<html><title>Just a moment...</title></html>"
    found = classify(Answer("runway", 403, {"cf-mitigated": "challenge"}, page))
    assert (found.category, found.retryable) == (Category.OUTAGE, True)
