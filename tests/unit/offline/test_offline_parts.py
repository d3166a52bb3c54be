"""Every word of a brief is listed with where it went."""

import pytest

from framewright.agents.offline.interpretation import Role
from framewright.agents.offline.planner import interpret
from unit.offline.offline_graphs import briefs, shipped, upload

CATALOG = shipped()


def _letters(text):
    return sorted(each for each in text.lower() if each.isalnum())


@pytest.mark.parametrize("case", briefs()[::4], ids=lambda case: case["text"][:40])
def test_no_word_of_a_brief_is_left_out(case):
    given = [upload(each) for each in case.get("uploads", ())]
    parts = interpret(case["text"], CATALOG, given).parts
    said = " ".join(part.text for part in parts).lower()
    words = {"".join(filter(str.isalnum, word)) for word in case["text"].lower().split()}
    there = {"".join(filter(str.isalnum, word)) for word in said.split()}
    assert words - there <= {"", "and", "then", "but"}


@pytest.mark.parametrize(
    ("brief", "expected"),
    [
        (
            "Three clips of food, 2 seconds each, with a flash transition between them, soft piano",
            [Role.SEEN, Role.HOW, Role.SEEN, Role.HEARD],
        ),
        (
            'A clip of a lake in 9:16, no music, a voice says "Hello", the title "Lake"',
            [Role.SEEN, Role.HOW, Role.SPOKEN, Role.WRITTEN],
        ),
        (
            "A fox in the snow. Soft music. Surprise everybody",
            [Role.SEEN, Role.HEARD, Role.NOWHERE],
        ),
    ],
)
def test_each_part_is_listed_where_it_went(brief, expected):
    parts = interpret(brief, CATALOG).parts
    assert [part.role for part in parts] == expected, parts
