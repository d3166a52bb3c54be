"""Repair never raises, never touches what is right, and has nothing left to do when it is done."""

from __future__ import annotations

import copy
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from framewright.catalog.catalog import build_catalog, read_cards
from framewright.checks.check import check_plan
from framewright.checks.repair.outcome import Outcome, Repair
from framewright.checks.repair.repair import repair
from framewright.domain.finding import errors
from framewright.domain.model_card import ModelCard
from framewright.studio.catalogs import load_catalog
from valid_plans import valid_plans

SHOWN = build_catalog(
    read_cards(
        json.loads((Path(__file__).parents[1] / "raw_answers" / "catalog.json").read_text("utf-8")),
        "shown",
    )
)
SHIPPED = build_catalog(
    # As where every provider can work.
    card.model_copy(update={"available": True})
    for card in load_catalog().cards.values()
)
BRIEFS = st.sampled_from(
    [
        "",
        "A film.",
        "Three scenes, each continuing from the last frame, 7 seconds, in portrait, with music.",
    ]
)
SIGNS = st.text(st.sampled_from("{}[]\"':,$`\\/#<>-_ \n\tabsteps1.0…“”"), max_size=300)
GOOD = {Outcome.ACCEPTED, Outcome.REPAIRED}


@settings(max_examples=300)
@given(st.one_of(SIGNS, st.text(max_size=200)), BRIEFS)
def test_no_text_raises(raw: str, brief: str) -> None:
    repair(raw, SHOWN, brief, {})


# Ratios, sizes and numbers as they come, and as nobody would write them.
SIDES = st.sampled_from(["0", "000", "1", "5", "16", "1024", "0.0", "1.5", "9" * 400, "\u0663"])
SIGN = st.sampled_from([":", "x", " x ", "/", "*", "\u00d7"])
SHAPES = st.one_of(
    st.builds("{}{}{}".format, SIDES, SIGN, SIDES),
    st.text(st.sampled_from("0123456789x:/. "), max_size=12),
)
NUMBERS = st.one_of(
    st.integers(),
    st.floats(),
    st.sampled_from([10**400, -(10**400), "9" * 400, "1e999", "9" * 5000, "-0", "0e0"]),
)
BOUND = st.one_of(st.none(), st.integers(-5, 20), st.sampled_from([0.5, 1e300, "1", True, 0]))


@settings(max_examples=400)
@given(
    st.lists(SHAPES, min_size=1, max_size=4, unique=True),
    SHAPES | NUMBERS,
    st.booleans(),
    st.sampled_from(["", "A clip of 7 seconds at 24 fps, 16:9.", "Four scenes of 0 seconds, 0:0."]),
)
@example(["16:9", "1:1"], "1024x000", True, "")
@example(["1:1", "16:0"], "1024x768", True, "")
@example(["0:5"], "3:2", True, "")
@example(["0:5", "16:0"], "000:1", False, "")
def test_no_choice_raises(names: list[str], value: Any, required: bool, brief: str) -> None:
    _repair_field({"enum": names, "type": "string"}, value, brief, required=required)


@settings(max_examples=400)
@given(
    st.sampled_from(["integer", "number", "string"]),
    st.dictionaries(
        st.sampled_from(
            ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]
        ),
        BOUND,
    ),
    st.none() | st.lists(NUMBERS.filter(lambda each: not isinstance(each, str)), min_size=1),
    NUMBERS | SHAPES,
    st.sampled_from(["duration", "scale"]),
    BRIEFS,
)
@example("integer", {}, None, float("inf"), "duration", "")
@example("integer", {}, None, 10**400, "scale", "")
@example("number", {}, [0.5, 2], "9" * 400, "duration", "")
@example("number", {"multipleOf": 0.5}, None, 10**400, "scale", "")
@example("number", {}, [5, 10], "720", "scale", "")
@example("string", {}, [5, 10], "720p", "scale", "")
@example("integer", {"maximum": 5}, None, "9" * 400, "scale", "")
def test_no_number_raises(
    kind: str,
    bounds: dict[str, Any],
    allowed: list[Any] | None,
    value: Any,
    field: str,
    brief: str,
) -> None:
    kept = {name: bound for name, bound in bounds.items() if bound is not None}
    listed = {} if allowed is None else {"enum": allowed}
    _repair_field({"type": kind, **kept, **listed}, value, brief, field=field)


def _repair_field(
    schema: dict[str, Any],
    value: Any,
    brief: str,
    *,
    field: str = "shape",
    required: bool = False,
) -> None:
    inputs_schema = {
        "type": "object",
        "properties": {field: schema},
        "required": [field] if required else [],
    }
    card = ModelCard.model_validate(
        {"id": "x/m", "kind": "video", "output": "video", "inputs_schema": inputs_schema}
    )
    step = {"id": "a", "title": "A", "kind": "video", "model": "x/m", "inputs": {field: value}}
    repair(json.dumps({"title": "T", "steps": [step]}), build_catalog([card]), brief, {})


