"""Slips are mended; words that are right are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framewright.agents.offline.planner import interpret
from framewright.agents.offline.words.lexicon import lexicon
from framewright.agents.offline.words.spelling import corrected
from unit.offline.offline_graphs import shipped

WORDS = lexicon()
REAL = sorted(WORDS.real)


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("vidoe", "video"),
        ("musik", "music"),
        ("anmiate", "animate"),
        ("imge", "image"),
        ("narrtion", "narration"),
        ("soundtrak", "soundtrack"),
        ("picure", "picture"),
        ("uspcale", "upscale"),
        ("trailler", "trailer"),
    ],
)
def test_mends_slips(slip, meant):
    assert corrected(f"a {slip} of a fox", WORDS) == f"a {meant} of a fox"


@pytest.mark.parametrize(
    "word",
    [
        "stormy",
        "poser",
        "posers",
        "worlds",
        "slice",
        "spice",
        "string",
        "strings",
        "readers",
        "printing",
        "pointing",
        "panting",
        "trainer",
        "trainers",
        "sideshow",
        "tiles",
        "noses",
        "moves",
        "porters",
        "potters",
        "rebels",
        "revels",
        "repels",
        "caution",
        "overly",
        "overpay",
        "switched",
        "jointed",
        "sorts",
        "bankers",
        "carton",
        "cartons",
        "photons",
        "phonograph",
        "trawler",
        "slices",
        "stills",
        "cliff",
        "stall",
        "tale",
        "shore",
        "spots",
        "trucks",
        "trunk",
        "sounding",
        "claps",
        "slips",
        "ships",
        "skill",
        "spider",
        "pasture",
        "stickers",
        "moved",
        "themes",
        "stores",
        "beasts",
        "beets",
        "boats",
        "phone",
        "icons",
        "score",
        "sport",
        "spout",
        "stories",
        "storey",
        "mice",
        "chimes",
        "scheme",
        "paints",
        "round",
        "pound",
        "ground",
        "second",
        "stormier",
    ],
)
def test_leaves_real_words_alone(word):
    for said in (word, word.title()):
        assert corrected(f"an image of a {said} at sea", WORDS) == f"an image of a {said} at sea"


@given(st.lists(st.sampled_from(REAL), min_size=1, max_size=12))
def test_leaves_every_word_of_the_table_alone(words):
    text = " ".join(words)
    assert corrected(text, WORDS) == text


def test_a_stormy_sea_is_no_story():
    plan = interpret("an image of a stormy sea", shipped()).plan
    assert plan.steps[0].inputs["prompt"] == "a stormy sea"
