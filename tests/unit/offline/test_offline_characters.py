"""Who is described once looks so in every picture, and is drawn from all sides where asked for."""

import pytest

from framewright.agents.offline.planner import interpret
from framewright.agents.offline.script.characters import characters
from framewright.catalog.catalog import build_catalog, read_cards
from unit.offline.offline_graphs import everything, graph, upload

CATALOG = everything()


def prompts(brief):
    steps = interpret(brief, CATALOG).plan.steps
    return [step.inputs["prompt"] for step in steps if step.kind in {"image", "video"}]


@pytest.mark.parametrize(
    ("brief", "told"),
    [
        (
            "Three shots: Nils, a small boy in a red cap, wakes up; Nils eats breakfast; Nils runs"
            " to school",
            "Nils, a small boy in a red cap",
        ),
        (
            "Three images: Lena (an old woman with a walking stick) feeds pigeons; Lena sleeps in"
            " an armchair; close-up of Lena by a window",
            "Lena, an old woman with a walking stick",
        ),
        (
            "Two images: Greta is a tall firefighter with freckles, in a yard; Greta on a ladder",
            "Greta, a tall firefighter with freckles",
        ),
        (
            "A storyboard of two scenes: Rex, a brown dog with a blue collar, digs in a garden; Rex"
            " swims in a lake",
            "Rex, a brown dog with a blue collar",
        ),
        (
            "A clip of an old fisherman named Jonas in a yellow coat on a pier, then a clip of"
            " Jonas at home",
            "Jonas, an old fisherman in a yellow coat",
        ),
        (
            "Two scenes: Ida with curly hair in a blue dress dances in a ballroom; Ida sits on a"
            " train",
            "Ida with curly hair in a blue dress",
        ),
    ],
)
def test_whoever_is_described_once_is_described_in_every_later_picture(brief, told):
    assert all(told in prompt for prompt in prompts(brief)[1:])
    assert len(prompts(brief)) > 1


def test_he_is_the_one_who_has_a_name():
    brief = "Three shots: Emil, a thin man in a grey coat, reads; he stands up; he leaves the room"
    assert prompts(brief)[1:] == [
        "Emil, a thin man in a grey coat, stands up",
        "Emil, a thin man in a grey coat, leaves the room",
    ]


def test_a_sentence_that_only_says_who_somebody_is_is_no_wish_passed_over():
    brief = "Ada is an old pilot in a leather jacket. Two images: Ada in a hangar; Ada on a beach"
    found = interpret(brief, CATALOG)
    assert [step.inputs["prompt"] for step in found.plan.steps] == [
        "Ada, an old pilot in a leather jacket, in a hangar",
        "Ada, an old pilot in a leather jacket, on a beach",
    ]
    assert not found.notes


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("Otto, a fat chef in white, cooks in a kitchen", {"Otto": "a fat chef in white"}),
        ("Nora, a nurse, in a hospital", {"Nora": "a nurse"}),
        ("Ivo, a young man with freckles sits on a bench", {"Ivo": "a young man with freckles"}),
        ("Anna in a kitchen and Anna on a beach", {}),
        ("Wide shot, a man in a coat walks", {}),
        (
            "Eva with red hair and a green scarf and Tom in a grey suit talk",
            {"Eva": "with red hair and a green scarf", "Tom": "in a grey suit"},
        ),
    ],
)
def test_what_somebody_does_and_where_is_no_description(text, known):
    assert characters(text) == known


def test_whose_thing_it_is_is_not_shown_by_that():
    brief = "Two images: Lena, an old woman with a stick, in a park; Lena's house by the sea"
    assert prompts(brief)[1] == "Lena's house by the sea"


@pytest.mark.parametrize(
    ("brief", "who"),
    [
        ("A character sheet of Ida, a small girl with pigtails", "Ida, a small girl with pigtails"),
        ("Draw a turnaround of an old wizard in a blue robe", "an old wizard in a blue robe"),
        ("Model sheet: a thin waiter with a moustache", "a thin waiter with a moustache"),
        ("I need a character reference sheet for Captain Holm", "Captain Holm"),
        ("Charakterblatt von Greta, a nurse with red hair", "Greta, a nurse with red hair"),
    ],
)
def test_a_sheet_is_made_by_the_model_that_is_for_sheets(brief, who):
    (line,) = graph(interpret(brief, CATALOG).plan, CATALOG)
    (step,) = interpret(brief, CATALOG).plan.steps
    assert step.model == "local/previz-character"
    assert line == f"sheet = text-to-image | prompt: {who}"


def test_a_sheet_of_a_thing_is_a_picture_of_it_from_all_sides():
    (step,) = interpret("A turnaround of a wooden chair", CATALOG).plan.steps
    assert step.model == "local/previz-still"
    assert step.inputs["prompt"].startswith("turnaround of a wooden chair, from the front")


def test_pictures_after_a_sheet_take_it_as_their_reference():
    brief = "A character sheet of Ida, a girl with pigtails. Then an image of Ida in a forest"
    still = interpret(brief, CATALOG).plan.step("still")
    assert still.inputs["characters"] == ["$sheet.output"]
    assert still.inputs["prompt"] == "Ida, a girl with pigtails, in a forest"


def card(name, description):
    return {
        "id": name, "provider": "acme", "kind": "image", "task": "text-to-image",
        "output": "image", "description": description,
        "inputs_schema": {"type": "object", "properties": {"prompt": {"type": "string"}}},
    }  # fmt: skip


def test_any_catalog_s_model_is_found_by_what_it_says_it_is_for():
    listed = [card("acme/pics", "Pictures"), card("acme/people", "Makes character model sheets")]
    catalog = build_catalog(read_cards({"models": listed}, "acme.json"))
    brief = "A character sheet of an old sailor"
    assert interpret(brief, catalog).plan.steps[0].model == "acme/people"
    assert interpret("An image of an old sailor", catalog).plan.steps[0].model == "acme/pics"
    plain = build_catalog(read_cards({"models": listed[:1]}, "acme.json"))
    (step,) = interpret(brief, plain).plan.steps
    assert step.inputs["prompt"].startswith("character sheet of an old sailor, from the front")


def test_a_photo_is_no_character():
    found = interpret("Animate my photo of Ida, a girl", CATALOG, [upload("u1 image ida.png")])
    assert found.plan.steps[0].inputs["first_frame"] == "$upload.u1"
