"""`framewright check` says beforehand what `framewright run` does with a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from command import run
from jsonschema import Draft202012Validator
from plans import step, write

from framewright import StudioSync
from framewright.studio.plan_files import read_plan

if TYPE_CHECKING:
    from pathlib import Path

SLIPS = {
    "title": "Slips",
    "steps": [
        step("a", "sounds", "audio", prompt="rain", duration_seconds="0.5"),
        step("b", "sound", "audio", prompt="wind", duration_seconds=0.5),
    ],
}
WRONG = step("c", "sound", "audio", prompt="$nobody.output", duration_seconds=0.5)


@pytest.mark.parametrize("inside", [True, False])
def test_what_a_run_mends_is_a_note_and_no_error(tmp_path: Path, inside: bool) -> None:
    plan = write(SLIPS, tmp_path / "plan.json")
    more = ("-w", "ws")
    if inside:
        run("init", "ws", cwd=tmp_path)
    told = run("check", plan, *more, cwd=tmp_path)
    assert told.code == 0, told.out
    words = " ".join(told.out.split())
    assert 'a run will mend: duration_seconds "0.5" became 0.5.' in words
    assert "Good: 2 steps, nothing else keeps this plan from running." in words

    answer = run("check", plan, *more, "--json", cwd=tmp_path)
    schema = run("schema", "outputs", "--json", cwd=tmp_path).data["json_schema"]["check"]
    Draft202012Validator(schema).validate(answer.data)
    assert (answer.code, answer.json["ok"]) == (0, True)
    assert (answer.data["errors"], answer.data["steps"]) == (0, 2)
    assert {each["severity"] for each in answer.data["findings"]} == {"note"}
    assert [f"run will mend: {each['message']}" for each in answer.data["mended"]] == [
        each["message"] for each in answer.data["findings"]
    ]

    ran = run("run", plan, *more, "--json", cwd=tmp_path)
    assert ran.code == 0, ran.out
    done = {each["id"]: each["mended"] for each in ran.data["steps"]}
    assert done == {"a": answer.data["mended"], "b": []}


@pytest.mark.parametrize("inside", [True, False])
def test_what_a_run_can_not_mend_whole_stays_an_error(tmp_path: Path, inside: bool) -> None:
    plan = write({**SLIPS, "steps": [*SLIPS["steps"], WRONG]}, tmp_path / "plan.json")
    if inside:
        run("init", "ws", cwd=tmp_path)
    answer = run("check", plan, "-w", "ws", "--json", cwd=tmp_path)
    assert (answer.code, answer.json["ok"]) == (2, False)
    assert answer.data["mended"] == []
    assert {each["step"] for each in answer.data["findings"] if each["severity"] == "error"} == {
        "a",
        "c",
    }
    assert answer.data["errors"] >= 2
    told = run("check", plan, "-w", "ws", cwd=tmp_path)
    assert (told.code, "run will mend" in told.out, "Good" in told.out) == (2, False, False)
    assert run("run", plan, "-w", "ws", cwd=tmp_path).code == 2


def test_a_sound_plan_is_told_as_ever(tmp_path: Path) -> None:
    plan = write({**SLIPS, "steps": SLIPS["steps"][1:]}, tmp_path / "plan.json")
    told = run("check", plan, cwd=tmp_path)
    assert (told.code, told.out.strip()) == (
        0,
        "Good: 1 step, nothing keeps this plan from running.",
    )


def test_python_gets_the_mended_plan(tmp_path: Path) -> None:
    slips = read_plan(write(SLIPS, tmp_path / "slips.json"))
    wrong = read_plan(write({**SLIPS, "steps": [WRONG]}, tmp_path / "wrong.json"))
    with StudioSync.open(tmp_path / "ws") as studio:
        found = studio.mending(slips)
        assert found is not None
        assert found.plan.steps[0].model == "local/sound"
        assert found.plan.steps[0].inputs["duration_seconds"] == 0.5
        assert {each.code for each in found.by_step["a"]} == {each.code for each in found.changes}
        assert studio.mending(wrong) is None
        again = studio.mending(found.plan)
        assert again is not None
        assert (again.plan, again.changes) == (found.plan, ())
        assert any(each.severity == "error" for each in studio.check(slips)), "check is as it was"
