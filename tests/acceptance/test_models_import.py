"""A vendor's model comes into a workspace with one command, and is there from then on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from command import run

from vendor_schemas import CLIP, EFFECTS, STILL, Published

if TYPE_CHECKING:
    from pathlib import Path


def _file(published: Published, folder: Path) -> str:
    name = f"{published.model.replace('/', '-')}.json"
    (folder / name).write_text(json.dumps(published.document), "utf-8")
    return name


def _import(published: Published, folder: Path, *more: str) -> Any:
    words = ("models", "import", published.provider, published.model)
    return run(*words, "--from", _file(published, folder), "-w", "ws", *more, cwd=folder)


def test_an_imported_model_is_listed_checked_and_taken_again(tmp_path: Path) -> None:
    said = _import(CLIP, tmp_path)
    assert said.code == 0, said.err
    assert said.out == (
        f"Imported {CLIP.id}: image-to-video, makes video, takes image_url (image), "
        "tail_image_url (image, optional), video_url (video, optional)\n"
    )
    assert _import(EFFECTS, tmp_path).out.count("\n") == 1
    again = _import(CLIP, tmp_path, "--json")
    assert again.data["replaced"]
    assert again.data["file"] == str(tmp_path / "ws" / "catalog" / "fal.json")
    kept = json.loads((tmp_path / "ws" / "catalog" / "fal.json").read_text("utf-8"))
    assert [entry["id"] for entry in kept["models"]] == [CLIP.id, EFFECTS.id]

    listed = run("models", "--task", "image-to-video", "-w", "ws", "--json", cwd=tmp_path)
    known = {entry["id"]: entry for entry in listed.data["models"]}
    # Whether it can be used is told by the key that there is, not by what was imported.
    assert known[CLIP.id] | {"available": True} == again.data["model"] | {"available": True}
    inputs = {"prompt": "a kite", "image_url": "$upload.up", "duration": "7"}
    step = {"id": "a", "title": "A", "kind": "video", "model": CLIP.id, "inputs": inputs}
    (tmp_path / "p.json").write_text(json.dumps({"title": "T", "steps": [step]}), "utf-8")
    checked = run("check", "p.json", "-w", "ws", "--json", cwd=tmp_path)
    codes = {finding["code"] for finding in checked.data["findings"]}
    assert "input_enum" in codes
    assert "model_unknown" not in codes


def test_options_may_stand_before_the_word(tmp_path: Path) -> None:
    words = ("models", "-w", "ws", "--json", "import", "replicate", STILL.model)
    made = run(*words, "--output", "image", "--from", _file(STILL, tmp_path), cwd=tmp_path)
    assert made.code == 0, made.err
    assert not made.data["replaced"]
    assert (tmp_path / "ws" / "catalog" / "replicate.json").is_file()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("fal", "a/b", "--from", "missing.json"), 3, "missing.json"),
        (("fal", "a/b", "--from", "text.json"), 2, "not JSON"),
        (("fal", "a/b", "--from", "empty.json"), 2, "no input schema of a/b"),
        (("fal", "a/b", "--from", "list.json"), 2, "no input schema"),
        (("fal", "a/b", "--from", "still.json"), 2, "--output"),
        (("fal", "a/b", "--from", "still.json", "--output", "smell"), 2, "smell"),
        (("../fal", "a/b", "--from", "still.json"), 2, "../fal"),
        (("fal", "../b", "--from", "still.json"), 2, "../b"),
        (("fal", "a/b"), 2, "--from"),
    ],
)
def test_what_can_not_be_imported(
    tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    (tmp_path / "text.json").write_text("openapi: 3.0.0")
    (tmp_path / "empty.json").write_text('{"input_schema": {}}')
    (tmp_path / "list.json").write_text("[1]")
    (tmp_path / "still.json").write_text(json.dumps(STILL.document))
    answer = run("models", "import", *words, "-w", "ws", cwd=tmp_path)
    assert answer.code == code, answer.err
    assert said in answer.err.replace("\n", " ")
    assert not (tmp_path / "ws").exists()


def test_a_broken_catalog_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "ws" / "catalog" / "fal.json"
    file.parent.mkdir(parents=True)
    for content in ("{", '{"models": [{"id": "x"}]}', '{"steps": []}'):
        file.write_text(content)
        answer = _import(CLIP, tmp_path)
        assert answer.code == 2
        assert "fal.json" in answer.err
        assert file.read_text() == content
