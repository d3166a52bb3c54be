"""Cards and uploads that are not as they should be make a plan all the same."""

import math

import pytest
from pydantic import ValidationError

from framewright.agents.offline.planner import interpret
from framewright.catalog.catalog import build_catalog
from framewright.domain.media import MediaKind
from framewright.domain.upload import Upload
from unit.offline.offline_graphs import shipped
from unit.offline.test_offline_other_catalogs import TEXT, VIDEO, card

MERGE = {"videos": {"type": "array", "items": VIDEO}, "transition": TEXT, "transition_seconds": {}}


def planned(fields, brief="two clips of a fox, with a crossfade, slow zoom in"):
    catalog = build_catalog(
        [
            card("odd/film", "text-to-video", "video", "video", {"prompt": TEXT, **fields}),
            card("odd/merge", "merge-videos", "utility", "video", MERGE),
        ]
    )
    return interpret(brief, catalog)


@pytest.mark.parametrize(
    "lengths",
    [["auto"], ["inf"], [None], [True], [["5"]], ["1e999"], [-1], ["s"]],
)
def test_a_length_that_is_no_number_is_not_known(lengths):
    found = planned({"duration": {"enum": lengths}})
    clip = found.plan.step("clip")
    assert clip.inputs["duration"] is lengths[0]
    assert not any("s long" in note for note in found.notes)


@pytest.mark.parametrize("length", [math.inf, math.nan])
def test_gives_no_length_a_plan_can_not_hold(length):
    assert planned({"duration": {"enum": [length]}}).plan.step("clip").inputs["duration"] == 5
    mixed = planned({"duration": {"enum": [length, "auto"]}})
    assert mixed.plan.step("clip").inputs["duration"] == "auto"


def test_takes_the_usual_where_no_length_is_a_number():
    found = planned({"duration": {"enum": ["short", "auto"], "default": "auto"}})
    assert found.plan.step("clip").inputs["duration"] == "auto"


def test_takes_the_nearest_number_beside_words():
    found = planned({"duration": {"enum": ["auto", "4s", 8]}}, "a 7 second clip of a fox")
    assert found.plan.step("clip").inputs["duration"] == 8


@pytest.mark.parametrize(
    ("bounds", "length"),
    [
        ({"minimum": "3"}, 5),
        ({"minimum": "7"}, 7),
        ({"minimum": None}, 5),
        ({"maximum": None}, 5),
        ({"maximum": "4"}, 4),
        ({"maximum": math.nan}, 5),
        ({"minimum": math.inf}, 5),
        ({"minimum": [1], "maximum": {}}, 5),
        ({"minimum": True, "maximum": -2}, 5),
    ],
)
def test_reads_bounds_that_are_numbers_and_no_others(bounds, length):
    found = planned({"duration": {"type": "number", **bounds}})
    assert found.plan.step("clip").inputs["duration"] == length


@pytest.mark.parametrize("choices", [None, 3, {}, "push-in", [None]])
def test_a_camera_without_choices_is_said_in_words(choices):
    found = planned({"camera": {"enum": choices}})
    assert "camera: push in" in found.plan.step("clip").inputs["prompt"]


@pytest.mark.parametrize("most", [-3, 0, None, True, math.inf, "many", 100])
def test_cuts_words_only_to_a_length_there_can_be(most):
    found = planned({"prompt": {"type": "string", "maxLength": most}}, "a clip of a red fox")
    assert found.plan.step("clip").inputs["prompt"] == "a red fox"


def test_cuts_words_to_what_a_model_takes():
    found = planned({"prompt": {"type": "string", "maxLength": 5}}, "a clip of a red fox")
    assert found.plan.step("clip").inputs["prompt"] == "a red"


@pytest.mark.parametrize("seconds", [math.inf, -math.inf, math.nan, -1.0])
def test_refuses_an_upload_of_no_length(seconds):
    with pytest.raises(ValidationError, match="finite"):
        Upload(id="a", kind=MediaKind.VIDEO, name="a.mp4", seconds=seconds)


def test_an_upload_whose_length_nobody_knows_is_planned_with():
    given = Upload(id="a", kind=MediaKind.VIDEO, name="a.mp4", seconds=0.0)
    assert given.seconds is None
    found = interpret(
        "add soft music to my video, with a title 'Hi' at the end", shipped(), [given]
    )
    assert found.plan.steps
