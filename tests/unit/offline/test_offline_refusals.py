import contextlib
import time
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framewright.agents.offline.planner import interpret
from framewright.errors import BriefError
from unit.offline.offline_graphs import shipped

CATALOG = shipped()


def took(text):
    """Return how long planning works, whatever else the machine does meanwhile."""
    begin = time.process_time()
    with contextlib.suppress(BriefError):
        interpret(text, CATALOG)
    return time.process_time() - begin


def tables():
    """Return every plain word the planner knows."""
    path = files("framewright_assets") / "lexicons" / "planner_en.toml"
    for name, table in tomllib.loads(path.read_text("utf-8")).items():
        for key, words in table.items() if name != "patterns" else ():
            yield from words if isinstance(words, list) else [key]


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
        "sepia ",
        "a sepia ",
        "anime, ",
        "a-",
        "a: b, ",
        "INT. ",
        "0-10s: ",
        "A: 'x' ",
        "three images of a fox. ",
        "three images: a, b; ",
        "two images: a, ",
        "50 images. ",
        "and ",
        "then ",
    ],
)
def test_no_text_of_the_full_length_takes_long(piece):
    assert took(("an image of a fox, " + piece * 20_000)[:20_000]) < 2.0


@pytest.mark.parametrize("piece", ["and ", "first, ", "a-", "sepia ", "50 images. "])
def test_nothing_else_in_front_makes_it_longer(piece):
    assert took((piece * 20_000)[:20_000]) < 2.0


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(sorted(set(tables()))), st.sampled_from([" ", ", ", ". ", ": ", "; "]))
def test_no_word_of_the_tables_takes_long_however_often_it_is_said(word, joint):
    assert took(((word + joint) * 4_000)[:4_000]) < 1.0


def test_strips_control_characters():
    plan = interpret("an image of a r\x00ed \x07kite", CATALOG).plan
    assert plan.steps[0].inputs["prompt"] == "a red kite"


def test_words_that_look_like_references_stay_words():
    brief = "a video of $5 coffee, a voice saying '$still.output and {{clip.output}}'"
    plan = interpret(brief, CATALOG).plan
    assert plan.step("voice").inputs["text"] == "$$still.output and { {clip.output}}"
    assert plan.step("voice").depends_on == ()
    assert plan.step("clip").inputs["prompt"] == "$$5 coffee"
