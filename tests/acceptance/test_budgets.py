"""A budget on the command line: what it stops is said, and `queue` shows what was spent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from command import run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def priced(tmp_path: Path) -> Path:
    """Return a folder with a plan of two sounds, one of which has a price, and a workspace."""
    assert run("init", "ws", cwd=tmp_path).code == 0
    listed = run("models", "-w", "ws", "--json", cwd=tmp_path).data["models"]
    (card,) = [each for each in listed if each["id"] == "local/sound"]
    dear = {**card, "price": {"amount": 0.75}}
    (tmp_path / "ws" / "catalog").mkdir()
    (tmp_path / "ws" / "catalog" / "dear.json").write_text(json.dumps({"models": [dear]}))
    steps = [
        {"id": name, "title": name, "kind": "audio", "model": model, "inputs": asked}
        for name, model, asked in (
            ("dear", "local/sound", {"prompt": "rain", "duration_seconds": 1}),
            ("free", "local/speech", {"text": "Rain."}),
        )
    ]
    (tmp_path / "plan.json").write_text(json.dumps({"title": "Rain", "steps": steps}))
    return tmp_path


def _steps(answer: Any) -> dict[str, str]:
    return {step["id"]: step["state"] for step in answer.data["steps"]}


def test_a_budget_stops_what_does_not_fit(priced: Path) -> None:
    said = run("estimate", "plan.json", "-w", "ws", "--budget", "0.5", cwd=priced)
    assert "It would stop before dear, by the run's budget." in said.out
    made = run("run", "plan.json", "-w", "ws", "--budget", "0.5", "--json", cwd=priced)
    assert made.code == 1
    assert _steps(made) == {"dear": "failed", "free": "succeeded"}
    error = made.data["steps"][0]["error"]
    assert error["code"] == "budget"
    resume = error["action"].partition("framewright ")[2].split()
    assert resume == ["resume", made.data["run"], "--budget", "0.75"]
    again = run(*resume, "-w", "ws", "--json", cwd=priced)
    assert again.code == 0, again.out


def test_the_workspace_s_budget_is_on_view(priced: Path) -> None:
    (priced / "ws" / "settings.toml").write_text("[budgets]\nproject = 0.5\nper = 'day'\n")
    assert run("run", "plan.json", "-w", "ws", cwd=priced).code == 1
    (project,) = run("queue", "-w", "ws", "--json", cwd=priced).data["spending"]
    wanted = {"scope": "project", "window": "day", "budget": 0.5, "spent": 0.0, "reserved": 0.0}
    assert project | wanted == project
    said = run("queue", "-w", "ws", cwd=priced).out
    assert "workspace" in said
    assert "Spent this day" in said
    assert "$0.50" in said


@pytest.mark.parametrize("wrong", ["nan", "-1", "much"])
def test_a_budget_that_is_none_is_refused(priced: Path, wrong: str) -> None:
    said = run("run", "plan.json", "-w", "ws", f"--budget={wrong}", cwd=priced)
    assert said.code == 2
