"""The planner says what it does not do."""

import pytest

from framewright.agents.offline.planner import interpret
from framewright.agents.offline.words.lexicon import lexicon
from framewright.agents.offline.words.spelling import corrected
from framewright.errors import BriefError
from unit.offline.offline_graphs import shipped, upload

CATALOG = shipped()


@pytest.mark.parametrize(
    ("brief", "said"),
    [
        ("A video of waves, loop it", "“loop it” is left out"),
        (
            "A clip of a boat. Put my voice recording under it.",
            "“my voice recording” was not given",
        ),
        ("make a film", "does not say what the picture shows"),
        ("A film of a ship with music fading out at the end", "“fading out at the end” is left"),
        ("A film of a ship, merged", "only one clip"),
        ("Two scenes: a sea, a hill. One has the title 'A', the second 'B'", "stands in a prompt"),
        ("A video of a city, 4K at 60 fps", "“4K”, “60 fps” is left out"),
        ("A 0 seconds video of a fox", "“0 seconds” is left out"),
        ("Put my logo in the corner of a video of a beach", "“my logo” is left out"),
        (
            "A fox in the snow. Soft music. Surprise everybody",
            "“Surprise everybody” changed nothing",
        ),
        ('Kim says "Hi" and Lee says "Ho"', "One voice speaks the lines"),
        ("A man in a hat says 'Hi' in a kitchen", "Nobody's lips move to the words"),
        ("A clip of a fox, burn in time code", "Only an animatic has shot names"),
        (
            "Two scenes of a fox, each continuing from the last frame of the one before",
            "only moves a camera",
        ),
    ],
)
def test_a_wish_that_is_not_met_is_named(brief, said):
    found = interpret(brief, CATALOG)
    assert any(said in note for note in found.notes), found.notes


def test_words_of_other_languages_are_not_mended_into_english_ones():
    french = "Une vidéo d'une montagne dans la neige"
    assert corrected(french, lexicon()) == french


@pytest.mark.parametrize(
    "brief", ["Ein Video von einem Fuchs im Schnee", "Un film de la montagne avec de la neige"]
)
def test_a_brief_in_another_language_is_refused_by_that_name(brief):
    with pytest.raises(BriefError, match="not to be in English"):
        interpret(brief, CATALOG)


def test_two_speakers_are_both_seen_and_heard():
    found = interpret('A man says "Hi" and a woman answers "Ho" in a kitchen', CATALOG)
    assert found.plan.step("clip").inputs["prompt"] == "A man and a woman in a kitchen"
    assert found.plan.step("voice").inputs == {"text": "Hi", "speaker": "man"}
    assert found.plan.step("voice_2").inputs == {"text": "Ho", "speaker": "woman"}
    assert found.plan.step("mix").inputs["in_turn"] is True


def test_a_script_form_names_who_speaks():
    found = interpret('Ada: "Where are we?" Bob: "Home." in a spaceship, 10 seconds', CATALOG)
    assert found.plan.step("clip").inputs["prompt"] == "Ada and Bob in a spaceship"


def test_a_screenplay_becomes_scenes_and_speech():
    brief = (
        "INT. KITCHEN - NIGHT. A kettle boils. ANNA: You came back. BEN: I never left. "
        "CUT TO: EXT. STREET - DAWN. A bus pulls away. Film, 10 seconds."
    )
    found = interpret(brief, CATALOG)
    shown = "kitchen, night, A kettle boils, Anna and Ben"
    assert found.plan.step("clip").inputs["prompt"] == shown
    assert found.plan.step("clip_2").inputs["prompt"] == "street, dawn, A bus pulls away"
    assert found.plan.step("voice").inputs["text"] == "You came back."
    assert found.plan.step("voice_2").inputs["text"] == "I never left."


@pytest.mark.parametrize("brief", ["Take my photo and animate it", "Use my song"])
def test_a_file_that_was_not_given_is_asked_for(brief):
    with pytest.raises(BriefError, match="no such file was given"):
        interpret(brief, CATALOG)


def test_a_file_that_nothing_uses_is_named():
    found = interpret("A video of a beach", CATALOG, [upload("logo image logo.png")])
    assert "“logo.png” is not used." in found.notes
