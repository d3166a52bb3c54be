"""From a sentence to a film, through the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from command import run
from jsonschema import Draft202012Validator
from plans import sounds, twelve_steps, write

if TYPE_CHECKING:
    from pathlib import Path

BRIEF = (
    "A product image of a ceramic mug on a beach at dawn, animate it into a 5 second clip, "
    "add a voice-over saying 'Wake up slowly' and soft music"
)


def test_a_sentence_becomes_a_film(tmp_path: Path) -> None:
    made = run("make", BRIEF, "-w", "ws", "-o", "out", "--json", cwd=tmp_path)
    assert made.code == 0, made.err
    assert made.data["state"] == "succeeded"
    names = {file.rsplit("/", 1)[-1] for file in made.data["files"]}
    assert {"film.mp4", "still.png", "voice.wav", "music.wav", "plan.json"} <= names

    film = run("probe", "out/film.mp4", "--json", cwd=tmp_path).data["info"]
    assert (film["width"], film["height"]) == (1280, 720)
    assert film["video"]["codec"] == "h264"
    assert film["video"]["pixel_format"] == "yuv420p"
    assert film["audio"]["codec"] == "aac"
    length = film["duration"]["value"] / film["duration"]["rate"]
    assert abs(length - 5) < 0.1
    head = (tmp_path / "out" / "film.mp4").read_bytes()
    assert 0 < head.find(b"moov") < head.find(b"mdat"), "not ready to stream"

    plan = json.loads((tmp_path / "out" / "plan.json").read_text("utf-8"))
    voice = next(step for step in plan["steps"] if step["model"] == "local/speech")
    assert voice["inputs"]["text"] == "Wake up slowly"

    assert run("check", "out/plan.json", cwd=tmp_path).code == 0
    run_id = made.data["run"]
    assert run("show", run_id, "-w", "ws", "--json", cwd=tmp_path).data["state"] == "succeeded"
    listed = run("runs", "-w", "ws", "--json", cwd=tmp_path).data["runs"]
    assert [each["id"] for each in listed] == [run_id]
    stored = run("assets", "-w", "ws", "--json", cwd=tmp_path).data["assets"]
    assert {each["provenance"][0]["run"] for each in stored} == {run_id}


def test_every_answer_keeps_to_its_schema(tmp_path: Path) -> None:
    schemas = run("schema", "outputs", "--json", cwd=tmp_path).data["json_schema"]
    plan = write(sounds(2), tmp_path / "plan.json")
    run_id = run("run", plan, "-w", "ws", "--json", cwd=tmp_path).data["run"]
    asset = run("assets", "-w", "ws", "--json", cwd=tmp_path).data["assets"][0]["path"]
    commands: dict[str, tuple[str, ...]] = {
        "init": ("init", "ws"),
        "plan": ("plan", "an image of a red kite"),
        "check": ("check", str(plan)),
        "repair": ("repair", str(plan)),
        "edit": ("edit", str(plan), "twice as long"),
        "run": ("run", str(plan), "-w", "ws", "-o", "o"),
        "resume": ("resume", run_id, "-w", "ws"),
        "cancel": ("cancel", run_id, "-w", "ws"),
        "runs": ("runs", "-w", "ws"),
        "show": ("show", run_id, "-w", "ws"),
        "jobs": ("jobs", "list", "--run", run_id, "-w", "ws"),
        "queue": ("queue", "-w", "ws"),
        "assets": ("assets", "-w", "ws"),
        "models": ("models",),
        "export": ("export", run_id, "exported", "-w", "ws"),
        "probe": ("probe", asset),
        "schema": ("schema", "catalog"),
        "doctor": ("doctor",),
    }
    for name, words in commands.items():
        answer = run(*words, "--json", cwd=tmp_path)
        assert set(answer.json) == {"framewright", "ok", "data"}, name
        Draft202012Validator(schemas[name]).validate(answer.data)


def test_the_same_plan_gives_the_same_files(tmp_path: Path) -> None:
    plan = write(twelve_steps(), tmp_path / "plan.json")
    one = run("run", plan, "-w", "one", "--json", cwd=tmp_path)
    other = run("run", plan, "-w", "other", "--json", cwd=tmp_path)
    assert one.code == other.code == 0, (one.out, other.out)
    hashes = [
        {step["id"]: step["outputs"][0]["asset"] for step in each.data["steps"]}
        for each in (one, other)
    ]
    assert hashes[0] == hashes[1]


def test_a_raw_answer_becomes_a_film(tmp_path: Path) -> None:
    raw = "Here is the plan:\n```json\n" + str(sounds(2)) + "\n```\nEnjoy!"
    (tmp_path / "raw.txt").write_text(raw.replace("local/sound", "local/sounds"))
    mended = run("repair", "raw.txt", "--brief", "Rain.", "-o", "plan.json", "--json", cwd=tmp_path)
    assert mended.code == 0, mended.out
    assert mended.data["outcome"] == "repaired"
    assert {change["code"] for change in mended.data["changes"]} == {
        "json_fenced",
        "json_prose_around",
        "json_single_quotes",
        "model_unknown_near",
    }
    assert run("run", "plan.json", "-w", "ws", cwd=tmp_path).code == 0
    asked = run("repair", "-", "--brief", "Rain.", cwd=tmp_path, stdin=b'{"steps": [')
    assert asked.code == 2
    assert "Ask the model" in asked.out


def test_an_edit_makes_only_what_it_reaches_and_can_be_undone(tmp_path: Path) -> None:
    plan = write(twelve_steps(), tmp_path / "plan.json")
    before = plan.read_text()
    run("run", plan, "-w", "ws", cwd=tmp_path)
    edited = run("edit", plan, "-s", "voice", "say 'And up again'", "--json", cwd=tmp_path)
    assert edited.data["changed"] == ["voice"]
    again = run("run", plan, "-w", "ws", "--json", cwd=tmp_path)
    states = {step["id"]: step["state"] for step in again.data["steps"]}
    made = {name for name, state in states.items() if state == "succeeded"}
    assert made == {"voice", "mix", "film"}
    assert set(states.values()) == {"succeeded", "reused"}
    assert run("edit", plan, "--undo", cwd=tmp_path).code == 0
    assert json.loads(plan.read_text())["steps"][6]["inputs"]["text"] == "Up it goes"
    assert run("edit", plan, "--undo", cwd=tmp_path).code == 2
    back = run("run", plan, "-w", "ws", "--json", cwd=tmp_path)
    assert {step["state"] for step in back.data["steps"]} == {"reused"}
    assert run("edit", plan, "bake a cake", cwd=tmp_path).code == 2
    assert json.loads(plan.read_text())["steps"] == [
        {"depends_on": [], **step} for step in json.loads(before)["steps"]
    ]


def test_only_runs_a_step_with_what_it_needs(tmp_path: Path) -> None:
    plan = write(sounds(4), tmp_path / "plan.json")
    done = run("run", plan, "--only", "s1", "-w", "ws", "--json", cwd=tmp_path)
    assert [step["id"] for step in done.data["steps"]] == ["s0", "s1"]


def test_frames_and_merge_work_on_plain_files(tmp_path: Path) -> None:
    plan = write(twelve_steps(), tmp_path / "plan.json")
    run("run", plan, "--only", "clip_2", "-w", "ws", "-o", "o", cwd=tmp_path)
    merged = run("merge", "o/clip.mp4", "o/clip_2.mp4", "-o", "m.mp4", "--json", cwd=tmp_path)
    assert merged.code == 0, merged.err
    assert merged.data["info"]["video"]["frames"] == 48
    frames = run("frames", "m.mp4", "--every", "0.5", "-o", "f", "--json", cwd=tmp_path)
    assert [round(each["seconds"], 2) for each in frames.data["frames"]] == [0, 0.5, 1, 1.5]
    last = run("frames", "m.mp4", "--last", "-o", "f", cwd=tmp_path)
    assert (tmp_path / last.out.strip()).is_file()


def test_an_export_leaves_a_changed_file_alone(tmp_path: Path) -> None:
    plan = write(sounds(1), tmp_path / "plan.json")
    run("run", plan, "-w", "ws", "-o", "o", cwd=tmp_path)
    (tmp_path / "o" / "s0.wav").write_bytes(b"my own cut")
    run("run", plan, "-w", "ws", "-o", "o", cwd=tmp_path)
    assert (tmp_path / "o" / "s0.wav").read_bytes() == b"my own cut"
    assert (tmp_path / "o" / "s0-2.wav").is_file()
