"""Whatever a prompt or an edit names and previz does not draw is told."""

import pytest
from PIL import Image

from framewright_providers.local.edits import edit_remarks
from framewright_providers.local.scene.note import Note, write_noted
from framewright_providers.local.scene.remarks import remarks
from framewright_providers.local.scene.revise import revised


def told(prompt):
    return " ".join(remarks(prompt))


@pytest.mark.parametrize(
    ("prompt", "missing"),
    [
        ("a bear sleeps in a forest at night", ["bear"]),
        ("two clowns and a unicycle on a stage", ["clowns", "unicycle"]),
        ("a car on a desert highway at noon", ["highway"]),
        ("an old pier at dawn with crates", ["pier", "crates"]),
        ("a woman holds a trophy in a garden", ["trophy"]),
        ("Ida, a girl with pigtails, on a rooftop at dusk", ["rooftop"]),
        ("a castle on a hill in a thunderstorm, lightning", ["thunderstorm", "lightning"]),
        ("a small cabin by a lake, smoke from the chimney", ["chimney"]),
        ("a rooster crows in a village", ["rooster"]),
        ("a submarine dives", ["submarine"]),
    ],
)
def test_a_thing_without_a_drawing_is_always_named(prompt, missing):
    assert all(f"“{each}”" in told(prompt) for each in missing), told(prompt)


@pytest.mark.parametrize(
    "prompt",
    [
        "a ceramic mug on a beach at dawn, product image",
        "an old man with a white beard reading in a library, medium close-up",
        "a detective in a trench coat walks down a wet alley at night, film noir",
        "Tomas, a bald man in a green sweater, sits in a cafe",
        "a ship sails through a storm, waves, dark clouds",
        "a woman in a red dress dances in the rain, wide shot, low angle",
        "a castle on a hill in autumn fog, golden light",
        "a cup of coffee on a cafe table by a window while it rains, anime style",
        "bird's eye view of a forest in a park",
    ],
)
def test_what_is_drawn_is_not_said_to_be_missing(prompt):
    assert "the picture is without" not in told(prompt)


def said_of(tmp_path, prompt, instruction):
    path = tmp_path / "still.png"
    write_noted(Image.new("RGB", (8, 8)), Note(prompt, 1), path)
    return " ".join(edit_remarks(instruction, path))


@pytest.mark.parametrize(
    ("instruction", "why"),
    [
        ("remove the car", "There is no “car”"),
        ("get rid of the boats", "There is no “boats”"),
        ("make it square", "that it could draw"),
        ("make it more heroic", "that it could draw"),
        ("add a snowman", "snowman"),
    ],
)
def test_an_edit_that_changes_nothing_says_so(tmp_path, instruction, why):
    assert why in said_of(tmp_path, "a mill on a hill in fog", instruction)


@pytest.mark.parametrize(
    "instruction", ["make it night", "remove the fog", "add a dragon", "in film noir style"]
)
def test_an_edit_that_is_drawn_says_nothing(tmp_path, instruction):
    assert said_of(tmp_path, "a castle on a hill in fog", instruction) == ""


@pytest.mark.parametrize(
    ("prompt", "instruction", "new"),
    [
        ("a castle on a hill in autumn fog", "remove the fog", "a castle on a hill in autumn"),
        (
            "a castle on a hill in thick fog",
            "make it night",
            "a castle on a hill in thick fog, night",
        ),
        ("a ship in a storm at noon", "make this dawn", "a ship in a storm, dawn"),
        ("a mill in fog", "remove the fog, make it dusk", "a mill in, dusk"),
        ("a mill on a hill", "remove the hat", "a mill on a hill"),
    ],
)
def test_an_order_changes_what_it_names_and_no_more(prompt, instruction, new):
    assert revised(prompt, instruction) == new
