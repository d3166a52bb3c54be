"""A model's schema becomes a form that a person can read, whatever stands in it."""

from __future__ import annotations

from typing import Any

import pytest

from framewright.catalog.form import FormField, form
from framewright.domain.model_card import ModelCard


def _form(fields: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, FormField]:
    schema = {"type": "object", "properties": fields, "required": list(required)}
    entry = {"id": "x/y", "kind": "image", "output": "image", "inputs_schema": schema}
    return {each.name: each for each in form(ModelCard.model_validate(entry))}


@pytest.mark.parametrize(
    ("schema", "takes", "limits"),
    [
        ({"type": "string", "maxLength": 32000}, "text", ("at most 32,000 letters",)),
        ({"type": "string", "minLength": 0}, "text", ()),
        ({"type": "integer", "minimum": 0, "maximum": 100}, "whole number", ("0 to 100",)),
        ({"type": "number", "minimum": 0.5}, "number", ("at least 0.5",)),
        (
            {"type": "number", "exclusiveMinimum": 0, "multipleOf": 2},
            "number",
            ("more than 0", "in steps of 2"),
        ),
        ({"type": "number", "minimum": "x", "maximum": True}, "number", ()),
        ({"type": "boolean"}, "yes or no", ()),
        ({"type": "array", "items": {"type": "string"}, "maxItems": 3}, "list of texts",
         ("at most 3 items",)),
        ({"type": ["string", "object"]}, "text or object", ()),
        ({"anyOf": [{"enum": ["a"], "type": "string"}, {"type": "object"}]}, "text or object", ()),
        ({"enum": [1, 2]}, "choice", ()),
        ({}, "anything", ()),
        (
            {"format": "media-ref", "x-media": "video", "x-formats": ["mp4", "mov"],
             "x-max-bytes": 200_000_000, "x-min-seconds": 2, "x-max-seconds": 10.5},
            "video",
            ("mp4, mov", "at most 200 MB", "2 to 10.5 seconds"),
        ),
        (
            {"type": "array", "minItems": 1, "maxItems": 16,
             "items": {"format": "media-ref", "x-media": "image", "x-max-side": 4096}},
            "list of images",
            ("1 to 16 items", "at most 4,096 pixels a side"),
        ),
        ({"format": "media-ref", "x-media": "model3d"}, "3D model", ()),
    ],
)  # fmt: skip
def test_what_a_field_takes(schema: dict[str, Any], takes: str, limits: tuple[str, ...]) -> None:
    each = _form({"it": schema})["it"]
    assert (each.takes, each.limits) == (takes, limits)


def test_needed_fields_come_first_and_the_rest_stays_in_order() -> None:
    found = _form({"b": {}, "a": {}, "c": {"default": {"x": 1}}, "d": {"default": "warm"}}, ("c",))
    assert list(found) == ["c", "b", "a", "d"]
    assert [each.usual for each in found.values()] == ["an object", None, None, "warm"]
    assert [each.required for each in found.values()] == [True, False, False, False]


def test_choices_also_of_one_part() -> None:
    parts = [{"type": "object"}, {"enum": ["square", "wide", None], "type": "string"}]
    found = _form({"size": {"anyOf": parts}, "count": {"enum": [1, 2.5, "many"]}})
    assert found["size"].choices == ("square", "wide")
    assert found["count"].choices == (1, 2.5, "many")


def test_a_schema_without_end_is_told_to_an_end() -> None:
    deep: dict[str, Any] = {"type": "string"}
    for _ in range(900):
        deep = {"type": "array", "items": deep}
    assert _form({"it": deep})["it"].takes.startswith("list of ")
