"""The real models that ship: each has a source, typed ports, and plans that can run."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from framewright.catalog.catalog import Catalog, build_catalog, read_cards
from framewright.catalog.limits import media_limits
from framewright.catalog.ports import media_of, ports, properties
from framewright.checks.check import check_plan
from framewright.checks.rules import field_rules, found_by
from framewright.domain.finding import errors
from framewright.domain.media import MediaKind
from framewright.domain.model_card import SourceKind
from framewright.domain.plan import Plan, StepKind, Task
from vendor_schemas import card_of, real

if TYPE_CHECKING:
    from framewright.domain.model_card import ModelCard

REVIEWED = Path(__file__).with_name("shipped_models.txt")
"""Every card in a line, as somebody has looked it over."""
ONLY_HERE = {
    Task.MIX_AUDIO,
    Task.COMPRESS_IMAGE,
    Task.RESIZE,
    Task.CAPTION,
    Task.SUBTITLE,
    Task.REVERSE,
    Task.CHANGE_SPEED,
    Task.LOOP,
    Task.NORMALIZE_LOUDNESS,
    Task.FILMSTRIP,
    Task.WAVEFORM,
    Task.PROXY,
    Task.ANIMATIC,
}
"""Tasks for which the sources have no vendor's model."""
RETIRED = ("sora", "dall-e", "gpt-image-1", "imagen")
WRONG = {
    "string": 7,
    "number": "much",
    "integer": "many",
    "boolean": "perhaps",
    "array": 3,
    "object": "x",
}


def _shipped() -> Catalog:
    folder = files("framewright_assets") / "catalog"
    cards = [
        card
        for file in folder.iterdir()
        if file.name.endswith(".json") and not file.name.startswith("local")
        for card in read_cards(json.loads(file.read_text("utf-8")), file.name)
    ]
    return build_catalog(sorted(cards, key=lambda card: card.id))


CATALOG = _shipped()
CARDS = tuple(CATALOG.cards.values())
each_card = pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)


def test_there_are_enough_and_all_tasks_have_one() -> None:
    assert len(CARDS) >= 60
    assert {card.provider for card in CARDS} == {
        "replicate",
        "fal",
        "openai",
        "google",
        "runway",
        "luma",
        "elevenlabs",
        "stability",
    }
    assert set(Task) - {card.task for card in CARDS} == ONLY_HERE


def test_none_is_retired() -> None:
    names = [card.id.split("/", 1)[1] for card in CARDS]
    gone = [name for name in names for old in RETIRED if name == old or name.startswith(f"{old}-")]
    assert gone == ["gpt-image-1-mini"]


@each_card
def test_says_where_its_facts_come_from(card: ModelCard) -> None:
    assert card.source is not None
    assert card.source.where
    assert card.source.read.isoformat() > "2026-11"
    assert card.description
    assert card.id.startswith(f"{card.provider}/")
    # Whether it can be used is told by the machine it lies on, never by the card.
    assert card.available
    assert (card.source.kind is SourceKind.VERBATIM) <= (card.provider == "replicate")


def test_each_is_as_it_was_looked_over() -> None:
    told = "".join(_line(card) for card in CARDS)
    assert told == REVIEWED.read_text("utf-8"), told


def _line(card: ModelCard) -> str:
    taken = [
        f"{port.field}={port.media.value}{'[]' if port.many else ''}{'!' if port.required else ''}"
        for port in ports(card)
    ]
    media = {port.field for port in ports(card)}
    needed = [name for name in card.inputs_schema["required"] if name not in media]
    task = card.task.value if card.task else "-"
    line = f"{card.id} | {card.kind.value} | {task} | {card.output.value}"
    return f"{line} | {' '.join(taken)} | {' '.join(needed)}\n"


@each_card
def test_fields_are_whole(card: ModelCard) -> None:
    rules = field_rules(card)
    assert set(card.inputs_schema["required"]) <= rules.keys()
    for name, schema in properties(card).items():
        assert rules[name].validator is not None, name
        if "default" in schema:
            assert found_by(rules[name].validator, schema["default"]) == [], name
        if media_of(schema) is None:
            assert schema.get("format") not in {"uri", "binary", "media-ref"}, name
    for name, limits in media_limits(card).items():
        assert limits.max_bytes is None or limits.max_bytes >= 1_000_000, name


