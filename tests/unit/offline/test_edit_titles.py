"""Titles follow what they name, new words find their place, and what is vague is told."""

from __future__ import annotations

from typing import Any

import pytest

from framewright.agents.offline.editing.edit import edit_in_words
from framewright.agents.offline.planner import interpret
from framewright.checks.check import check_plan
from framewright.domain.finding import errors
from framewright.errors import EditError
from framewright.studio.catalogs import load_catalog

CATALOG = load_catalog()
DOG = interpret("A 6 second film of a dog in a park with jazz", CATALOG).plan
SEA = interpret(
    "Scene 1: a dog on a boat, 3 seconds. Scene 2: a pier, 3 seconds. Scene 3: a dog in a storm,"
    " 3 seconds. Join them, with the title 'North' at the start and soft music",
    CATALOG,
).plan
SILENT = interpret("A 6 second film of a dog in a park", CATALOG).plan


def _titles(text: str, selection: tuple[str, ...] = ()) -> dict[str, str]:
    plan = edit_in_words(SEA, CATALOG, selection, text).plan
    return {"": plan.title, **{step.id: step.title for step in plan.steps}}


def test_titles_follow_what_is_replaced() -> None:
    titles = _titles("replace the dog with a cat")
    assert titles[""] == "A cat on a boat"
    assert titles["clip"] == "Clip: a cat on a boat"
    assert titles["clip_2"] == "Clip: a pier"
    assert titles["clip_3"] == "Clip: a cat in a storm"


def test_the_plan_keeps_its_title_where_only_a_part_changes() -> None:
    titles = _titles("replace the dog with a cat in scene 3")
    assert (titles[""], titles["clip_3"]) == (SEA.title, "Clip: a cat in a storm")
    titles = _titles("replace the dog with a cat", ("clip",))
    assert (titles[""], titles["clip"]) == (SEA.title, "Clip: a cat on a boat")


@pytest.mark.parametrize(
    ("text", "step", "title"),
    [
        ("make scene 2 a desert", "clip_2", "Clip: a desert"),
        ("in scene 2, make it night", "clip_2", "Clip: a pier at night"),
        ("change the title to 'South'", "caption", "Words: South"),
        ("change the music to jazz", "music", "Music: jazz"),
    ],
)
def test_the_title_of_a_step_says_what_the_step_says(text: str, step: str, title: str) -> None:
    assert _titles(text)[step] == title


def test_a_title_of_its_own_stays() -> None:
    named = edit_in_words(SEA, CATALOG, ["clip_2"], "call it 'My pier'").plan
    plan = edit_in_words(named, CATALOG, [], "make this dusk").plan
    step = plan.step("clip_2")
    assert step is not None
    assert step.title == "My pier"


@pytest.mark.parametrize(
    ("text", "prompt"),
    [
        ("change the jazz to blues", "blues"),
        ("replace the jazz with a slow waltz", "slow waltz"),
    ],
)
def test_the_music_is_named_as_the_picture_is(text: str, prompt: str) -> None:
    edited = edit_in_words(DOG, CATALOG, [], text)
    music = edited.plan.step("music")
    assert music is not None
    assert music.inputs["prompt"].removeprefix("a ") == prompt
    assert edited.plan.step("clip") == DOG.step("clip")


def _added(plan: Any, text: str, selection: tuple[str, ...] = ()) -> Any:
    edited = edit_in_words(plan, CATALOG, selection, text).plan
    assert not errors(check_plan(edited, CATALOG))
    known = {step.id for step in plan.steps}
    return edited, next(step for step in edited.steps if step.id not in known)


def test_a_title_is_set_before_the_sound_is_laid_under() -> None:
    plan, caption = _added(DOG, "add a title 'Rex'")
    assert caption.inputs == {
        "video": "$clip.output", "text": "Rex", "position": "center", "end_seconds": 3,
    }  # fmt: skip
    film = plan.step("film")
    assert film.inputs["video"] == "$caption.output"
    assert film.depends_on == ("music", "caption")


def test_a_title_ends_a_film_without_sound() -> None:
    plan, caption = _added(SILENT, "add the caption 'Rex' at the bottom for 2.5 seconds")
    assert plan.steps[-1] is caption
    assert caption.inputs["position"] == "bottom"
    assert caption.inputs["end_seconds"] == 2.5


def test_a_second_title_stands_where_the_first_does_not() -> None:
    with pytest.raises(EditError, match="caption sets words there") as caught:
        edit_in_words(SEA, CATALOG, [], "add a title 'Rex'")
    assert "at the end" in caught.value.action
    _, caption = _added(SEA, "add a title 'Rex' at the end")
    assert caption.inputs["video"] == "$caption.output"
    assert caption.inputs["start_seconds"] == 6


def test_a_title_of_a_scene_is_set_before_the_scenes_are_joined() -> None:
    plan, caption = _added(SEA, "add a title 'Rex' to scene 2")
    assert caption.inputs["video"] == "$clip_2.output"
    assert plan.step("merge").inputs["videos"][1] == f"${caption.id}.output"
    again = edit_in_words(plan, CATALOG, [], "make scene 2 rainy").plan
    assert "rainy" in again.step("clip_2").inputs["prompt"]  # type: ignore[union-attr]
    gone = edit_in_words(plan, CATALOG, [], "remove scene 2").plan
    assert {"clip_2", caption.id}.isdisjoint(step.id for step in gone.steps)
    longer = edit_in_words(plan, CATALOG, [], "make scene 2 5 seconds").plan
    assert longer.step("music").inputs["duration_seconds"] == 11  # type: ignore[union-attr]


def test_words_on_several_scenes_are_asked_about() -> None:
    with pytest.raises(EditError, match="one scene at a time"):
        edit_in_words(SEA, CATALOG, [], "add a title 'Rex' to scenes 1 and 2")


@pytest.mark.parametrize(
    ("text", "clip", "music"),
    [
        ("make it longer", 9, 9),
        ("make it shorter", 4, 4),
        ("make it much longer", 12, 12),
        ("make it a bit longer", 7.2, 7.2),
    ],
)
def test_longer_says_how_long_it_is_then(text: str, clip: float, music: float) -> None:
    edited = edit_in_words(DOG, CATALOG, [], text)
    lengths = {step.id: step.inputs for step in edited.plan.steps}
    assert lengths["clip"]["duration"] == clip
    assert lengths["music"]["duration_seconds"] == music
    (note,) = edited.notes
    assert f"clip lasts {clip:g} s instead of 6 s" in note
    assert "2 seconds longer" in note


def test_one_scene_can_be_longer() -> None:
    plan = edit_in_words(SEA, CATALOG, [], "make the third clip longer").plan
    lengths = [step.inputs["duration"] for step in plan.steps if step.id.startswith("clip")]
    assert lengths == [3, 3, 4.5]


def test_what_is_not_selected_is_named() -> None:
    with pytest.raises(EditError, match="clip_2 is not selected"):
        edit_in_words(SEA, CATALOG, ["clip"], "remove scene 2")
    with pytest.raises(EditError, match="merge is not selected"):
        edit_in_words(SEA, CATALOG, ["clip"], "swap scenes 1 and 2")
