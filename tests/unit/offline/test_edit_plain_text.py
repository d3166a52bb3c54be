"""A person's words in an edit are words: no template, no number by accident, no half of a list."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from framewright.agents.offline.editing.edit import edit_in_words
from framewright.agents.offline.planner import interpret
from framewright.agents.offline.steps.choose import literal
from framewright.domain import refs
from framewright.errors import EditError
from framewright.studio.catalogs import load_catalog

CATALOG = load_catalog()
MUG = interpret(
    "A product image of a ceramic mug on a beach at dawn, animate it into a 5 second clip, "
    "add a voice-over saying 'Wake up slowly' and soft music",
    CATALOG,
).plan
SEA = interpret(
    "Four 3 second scenes: a boat, a pier, a gull, a storm, joined, with the title 'North'"
    " and soft music",
    CATALOG,
).plan
SCENES = ("clip", "clip_2", "clip_3", "clip_4")
THE_MUG = "a ceramic mug on a beach at dawn, product image"


def _inputs(plan: Any, step: str) -> dict[str, Any]:
    found = plan.step(step)
    assert found is not None
    return dict(found.inputs)


@pytest.mark.parametrize(
    "text",
    [
        r"make the boat \q red",
        "say @quote3@",
        "remove the ² scene",
        "remove scene " + "9" * 900,
        "make scene " + "9" * 900 + " dusk",
        "add a crossfade of 1.2.3 s",
        "make it 1.2.3 seconds",
        "make it 1.2.3 times as long",
        "make it 5-10 seconds",
        "make it 1,000 seconds",
        "make it 2 1/2 seconds",
        "make it 99:99",
        "remove the forest scene",
        "swap scenes 1, 2 and 3",
        "make it " + "9" * 900 + " seconds",
    ],
)
def test_what_can_not_be_read_is_refused_in_words(text: str) -> None:
    with pytest.raises(EditError) as caught:
        edit_in_words(MUG, CATALOG, [], text)
    assert caught.value.action


@pytest.mark.parametrize(
    "text",
    [
        "add a crossfade of 1.2.3 s",
        "remove scene 99999",
        "make scene 0 dusk",
        "swap scenes 1 and 1",
    ],
)
def test_what_the_scenes_can_not_be_is_refused_in_words(text: str) -> None:
    with pytest.raises(EditError):
        edit_in_words(SEA, CATALOG, [], text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (r"make the mug \q red", r"a ceramic \q red mug on a beach at dawn, product image"),
        (r"make the mug \1 red", r"a ceramic \1 red mug on a beach at dawn, product image"),
        (r"replace the mug with a \g<0> cup", r"a \g<0> cup on a beach at dawn, product image"),
        ("replace the mug with a square", "a square on a beach at dawn, product image"),
        ("turn the mug into a landscape", "a landscape on a beach at dawn, product image"),
        ("change the mug to two", "two on a beach at dawn, product image"),
        ("change the mug to ten cups", "ten cups on a beach at dawn, product image"),
        ("make it two-toned", THE_MUG + ", two-toned"),
        ("make it a portrait of a queen", THE_MUG + ", portrait of a queen"),
        ("replace the mug with 'a {{music.output}}'", None),
        ("make it {{still.output}}", THE_MUG + ", { {still.output}}"),
        ("make it {{{still.output}}}", THE_MUG + ", { { {still.output}}}"),
    ],
)
def test_a_prompt_holds_what_was_written(text: str, said: str | None) -> None:
    still = edit_in_words(MUG, CATALOG, [], text).plan.step("still")
    assert still is not None
    assert said is None or still.inputs["prompt"] == said
    assert still.inputs["aspect_ratio"] == "16:9"
    assert not tuple(refs.step_refs(still))


def test_what_is_said_stays_words() -> None:
    voice = edit_in_words(MUG, CATALOG, [], "say '$5 for {{music.output}}'").plan.step("voice")
    assert voice is not None
    assert voice.inputs["text"] == "$$5 for { {music.output}}"
    assert not tuple(refs.step_refs(voice))


def test_no_number_of_braces_makes_a_reference() -> None:
    for braces in range(1, 6):
        assert not refs.templates(literal("{" * braces + "clip.output" + "}" * braces))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("make it 2.5 seconds", 2.5),
        ("make it 2,5 seconds", 2.5),
        ("make it 2.5s long", 2.5),
        ("make it two and a half seconds", 2.5),
        ("make it half a minute", 30),
        ("longer by 1.5 seconds", 6.5),
        ("make it 1.5 seconds longer", 6.5),
        ("make it one second longer", 6),
        ("shorten it by 1.5 seconds", 3.5),
        ("make it ten times as long", 50),
        ("make it 2.5 times as long", 12.5),
        ("make it half as long again", 7.5),
        ("make it 50% longer", 7.5),
        ("make it 20 percent shorter", 4),
    ],
)
def test_a_length_is_read_to_the_digit(text: str, seconds: float) -> None:
    edited = edit_in_words(MUG, CATALOG, [], text)
    assert _inputs(edited.plan, "clip")["duration"] == seconds
    assert _inputs(edited.plan, "still") == _inputs(MUG, "still")
    assert edited.missed == ()


@pytest.mark.parametrize(
    ("text", "step", "field", "value"),
    [
        ("show the title for 2.5 seconds", "caption", "end_seconds", 2.5),
        ("add a 0.4 second crossfade", "merge", "transition_seconds", 0.4),
        ("add a crossfade of half a second", "merge", "transition_seconds", 0.5),
        ("make scene 2 2.5 seconds", "clip_2", "duration", 2.5),
        ("cut scene 2 to 2 seconds", "clip_2", "duration", 2),
    ],
)
def test_lengths_of_parts_are_read_too(text: str, step: str, field: str, value: float) -> None:
    plan = edit_in_words(SEA, CATALOG, [], text).plan
    assert _inputs(plan, step)[field] == value
    assert {each.id for each in plan.steps} == {each.id for each in SEA.steps}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("remove scene 1, 2 and 3", ()),
        ("remove scenes 1, 2, and 3", ()),
        ("remove scene 1, scene 2 and scene 3", ()),
        ("remove scenes 1-3", ()),
        ("remove the first, second and third scene", ()),
        ("remove scenes one and three", ("clip_2", "clip_4")),
        ("remove the ² scene", ("clip", "clip_3", "clip_4")),
        ("remove the 2nd scene", ("clip", "clip_3", "clip_4")),
        ("remove the first and the last scene", ("clip_2", "clip_3")),
    ],
)
def test_every_scene_of_a_list_goes(text: str, left: tuple[str, ...]) -> None:
    edited = edit_in_words(SEA, CATALOG, [], text)
    clips = [step.id for step in edited.plan.steps if step.id in SCENES]
    assert tuple(clips) == (left or ("clip_4",))
    assert edited.missed == ()
    assert edited.understood == (unicodedata.normalize("NFKC", text),)


def test_a_list_of_scenes_holds_for_whatever_is_to_change() -> None:
    plan = edit_in_words(SEA, CATALOG, [], "make scene 1, 2 and 4 rainy").plan
    rainy = [name for name in SCENES if "rainy" in _inputs(plan, name)["prompt"]]
    assert rainy == ["clip", "clip_2", "clip_4"]


def test_without_any_scene_there_is_no_film() -> None:
    with pytest.raises(EditError, match="no film"):
        edit_in_words(SEA, CATALOG, [], "remove scenes 1 to 4")


@pytest.mark.parametrize(
    "text",
    ["make it times as long", "make it the length", "make it long", "make it twice long"],
)
def test_measures_are_no_look(text: str) -> None:
    with pytest.raises(EditError):
        edit_in_words(MUG, CATALOG, [], text)


@pytest.mark.parametrize(
    ("text", "ratio"),
    [
        ("in portrait", "9:16"),
        ("make it vertical please", "9:16"),
        ("use landscape mode", "16:9"),
        ("make the aspect ratio 4:3", "4:3"),
        ("crop it to 1:1 for the feed", "1:1"),
        ("for tiktok", "9:16"),
        ("make the picture square", "1:1"),
    ],
)
def test_a_shape_is_read_where_one_is_meant(text: str, ratio: str) -> None:
    before = edit_in_words(MUG, CATALOG, [], "in portrait").plan if ratio == "16:9" else MUG
    still = _inputs(edit_in_words(before, CATALOG, [], text).plan, "still")
    assert (still["aspect_ratio"], still["prompt"]) == (ratio, THE_MUG)


def test_a_clause_is_told_as_it_was_written() -> None:
    text = "make scene 1, 2 and 3 rainy, bake 2.5 second cakes for 'Bo' in scene 1 and 2"
    edited = edit_in_words(SEA, CATALOG, [], text)
    assert edited.understood == ("make scene 1, 2 and 3 rainy",)
    assert edited.missed == ('bake 2.5 second cakes for "Bo" in scene 1 and 2',)
