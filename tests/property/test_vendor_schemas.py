"""Whatever a vendor's document holds: a card whose every field can be checked, or `InputError`."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framewright.catalog.catalog import build_catalog, read_cards
from framewright.catalog.vendor.card import vendor_card
from framewright.catalog.vendor.inline import MOST_PARTS, inlined
from framewright.checks.check import check_plan
from framewright.checks.repair.outcome import Outcome
from framewright.checks.repair.repair import repair
from framewright.checks.rules import field_rules, found_by
from framewright.domain.media import MediaKind
from framewright.domain.plan import Plan
from framewright.errors import InputError
from vendor_schemas import BY_HAND, CLIP, Published

WORDS = (
    "type", "enum", "const", "default", "minimum", "maximum", "exclusiveMinimum", "multipleOf",
    "properties", "items", "required", "anyOf", "oneOf", "allOf", "$ref", "format", "x-media",
    "description", "minItems", "maxLength", "nullable", "not", "if", "pattern", "$defs",
)  # fmt: skip
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-10, 10)
    | st.sampled_from([10**400, -(2**63), 1.5, float("inf"), float("nan"), -0.0])
    | st.sampled_from(["string", "number", "array", "object", "uri", "null", "true", "5", "\ud800"])
    | st.sampled_from(["#/properties/a", "#/$defs/x", "#/", "#/a~1b/%zz", "http://x/y#/z", "#"])
    | st.text(max_size=8)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=4), inner, max_size=5)
    ),
    max_leaves=24,
)
schemas = st.dictionaries(st.sampled_from(WORDS), values, max_size=7)


def _is_usable(document: Any) -> None:
    try:
        card = vendor_card(document, "v", "m", MediaKind.IMAGE)
    except InputError:
        return
    written = json.dumps({"models": [card.model_dump(mode="json")]}, allow_nan=False)
    (again,) = read_cards(json.loads(written), "v.json")
    assert again == card
    for rule in field_rules(again).values():
        for value in (1, "x", None, [1], {"a": 1}):
            found_by(rule.validator, value)
        assert rule.validator is not None
    inputs = dict.fromkeys(card.inputs_schema["properties"], 1)
    step = {"id": "a", "title": "A", "kind": "image", "model": card.id, "inputs": inputs}
    plan = Plan.model_validate({"title": "T", "steps": [step]})
    check_plan(plan, build_catalog([again]))


@given(values | schemas)
def test_any_document(document: Any) -> None:
    _is_usable(document)


@given(st.dictionaries(st.text(max_size=6), schemas, min_size=1, max_size=4), values)
def test_any_fields(fields: Any, required: Any) -> None:
    takes = {"type": "object", "properties": fields, "required": required, "$defs": fields}
    _is_usable({"input_schema": takes, "output_schema": fields})


@given(st.dictionaries(st.sampled_from("abc"), schemas, min_size=1), values)
def test_repair_with_a_card_that_was_written_by_hand(fields: Any, value: Any) -> None:
    entry = {"id": "v/m", "kind": "image", "output": "image"}
    schema = {"type": "object", "properties": fields}
    try:
        cards = read_cards([{**entry, "inputs_schema": schema}], "v.json")
    except InputError:
        return
    step = {"id": "a", "title": "A", "kind": "image", "model": "v/m"}
    plan = {"title": "T", "steps": [{**step, "inputs": dict.fromkeys(fields, value)}]}
    found = repair(json.dumps(plan), build_catalog(cards))
    assert found.outcome in set(Outcome)


@settings(max_examples=60)
@given(st.sampled_from(BY_HAND), st.data())
def test_a_real_document_with_something_foreign_in_it(published: Published, data: Any) -> None:
    document = copy.deepcopy(published.document)
    place = document
    for _ in range(data.draw(st.integers(0, 9))):
        inside = [key for key, each in place.items() if isinstance(each, dict)]
        if not inside:
            break
        place = place[data.draw(st.sampled_from(sorted(inside)))]
    place[data.draw(st.sampled_from([*map(str, place), *WORDS]))] = data.draw(values)
    _is_usable(document)


def test_references_in_a_ring_allow_anything() -> None:
    ring = {"a": {"$ref": "#/$defs/b"}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}}
    takes = {"type": "object", "properties": {"x": {"$ref": "#/$defs/a"}}, "$defs": ring}
    card = vendor_card({"input_schema": takes}, "v", "m", MediaKind.IMAGE)
    assert card.inputs_schema["properties"] == {"x": {}}


def test_a_schema_inside_itself_ends() -> None:
    tree = {
        "type": "object",
        "properties": {"left": {"$ref": "#/$defs/t"}, "name": {"type": "string"}},
    }
    takes = {"type": "object", "properties": {"x": {"$ref": "#/$defs/t"}}, "$defs": {"t": tree}}
    card = vendor_card({"input_schema": takes}, "v", "m", MediaKind.IMAGE)
    found = card.inputs_schema["properties"]["x"]["properties"]
    assert found == {"left": {}, "name": {"type": "string"}}


@pytest.mark.parametrize("names", [3, 12])
def test_references_that_double_at_each_level_are_refused(names: int) -> None:
    levels = {
        f"l{level}": {
            "type": "object",
            "properties": {f"p{at}": {"$ref": f"#/$defs/l{level + 1}"} for at in range(names)},
        }
        for level in range(60)
    }
    takes = {"type": "object", "properties": {"x": {"$ref": "#/$defs/l0"}}, "$defs": levels}
    with pytest.raises(InputError, match=f"{MOST_PARTS:,} parts"):
        inlined(takes, takes)


def test_what_is_built_to_overflow_the_stack() -> None:
    deep: Any = {"type": "string"}
    long: Any = []
    for _ in range(50_000):
        deep = {"type": "object", "properties": {"x": deep}, "items": deep}
        long = [long]
    for foreign in (
        deep,
        {"default": long},
        {"enum": long},
        {"description": long},
        {"anyOf": long},
    ):
        _is_usable({"type": "object", "properties": {"x": foreign}})
    chain = {f"l{at}": {"$ref": f"#/$defs/l{at + 1}"} for at in range(5_000)}
    takes = {"type": "object", "properties": {"x": {"$ref": "#/$defs/l0"}}, "$defs": chain}
    _is_usable({"input_schema": takes})


def test_the_same_document_gives_the_same_card() -> None:
    before = copy.deepcopy(CLIP.document)
    one = vendor_card(CLIP.document, "fal", "m")
    assert CLIP.document == before
    assert vendor_card(before, "fal", "m") == one