@settings(max_examples=200)
@given(valid_plans(SHOWN))
def test_a_valid_plan_is_accepted_as_it_is(plan: dict[str, Any]) -> None:
    found = repair(json.dumps(plan), SHOWN)
    assume(not _mixes_shapes(found))
    assert found.outcome is Outcome.ACCEPTED, (found.changes, found.findings, found.questions)
    assert found.plan is not None
    assert found.plan.model_dump(mode="json") == plan


@settings(max_examples=100)
@given(valid_plans(SHIPPED))
def test_so_is_one_over_the_shipped_models(plan: dict[str, Any]) -> None:
    found = repair(json.dumps(plan), SHIPPED)
    assume(not _mixes_shapes(found))
    assert found.outcome is Outcome.ACCEPTED, (found.changes, found.findings, found.questions)


@settings(max_examples=300)
@given(valid_plans(SHOWN, most=5), BRIEFS, st.data())
def test_what_was_repaired_needs_no_repair(
    plan: dict[str, Any], brief: str, data: st.DataObject
) -> None:
    for _ in range(data.draw(st.integers(1, 3))):
        _damage(plan, data)
    found = repair(json.dumps(plan), SHOWN, brief, {"photo": "image"})
    if found.outcome not in GOOD:
        assert found.findings or found.questions
        return
    assert found.plan is not None
    assert not errors(check_plan(found.plan, SHOWN))
    again = repair(found.plan.model_dump_json(), SHOWN, brief, {"photo": "image"})
    assert again.outcome is Outcome.ACCEPTED, (again.changes, again.findings, again.questions)
    assert again.plan == found.plan


def _mixes_shapes(found: Repair) -> bool:
    """Clips of several shapes in one film are rightly mended or asked about."""
    return any(each.code == "sem_mixed_aspect_merge" for each in (*found.changes, *found.questions))


def _damage(plan: dict[str, Any], data: st.DataObject) -> None:
    """Do to a plan what language models do."""
    step = data.draw(st.sampled_from(plan["steps"]))
    inputs = step["inputs"]
    field = data.draw(st.sampled_from(sorted(inputs) or ["prompt"]))
    value = inputs.get(field)
    where, choices = data.draw(
        st.sampled_from(
            [
                ("input", [None, str(value), [value], 10_000, {"a": value}, True]),
                (
                    "input",
                    ["$s1.output", "${s1}", "{{ s2.output }}", "s1", "$photo", "@upload.photo"],
                ),
                ("input", ["https://x.y/z.png", "../../etc/passwd", "TODO", "<PROMPT>"]),
                ("id", ["Step 1!", "s1", "", "ünï", "upload", 7]),
                ("depends_on", [None, [], ["nobody"], ["s1"], "s1", [0], [{"step": "s1"}]]),
                ("model", ["helios/video", "none/such", None, f"{step['model']}x"]),
                ("kind", ["video", "image", "clip", None, 3]),
                ("extra", [{"a": [1]}, "x"]),
                ("gone", [None]),
                ("renamed", [f"my_{field}", "image", "text", "length"]),
                ("twice", [None]),
            ]
        )
    )
    chosen = data.draw(st.sampled_from(choices))
    if where == "input":
        inputs[field] = chosen
    elif where == "gone":
        inputs.pop(field, None)
    elif where == "renamed":
        inputs[chosen] = inputs.pop(field, "x")
    elif where == "twice":
        plan["steps"].append(copy.deepcopy(step))
    else:
        step[where] = chosen


@pytest.mark.parametrize(
    "raw",
    [
        "x" * 5_000_000,
        '{"steps": "' + "y" * 5_000_000 + '"}',
        "[" * 100_000,
        '{"a":' * 100_000,
        "```json\n" * 60_000,
        "<think>" * 60_000,
        "- a: &b\n" * 40_000,
        '{"k": "a"b' * 40_000,
        "{'a': \"" * 50_000,
        '{"steps": [' + '{"id": "a", "model": "x", "inputs": {}},' * 9_000,
        json.dumps({"steps": [{"id": f"s{n}", "model": "m", "inputs": {}} for n in range(60_000)]}),
    ],
    ids=range(11),
)
def test_nothing_is_too_much(raw: str) -> None:
    began = time.process_time()
    found = repair(raw, SHOWN, "A film.")
    assert time.process_time() - began < 1
    assert found.outcome in {Outcome.REJECTED, Outcome.ASK_MODEL}
    assert found.findings[0].message
