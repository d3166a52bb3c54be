"""Changes of a picture that is just made, one after the other, and looks of its own."""

import pytest

from framewright.agents.offline.editing.edit import edit_in_words
from framewright.agents.offline.editing.edit_looks import relit
from framewright.agents.offline.planner import interpret
from unit.offline.offline_graphs import everything, graph, upload

CATALOG = everything()


def told(brief, *uploads):
    """Return the prompt of each picture, and what it is made from."""
    plan = interpret(brief, CATALOG, [upload(each) for each in uploads]).plan
    return [(step.inputs["prompt"], step.inputs.get("image", "")) for step in plan.steps]


@pytest.mark.parametrize(
    ("brief", "orders"),
    [
        ("A picture of a mill by a river at noon, then make it dusk", ["make it dusk"]),
        (
            "A drawing of an owl in the mist; then make it winter and get rid of the mist",
            ["make it winter", "get rid of the mist"],
        ),
        (
            "A photo of a barn at noon, then turn it into a watercolour, then add snow and give the"
            " roof a red colour",
            ["turn it into a watercolour", "add snow", "give the roof a red colour"],
        ),
        ("A painting of two cats. Then make it stormy. Then remove the cats.",
         ["make it stormy", "remove the cats"]),
        ("Create an image of a bus, after that change the bus to a tram",
         ["change the bus to a tram"]),
    ],
)  # fmt: skip
def test_then_changes_the_picture_step_by_step(brief, orders):
    first, *later = told(brief)
    assert [prompt for prompt, _ in later] == orders
    assert [source for _, source in later] == [
        f"$still{'' if at == 1 else f'_{at}'}.output" for at in range(1, len(orders) + 1)
    ]
    assert not any(order.split(" ", 2)[-1] in first[0] for order in orders if "remove" not in order)


def test_a_file_of_one_s_own_is_changed_in_turn_too():
    assert told("Make this dawn, then add fog", "u1 image hut.png") == [
        ("this dawn", "$upload.u1"),
        ("add fog", "$still.output"),
    ]


def test_them_are_all_of_the_pictures():
    brief = "Three images of a lighthouse: in spring, in summer, in winter; then make them night"
    assert [source for prompt, source in told(brief) if prompt == "make them night"] == [
        "$still.output", "$still_2.output", "$still_3.output",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "brief",
    [
        "A clip of a harbour at noon, then make it night",
        "A clip of a man who stands up, then opens the door",
        "A picture of a man, then add soft piano music",
        "A picture of a boat, then animate it",
        "A picture of a boat, then make it a 5 second video",
        "A picture of a boat, then make it 10 seconds long",
    ],
)
def test_what_is_no_change_of_a_picture_is_none(brief):
    assert not any(
        "image-to-image" in line for line in graph(interpret(brief, CATALOG).plan, CATALOG)
    )


@pytest.mark.parametrize(
    ("brief", "shown"),
    [
        (
            "A watercolour image of a bridge; then a claymation image of a robot",
            ["a bridge, watercolour", "a robot, claymation"],
        ),
        ("An anime picture of a fox. Another anime picture of a cat.",
         ["a fox, anime", "a cat, anime"]),
        ("A pixel art image of a ship and an image of a whale", ["a ship, pixel art", "a whale"]),
        ("Scene 1: a watercolour forest. Scene 2: a claymation bear.",
         ["a forest, watercolour", "a bear, claymation"]),
        ("Three scenes: a fox, a bear, a wolf, in watercolour style",
         ["a fox, watercolour style", "a bear, watercolour style", "a wolf, watercolour style"]),
        ("A noir image of a cat and an image of a dog, all in sepia",
         ["a cat, noir", "a dog, sepia"]),
    ],
)  # fmt: skip
def test_a_style_belongs_to_its_own_picture(brief, shown):
    steps = interpret(brief, CATALOG).plan.steps
    assert [step.inputs["prompt"] for step in steps if "prompt" in step.inputs] == shown


@pytest.mark.parametrize(
    ("prompt", "look", "changed"),
    [
        ("a castle in autumn fog, seen from above", "dusk",
         "a castle in autumn fog, seen from above at dusk"),
        ("a street in the rain at noon", "night", "a street in the rain at night"),
        ("a sunny beach at noon", "sunset", "a sunny beach at sunset"),
        ("a ship in a storm", "dawn", "a ship in a storm at dawn"),
        ("a hill at dawn", "fog", "a hill at dawn, fog"),
        ("a hill in the rain at dawn", "fog", "a hill in the fog at dawn"),
    ],
)  # fmt: skip
def test_a_time_of_day_leaves_the_weather_alone(prompt, look, changed):
    assert relit(prompt, look) == changed


def edited(brief, words, selection=(), *uploads):
    plan = interpret(brief, CATALOG, [upload(each) for each in uploads]).plan
    found = edit_in_words(plan, CATALOG, selection, words)
    return [step.inputs["prompt"] for step in found.plan.steps]


def test_an_order_is_not_turned_round_by_another_light():
    brief = "An image of a mill in thick fog, then remove the fog"
    assert edited(brief, "make this dusk") == ["a mill in thick fog at dusk", "remove the fog"]
    # Alone, the step has to do it itself.
    assert edited(brief, "make this dusk", ["still_2"])[1] == "remove the fog, make it dusk"


def test_an_order_about_the_time_of_day_gives_way_to_another():
    brief = "An image of a mill, then make it night"
    assert edited(brief, "make this dawn") == ["a mill at dawn", "make it dawn"]


@pytest.mark.parametrize(
    ("brief", "scale"),
    [
        ("Upscale my photo three times", 3),
        ("Enlarge this image 2x", 2),
        ("Upscale this picture by four", 4),
        ("Make this photo twice as large", 2),
        ("Make this image four times bigger", 4),
        ("Upscale this picture to double its size", 2),
    ],
)
def test_how_many_times_larger_is_read_and_not_passed_over(brief, scale):
    found = interpret(brief, CATALOG, [upload("u1 image hut.png")])
    (step,) = found.plan.steps
    assert step.inputs == {"image": "$upload.u1", "scale": scale}
    assert not found.notes
    assert not any(clause.missed for clause in found.clauses)


def test_a_size_the_model_has_not_is_said():
    found = interpret("Upscale this photo 8x", CATALOG, [upload("u1 image hut.png")])
    assert found.plan.steps[0].inputs["scale"] == 4
    assert "local/upscale enlarges 4 times, not 8." in found.notes


def test_a_picture_is_made_first_and_then_enlarged():
    lines = graph(
        interpret("An image of a fox, upscaled to four times its size", CATALOG).plan, CATALOG
    )
    assert lines[1:] == ["upscale = upscale | image: $still | scale: 4"]
