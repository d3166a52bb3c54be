"""Repair never raises, never touches what is right, and has nothing left to do when it is done."""

from __future__ import annotations

import copy
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from framewright.catalog.catalog import build_catalog, read_cards
from framewright.checks.check import check_plan
from framewright.checks.repair.outcome import Outcome, Repair
from framewright.checks.repair.repair import repair
from framewright.domain.finding import errors
from framewright.studio.catalogs import load_catalog
from valid_plans import valid_plans

SHOWN = build_catalog(
    read_cards(
        json.loads((Path(__file__).parents[1] / "raw_answers" / "catalog.json").read_text("utf-8")),
        "shown",
    )
)
LOCAL = load_catalog()
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


@settings(max_examples=200)
@given(valid_plans(SHOWN))
def test_a_valid_plan_is_accepted_as_it_is(plan: dict[str, Any]) -> None:
    found = repair(json.dumps(plan), SHOWN)
    assume(not _mixes_shapes(found))
    assert found.outcome is Outcome.ACCEPTED, (found.changes, found.findings, found.questions)
    assert found.plan is not None
    assert found.plan.model_dump(mode="json") == plan


@settings(max_examples=100)
@given(valid_plans(LOCAL))
def test_so_is_one_over_the_shipped_models(plan: dict[str, Any]) -> None:
    found = repair(json.dumps(plan), LOCAL)
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
