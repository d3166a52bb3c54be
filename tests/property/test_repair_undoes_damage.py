"""Whatever combination of usual damage a right plan suffers, repair brings it back as it was."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from framewright.catalog.catalog import build_catalog, read_cards
from framewright.checks.repair.outcome import Outcome
from framewright.checks.repair.repair import repair

if TYPE_CHECKING:
    from collections.abc import Callable

ANSWERS = Path(__file__).parents[1] / "raw_answers"
CATALOG = build_catalog(
    read_cards(json.loads((ANSWERS / "catalog.json").read_text("utf-8")), "catalog")
)
RIGHT = [
    (answer["brief"], {"title": "T", **json.loads(answer["raw_output"])})
    for line in (ANSWERS / "answers.jsonl").read_text("utf-8").splitlines()
    if (answer := json.loads(line))["name"].startswith("control") and not answer["uploads"]
]
Plan = dict[str, Any]
ALIASES = {
    "depends_on": ["dependsOn", "dependencies", "needs"],
    "inputs": ["parameters", "params", "args"],
    "model": ["tool", "model_id", "modelId"],
    "id": ["step_id", "stepId"],
    "kind": ["type", "media_type"],
}
DIALECTS = [
    "{}.output", "${{{}.output}}", "{{{{{}.output}}}}", "@{}", "steps.{}.output", "<{}.output>",
    "${}.outputs[0]", "{{{{steps.{}.output}}}}", "${}.result",
]  # fmt: skip


def _each_media(plan: Plan, change: Callable[[str], Any]) -> None:
    for step in plan["steps"]:
        for field, value in step["inputs"].items():
            if isinstance(value, str) and value.startswith("$"):
                step["inputs"][field] = change(value)


def _alias(plan: Plan, data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(sorted(ALIASES)))
    name = data.draw(st.sampled_from(ALIASES[field]))
    for step in plan["steps"]:
        step[name] = step.pop(field)


def _dialect(plan: Plan, data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(DIALECTS))
    _each_media(plan, lambda ref: form.format(ref[1:-7]))


def _order(plan: Plan, data: st.DataObject) -> None:
    for step in plan["steps"]:
        step["depends_on"] = data.draw(st.sampled_from([[], None, step["depends_on"]]))


def _numbers(plan: Plan, data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from(["", "s"]))
    for step in plan["steps"]:
        if isinstance(step["inputs"].get("duration"), int):
            step["inputs"]["duration"] = f"{step['inputs']['duration']}{unit}"


def _listed(plan: Plan, data: st.DataObject) -> None:
    del data
    _each_media(plan, lambda ref: [ref])


def _nulls(plan: Plan, data: st.DataObject) -> None:
    del data
    for step in plan["steps"]:
        if step["model"] == "aurora/image-v2":
            step["inputs"].setdefault("negative_prompt", None)


def _extra(plan: Plan, data: st.DataObject) -> None:
    for step in plan["steps"]:
        step[data.draw(st.sampled_from(["reason", "notes", "estimated_cost"]))] = "because"


TO_PLANS = [_dialect, _order, _numbers, _listed, _nulls, _extra]
FRAMES: list[Callable[[Plan], Any]] = [
    lambda plan: plan,
    lambda plan: {"plan": plan},
    lambda plan: {"result": {"data": plan}},
    lambda plan: {"title": plan["title"], "nodes": plan["steps"]},
    lambda plan: {**plan, "version": 1, "notes": "x"},
    lambda plan: [plan],
    lambda plan: {"title": plan["title"], "steps": dict(enumerate(plan["steps"]))},
]  # fmt: skip
TEXTS: list[Callable[[Any], str]] = [
    json.dumps,
    lambda value: json.dumps(value, indent=2),
    repr,
    lambda value: json.dumps(json.dumps(value)),
    lambda value: re.sub(r"\n( *[}\]])", r",\n\1", json.dumps(value, indent=1)),
    lambda value: json.dumps(value, indent=1).replace(",\n", ", // next\n"),
    lambda value: re.sub(r'"(\w+)":', r"\1:", json.dumps(value)),
]
AROUND = [
    "{}", "```json\n{}\n```", "```\n{}\n```", "Here is the plan:\n\n{}\n\nEnjoy!",
    "<think>One step or two? {{maybe}}</think>\n{}", "Sure.\n```json\n{}\n```\nDone.", "\ufeff{}\n",
]  # fmt: skip


@settings(max_examples=400)
@given(st.sampled_from(RIGHT), st.data())
def test_repair_undoes_damage(case: tuple[str, Plan], data: st.DataObject) -> None:
    brief, right = case
    plan = copy.deepcopy(right)
    # A right plan of the controls may hold words that look like damage: those stay as they are.
    for damage in data.draw(st.lists(st.sampled_from(TO_PLANS), unique=True, max_size=3)):
        damage(plan, data)
    if data.draw(st.booleans()):
        _alias(plan, data)
    frame = data.draw(st.sampled_from(FRAMES))
    if any("step_id" in step or "stepId" in step for step in plan["steps"]):
        frame = FRAMES[0]
    written = data.draw(st.sampled_from(TEXTS))(frame(plan))
    raw = data.draw(st.sampled_from(AROUND)).format(written)
    found = repair(raw, CATALOG, brief, {})
    assert found.outcome in {Outcome.ACCEPTED, Outcome.REPAIRED}, (raw, found.findings)
    assert found.plan is not None
    assert _without_order(found.plan.model_dump(mode="json")) == _without_order(right), raw


def _without_order(plan: Plan) -> list[dict[str, Any]]:
    """Return the steps without `depends_on`: order that nothing needs is lost with the damage."""
    return [
        {name: value for name, value in step.items() if name != "depends_on"}
        for step in plan["steps"]
    ]