@each_card
def test_what_it_needs_is_enough(card: ModelCard) -> None:
    assert _found(card, _inputs(card)) == set()


@each_card
def test_what_it_does_not_take_is_found(card: ModelCard) -> None:
    good = _inputs(card)
    for name in card.inputs_schema["required"]:
        left = {key: value for key, value in good.items() if key != name}
        assert _found(card, left) == {("input_missing_required", name)}
    assert _found(card, {**good, "zzzzqqqq": 1}) == {("input_unknown_field", "zzzzqqqq")}
    for name, schema in properties(card).items():
        found = _found(card, {**good, name: _wrong(schema)})
        assert {field for _, field in found} <= {name, f"{name}[0]"}, (name, found)
        assert found or not _can_be_wrong(schema), name


@each_card
def test_media_of_another_kind_is_found(card: ModelCard) -> None:
    good = _inputs(card)
    for port in ports(card):
        other = next(kind for kind in MediaKind if kind is not port.media)
        given = f"$upload.{other.value}"
        found = _found(card, {**good, port.field: [given, given] if port.many else given})
        assert {code for code, _ in found} == {"media_mismatch"}, port


@pytest.mark.skipif(not real(), reason="the vendors' real schemas are not here")
def test_each_is_what_our_importer_makes_of_the_vendors_own() -> None:
    published = {each.id.replace("/", "-"): each for each in real()}
    compared = 0
    for card in CARDS:
        if card.provider not in {"fal", "replicate"}:
            continue
        made = card_of(published[card.id.split(":")[0].replace("/", "-")])
        assert card.inputs_schema == made.inputs_schema, card.id
        assert (card.kind, card.output) == (made.kind, card.output), card.id
        compared += 1
    assert compared > 80


def _found(card: ModelCard, inputs: dict[str, Any]) -> set[tuple[str, str | None]]:
    step = {"id": "it", "title": "It", "kind": card.kind, "model": card.id, "inputs": inputs}
    plan = Plan.model_validate({"title": "T", "steps": [step]})
    uploads = {kind.value: kind for kind in MediaKind}
    return {(each.code, each.field) for each in errors(check_plan(plan, CATALOG, uploads, {}))}


def _inputs(card: ModelCard) -> dict[str, Any]:
    """Return no more than what a model needs, each in the plainest way."""
    fields = properties(card)
    return {name: _plain(fields[name]) for name in card.inputs_schema["required"]}


def _plain(schema: dict[str, Any]) -> Any:
    if (found := media_of(schema)) is not None:
        ref = f"$upload.{found[0].value}"
        # One clip alone is nothing to join.
        return [ref] * min(2, schema.get("maxItems", 2)) if found[1] else ref
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") in {"number", "integer"}:
        return schema.get("default", schema.get("minimum", 5))
    assert schema.get("type") == "string", schema
    return "a red kite over a meadow"


def _wrong(schema: dict[str, Any]) -> Any:
    if media_of(schema) is not None:
        return "https://example.org/a.png" if schema["type"] == "string" else 3
    if "enum" in schema:
        return "no such choice"
    return WRONG.get(str(schema.get("type")), ["x"])


def _can_be_wrong(schema: dict[str, Any]) -> bool:
    return bool({"type", "enum", "anyOf"} & schema.keys())


def test_kinds_agree_with_what_is_made() -> None:
    made = {
        StepKind.IMAGE: MediaKind.IMAGE,
        StepKind.VIDEO: MediaKind.VIDEO,
        StepKind.LIPSYNC: MediaKind.VIDEO,
        StepKind.AUDIO: MediaKind.AUDIO,
        StepKind.MODEL3D: MediaKind.MODEL3D,
        StepKind.TEXT: MediaKind.TEXT,
    }
    assert [card.id for card in CARDS if made.get(card.kind) is not card.output] == []
