"""What a brief says that can be counted or named is in the plan, or there is a note on it."""

import pytest

from framewright.agents.offline.planner import interpret
from unit.offline.offline_graphs import briefs, shipped, upload

CATALOG = shipped()
AUDITED = ("is not kept", "is only seen", "is not done", "stands nowhere", "The brief numbers")


@pytest.mark.parametrize(
    ("brief", "said"),
    [
        ("A clip of a car in 2.35:1", "“2.35:1” is not kept"),
        ("Make a 16:9 clip of a surfer and a 9:16 clip of the same surfer", "“9:16” is not kept"),
        ("An image of a river, 4 shots", "“4 shots”"),
        (
            "Same shot of a tree in spring and autumn, 2 seconds each, with a 0.5 second crossfade",
            "“crossfade” is not kept",
        ),
        ("A film of a lake as a gif", "“as a gif” is not done"),
        ("Three clips of a sea, and then rotate them", "“rotate them” is not done"),
        ("A picture of a stage, with a saxophone", "“with a saxophone” is only seen"),
        ("An image of a chest. Chain the scenes", "no clip begins with the last frame"),
        ("Use this picture as the last frame of a clip of a dog running", "dog running"),
        ("A clip of a train, pan left, then zoom out", "“pan left” is not kept"),
        ("A song, merged with a 7 second crossfade", "“7 second” is not kept"),
    ],
)
def test_what_the_plan_does_not_bear_out_is_named(brief, said):
    assert any(said in note for note in interpret(brief, CATALOG).notes), interpret(
        brief, CATALOG
    ).notes


@pytest.mark.parametrize(
    "brief",
    [
        "A clip of a river, 9 seconds, no music and no voice-over",
        "Three clips of the sea, 4 seconds each, merged without a crossfade",
        "A 90 second film of a train in two scenes",
        "Two scenes of a boat, half a minute, soft piano, title 'Boat' at the end for 4 seconds",
        "A film of a man in the 1920s with a hat. Music: none",
        "A video of a market in 9:16, roughly 4-6 seconds",
        "A clip of a wolf, a narrator saying 'Run' at 2 seconds",
    ],
)
def test_what_is_kept_raises_no_alarm(brief):
    notes = interpret(brief, CATALOG).notes
    assert not [note for note in notes if any(words in note for words in AUDITED)]


def test_sound_plans_hardly_ever_raise_an_alarm():
    told = [
        note
        for case in briefs()
        for note in interpret(
            case["text"], CATALOG, [upload(each) for each in case.get("uploads", ())]
        ).notes
    ]
    alarms = [note for note in told if any(words in note for words in AUDITED)]
    # A looping gif is a film here, and of a still picture nothing can come at the end.
    assert len(alarms) <= 2, alarms
    # How slowly, how gently, which one is best: true of hundreds of briefs now and then.
    passed = [note for note in told if "is passed over" in note]
    assert len(passed) <= 9, passed
