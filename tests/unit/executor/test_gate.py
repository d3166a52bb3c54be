"""Conditions and a person's word decide which steps run."""

import pytest

from framewright.domain.asset import Output
from framewright.domain.media import MediaKind
from framewright.domain.plan import Condition, Step
from framewright.executor.gate import Gate, gate, holds

PICTURE = Output(kind=MediaKind.IMAGE, asset="a" * 64)


def said(text: str) -> dict[str, tuple[Output, ...]]:
    return {"review": (Output(kind=MediaKind.TEXT, text=text),)}


@pytest.mark.parametrize(
    ("text", "condition", "met"),
    [
        ("Approved, go on", {"contains": "approved"}, True),
        ("Rejected", {"contains": "approved"}, False),
        (" YES \n", {"equals": "yes"}, True),
        ("yes please", {"equals": "yes"}, False),
        ("3", {"equals": 3}, True),
        ("3.0", {"equals": 3}, True),
        ("true", {"equals": True}, True),
        ("1", {"equals": True}, False),
        ("no JSON", {"equals": 3}, False),
        ("yes, 3", {"contains": "3", "equals": "yes, 3"}, True),
        ("yes, 3", {"contains": "4", "equals": "yes, 3"}, False),
        ("anything", {}, True),
        ("  ", {}, False),
    ],
)
def test_words_are_compared_without_case_and_outer_spaces(text, condition, met):
    assert holds(Condition(ref="$review.output", **condition), said(text)) is met


def test_a_result_without_words_only_has_to_be_there():
    assert holds(Condition(ref="$review.output"), {"review": (PICTURE,)})
    assert not holds(Condition(ref="$review.output", contains="x"), {"review": (PICTURE,)})
    assert not holds(Condition(ref="$review.output[1]"), {"review": (PICTURE,)})
    assert not holds(Condition(ref="$review.output"), {})


def step(**more: object) -> Step:
    return Step.model_validate({"id": "s", "title": "S", "kind": "text", "model": "m", **more})


@pytest.mark.parametrize(
    ("approved", "expected"), [(None, Gate.HELD), (True, Gate.OPEN), (False, Gate.SHUT)]
)
def test_a_person_decides(approved, expected):
    assert gate(step(approval=True), {}, set(), approved) is expected


def test_nobody_is_asked_about_a_step_whose_condition_is_not_met():
    asks = step(approval=True, when={"ref": "$review.output", "equals": "yes"})
    assert gate(asks, said("no"), set(), None) is Gate.SHUT
    assert gate(asks, said("yes"), set(), None) is Gate.HELD


def test_what_takes_from_a_step_that_was_left_out_is_left_out_and_what_only_follows_runs():
    assert gate(step(inputs={"prompt": "{{a.output}}"}), {}, {"a"}, None) is Gate.SHUT
    assert gate(step(inputs={"list": ["$a.output"]}), {}, {"a"}, None) is Gate.SHUT
    assert gate(step(depends_on=["a"]), {}, {"a"}, None) is Gate.OPEN
