"""Each raw answer comes to what must come of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from framewright.catalog.catalog import build_catalog, read_cards
from framewright.checks.repair.outcome import Outcome
from framewright.checks.repair.repair import repair
from framewright.domain.media import MediaKind

PLANS = Path(__file__).parents[2] / "raw_answers"
CATALOG = build_catalog(
    read_cards(json.loads((PLANS / "catalog.json").read_text("utf-8")), "catalog")
)
ANSWERS = [json.loads(line) for line in (PLANS / "answers.jsonl").read_text("utf-8").splitlines()]
GOOD = {Outcome.ACCEPTED, Outcome.REPAIRED}


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer["name"])
def test_each_answer_comes_to_what_it_must(answer: dict[str, Any]) -> None:
    uploads = {each["id"]: MediaKind(each["media"]) for each in answer["uploads"]}
    given = (CATALOG, answer["brief"], uploads, answer["available_models"])
    found = repair(answer["raw_output"], *given)
    told = (found.changes, found.findings, found.questions)
    expect = answer["expect"]
    assert found.outcome == expect["outcome"], told
    if "step_count" in expect:
        assert found.plan is not None
        assert len(found.plan.steps) == expect["step_count"], told
    for name, path, value in expect.get("checks", ()):
        assert found.plan is not None
        assert _at(found.plan.model_dump(mode="json"), name, path) == value, told
    if found.outcome is Outcome.REPAIRED:
        assert {each.code for each in found.changes} & set(answer["defects"]), told
    if found.outcome in GOOD:
        assert found.plan is not None
        again = repair(found.plan.model_dump_json(), *given)
        assert again.outcome is Outcome.ACCEPTED, again.changes


def _at(plan: dict[str, Any], name: str, path: str) -> Any:
    (value,) = (step for step in plan["steps"] if step["id"] == name)
    for part in path.split("."):
        value = value[part]
    return value


def test_every_defect_has_an_answer() -> None:
    defects = set(json.loads((PLANS / "defects.json").read_text("utf-8")))
    assert defects <= {code for answer in ANSWERS for code in answer["defects"]}
    assert len(ANSWERS) >= 200
