"""A person's workflow becomes a model by one command, and runs at their ComfyUI server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from command import run

from comfy_workflows import TEXT_TO_IMAGE, text_to_image
from emulator.server import serving
from emulator.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

IMPORT = ("models", "import", "comfyui", "portrait", "--from", "flow.json", "-w", "ws")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def server(world: World) -> Iterator[dict[str, str]]:
    with serving(world) as url:
        yield {"FRAMEWRIGHT_COMFYUI_URL": f"{url}/comfyui"}


def write(path: Path, what: Any) -> None:
    path.write_text(json.dumps(what), "utf-8")


def plan(folder: Path) -> None:
    inputs = {"prompt": "a red kite", "seed": 5, "width": 768}
    step = {"id": "a", "title": "A", "kind": "image", "model": "comfyui/portrait"}
    write(folder / "p.json", {"title": "T", "steps": [{**step, "inputs": inputs}]})


@pytest.mark.timeout(300)
def test_a_workflow_is_imported_and_run_and_run_anew_once_it_changed(
    tmp_path: Path, world: World, server: dict[str, str]
) -> None:
    write(tmp_path / "flow.json", TEXT_TO_IMAGE)
    plan(tmp_path)
    said = run(*IMPORT, "--server", cwd=tmp_path, **server)
    assert said.code == 0, said.err
    assert said.out == ("Imported comfyui/portrait: text-to-image, makes image, takes no media\n")
    made = run("run", "p.json", "-w", "ws", "-o", "out", cwd=tmp_path, **server)
    assert made.code == 0, made.err
    assert (tmp_path / "out" / "a.png").is_file()
    assert world.of("comfyui")[0].inputs["5"]["inputs"]["width"] == 768

    # The same again is there already; a workflow that was changed makes another picture.
    run("run", "p.json", "-w", "ws", cwd=tmp_path, **server)
    assert world.submitted["comfyui"] == 1
    changed = text_to_image()
    changed["3"]["inputs"]["scheduler"] = "karras"
    write(tmp_path / "flow.json", changed)
    assert run(*IMPORT, cwd=tmp_path, **server).out.startswith("Imported again")
    run("run", "p.json", "-w", "ws", cwd=tmp_path, **server)
    assert world.submitted["comfyui"] == 2
    assert world.of("comfyui")[1].inputs["3"]["inputs"]["scheduler"] == "karras"


def test_a_workflow_in_another_form_says_how_to_export_it(tmp_path: Path) -> None:
    write(tmp_path / "flow.json", {"nodes": [], "links": []})
    said = run(*IMPORT, cwd=tmp_path)
    assert said.code == 2
    assert "Export (API)" in said.err
    assert not (tmp_path / "ws" / "catalog").exists()


def test_a_server_that_nobody_named_is_asked_for(tmp_path: Path) -> None:
    write(tmp_path / "flow.json", TEXT_TO_IMAGE)
    said = run(*IMPORT, "--server", cwd=tmp_path, FRAMEWRIGHT_COMFYUI_URL="")
    assert said.code == 2
    assert "http://127.0.0.1:8188" in said.err
    assert run(*IMPORT, cwd=tmp_path, FRAMEWRIGHT_COMFYUI_URL="").code == 0
    plan(tmp_path)
    refused = run("run", "p.json", "-w", "ws", cwd=tmp_path, FRAMEWRIGHT_COMFYUI_URL="")
    assert refused.code != 0
    assert "http://127.0.0.1:8188" in refused.out + refused.err


def test_other_providers_are_not_asked(tmp_path: Path) -> None:
    write(tmp_path / "flow.json", {"type": "object", "properties": {"prompt": {"type": "string"}}})
    words = ("models", "import", "fal", "a/b", "--from", "flow.json", "--output", "image")
    assert run(*words, "-w", "ws", "--server", cwd=tmp_path).code == 2
    assert run(*words, "-w", "ws", cwd=tmp_path).code == 0
