"""Who speaks in a brief is passed on to a model that takes a voice in words."""

import pytest

from framewright.agents.offline.planner import interpret
from unit.offline.offline_graphs import shipped

CATALOG = shipped()


@pytest.mark.parametrize(
    ("brief", "speaker"),
    [
        ("An old woman's voice says 'Once upon a time'", "old woman"),
        ("An image of a forest with a voice-over by a young man: 'Hello there'", "young man"),
        ("A deep male voice says 'In a world'", "deep male"),
        ("Narration in French by a child: 'Bonjour'", "child"),
        ("An image of an old town, a voice says 'Hello'", None),
    ],
)
def test_age_sex_and_manner_reach_the_voice(brief, speaker):
    steps = interpret(brief, CATALOG).plan.steps
    (voice,) = (step for step in steps if step.model == "local/speech")
    assert voice.inputs.get("speaker") == speaker
