"""What a command did can be followed line by line, by the id of a run or a job."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from command import run
from platformdirs import user_log_path

if TYPE_CHECKING:
    from pathlib import Path


def test_verbose_tells_each_thing_with_its_ids_and_keeps_it_in_the_log(tmp_path: Path) -> None:
    asked = {"prompt": "rain", "duration_seconds": 1}
    step = {"id": "rain", "title": "Rain", "kind": "audio", "model": "local/sound", "inputs": asked}
    (tmp_path / "plan.json").write_text(json.dumps({"title": "Rain", "steps": [step]}))
    made = run("--verbose", "run", "plan.json", "-w", "ws", "--json", cwd=tmp_path)
    assert made.code == 0, made.err
    (job,) = run("jobs", "list", "-w", "ws", "--json", cwd=tmp_path).data["jobs"]
    mark = f"[run={made.data['run']} step=rain job={job['id']}"
    told = [line for line in made.err.splitlines() if mark in line]
    assert any("accepted" in line for line in told)
    assert any("ended, succeeded: $0.00" in line for line in told)
    kept = (user_log_path("framewright") / "framewright.log").read_text("utf-8").splitlines()
    assert [line for line in kept if mark in line] == told


def test_without_it_nothing_is_told(tmp_path: Path) -> None:
    asked = {"prompt": "rain", "duration_seconds": 1}
    step = {"id": "rain", "title": "Rain", "kind": "audio", "model": "local/sound", "inputs": asked}
    (tmp_path / "plan.json").write_text(json.dumps({"title": "Rain", "steps": [step]}))
    made = run("run", "plan.json", "-w", "ws", "--json", cwd=tmp_path)
    assert made.err == ""
    assert not (user_log_path("framewright") / "framewright.log").exists()
