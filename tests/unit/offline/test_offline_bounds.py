"""How large a plan can become, and that a brief hears of it."""

import time

import pytest

from framewright.agents.offline.planner import interpret
from framewright.agents.offline.steps.draft import MOST_STEPS
from framewright.domain.plan import Task
from unit.offline.offline_graphs import shipped

CATALOG = shipped()


def many(brief, length=20_000):
    return (brief * length)[:length]


@pytest.mark.parametrize(
    "piece",
    [
        "50 images. ",
        "200 clips of a fox. ",
        "an image of a fox, animate it. ",
        "100 images of a cat. animate them. ",
        "an image of a fox. a whoosh. ",
        "a film of a fox in 40 scenes. ",
        "scene 1: a fox. ",
        "scene 1: a fox, a voice saying hello there. ",
        "title 'Hello'. a clip of a fox. ",
        "write a poem. ",
        "upscale it. an image of a fox. ",
        "a 3d model of a fox. ",
        "100 clips of a fox, each continuing from the last frame. ",
    ],
)
def test_no_brief_makes_more_than_a_thousand_steps(piece):
    found = interpret(many(piece), CATALOG)
    assert len(found.plan.steps) <= MOST_STEPS
    known = {step.id for step in found.plan.steps}
    assert len(known) == len(found.plan.steps)
    assert all(known.issuperset(step.depends_on) for step in found.plan.steps)


def test_a_full_plan_says_what_it_leaves_out():
    found = interpret("50 images. " * 90 + "Title: 'Snow'.", CATALOG)
    assert len(found.plan.steps) == MOST_STEPS - 1  # One step is kept for words on the picture.
    assert "The plan stops at 1,000 steps. Left out: 3,501 images." in found.notes


def test_a_full_film_still_has_its_end():
    found = interpret("200 clips of a fox. " * 10 + "merge them. soft music.", CATALOG)
    assert len(found.plan.steps) <= MOST_STEPS
    tasks = [CATALOG.cards[step.model].task for step in found.plan.steps]
    assert tasks[-3:] == [Task.MERGE_VIDEOS, Task.TEXT_TO_MUSIC, Task.MUX_AUDIO]
    assert any(note.startswith("The plan stops at 1,000 steps.") for note in found.notes)


def test_a_full_plan_keeps_room_for_the_clips_of_its_pictures():
    found = interpret("100 images of a cat. " * 10 + "animate them", CATALOG)
    tasks = [CATALOG.cards[step.model].task for step in found.plan.steps]
    assert tasks.count(Task.TEXT_TO_IMAGE) == tasks.count(Task.IMAGE_TO_VIDEO) == 499


def test_a_film_of_many_hundred_shots_fits():
    found = interpret("\n".join(f"Scene {n}: a fox at {n} o'clock" for n in range(1, 601)), CATALOG)
    assert sum(step.id.startswith("clip") for step in found.plan.steps) == 600
    assert not any("stops" in note for note in found.notes)


def test_the_cost_of_a_plan_grows_with_its_length():
    interpret("an image of a fox", CATALOG)

    def took(steps):
        begin = time.process_time()
        interpret(f"{steps // 4} clips of a fox. " * 4, CATALOG)
        return time.process_time() - begin

    few, many = min(took(100) for _ in range(3)), min(took(800) for _ in range(3))
    assert many < 20 * few


@pytest.mark.parametrize("count", [100, 200])
def test_makes_as_many_as_are_asked_for(count):
    found = interpret(f"{count} images of a cat", CATALOG)
    assert len(found.plan.steps) == count
    assert found.notes == ()


@pytest.mark.parametrize("brief", ["500 images of a cat", "10000 clips of a cat", "201 pictures"])
def test_says_so_where_more_are_asked_for_than_are_made(brief):
    found = interpret(brief, CATALOG)
    assert sum(step.id.startswith(("still", "clip")) for step in found.plan.steps) == 200
    asked = f"{int(brief.split()[0]):,}"
    assert f"{asked} are asked for at once; 200 are made, the most there can be." in found.notes


@pytest.mark.parametrize("brief", ["a 1950 film poster of a car", "the 2024 clip of a fox"])
def test_a_year_counts_nothing(brief):
    assert len(interpret(brief, CATALOG).plan.steps) == 1
