"""A model that lies on this machine comes into a workspace with one command."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from command import run

from own_model_folders import CLIPS, STILLS, model_folder
from own_model_jobs import WORKER

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


def _python(folder: Path) -> str:
    """Return a program that stands for the Python that has torch: it runs the pretended worker."""
    (folder / "pids").mkdir()
    program = folder / "python"
    program.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" "{WORKER}" "{folder / "pids"}"\n', "utf-8"
    )
    program.chmod(0o755)
    return str(program)


def _plan(folder: Path, **inputs: object) -> None:
    step = {"id": "a", "title": "A", "kind": "image", "model": "gpu/stills", "inputs": inputs}
    (folder / "p.json").write_text(json.dumps({"title": "T", "steps": [step]}), "utf-8")


def test_a_plan_runs_on_a_model_of_ones_own(tmp_path: Path) -> None:
    here = {"FRAMEWRIGHT_GPU_DEVICE": "cuda:0", "FRAMEWRIGHT_GPU_PYTHON": _python(tmp_path)}
    model_folder(tmp_path / "stills")
    run("models", "add-local", "stills", "-w", "ws", cwd=tmp_path)
    _plan(tmp_path, prompt="a kite", aspect_ratio="1:1", steps=4, seed=1)
    made = run("run", "p.json", "-w", "ws", "-o", "out", "--json", cwd=tmp_path, **here)
    assert made.code == 0, made.out
    assert (tmp_path / "out" / "a.png").is_file()
    _plan(tmp_path, prompt="full", width=1024, height=1024)
    full = run("run", "p.json", "-w", "ws", "--json", cwd=tmp_path, **here)
    assert full.code == 1
    assert "At most 792x792 would fit" in full.out
    told = run("jobs", "dead", "-w", "ws", "--json", cwd=tmp_path)
    assert "out-of-memory" in told.out
    assert '"attempt": 1,' in told.out


def test_without_torch_all_else_runs_and_it_says_what_to_install(tmp_path: Path) -> None:
    here = {"FRAMEWRIGHT_GPU_DEVICE": "cpu"}
    model_folder(tmp_path / "stills")
    fine = run("doctor", "-w", "ws", "--json", cwd=tmp_path, **here)
    (item,) = (each for each in fine.data["items"] if each["name"] == "Own models")
    assert item["state"] == "ok"
    run("models", "add-local", "stills", "-w", "ws", cwd=tmp_path)
    lacking = run("doctor", "-w", "ws", "--json", cwd=tmp_path, **here)
    (item,) = (each for each in lacking.data["items"] if each["name"] == "Own models")
    assert item["state"] == "warning"
    assert "pip install 'framewright[gpu]'" in item["remedy"]
    _plan(tmp_path, prompt="a kite")
    refused = run("run", "p.json", "-w", "ws", cwd=tmp_path, **here)
    assert refused.code == 2
    assert "pip install 'framewright[gpu]'" in " ".join(refused.err.split())
