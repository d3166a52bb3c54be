import contextlib
import time

import pytest

from framewright.agents.offline.planner import interpret
from framewright.errors import BriefError
from unit.offline.offline_graphs import shipped

CATALOG = shipped()


@pytest.mark.parametrize("brief", ["", "  \n\t ", "\x00\x07", "\u200b"])
def test_refuses_an_empty_brief(brief):
    with pytest.raises(BriefError):
        interpret(brief, CATALOG)


@pytest.mark.parametrize(
    "brief", ["How are you?", "asdf qwer", "hello", "blue", "Make something nice"]
)
def test_refuses_what_asks_for_nothing_and_gives_an_example(brief):
    with pytest.raises(BriefError, match="nothing that can be made") as caught:
        interpret(brief, CATALOG)
    assert "for example" in caught.value.action


def test_refuses_a_brief_that_is_too_long_with_both_numbers():
    with pytest.raises(BriefError, match=r"20,001 .*20,000"):
        interpret("a" * 20_001, CATALOG)


@pytest.mark.parametrize(
    "piece",
    [
        "a ",
        "'",
        '"',
        "'a' ",
        "saying ",
        "a fox, ",
        "10:",
        "scene 1: ",
        "in the ",
        "slow ",
        "with ",
        "1 ",
        "of ",
        "-",
        "\n- ",
        "“",
        "each ",
        "and no ",
        "my ",
        "very slow ",
    ],
)
def test_no_text_of_the_full_length_takes_long(piece):
    text = ("an image of a fox, " + piece * 20_000)[:20_000]
    begin = time.perf_counter()
    with contextlib.suppress(BriefError):
        interpret(text, CATALOG)
    assert time.perf_counter() - begin < 2.0


def test_strips_control_characters():
    plan = interpret("an image of a r\x00ed \x07kite", CATALOG).plan
    assert plan.steps[0].inputs["prompt"] == "a red kite"


def test_words_that_look_like_references_stay_words():
    brief = "a video of $5 coffee, a voice saying '$still.output and {{clip.output}}'"
    plan = interpret(brief, CATALOG).plan
    assert plan.step("voice").inputs["text"] == "$$still.output and { {clip.output}}"
    assert plan.step("voice").depends_on == ()
    assert plan.step("clip").inputs["prompt"] == "$$5 coffee"
