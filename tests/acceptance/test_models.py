"""Models are listed by what they do and where they can be used, and shown as forms."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from command import run

from vendor_schemas import EFFECTS

if TYPE_CHECKING:
    from pathlib import Path

STILL = "fal/fal-ai/flux/schnell"
VOICE = "replicate/lucataco/xtts-v2"


def _ids(*words: str, folder: Path) -> list[str]:
    found: Any = run("models", *words, "--json", cwd=folder)
    assert found.code == 0, found.err
    return [entry["id"] for entry in found.data["models"]]


def test_a_list_is_what_was_asked_for(tmp_path: Path) -> None:
    everything = _ids(folder=tmp_path)
    assert len(everything) > 100
    lips = _ids("--task", "lip-sync", "--provider", "fal", folder=tmp_path)
    assert lips
    assert set(lips) < set(everything)
    solid = _ids("--output", "model3d", folder=tmp_path)
    assert "fal/fal-ai/trellis" in solid
    assert "fal/fal-ai/esrgan" not in solid
    assert _ids("--search", "EFFECTS elevenlabs fal-ai", folder=tmp_path) == [
        "fal/fal-ai/elevenlabs/sound-effects/v2"
    ]
    here = _ids("--available", folder=tmp_path)
    assert {each.split("/")[0] for each in here} == {"local"}, "are there keys in this test?"


def test_the_list_says_what_keeps_a_model_from_being_used(tmp_path: Path) -> None:
    narrow = run("models", "--task", "text-to-speech", cwd=tmp_path).out.splitlines()
    assert narrow[0] == "text-to-speech"
    assert narrow[1] == "  local/speech  free"
    assert "  replicate/lucataco/xtts-v2:684bc38…  needs REPLICATE_API_TOKEN" in narrow
    assert max(map(len, narrow)) <= 80
    assert any("1 can be used here" in line for line in narrow)
    assert any(line.startswith("replicate: There is no key") for line in narrow)
    assert run("models", "--search", "no-such-thing", cwd=tmp_path).out == "No model does that.\n"


def test_a_model_is_shown_as_a_form(tmp_path: Path) -> None:
    shown = run("models", "show", STILL, cwd=tmp_path).out
    for told in ("text-to-image", "fal-js", "2026-11-20", "* prompt", "landscape_4_3"):
        assert told in shown
    told = run("models", "show", VOICE, "--json", cwd=tmp_path).data
    assert told["model"]["id"].startswith(f"{VOICE}:684bc38")
    assert told["fields"][0]["name"] == "speaker"
    assert told["fields"][0]["media"] == "audio"
    assert "REPLICATE_API_TOKEN" in told["lacks"]
    version = run("models", "show", f"{VOICE}:684bc38…", "--json", cwd=tmp_path)
    assert version.data == told


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (("show", "fal/fal-ai/flux/schnel"), STILL),
        (("--provider", "fall"), "elevenlabs, fal"),
        (("--output", "film"), "video"),
        (("remove", STILL), "Only what was imported"),
    ],
)
def test_what_there_is_not_is_said(words: tuple[str, ...], near: str, tmp_path: Path) -> None:
    said = run("models", *words, cwd=tmp_path)
    assert said.code in {2, 3}
    assert near in said.err


def test_what_was_imported_can_be_removed(tmp_path: Path) -> None:
    (tmp_path / "e.json").write_text(json.dumps(EFFECTS.document), "utf-8")
    words = ("models", "import", "fal", "fal-ai/esrgan", "--from", "e.json", "-w", "ws")
    assert run(*words, cwd=tmp_path).code == 0
    taken = run("models", "show", "fal/fal-ai/esrgan", "-w", "ws", "--json", cwd=tmp_path).data
    assert taken["model"]["source"]["where"] == "e.json"
    removed = run("models", "remove", "fal/fal-ai/esrgan", "-w", "ws", "--json", cwd=tmp_path)
    assert removed.data["still_there"]
    shown = run("models", "show", "fal/fal-ai/esrgan", "-w", "ws", "--json", cwd=tmp_path).data
    assert "fal-js" in shown["model"]["source"]["where"]


def test_the_summary_is_short(tmp_path: Path) -> None:
    said = run("models", "--summary", cwd=tmp_path)
    assert said.out.startswith("text-to-image: local/previz-still")
    assert len(said.out) < 2_500
    told = run("models", "--summary", "--json", cwd=tmp_path).data
    assert "speech-to-text" in {each["task"] for each in told["missing"]}
