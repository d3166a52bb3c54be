"""An edit in words changes what it speaks of, lets the sound follow the film, and nothing else."""

from __future__ import annotations

import pytest

from framewright.agents.offline.editing.edit import edit_in_words
from framewright.agents.offline.planner import interpret
from framewright.errors import EditError
from framewright.studio.catalogs import load_catalog

CATALOG = load_catalog()
FOREST = interpret(
    "Three 3 second scenes of a pine forest: at dawn, at noon and at night, joined, "
    'with the title "North", '
    'a narrator saying "Go north" and soft piano music',
    CATALOG,
).plan


def _changed(text: str, selection: tuple[str, ...] = ()) -> dict[str, dict[str, object]]:
    """Return the steps that an edit changes, with the inputs they have then."""
    before = {step.id: step for step in FOREST.steps}
    plan = edit_in_words(FOREST, CATALOG, selection, text).plan
    return {step.id: step.inputs for step in plan.steps if before.get(step.id) != step}


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("make the music jazz", {"music"}),
        ("change the title to 'South'", {"caption"}),
        ("put the title at the bottom", {"caption"}),
        ("make the second scene a desert", {"clip_2"}),
        ("make scene 2 a desert", {"clip_2"}),
        ("in scene 2, make it night", {"clip_2"}),
        ("make clip 2 in the style of anime", {"clip_2"}),
        ("make clip_2 snowy", {"clip_2"}),
        ("make this dusk but keep the first scene", {"clip_2", "clip_3"}),
        ("make all shots except the last dusk", {"clip", "clip_2"}),
        ("make the voice German", {"voice"}),
        ("make the last scene noir", {"clip_3"}),
        ("make clip 2 5 seconds", {"clip_2", "music"}),
        ("make scene 2 longer by 2 seconds", {"clip_2", "music"}),
        ("make scene 2 and 3 rainy", {"clip_2", "clip_3"}),
        ("make scene 1 and scene 3 foggy", {"clip", "clip_3"}),
        ("change the forest to a desert in scene 1", {"clip"}),
        ("change scene 2's prompt to 'a whale jumping'", {"clip_2"}),
        ("show the title for 5 seconds", {"caption"}),
        ("the music should last 6 seconds", {"music"}),
        ("add a crossfade of 1 second", {"merge", "music"}),
    ],
)
def test_only_what_it_speaks_of_changes(text: str, steps: set[str]) -> None:
    assert _changed(text).keys() == steps


@pytest.mark.parametrize(
    ("text", "step", "field", "value"),
    [
        ("make the music jazz", "music", "prompt", "soft piano music, jazz"),
        ("change the music to jazz", "music", "prompt", "jazz"),
        ("make the second scene a desert", "clip_2", "prompt", "a desert, at noon"),
        ("the title says 'South'", "caption", "text", "South"),
        ("make the title 'South'", "caption", "text", "South"),
        ("put the title at the end", "caption", "start_seconds", 6),
        ("make every clip 2 seconds", "clip", "duration", 2),
        ("make the clips 4 seconds each", "clip", "duration", 4),
        ("4 seconds each", "clip_3", "duration", 4),
        ("the last scene should be 4.5 seconds", "clip_3", "duration", 4.5),
        ("the film should last 12 seconds in total", "clip_2", "duration", 4),
        ("replace 'pine forest' with 'desert'", "clip_2", "prompt", "a desert, at noon"),
        ("make every clip 2 seconds", "music", "duration_seconds", 6),
        ("make the whole film 30 seconds", "clip", "duration", 10),
        ("make the whole film 30 seconds", "music", "duration_seconds", 30),
        ("delete the last scene", "music", "duration_seconds", 6),
        ("make the third scene twice as long", "music", "duration_seconds", 12),
        ("make scene 2 two seconds longer", "clip_2", "duration", 5),
        ("make the second shot a close-up", "clip_2", "prompt", "a pine forest, at noon, close-up"),
        ("give scene 3 a red sky", "clip_3", "prompt", "a pine forest, at night, red sky"),
        ("show the title for 5 seconds", "caption", "end_seconds", 5),
        ("add a crossfade of 1 second", "merge", "transition_seconds", 1),
        ("make scenes 1 and 2 8 seconds", "clip_2", "duration", 8),
        ("remove scene 1 and 2", "music", "duration_seconds", 3),
    ],
)
def test_it_changes_as_it_says(text: str, step: str, field: str, value: object) -> None:
    assert _changed(text)[step][field] == value


def test_the_music_outside_the_selection_stays_and_that_is_said() -> None:
    edited = edit_in_words(FOREST, CATALOG, ["clip_2"], "make it 5 seconds long")
    assert edited.notes == ("music is 9 s long, and the film is now 11 s.",)
    assert _changed("make it 5 seconds long", ("clip_2",)).keys() == {"clip_2"}


@pytest.mark.parametrize(
    "text",
    [
        "make it quieter",
        "make the title bigger",
        "make it 60 fps",
        "change the order",
        "don't remove the music",
        "please never remove the voice",
        "do not change the title to 'Low Water'",
        "the film must not get shorter than 10 seconds",
        "make the music start after 3 seconds",
        "make the voice start at 5 seconds",
        "add a second voice saying 'And so do I.'",
        "make scene 2 slower and longer",
        "make it in 4k",
    ],
)
def test_what_it_can_not_do_changes_nothing(text: str) -> None:
    with pytest.raises(EditError, match="Nothing to change"):
        edit_in_words(FOREST, CATALOG, [], text)


def test_a_scene_that_is_not_there_is_named() -> None:
    with pytest.raises(EditError, match="no scene 9"):
        edit_in_words(FOREST, CATALOG, [], "make scene 9 dusk")


def test_a_model_is_swapped_where_it_can_do_the_work():
    with pytest.raises(EditError, match="no model fal/flux/dev"):
        edit_in_words(FOREST, CATALOG, (), "use fal/flux/dev")
    assert "mix" not in _changed("use local/sound for the music", ("music", "mix"))


def test_what_stands_outside_the_selection_is_said_to_stand_there():
    with pytest.raises(EditError, match="not among the selected steps"):
        edit_in_words(FOREST, CATALOG, ("clip_2",), "remove the music")
