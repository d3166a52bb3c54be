"""Edits in words do what they say, within the selection, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from framewright.agents.offline.editing.edit import edit_in_words
from framewright.agents.offline.editing.edit_looks import relit
from framewright.agents.offline.planner import interpret
from framewright.catalog.catalog import build_catalog, read_cards
from framewright.edits.history import History
from framewright.errors import EditError, NotFoundError
from framewright.studio.catalogs import load_catalog
from framewright.studio.plan_files import write_plan
from framewright.studio.plan_history import read_history, write_history

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.domain.plan import Plan

CATALOG = load_catalog()
MUG = interpret(
    "A product image of a ceramic mug on a beach at dawn, animate it into a 5 second clip, "
    "add a voice-over saying 'Wake up slowly' and soft music",
    CATALOG,
).plan
FOX = interpret(
    "Three scenes of a fox in a forest, each continuing from the last frame of the one before, "
    "merge them, add music",
    CATALOG,
).plan


BEACH = "a ceramic mug on a beach at {}, product image"


def _input(plan: Plan, step: str, field: str) -> Any:
    found = plan.step(step)
    assert found is not None
    return found.inputs.get(field)


def _ids(plan: Plan) -> set[str]:
    return {step.id for step in plan.steps}


@pytest.mark.parametrize(
    ("text", "selection", "step", "field", "value"),
    [
        ("make this dusk", ["still"], "still", "prompt", BEACH.format("dusk")),
        ("at night", ["still"], "still", "prompt", BEACH.format("night")),
        ("twice as long", ["clip"], "clip", "duration", 10),
        ("half as long", ["clip"], "clip", "duration", 2.5),
        ("make it 8 seconds", ["clip"], "clip", "duration", 8),
        ("in portrait", [], "still", "aspect_ratio", "9:16"),
        ("louder voice", [], "mix", "gains_db", [6, -8]),
        ("turn the music down", [], "mix", "gains_db", [0, -14]),
        ("say 'It's morning'", [], "voice", "text", "It's morning"),
        ("remove the music", [], "film", "audio", "$voice.output"),
        ("remove the voice-over", [], "film", "audio", "$music.output"),
    ],
)  # fmt: skip
def test_each_does_what_it_says(
    text: str, selection: list[str], step: str, field: str, value: Any
) -> None:
    edited = edit_in_words(MUG, CATALOG, selection, text)
    assert _input(edited.plan, step, field) == value
    assert edited.missed == ()


def test_scenes_are_swapped_and_taken_out() -> None:
    scenes = _input(FOX, "merge", "videos")
    swapped = edit_in_words(FOX, CATALOG, [], "swap scenes 2 and 3")
    assert _input(swapped.plan, "merge", "videos") == [scenes[0], scenes[2], scenes[1]]
    shorter = edit_in_words(FOX, CATALOG, [], "remove scene 2")
    assert _input(shorter.plan, "merge", "videos") == [scenes[0], scenes[2]]
    with pytest.raises(EditError, match="no scene 7"):
        edit_in_words(FOX, CATALOG, [], "swap scenes 2 and 7")


def test_all_sound_can_go() -> None:
    edited = edit_in_words(MUG, CATALOG, [], "remove the music and remove the voice")
    assert _ids(edited.plan) == {"still", "clip"}


def test_a_model_is_swapped_with_its_fields() -> None:
    edited = edit_in_words(MUG, CATALOG, ["clip"], "use model local/previz-scenes here")
    clip = edited.plan.step("clip")
    assert clip is not None
    assert clip.model == "local/previz-scene"
    assert "first_frame" not in clip.inputs


@pytest.mark.parametrize("text", ["bake a cake", "", "twice as nice", "remove the captions"])
def test_what_is_not_understood_changes_nothing(text: str) -> None:
    with pytest.raises(EditError):
        edit_in_words(MUG, CATALOG, [], text)


def test_a_part_that_is_not_understood_is_told() -> None:
    edited = edit_in_words(MUG, CATALOG, [], "in portrait, then bake a cake")
    assert edited.understood == ("in portrait",)
    assert edited.missed == ("bake a cake",)


def test_a_selected_step_has_to_be_there() -> None:
    with pytest.raises(NotFoundError):
        edit_in_words(MUG, CATALOG, ["nobody"], "make this dusk")


def test_light_is_replaced_and_looks_are_added() -> None:
    assert relit("a mug at dawn", "night") == "a mug at night"
    assert relit("a mug", "sunset") == "a mug at sunset"
    assert relit("a mug", "a watercolour painting") == "a mug, watercolour painting"
    assert relit("a mug, watercolour", "watercolour") == "a mug, watercolour"


def test_a_history_survives_and_takes_in_changes_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    write_plan(MUG, path)
    edited = edit_in_words(MUG, CATALOG, ["still"], "make this dusk")
    write_history(read_history(path).done(edited.operations, "dusk"), path, MUG)
    by_hand = path.read_text("utf-8").replace("at dusk", "at noon")
    path.write_text(by_hand, "utf-8")
    history = read_history(path)
    assert [edit.said for edit in history.edits] == ["dusk", "changed by hand"]
    here = history.plan
    history = history.undone().undone()
    write_history(history, path, here)
    assert read_history(path) == History.model_validate_json(history.model_dump_json())
    assert "at dawn" in path.read_text("utf-8")


def test_a_swapped_model_takes_its_wires_along_and_what_can_not_follow_is_said() -> None:
    card = {
        "id": "other/film",
        "provider": "other",
        "kind": "video",
        "task": "image-to-video",
        "output": "video",
        "inputs_schema": {
            "type": "object",
            "properties": {
                "text_prompt": {"type": "string"},
                "image_url": {"type": "string", "format": "media-ref", "x-media": "image"},
            },
        },
    }
    known = build_catalog([*CATALOG.cards.values(), *read_cards([card], "other")])
    edited = edit_in_words(MUG, known, ["clip"], "use model other/film here")
    clip = edited.plan.step("clip")
    assert clip is not None
    assert clip.model == "other/film"
    assert clip.inputs["image_url"] == "$still.output"
    assert "text_prompt" in clip.inputs
    assert edited.notes == ("clip: other/film has nothing like duration; it was left out.",)


def _edited_at_once(path: Path, first: str, second: str) -> None:
    """Let two edits begin with the same plan, as two front doors do, and both be written."""
    begun = read_history(path)
    for text in (first, second):
        edited = edit_in_words(begun.plan, CATALOG, [], text)
        write_history(begun.done(edited.operations, text), path, begun.plan)


def test_two_edits_at_the_same_time_go_together(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    write_plan(MUG, path)
    _edited_at_once(path, "say 'Good morning'", "make this dusk")
    history = read_history(path)
    assert _input(history.plan, "voice", "text") == "Good morning"
    assert "at dusk" in _input(history.plan, "still", "prompt")
    assert [edit.said for edit in history.edits] == ["say 'Good morning'", "make this dusk"]
    assert "at dawn" in _input(history.undone().plan, "still", "prompt")


def test_two_edits_of_the_same_words_are_refused_and_the_first_stays(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    write_plan(MUG, path)
    with pytest.raises(EditError, match=r"same places: .*voice\.text"):
        _edited_at_once(path, "say 'Good morning'", "say 'Good night'")
    assert _input(read_history(path).plan, "voice", "text") == "Good morning"
    assert not list(tmp_path.glob(".*.lock"))
