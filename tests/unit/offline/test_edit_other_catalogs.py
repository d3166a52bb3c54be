"""Edits find their way in catalogs whose fields have other names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from framewright.agents.offline.editing.edit import edit_in_words
from framewright.agents.offline.planner import interpret
from framewright.errors import EditError
from unit.offline.test_offline_other_catalogs import OTHER

if TYPE_CHECKING:
    from framewright.domain.plan import Plan

FOX = interpret("A square image of a fox, animate it for 5 seconds, a voice says 'Hi'", OTHER).plan
TALL = interpret("A vertical image of a fox, animate it for 5 seconds", OTHER).plan


def _inputs(plan: Plan, text: str) -> dict[str, dict[str, Any]]:
    edited = edit_in_words(plan, OTHER, [], text)
    assert edited.missed == ()
    return {step.id: step.inputs for step in edited.plan.steps}


def test_the_still_changes_with_the_clip_that_is_made_from_it() -> None:
    inputs = _inputs(FOX, "change the fox to a wolf")
    assert inputs["still"]["text_prompt"] == "a wolf"
    assert inputs["clip"]["prompt"] == "a wolf"


def test_a_look_reaches_every_prompt() -> None:
    inputs = _inputs(FOX, "make this dusk")
    assert inputs["still"]["text_prompt"] == inputs["clip"]["prompt"] == "a fox at dusk"


@pytest.mark.parametrize(
    "text", ["twice as long", "make it 10 seconds", "5 seconds longer", "make it longer"]
)
def test_lengths_are_written_as_the_model_lists_them(text: str) -> None:
    assert _inputs(FOX, text)["clip"]["seconds"] == "10"


@pytest.mark.parametrize("text", ["make it 7 seconds", "half as long", "three times as long"])
def test_a_length_that_the_model_does_not_list_is_refused_with_those_it_does(text: str) -> None:
    with pytest.raises(EditError, match="far/move makes 5 or 10"):
        edit_in_words(FOX, OTHER, [], text)


def test_there_is_nothing_shorter_than_the_shortest() -> None:
    with pytest.raises(EditError, match="nothing shorter"):
        edit_in_words(FOX, OTHER, [], "make it shorter")


def test_a_shape_goes_into_the_field_there_is() -> None:
    assert _inputs(TALL, "in landscape")["still"]["image_size"] == "16:9"
    assert _inputs(FOX, "make it widescreen")["still"]["size"] == "16:9"


def test_a_shape_that_no_model_makes_is_refused_with_those_it_does() -> None:
    with pytest.raises(EditError, match="far/cheap makes 1:1 or 16:9"):
        edit_in_words(FOX, OTHER, [], "in portrait")


def test_the_voice_says_it_in_its_own_field() -> None:
    assert _inputs(FOX, "say 'Yo'")["voice"]["input"] == "Yo"


def test_words_are_set_on_no_picture_where_no_model_does_it() -> None:
    with pytest.raises(EditError, match="sets words on a picture"):
        edit_in_words(FOX, OTHER, [], "add a title 'Rex'")
