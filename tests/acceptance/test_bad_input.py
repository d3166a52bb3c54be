"""Whatever is wrong with the input: the right exit code, one clear sentence, nothing lost."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from command import COMMAND, run
from PIL import Image
from plans import sounds, step, write


def _plan(*steps: dict[str, Any]) -> dict[str, Any]:
    return {"title": "T", "steps": list(steps)}


CYCLE = _plan(
    {**step("a", "sound", "audio", prompt="x"), "depends_on": ["b"]},
    {**step("b", "sound", "audio", prompt="x"), "depends_on": ["a"]},
)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("probe", "missing.mp4"), 3, "missing.mp4"),
        (("probe", "broken.mp4"), 2, "broken.mp4"),
        (("probe", "."), 2, ""),
        (("frames", "broken.mp4", "--last"), 2, "broken.mp4"),
        (("frames", "broken.mp4"), 2, "--first"),
        (("frames", "broken.mp4", "--first", "--last"), 2, "one of"),
        (("frames", "broken.mp4", "--every", "0"), 2, "seconds"),
        (("frames", "broken.mp4", "--every", "0.0001"), 2, "0.005 seconds"),
        (("make", "Ein Bild von einem Fuchs im Schnee"), 2, "in English"),
        (("merge", "broken.mp4", "missing.mp4", "-o", "x.mp4"), 2, "broken.mp4"),
        (("merge", "broken.mp4", "-o", "x.mp4"), 2, "two clips"),
        (("merge", "a", "b", "-o", "x.mp4", "--seconds", "1"), 2, "there is none"),
        (("merge", "a", "b", "-o", "x.mp4", "--crossfade", "1", "--seconds", "1"), 2, "already"),
        (("subtitle", "a", "b", "-o", "x.mp4", "--language", "eng"), 2, "--soft"),
        (("check", "missing.json"), 3, "missing.json"),
        (("check", "latin.json"), 2, "UTF-8"),
        (("check", "bad.json"), 2, "line 1"),
        (("check", "nan.json"), 2, "NaN"),
        (("check", "deep.json"), 2, ""),
        (("check", "extra.json"), 2, "extra"),
        (("check", "half.json"), 2, "surrogate"),
        (("check", "good.json", "--catalog", "endless.json"), 2, "finite"),
        (("check", "other.json"), 2, "there is no model"),
        (("check", "cycle.json"), 2, "wait for each other"),
        (("run", "other.json"), 2, "there is no model"),
        (("run", "cycle.json"), 2, "wait for each other"),
        (("run", "good.json", "--only", "nobody"), 3, "nobody"),
        (("run", "good.json", "--catalog", "missing.json"), 3, "missing.json"),
        (("run", "good.json", "--catalog", "good.json"), 2, "catalog"),
        (("run", "good.json", "-o", "broken.mp4"), 2, "not a folder"),
        (("run", "good.json", "-w", "broken.mp4"), 1, "broken.mp4"),
        (("make", ""), 2, "empty"),
        (("make", "  \n "), 2, "empty"),
        (("make", "x" * 100_000), 2, "100,000"),
        (("make", "hello there, how are you?"), 2, ""),
        (("make", "animate this photo", "--upload", "broken.mp4"), 2, "broken.mp4"),
        (("make", "animate this photo", "--upload", "missing.png"), 3, "missing.png"),
        (("models", "--task", "cooking"), 3, "cooking"),
        (("show", "run_nobody", "-w", "made"), 3, "run_nobody"),
        (("resume", "run_nobody", "-w", "made"), 3, "run_nobody"),
        (("cancel", "run_nobody", "-w", "made"), 3, "run_nobody"),
        (("export", "run_nobody", "x", "-w", "made"), 3, "run_nobody"),
        (("runs", "-w", "nowhere"), 3, "no workspace"),
        (("nonsense",), 2, "nonsense"),
    ],
)
def test_one_sentence_and_the_right_code(
    tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"\0\0\0\x18ftypmp42 and then nothing that plays")
    (tmp_path / "latin.json").write_bytes('{"title": "Café"}'.encode("latin-1"))
    (tmp_path / "bad.json").write_text("{'title': 1}")
    (tmp_path / "nan.json").write_text('{"title": "T", "steps": [NaN]}')
    (tmp_path / "deep.json").write_text("[" * 100_000)
    write({**_plan(), "extra": 1}, tmp_path / "extra.json")
    write(_plan(step("a", "nothing-like-it", "image", prompt="x")), tmp_path / "other.json")
    write(_plan(step("a", "previz-still", "image", prompt="\ud800")), tmp_path / "half.json")
    card = {"id": "x/y", "provider": "x", "kind": "text", "task": "text-generation"}
    endless = json.dumps([{**card, "output": "text", "inputs_schema": {}, "typical_seconds": 0}])
    (tmp_path / "endless.json").write_text(endless.replace("0}", "1e400}"))
    write(CYCLE, tmp_path / "cycle.json")
    write(sounds(1), tmp_path / "good.json")
    if "made" in words:
        run("init", "made", cwd=tmp_path)
    answer = run(*words, cwd=tmp_path, FRAMEWRIGHT_WORKSPACE=str(tmp_path / "ws"))
    assert answer.code == code, (answer.out, answer.err)
    assert said in (answer.out + answer.err).replace("\n", " ")
    assert len(answer.err) < 1_000


def test_nothing_foreign_steers_the_terminal(tmp_path: Path) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\u202e"
    one = {**step("a", "sound", "audio", prompt="rain", duration_seconds=0.5), "title": evil}
    plan = write(
        {"title": evil, "steps": [one, {**one, "id": "b", "model": evil}]}, tmp_path / "p.json"
    )
    checked = run("check", plan, cwd=tmp_path)
    ran = run("run", plan, cwd=tmp_path)
    named = run("probe", f"{evil}.mp4", cwd=tmp_path)
    for answer in (checked, ran, named):
        assert answer.code in {2, 3}
        assert not set("\x1b\x07\u202e") & set(answer.out + answer.err)


@pytest.mark.parametrize("name", ["a?b", "50%41", "[red] x", "a#b;c", "Kölner Dom"])
def test_a_workspace_may_have_any_name(tmp_path: Path, name: str) -> None:
    plan = write({**sounds(1), "title": name}, tmp_path / "plan.json")
    ran = run("run", plan, "-w", name, "-o", f"{name} out", "--json", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert (tmp_path / f"{name} out" / "s0.wav").is_file()
    listed = run("runs", "-w", name, cwd=tmp_path)
    assert name in listed.out
    assert run("assets", "-w", name, "--json", cwd=tmp_path).data["assets"]
    assert f"no file {name}.mp4" in run("probe", f"{name}.mp4", cwd=tmp_path).err


@pytest.mark.parametrize("words", [("models",), ("models", "--json"), ("schema", "plan")])
def test_output_that_can_not_be_written(tmp_path: Path, words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, *words], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 1
    assert done.stderr.startswith(b"Error: ")
    assert b"No space left" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_terminal_that_lacks_letters(tmp_path: Path) -> None:
    for more in ((), ("--json",)):
        answer = run("plan", "a café", *more, cwd=tmp_path, PYTHONIOENCODING="ascii")
        assert answer.code == 0, answer.err
        assert answer.out.isascii()


def test_a_flat_picture_that_was_given_is_used(tmp_path: Path) -> None:
    Image.new("RGB", (320, 180), "navy").save(tmp_path / "card.png")
    words = ("Animate this picture into a 1 second clip", "--upload", "card.png")
    made = run("make", *words, "-w", "ws", "-o", "o", cwd=tmp_path)
    assert made.code == 0, made.out


def test_a_plan_file_is_not_replaced_unasked(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("mine")
    answer = run("plan", "an image of a kite", "-o", "plan.json", cwd=tmp_path)
    assert answer.code == 2
    assert (tmp_path / "plan.json").read_text() == "mine"
    assert run("plan", "an image of a kite", "-o", "plan.json", "--force", cwd=tmp_path).code == 0


def test_errors_have_a_stable_shape_for_programs(tmp_path: Path) -> None:
    answer = run("probe", "missing.mp4", "--json", cwd=tmp_path)
    assert answer.code == 3
    assert answer.json["ok"] is False
    assert set(answer.json["error"]) == {"code", "message", "action"}


def test_a_brief_that_is_not_utf_8(tmp_path: Path) -> None:
    answer = run("make", "-", cwd=tmp_path, stdin="ein Bild von Köln".encode("latin-1"))
    assert answer.code == 2
    assert "UTF-8" in answer.err


@pytest.mark.parametrize("folder", ["/proc/framewright/ws", "/dev/null/ws"])
def test_a_place_where_nobody_can_write(tmp_path: Path, folder: str) -> None:
    for words in (("init", folder), ("run", "p.json", "-o", folder), ("probe", folder)):
        write(sounds(1), tmp_path / "p.json")
        answer = run(*words, cwd=tmp_path, FRAMEWRIGHT_WORKSPACE=str(tmp_path / "ws"))
        assert answer.code in {1, 2, 3}, words
        assert answer.err.startswith("Error: ")
        assert "inside Framewright" not in answer.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_can_not_be_written(tmp_path: Path) -> None:
    closed, plan = tmp_path / "closed", write(sounds(1), tmp_path / "plan.json")
    closed.mkdir(mode=0o500)
    for words in (("init", closed / "ws"), ("run", plan, "-o", closed / "o")):
        answer = run(*words, cwd=tmp_path, FRAMEWRIGHT_WORKSPACE=str(tmp_path / "ws"))
        assert answer.code == 1
        assert "written" in answer.err


def test_a_plan_that_failed_in_part_says_so_and_keeps_the_rest(tmp_path: Path) -> None:
    silent = step("voice", "speech", "audio", text="...")
    after = step("mix", "mix-audio", tracks=["$voice.output", "$rain.output"])
    rain = step("rain", "sound", "audio", prompt="rain", duration_seconds=1)
    plan = write(_plan(silent, after, rain), tmp_path / "plan.json")
    answer = run("run", plan, "-w", "ws", "--json", cwd=tmp_path)
    assert answer.code == 1
    states = {each["id"]: each["state"] for each in answer.data["steps"]}
    assert states == {"voice": "failed", "mix": "blocked", "rain": "succeeded"}
    error = next(each["error"] for each in answer.data["steps"] if each["id"] == "voice")
    assert "spoken" in error["message"]
    assert json.dumps(answer.json)


def test_a_brief_for_which_no_model_is_there_gives_a_plan_and_says_it_can_not_run(
    tmp_path: Path,
) -> None:
    told = run("plan", "write a poem about the sea", "-o", "plan.json", "-w", "ws", cwd=tmp_path)
    assert told.code == 2
    assert "can not run as it is" in told.out
    assert (tmp_path / "plan.json").exists()


def test_what_nobody_here_can_run_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    card = {
        "id": "acme/vid", "provider": "acme", "kind": "video", "output": "video",
        "task": "image-to-video",
        "inputs_schema": {
            "type": "object",
            "properties": {"image": {"type": "string", "format": "media-ref", "x-media": "image"}},
            "required": ["image"],
        },
    }  # fmt: skip
    (tmp_path / "acme.json").write_text(json.dumps([card]))
    still = step("still", "previz-still", "image", prompt="a kite")
    clip = {**step("clip", "", "video", image="$still.output"), "model": "acme/vid"}
    plan = write(_plan(still, clip), tmp_path / "plan.json")
    checked = run("check", plan, "-w", "ws", "--catalog", "acme.json", cwd=tmp_path)
    assert checked.code == 2
    assert "Good" not in checked.out
    told = run("run", plan, "-w", "ws", "--catalog", "acme.json", "--json", cwd=tmp_path)
    assert told.code == 2
    assert "provider acme" in told.json["error"]["message"]
    assert run("runs", "-w", "ws", "--json", cwd=tmp_path).data["runs"] == []
    # What needs nobody else can still be made.
    alone = run("run", plan, "--only", "still", "-w", "ws", "--catalog", "acme.json", cwd=tmp_path)
    assert alone.code == 0
    idle = run(
        "run", plan, "--only", "still", "--again", "clip", "-w", "ws", "--catalog", "acme.json",
        cwd=tmp_path,
    )  # fmt: skip
    assert idle.code == 2
    assert "not among the steps of this run" in idle.err


def test_a_file_nobody_gave_is_missing_outside_a_workspace_too(tmp_path: Path) -> None:
    for source in ("$asset.abcdef", "$upload.photo"):
        clip = step("clip", "previz-camera", "video", first_frame=source, duration=1)
        told = run("check", write(_plan(clip), tmp_path / "plan.json"), "-w", "no", cwd=tmp_path)
        assert told.code == 2, source


def test_a_wrong_option_is_told_as_json_where_that_is_asked_for(tmp_path: Path) -> None:
    for words in (("runs", "--bogus"), ("schema", "bogus"), ("nonsense",)):
        told = run(*words, "--json", cwd=tmp_path)
        assert told.code == 2
        assert told.json["error"]["message"]


def test_a_slip_in_the_settings_is_said_before_a_run(tmp_path: Path) -> None:
    write(sounds(1), tmp_path / "plan.json")
    assert run("init", ".", cwd=tmp_path).code == 0
    (tmp_path / "settings.toml").write_text("[limits]\nproviders = { lokal = 1 }\n", "utf-8")
    ran = run("run", "plan.json", "--json", cwd=tmp_path)
    assert ran.code == 0, ran.out + ran.err
    assert "no provider here is called that. Did you mean local?" in " ".join(ran.err.split())
    (tmp_path / "settings.toml").write_text("[limits]\nprovider = { local = 1 }\n", "utf-8")
    wrong = run("run", "plan.json", cwd=tmp_path)
    assert wrong.code == 2
    assert "nothing is set by limits.provider. Write providers." in " ".join(wrong.err.split())
