"""A job that failed for good, in a person's hands: seen, mended, begun anew, forgotten."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from command import run

if TYPE_CHECKING:
    from pathlib import Path

# Hieroglyphs: no font of a test machine draws them.
WORDS = "\U00013000\U00013001"
SCENE = {"prompt": "a quiet sea", "duration": 1}


def test_a_dead_job_is_mended_and_begun_anew(tmp_path: Path) -> None:
    steps = [
        {"id": "clip", "title": "", "kind": "video", "model": "local/previz-scene"},
        {"id": "words", "title": "", "kind": "utility", "model": "local/caption"},
    ]
    steps[0]["inputs"] = SCENE  # type: ignore[assignment]
    steps[1]["inputs"] = {"video": "$clip.output", "text": WORDS}  # type: ignore[assignment]
    (tmp_path / "plan.json").write_text(json.dumps({"title": "T", "steps": steps}))
    assert run("init", ".", cwd=tmp_path).code == 0
    ran = run("run", "plan.json", "--json", cwd=tmp_path)
    assert ran.code == 1, ran.out + ran.err
    (dead,) = run("jobs", "dead", "--json", cwd=tmp_path).data["jobs"]
    assert dead["key"].split(":")[1] == "words"
    assert dead["error"]["category"] == "input-media"
    assert dead["id"] in run("jobs", "dead", cwd=tmp_path).out

    # Nothing begins that its model would not take.
    wrong = run("jobs", "redrive", dead["id"], "--set", "txt=Hello", cwd=tmp_path)
    assert wrong.code == 2
    assert "Use text" in wrong.err
    assert run("jobs", "redrive", cwd=tmp_path).code == 2

    done = run("jobs", "redrive", dead["id"], "--set", "text=Hello", "--json", cwd=tmp_path)
    assert done.code == 0, done.out + done.err
    assert done.data["jobs"][0]["state"] == "succeeded"
    assert [each["state"] for each in done.data["runs"]] == ["succeeded"]
    shown = run("jobs", "show", dead["id"], cwd=tmp_path).out
    assert "text = Hello" in shown
    assert "Try 1" in shown
    assert run("jobs", "dead", "--json", cwd=tmp_path).data["jobs"] == []
    assert run("jobs", "retry", dead["id"], cwd=tmp_path).code == 2
    assert run("jobs", "cancel", dead["id"], "--json", cwd=tmp_path).data["state"] == "succeeded"
    assert run("jobs", "cancel", "job_x", cwd=tmp_path).code == 3
    assert run("jobs", "purge", "--older-than", "0", "--json", cwd=tmp_path).data == {"jobs": 2}
    assert run("queue", "--json", cwd=tmp_path).data["rows"] == []


def test_what_had_failed_besides_is_no_failure_of_one_begun_anew(tmp_path: Path) -> None:
    clip = {"id": "clip", "title": "", "kind": "video", "model": "local/previz-scene"}
    words = [
        {"id": name, "title": "", "kind": "utility", "model": "local/caption"}
        | {"inputs": {"video": "$clip.output", "text": WORDS}}
        for name in ("first", "second")
    ]
    steps = [clip | {"inputs": SCENE}, *words]
    (tmp_path / "plan.json").write_text(json.dumps({"title": "T", "steps": steps}))
    assert run("init", ".", cwd=tmp_path).code == 0
    begun = run("run", "plan.json", cwd=tmp_path)
    assert begun.code == 1
    # Its name is told before anything is done.
    assert begun.out.startswith("Run run_")
    dead = run("jobs", "dead", "--json", cwd=tmp_path).data["jobs"]
    assert len(dead) == 2
    job = dead[0]["id"]
    assert run("jobs", "redrive", job, cwd=tmp_path).code == 1
    assert run("jobs", "redrive", job, "--set", "text=Hello", cwd=tmp_path).code == 0
    assert len(run("jobs", "list", "--state", "dead", "--json", cwd=tmp_path).data["jobs"]) == 1
    assert run("jobs", "list", "--state", "running", "--json", cwd=tmp_path).data["jobs"] == []
    assert "running" in run("jobs", "list", "--state", "wrong", cwd=tmp_path).err
