"""What a body says is found wherever it stands, and what it only repeats is not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from framewright.failures.shape import shape


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"detail": [{"loc": ["body", "a", 0, "b"], "msg": "no"}]}, ["a.0.b"]),
        ({"error": {"message": "no", "param": "size"}}, ["size"]),
        ({"invalid_fields": [{"field": "prompt", "description": "no"}]}, ["prompt"]),
        ({"issues": [{"path": ["ratio"], "message": "no"}]}, ["ratio"]),
        ({"error": {"details": [{"fieldViolations": [{"field": "a.b"}]}]}}, ["a.b"]),
        ({"errors": [{"pointer": "/data/size", "detail": "no"}]}, ["data.size"]),
        (
            {"node_errors": {"4": {"errors": [{"extra_info": {"input_name": "ckpt_name"}}]}}},
            ["4.ckpt_name"],
        ),
        ({"detail": [{"loc": ["body"], "msg": "no"}]}, []),
        ({"error": {"param": "<script>alert(1)</script>"}}, []),
        ({"error": {"param": ""}}, []),
    ],
)
def test_the_field_at_fault_is_found(body: Any, fields: list[str]) -> None:
    assert shape(json.dumps(body)).fields[:1] == fields


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ('{"error": {"code": "a_b", "type": "c"}}', ["a_b", "c"]),
        ('data: {"error": {"code": "in_a_stream"}}\n\n', ["in_a_stream"]),
        ('Error code: 400 - {"error": {"code": "within_words"}}', ["within_words"]),
        ("Error code: 400 - {'error': {'message': 'x', 'code': 'python_words'}}", ["python_words"]),
        ('{"error": {"message": "cut short", "code": "cut_off", "det', ["cut_off"]),
        ('{"detail": "{\\"code\\": \\"in_a_string\\"}"}', ["in_a_string"]),
        ("<Error><Code>NoSuchKey</Code><Message>m</Message></Error>", ["NoSuchKey"]),
        ('{"type": "https://x.example/problems/quota-reached"}', ["quota-reached"]),
        ("a.b.FooError: it broke", ["FooError"]),
        ("An error occurred (BarException) when calling", ["BarException"]),
    ],
)
def test_codes_are_found(body: str, codes: list[str]) -> None:
    found = shape(body).codes
    assert [each for each in codes if each in found] == codes


@pytest.mark.parametrize(
    "key", ["input", "prompt", "current_inputs", "request", "received_value", "output", "model"]
)
def test_what_was_asked_or_made_is_not_read(key: str) -> None:
    found = shape(json.dumps({"status": "failed", key: {"error": "flagged as nsfw"}}))
    assert found.texts == []


def test_a_page_is_read_without_its_markup_and_scripts() -> None:
    page = "<html><head><title>502 Bad Gateway</title><script>var nsfw</script></head></html>"
    assert shape(page).words == "502 Bad Gateway"


def test_of_a_traceback_the_end_is_read() -> None:
    tale = "Traceback (most recent call last)\n" + "  File x\n" * 30 + "KeyError: 'a'\n"
    found = shape(tale)
    assert found.texts[0].endswith("KeyError: 'a'")
    assert "KeyError" in found.codes


def test_statuses_within_words_and_bodies_are_found() -> None:
    assert shape('{"error": {"code": 429}}').statuses == [429]
    assert shape('{"status": "error", "http": 402}').statuses == [402]
    assert shape("Error code: 503 - gone").statuses == [503]
    assert shape("400: prompt not allowed").statuses == [400]
    assert shape("it is 404 m high").statuses == []
