"""A model that lies on this machine comes into a workspace with one command."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from command import run

from own_model_folders import CLIPS, STILLS, model_folder

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_folder_is_added_and_then_listed(tmp_path: Path) -> None:
    place = model_folder(tmp_path / "My Stills")
    said = run("models", "add-local", "My Stills", "-w", "ws", cwd=tmp_path)
    assert said.code == 0, said.err
    assert said.out == "Added gpu/my-stills: text-to-image, makes image, takes no media\n"
    again = run("models", "-w", "ws", "--json", "add-local", str(place), cwd=tmp_path)
    assert again.data["replaced"]
    assert again.data["model"]["weights"] == str(place)
    masked = run("models", "add-local", "My Stills", "--task", "inpaint", "-w", "ws", cwd=tmp_path)
    assert masked.out.startswith("Added gpu/my-stills-inpaint: image-to-image, makes image, takes")
    model_folder(tmp_path / "svd", CLIPS)
    words = ("models", "add-local", "svd", "--name", "motion", "-w", "ws", "--json")
    assert run(*words, cwd=tmp_path).data["model"]["id"] == "gpu/motion"
    kept = json.loads((tmp_path / "ws" / "catalog" / "gpu.json").read_text("utf-8"))
    names = [entry["id"] for entry in kept["models"]]
    assert names == ["gpu/my-stills", "gpu/my-stills-inpaint", "gpu/motion"]
    listed = run("models", "-w", "ws", "--json", cwd=tmp_path).data["models"]
    assert set(names) <= {card["id"] for card in listed}


def test_a_model_of_the_hugging_face_cache_is_found_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "hub" / "models--acme--stills"
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    missing = run("models", "add-local", "acme/stills", "-w", "ws", "--json", cwd=tmp_path)
    assert missing.code == 3
    assert missing.json["error"]["action"] == "Get it first: hf download acme/stills"
    place = model_folder(kept / "snapshots" / "abc")
    (kept / "refs").mkdir()
    (kept / "refs" / "main").write_text("abc", "utf-8")
    said = run("models", "add-local", "acme/stills", "-w", "ws", "--json", cwd=tmp_path)
    assert said.data["model"]["weights"] == str(place)


def test_what_can_run_programs_or_is_no_model_is_refused(tmp_path: Path) -> None:
    def refusal(*words: str) -> str:
        said = run("models", "add-local", *words, "-w", "ws", "--json", cwd=tmp_path)
        assert said.code in {2, 3}
        assert said.json["error"]["action"] or said.code == 3
        return str(said.json["error"]["message"])

    model_folder(tmp_path / "pickled", suffix="bin")
    assert "can run any program" in refusal("pickled")
    (model_folder(tmp_path / "coded") / "unet" / "mine.py").touch()
    assert "program code of its own" in refusal("coded")
    (tmp_path / "empty").mkdir()
    assert "model_index.json" in refusal("empty")
    (tmp_path / "one.safetensors").touch()
    assert "single file" in refusal("one.safetensors")
    assert "no folder" in refusal("nowhere")
    model_folder(tmp_path / "fine", STILLS)
    assert "does no upscale" in refusal("fine", "--task", "upscale")
    assert "can not be called" in refusal("fine", "--name", "../x")
    assert not (tmp_path / "ws" / "catalog" / "gpu.json").exists()
