"""One spelling for another, texts that are numbers, and values inside alternatives and objects."""

from __future__ import annotations

import json
from typing import Any

import pytest

from framewright.catalog.catalog import build_catalog
from framewright.checks.repair.outcome import Outcome
from framewright.checks.repair.plan.numbers import read_number
from framewright.checks.repair.plan.spelling import is_among, same_choice
from framewright.checks.repair.plan.units import counts_in
from framewright.checks.repair.repair import repair
from framewright.domain.model_card import ModelCard

SIZE = {
    "type": "object",
    "properties": {
        "width": {"type": "integer", "exclusiveMinimum": 0, "maximum": 4096},
        "height": {"type": "integer", "exclusiveMinimum": 0, "maximum": 4096},
    },
}
SHAPES = {"type": "string", "enum": ["square_hd", "square", "portrait_4_3", "landscape_16_9"]}
FIELDS: dict[str, Any] = {
    "size": {"anyOf": [SIZE, SHAPES]},
    "count": {"anyOf": [{"type": "integer", "minimum": 1}, {"enum": ["auto"], "type": "string"}]},
    "setting": {
        "type": "object",
        "properties": {
            "rate": {"enum": [16000, 44100]},
            "gain": {"type": "number", "maximum": 2},
            "tone": {"enum": ["warm", "cold"], "type": "string"},
        },
    },
    "words": {"type": "array", "items": {"type": "string", "enum": ["red", "blue"]}},
    "marks": {
        "type": "array",
        "items": {"type": "object", "properties": {"x": {"type": "number"}}},
    },
    "side": {"type": "integer", "minimum": 64, "maximum": 1000, "multipleOf": 32},
    "above": {"type": "integer", "exclusiveMinimum": 0},
    "seed": {"type": "integer"},
    "scale": {"type": "number"},
    "levels": {"enum": [1, 2], "type": "integer"},
}


def _settled(**inputs: Any) -> tuple[Outcome, Any]:
    schema = {"type": "object", "properties": FIELDS}
    entry = {"id": "x/m", "kind": "image", "output": "image", "inputs_schema": schema}
    step = {"id": "a", "title": "A", "kind": "image", "model": "x/m", "inputs": inputs}
    catalog = build_catalog([ModelCard.model_validate(entry)])
    found = repair(json.dumps({"title": "T", "steps": [step]}), catalog)
    return found.outcome, found.plan.steps[0].inputs if found.plan else None


@pytest.mark.parametrize(
    ("field", "wrong", "right"),
    [
        ("size", "Square HD", "square_hd"),
        ("size", "16:9", "landscape_16_9"),
        ("size", "landscape", "landscape_16_9"),
        ("size", "1:1", "square_hd"),
        ("size", "1024x768", {"width": 1024, "height": 768}),
        ("size", {"width": "512", "height": 9000}, {"width": 512, "height": 4096}),
        ("count", "3", 3),
        ("count", "AUTO", "auto"),
        ("count", 0, 1),
        ("setting", {"rate": "44100"}, {"rate": 44100}),
        ("setting", {"gain": 3, "tone": " Warm"}, {"gain": 2, "tone": "warm"}),
        ("setting", {"tone": "purple", "gain": 1}, {"gain": 1}),
        ("words", ["Red", "blue"], ["red", "blue"]),
        ("words", ["red", "green"], ["red"]),
        ("words", "RED", ["red"]),
        ("marks", {"x": "1.5"}, [{"x": 1.5}]),
        ("side", 100, 96),
        ("side", 5, 64),
        ("side", 5000, 992),
        ("above", 0, 1),
        ("seed", "12345678901234567890", 12345678901234567890),
        ("scale", "1e-05", 1e-05),
        ("scale", "1,500.5", 1500.5),
        ("scale", "1,5", 1.5),
    ],
)
def test_a_value_becomes_what_was_meant(field: str, wrong: Any, right: Any) -> None:
    outcome, inputs = _settled(**{field: wrong})
    assert json.dumps(inputs) == json.dumps({field: right})
    assert outcome is Outcome.REPAIRED


def test_a_truth_where_a_number_is_due_is_left_to_the_model() -> None:
    assert _settled(levels=True)[0] is Outcome.ASK_MODEL


@pytest.mark.parametrize(
    ("value", "allowed", "same"),
    [
        ("16 : 9", ["9:16", "16:9"], "16:9"),
        ("1920 X 1080", ["1920x1080", "1080x1920"], "1920x1080"),
        (1080, ["720p", "1080"], "1080"),
        (5.0, ["5", "10"], "5"),
        ("5", [5, 10], 5),
        ("'PNG'", ["png", "jpeg"], "png"),
        (".png", ["png", "jpeg"], "png"),
        ("MP3 44100 128", ["mp3_44100_128", "mp3_44100_12"], "mp3_44100_128"),
        ("mp3_441_00128", ["mp3_44100_128"], None),
        ("v2", ["v2.1", "v2.0"], "v2.0"),
        ("15", ["1.5"], None),
        (-1, ["1", "2"], None),
        ("45", ["4:5"], None),
        ("Portrait", ["portrait", "Portrait_"], "portrait"),
        ("a-b", ["a b", "a_b"], None),
        ("", ["-", "a"], None),
        ("extra large", ["xl", "extra_large"], "extra_large"),
        (["png"], ["png"], None),
        (None, ["None"], None),
    ],
)
def test_spellings_of_one_choice(value: Any, allowed: list[Any], same: Any) -> None:
    assert same_choice(value, allowed) == same


def test_a_truth_is_no_number() -> None:
    assert not is_among(True, [1, 2])
    assert is_among(1.0, [1, 2])
    assert is_among(True, [True])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "1.2.3",
        "1e9999",
        "seven",
        "5 apples",
        "." * 9,
        "1,2,3",
        "5-",
        "10 minutes",
        "9" * 400,
    ],
)
def test_texts_that_are_no_number(text: str) -> None:
    assert read_number(text, whole=False) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("9007199254740993.0", 9007199254740993), ("1,000", 1000), ("2.5 s", 2.5), ("-3 dB", -3)],
)
def test_texts_that_are_a_number_keep_all_of_it(text: str, number: float) -> None:
    assert read_number(text, whole=False) == number


@pytest.mark.parametrize(
    ("field", "told", "unit", "counts"),
    [
        ("anything", "", "", True),
        ("anything", "", "s", False),
        ("duration", "", "s", True),
        ("durationSeconds", "", "s", True),
        ("length_s", "", "s", True),
        ("s_churn", "", "s", False),
        ("opacity", "", "%", False),
        ("duration", "", "px", False),
        ("duration_ms", "", "s", False),
        ("duration", "How long it lasts, in milliseconds.", "s", False),
        ("duration", "In seconds, at most 200 in frames.", "s", True),
        ("length", "Number of frames.", "s", False),
        ("frames_per_second", "", "fps", True),
        ("frames_per_second", "", "s", False),
        ("speed", "In frames per second.", "fps", True),
        ("width", "", "px", True),
        ("gain", "", "db", True),
        ("scale", "", "x", True),
        ("scale", "In percent.", "x", False),
    ],
)
def test_the_units_a_field_counts_in(field: str, told: str, unit: str, counts: bool) -> None:
    assert counts_in(field, {"description": told}, unit) is counts
