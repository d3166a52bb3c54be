"""Animatics in words: a still for each shot, its length, what is burnt in, voices and music."""

import pytest

from framewright.agents.offline.planner import interpret
from unit.offline.offline_graphs import everything, shipped, upload

CATALOG = everything()


def animatic(brief, *uploads):
    plan = interpret(brief, CATALOG, [upload(each) for each in uploads]).plan
    return plan, plan.step("animatic").inputs


@pytest.mark.parametrize(
    ("brief", "shots", "lengths", "burnt"),
    [
        (
            "An animatic of three shots: a submarine dives, a diver swims out, close-up of her"
            " lamp; burn in shot numbers and time code; eerie music",
            ["a submarine dives", "a diver swims out", "close-up of her lamp"],
            [5, 5, 5],
            ["shot", "timecode"],
        ),
        (
            "Make an animatic in two shots, 3 seconds each: a cat on a wall; a dog below it."
            " With time code",
            ["a cat on a wall", "a dog below it"],
            [3, 3],
            ["timecode"],
        ),
        (
            "An animatic: rain on a window (2 s); a letter on a table (4 s). No burn-in",
            ["rain on a window", "a letter on a table"],
            [2, 4],
            [],
        ),
        (
            "A 12 second animatic of two scenes: a train arrives, a crowd waits, without time code",
            ["a train arrives", "a crowd waits"],
            [6, 6],
            ["shot", "action"],
        ),
    ],
)
def test_each_shot_is_a_still_of_its_length(brief, shots, lengths, burnt):
    plan, inputs = animatic(brief)
    stills = [step for step in plan.steps if step.model == "local/previz-still"]
    assert [step.inputs["prompt"] for step in stills] == shots
    assert inputs["images"] == [f"${step.id}.output" for step in stills]
    assert inputs["lengths"] == lengths
    assert inputs["actions"] == shots
    assert inputs["burn_in"] == burnt
    assert not any(
        "not kept" in note or "passed" in note for note in interpret(brief, CATALOG).notes
    )


def test_music_is_as_long_as_all_shots_and_voices_lie_with_theirs():
    brief = (
        "An animatic of two shots: a king, a queen, 4 seconds each. Tense music. Voice-over in"
        " scene 2: 'Never.'"
    )
    plan, inputs = animatic(brief)
    assert plan.step("music").inputs["duration_seconds"] == 8
    assert inputs["music"] == "$music.output"
    assert inputs["voices"] == ["$voice.output"]
    assert inputs["voice_shots"] == [2]


def test_effects_and_titles_go_on_the_finished_animatic():
    brief = "An animatic of two shots: a storm, a ship. With the sound of waves and calm music"
    plan, _ = animatic(brief)
    assert plan.step("film").inputs["video"] == "$animatic.output"
    assert plan.step("film").inputs["mode"] == "mix"


def test_pictures_that_are_there_are_its_shots():
    brief = "Make an animatic of my pictures, 4 seconds each, with calm music"
    _, inputs = animatic(brief, "u1 image a1.png", "u2 image b2.png")
    assert inputs["images"] == ["$upload.u1", "$upload.u2"]
    assert inputs["lengths"] == [4, 4]
    _, inputs = animatic("Three images: a fox, a bear, a wolf. Make an animatic of them with drums")
    assert inputs["images"] == ["$still.output", "$still_2.output", "$still_3.output"]


def test_without_a_model_for_it_the_shots_become_clips():
    found = interpret("An animatic of two shots: a fox, a bear", shipped())
    assert [step.id for step in found.plan.steps] == ["clip", "clip_2", "film"]
    assert any("No available model does animatic" in note for note in found.notes)
