"""Whatever an edit says, the answer is a sound plan or a plain refusal, within the selection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from framewright.agents.offline.editing.edit import EditedPlan, edit_in_words
from framewright.agents.offline.planner import interpret
from framewright.checks.check import check_plan
from framewright.domain import refs
from framewright.domain.finding import errors
from framewright.errors import EditError
from framewright.studio.catalogs import load_catalog
from unit.offline.test_offline_other_catalogs import OTHER

if TYPE_CHECKING:
    from framewright.domain.plan import Plan, Step

CATALOG = load_catalog()
MUG = interpret(
    "A product image of a ceramic mug on a beach at dawn, animate it into a 5 second clip, "
    "add a voice-over saying 'Wake up slowly' and soft music",
    CATALOG,
).plan
CHAIN = interpret(
    "Three scenes of a fox in a forest, each continuing from the last frame of the one before, "
    "merge them, add music",
    CATALOG,
).plan
TITLED = interpret(
    "Scene 1: a fox, 3 seconds. Scene 2: a forest, 3 seconds. Scene 3: a mug, 3 seconds. Join"
    " them, with the title 'North' at the start, a narrator saying 'Go north' and soft music",
    CATALOG,
).plan
FAR = interpret("A square image of a fox, animate it for 5 seconds, a voice says 'Hi'", OTHER).plan
PLANS = [(MUG, CATALOG), (CHAIN, CATALOG), (TITLED, CATALOG), (FAR, OTHER)]

PLACES = [
    "", "scene 2", "the last scene", "scenes 1 and 2", "scene 1, 2 and 3", "clip_2", "the film",
    "it", "every clip", "the music", "the fox", "the mug",
]  # fmt: skip
RULES = [
    "make {place} {words}", "make {place} dusk", "turn {place} into {words}", "in {place}, {words}",
    "replace the fox with {words}", "replace the mug with a {words}", "change the soft to {words}",
    "change {words} to {words}", "say {words}", "say '{words}'", "change the title to '{words}'",
    "add a title '{words}' at the end", "add a title '{words}' to {place}", "call it '{words}'",
    "remove {place}", "remove the {words} scene", "remove scene {words}", "remove the music",
    "swap scenes 1 and {words}", "swap scenes 1 and 2", "make {place} {words} seconds",
    "make {place} 2.5 seconds longer", "make {place} longer by {words} s", "{words} times as long",
    "make {place} twice as long", "make {place} longer", "add a crossfade of {words} s",
    "louder music", "turn the {words} down", "make the music {words}", "put the title {words}",
    "show the title for {words} seconds", "make the voice {words}", "use model {words}/{words}",
    "in portrait", "make {place} {words} please", "make the aspect ratio {words}", "{words}",
    "duplicate this", "remove this", "make this {words} but keep {place}", "make the fox {words}",
    "change scene {words}'s prompt to '{words}'", "make {place} a desert", "make {place} rainy",
]  # fmt: skip
FILLERS = st.sampled_from([
    r"\1", r"\q", r"\g<0>", "²", "٣", "@quote9@", "1.2.3", "{{", "{{clip.output}}",
    "{{{a.output}}}", "$still.output", "$", "$$5", "'", '"', "“", "''", "9" * 60, "2.5", "0", "-1",
    "1e9", "nan", "inf", "two", "a wolf", "wolves", "red", "night", "last", "3", "at the bottom",
    "German", "16:9", "local", "\ue000", "\uf8ff", "", "é", "🦊", "%s", "x" * 80, ", and ", ". ",
    "voice",
]) | st.text(max_size=12)  # fmt: skip


@st.composite
def clauses(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(RULES)).replace("{place}", draw(st.sampled_from(PLACES)))
    while "{words}" in text:
        # A filler may itself hold braces: only the mark is filled in.
        before, _, after = text.partition("{words}")
        text = f"{before}{draw(FILLERS)}{after}"
    return text


EDITS = st.lists(clauses(), min_size=1, max_size=3).map(", then ".join)


def _tried(plan: Plan, catalog: Any, selection: set[str], text: str) -> EditedPlan | None:
    try:
        edited = edit_in_words(plan, catalog, selection, text)
    except EditError as error:
        _refused(error)
        return None
    assert edited.operations
    assert edited.understood
    assert not errors(check_plan(edited.plan, catalog))
    for step in edited.plan.steps:
        found = [refs.parse(each) for _, each in refs.strings(step.inputs)]
        assert not any(isinstance(each, refs.Malformed) for each in found)
        was = plan.step(step.id)
        known = {ref.step for ref in refs.step_refs(was)} if was is not None else set()
        asked = {ref.step for ref in refs.templates(str(step.inputs))}
        assert asked <= known, "words became a reference"
    return edited


def _refused(error: EditError) -> None:
    assert error.message
    assert error.action


def test_no_words_break_an_edit_and_enough_of_them_are_understood() -> None:
    understood: list[bool] = []

    @settings(max_examples=150)
    @given(st.sampled_from(PLANS), EDITS)
    def each(plan_and_catalog: tuple[Plan, Any], text: str) -> None:
        plan, catalog = plan_and_catalog
        understood.append(_tried(plan, catalog, set(), text) is not None)

    each()
    assert sum(understood) >= 0.3 * len(understood)


@settings(max_examples=150)
@given(st.text(max_size=200))
def test_no_text_breaks_an_edit(text: str) -> None:
    _tried(TITLED, CATALOG, set(), text)


def test_nothing_outside_the_selection_changes_but_references_to_what_was_removed() -> None:
    understood: list[bool] = []

    @settings(max_examples=150)
    @given(st.sampled_from(PLANS), EDITS, st.data())
    def each(plan_and_catalog: tuple[Plan, Any], text: str, data: st.DataObject) -> None:
        plan, catalog = plan_and_catalog
        names = [step.id for step in plan.steps]
        selection = data.draw(st.sets(st.sampled_from(names), min_size=1, max_size=3))
        edited = _tried(plan, catalog, selection, text)
        understood.append(edited is not None)
        if edited is None:
            return
        assert edited.plan.title == plan.title
        for step in plan.steps:
            now = edited.plan.step(step.id)
            if step.id not in selection and now is not None:
                _only_wires_changed(plan, edited.plan, step, now)

    each()
    assert sum(understood) >= 0.15 * len(understood)


def _only_wires_changed(before: Plan, after: Plan, step: Step, now: Step) -> None:
    removed = {each.id for each in before.steps} - {each.id for each in after.steps}
    added = {each.id for each in after.steps} - {each.id for each in before.steps}
    assert (now.model, now.title, now.kind) == (step.model, step.title, step.kind)
    lost = bool(set(refs.parents(step)) & removed)
    gained = bool(set(refs.parents(now)) & added)
    for field in step.inputs.keys() | now.inputs.keys():
        was, value = step.inputs.get(field), now.inputs.get(field)
        if was == value:
            continue
        if field in {"gains_db", "starts_seconds"}:
            # The level of a track goes with the track.
            assert lost
            continue
        texts = [text for _, text in refs.strings([was, value])]
        assert texts
        assert all(isinstance(refs.parse(text), refs.StepRef) for text in texts)
        assert lost or gained


def test_the_words_that_are_said_stay_to_the_letter() -> None:
    @given(st.text(st.characters(codec="ascii", categories=["L", "N", "Zs", "S"]), min_size=1))
    def each(words: str) -> None:
        if words.strip() and "{{" not in words and '"' not in words:
            voice = edit_in_words(TITLED, CATALOG, [], f'say "{words}"').plan.step("voice")
            assert voice is not None
            assert refs.literal(voice.inputs["text"]) == words.strip()

    each()
