"""No edit takes long, none is longer than it may be, and no odd plan breaks one."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framewright.agents.offline.editing.edit import edit_in_words
from framewright.agents.offline.editing.edit_lifted import MOST_CHARACTERS
from framewright.agents.offline.planner import interpret
from framewright.domain.plan import Plan, Step, StepKind
from framewright.errors import EditError, FramewrightError
from framewright.studio.catalogs import load_catalog

CATALOG = load_catalog()
FILM = interpret(
    "Three 3 second scenes of a fox in a forest, joined, with the title 'North', "
    "a narrator saying 'Go north' and soft piano music",
    CATALOG,
).plan
EDITS = [
    "make this dusk", "louder music", "turn the voice down", "remove the music", "remove scene 2",
    "swap scenes 1 and 3", "make it 2.5 seconds", "twice as long", "make it longer", "in portrait",
    "replace the fox with a wolf", "say 'Hi'", "change the title to 'South'", "make scene 2 rainy",
    "add a title 'End' at the end", "put the title at the end", "add a crossfade", "remove clip_2",
    "make the music jazz", "the music should last 6 seconds", "show the title for 5 seconds",
    "add a title 'A' to scene 1", "make scene 1 longer by 2 seconds",
]  # fmt: skip


def test_an_edit_that_is_too_long_is_refused_with_both_numbers() -> None:
    with pytest.raises(EditError, match=r"1,001 .*1,000") as caught:
        edit_in_words(FILM, CATALOG, [], "a" * (MOST_CHARACTERS + 1))
    assert caught.value.code == "edit"
    assert "several edits" in caught.value.action


def test_a_sign_that_grows_is_counted_as_what_it_becomes() -> None:
    with pytest.raises(EditError, match="characters"):
        edit_in_words(FILM, CATALOG, [], "make it " + "\ufdfa" * 900)


@pytest.mark.parametrize("text", ["", " \n ", "\x00\x07", "...", ", ; "])
def test_an_empty_edit_is_refused(text: str) -> None:
    with pytest.raises(EditError):
        edit_in_words(FILM, CATALOG, [], text)


@pytest.mark.parametrize(
    "piece",
    [
        "but ", "in ", "in the ", "of ", "not ", "except for ", "keep ", '"', "'", "“", "”", "'a' ",
        "\"a\" \"", "make the ", "make it ", "change the a to ", "replace a with a ", "the music ",
        "title ", "say ", "scene 1 ", "scene 1, ", "scenes 1 and ", "first and ", "1 ", "1.", "9",
        "1:", "a_", "a_a ", "a/", "a-", "use a", "louder ", "twice ", "half a ", "5 s ", "and a ",
        "remove the ", "swap scene 1 and ", "add a title ", "crossfade ", "add a ", ", ", " ", "-",
        "more ", "much ", "a bit ", "then ", "make it dusk; ", "make it longer; ", "{{", "$",
        "replace forest with forest in forest; ", "make the fox fox fox; ", "scene 1 dusk; ",
        "²", "\\1", "add a title 'a' at the end; ", "swap scenes 1 and 2; ", "twice as long; ", "ﷺ",
    ],
)  # fmt: skip
@pytest.mark.parametrize("lead", ["", "make the music ", "remove scene "])
def test_no_edit_of_the_full_length_takes_long(piece: str, lead: str) -> None:
    text = (lead + piece * MOST_CHARACTERS)[:MOST_CHARACTERS]
    begin = time.perf_counter()
    with contextlib.suppress(EditError):
        edit_in_words(FILM, CATALOG, [], text)
    assert time.perf_counter() - begin < 1.0


def test_words_that_double_are_stopped() -> None:
    text = "; ".join(["replace forest with forest in forest"] * 20)
    with pytest.raises(EditError, match="would have"):
        edit_in_words(FILM, CATALOG, [], text)


@pytest.mark.parametrize(
    ("step", "field", "value", "text"),
    [
        ("mix", "gains_db", ["0", "1"], "louder music"),
        ("mix", "gains_db", "loud", "louder music"),
        ("mix", "gains_db", [None, {}], "turn the voice down"),
        ("mix", "tracks", [1, 2], "louder music"),
        ("mix", "tracks", [["$voice.output"], "$music.output"], "remove the music"),
        ("merge", "videos", [1, 2, 3], "remove scene 2"),
        ("merge", "videos", [1, 2, 3], "make scene 2 dusk"),
        ("merge", "videos", [["$clip.output"], ["$clip_2.output"]], "remove scene 2"),
        ("merge", "videos", [["$clip.output"], ["$clip_2.output"]], "swap scenes 1 and 2"),
        ("merge", "videos", "$clip.output", "remove scene 1"),
        ("clip", "duration", "long", "twice as long"),
        ("caption", "text", ["North"], "add a title 'x' at the bottom"),
        ("caption", "start_seconds", "soon", "show the title for 5 seconds"),
        pytest.param("merge", "transition_seconds", 10**400, "make scene 1 5 seconds", id="fade"),
        pytest.param("clip", "duration", 10**400, "twice as long", id="length"),
    ],
)
def test_an_odd_value_is_passed_over_or_refused(
    step: str, field: str, value: Any, text: str
) -> None:
    with contextlib.suppress(EditError):
        edit_in_words(_with(step, field, value), CATALOG, [], text)


def _with(step: str, field: str, value: Any) -> Plan:
    steps = [
        each.model_copy(update={"inputs": {**each.inputs, field: value}})
        if each.id == step
        else each
        for each in FILM.steps
    ]
    return FILM.model_copy(update={"steps": tuple(steps)})


def test_a_track_may_be_written_with_its_number() -> None:
    plan = _with("mix", "tracks", ["$voice.output[0]", "$music.output[0]"])
    mix = edit_in_words(plan, CATALOG, [], "louder music").plan.step("mix")
    assert mix is not None
    assert mix.inputs["gains_db"] == [0, -2]


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats(allow_nan=False,
    allow_infinity=False) | st.text(max_size=5)
    | st.sampled_from(["$clip.output[0]", "$nobody.output", "$", "{{clip.output}}", "5s", "5"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)  # fmt: skip


@given(st.data())
def test_no_odd_plan_breaks_an_edit(data: st.DataObject) -> None:
    plan = FILM
    for _ in range(data.draw(st.integers(1, 3))):
        step = data.draw(st.sampled_from(FILM.steps))
        field = data.draw(st.sampled_from([*step.inputs]))
        steps = [
            each.model_copy(update={"inputs": {**each.inputs, field: data.draw(ODD)}})
            if each.id == step.id
            else each
            for each in plan.steps
        ]
        plan = plan.model_copy(update={"steps": tuple(steps)})
    for text in data.draw(st.lists(st.sampled_from(EDITS), min_size=1, max_size=3)):
        with contextlib.suppress(FramewrightError):
            edit_in_words(plan, CATALOG, [], text)


def test_a_long_row_of_steps_goes_without_deep_calls() -> None:
    cuts = [
        Step(
            id=f"cut_{number}",
            title="Cut",
            kind=StepKind.UTILITY,
            model="local/extract-frame" if number % 2 else "local/caption",
            inputs={"video": f"$cut_{number - 1}.output" if number else "$upload.v", "text": "x"},
        )
        for number in range(1_100)
    ]
    plan = Plan(title="Row", steps=tuple(cuts))
    with contextlib.suppress(EditError):
        edit_in_words(plan, CATALOG, ["cut_1099"], "remove this")
