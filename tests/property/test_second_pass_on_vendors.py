"""Vendors' real schemas against the checks and the second pass: what is right stays, slips go.

Every rule is tried on every field it is about, not on chosen models.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framewright.catalog.catalog import Catalog, build_catalog
from framewright.catalog.ports import media_of, properties
from framewright.checks.check import check_plan
from framewright.checks.repair.outcome import Outcome, Repair
from framewright.checks.repair.repair import MOST_STEPS, repair
from framewright.domain.finding import errors
from framewright.domain.media import MediaKind
from framewright.domain.model_card import ModelCard
from framewright.domain.plan import Plan
from framewright.errors import InputError
from framewright.studio.second_pass import mended
from vendor_schemas import BY_HAND, card_of, real

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

UPLOADS = {f"up_{kind.value}": kind for kind in MediaKind}
MOST_CHOICES = 12
"""How many choices of one field are tried; voices and languages come in hundreds."""
Fields = dict[str, Any]
Case = tuple[str, Any, Any]
"""A field, a wrong value, and the right one."""


def _cards() -> Iterator[ModelCard]:
    for published in (*BY_HAND, *real()):
        try:
            yield card_of(published)
        except InputError:
            assert not published.document["input_schema"]


CARDS = tuple(_cards())
each_card = pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)


def _catalog(card: ModelCard) -> Catalog:
    return build_catalog([card])


def _right(schema: Fields, *, last: bool = False) -> Any:
    """Return a value that the schema of a field takes."""
    if (found := media_of(schema)) is not None:
        ref = f"$upload.up_{found[0].value}"
        return [ref, ref][: schema.get("maxItems", 2)] if found[1] else ref
    if "anyOf" in schema:
        return _right(schema["anyOf"][-1 if last else 0], last=last)
    if "enum" in schema:
        return schema["enum"][-1 if last else 0]
    match schema.get("type", "string"):
        case "integer" | "number" as kind:
            return _number(schema, whole=kind == "integer", last=last)
        case "boolean":
            return last
        case "array":
            return [_right(schema.get("items", {}), last=last)] * max(1, schema.get("minItems", 1))
        case "object":
            fields = schema.get("properties", {})
            return {name: _right(inner, last=last) for name, inner in fields.items()}
    return "a red kite".ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength")]


def _number(schema: Fields, *, whole: bool, last: bool) -> float:
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if last and high is not None:
        return high
    if low is not None:
        return low
    if above is not None:
        return above + (1 if whole else 0.5)
    if high is not None or below is not None:
        return (high if high is not None else below) - 1
    return 4 if whole else 1.5


def _inputs(card: ModelCard, *, last: bool = False) -> Fields:
    return {name: _right(each, last=last) for name, each in properties(card).items()}


def _plan(card: ModelCard, *inputs: Fields) -> Plan:
    """Return a plan with a step of the card's model for each of the inputs."""
    step = {"title": "A", "kind": card.kind, "model": card.id}
    steps = [{**step, "id": f"s{at}", "inputs": each} for at, each in enumerate(inputs)]
    return Plan.model_validate({"title": "T", "steps": steps})


def _repaired(card: ModelCard, *inputs: Fields) -> Repair:
    raw = json.dumps(_plan(card, *inputs).model_dump(mode="json"))
    return repair(raw, _catalog(card), uploads=UPLOADS)


def _are_mended(card: ModelCard, cases: Iterable[Case], *, slips: bool = True) -> None:
    """Prove that each wrong value becomes the right one, that this is said, and nothing else is."""
    every = list(cases)
    for at in range(0, len(every), MOST_STEPS):
        some = every[at : at + MOST_STEPS]
        given = [{**_inputs(card), field: wrong} for field, wrong, _ in some]
        found = _repaired(card, *given)
        assert found.outcome is Outcome.REPAIRED, (found.findings, found.questions)
        assert found.plan is not None
        for (field, wrong, right), before, step in zip(some, given, found.plan.steps, strict=True):
            after = json.dumps({**before, field: right})
            assert json.dumps(step.inputs) == after, (field, wrong, step.inputs[field])
            said = [each for each in found.changes if each.operation.step == step.id]
            assert len(said) == 1, (field, wrong, said)
            assert field in said[0].message
        second = mended(_plan(card, *given), _catalog(card), "", UPLOADS)
        if slips:
            assert second is not None, found.changes
            assert second[0] == found.plan
            assert sorted(note.step or "" for note in second[1]) == sorted(
                step.id for step in found.plan.steps
            )
        else:
            assert second is None


def _choices(schema: Fields) -> list[Any]:
    """Return the choices of a field, also where it takes something else besides."""
    return schema.get("enum") or [
        each for part in schema.get("anyOf", ()) for each in part.get("enum", ())
    ]


def _misspelt(choice: Any, allowed: list[Any]) -> Iterator[Any]:
    """Yield ways to write a choice that are none of the choices and mean no other."""
    text = str(choice)
    ways: list[Any] = [text, text.upper(), text.lower(), text.title(), f" {text} ", f"{text}\n"]
    ways += [f'"{text}"', f"'{text}'", text.replace("_", " "), text.replace("_", "-")]
    ways += [text.replace("-", "_"), text.replace(":", " : "), text.replace("-", " ")]
    ways += [text.replace(" ", "_"), text.replace("/", " / "), text.replace("x", " x ")]
    if isinstance(choice, str) and text.isascii() and text.isdigit() and str(int(text)) == text:
        ways += [int(text), float(text)]
    if isinstance(choice, (int, float)) and float(choice).is_integer():
        ways.append(float(choice) if isinstance(choice, int) else int(choice))
    lower = [str(each).lower() for each in allowed]
    for way in dict.fromkeys((type(each), each) for each in ways):
        value = way[1]
        if any(type(each) is type(value) and each == value for each in allowed):
            continue
        # JSON knows one kind of number: 5.0 is 5, and nothing has to be mended.
        if not isinstance(value, str) and any(
            not isinstance(each, str) and each == value for each in allowed
        ):
            continue
        if lower.count(text.lower()) == 1:
            yield value


@each_card
@pytest.mark.parametrize("last", [False, True])
def test_right_inputs_have_no_error_and_stay(card: ModelCard, last: bool) -> None:
    inputs = _inputs(card, last=last)
    plan = _plan(card, inputs)
    assert errors(check_plan(plan, _catalog(card), UPLOADS)) == ()
    found = _repaired(card, inputs)
    assert found.outcome is Outcome.ACCEPTED, (found.changes, found.findings)
    assert found.plan == plan


@each_card
def test_media_from_other_steps(card: ModelCard) -> None:
    kinds = {found[0]: None for each in properties(card).values() if (found := media_of(each))}
    makers = [_maker(kind) for kind in kinds]
    steps = [
        {"id": f"{name}_{maker.output.value}", "title": "M", "kind": maker.kind, "model": maker.id}
        for maker in makers
        for name in ("one", "two")
    ]
    inputs = _inputs(card)
    for name, each in properties(card).items():
        if (found := media_of(each)) is not None:
            ref = f"$one_{found[0].value}.output"
            second = f"$two_{found[0].value}.output"
            inputs[name] = [ref, second][: each.get("maxItems", 2)] if found[1] else ref
    steps.append({"id": "a", "title": "A", "kind": card.kind, "model": card.id, "inputs": inputs})
    plan = Plan.model_validate({"title": "T", "steps": steps})
    assert errors(check_plan(plan, build_catalog([card, *makers]), {})) == ()


def _maker(kind: MediaKind) -> ModelCard:
    step = {MediaKind.MODEL3D: "3d"}.get(kind, kind.value)
    return ModelCard.model_validate(
        {"id": f"maker/{kind}", "kind": step, "output": kind, "inputs_schema": {"type": "object"}}
    )


def _choices_written_otherwise(card: ModelCard) -> Iterator[Case]:
    for field, schema in properties(card).items():
        allowed = _choices(schema)
        # A field that also takes any text takes every way to write a choice as it is.
        if any(
            part.get("type") == "string" and "enum" not in part for part in schema.get("anyOf", ())
        ):
            continue
        for choice in allowed[:MOST_CHOICES]:
            for wrong in _misspelt(choice, allowed):
                yield field, wrong, choice


@each_card
def test_each_choice_written_otherwise(card: ModelCard) -> None:
    _are_mended(card, _choices_written_otherwise(card))


def _written_as_texts(card: ModelCard) -> Iterator[Case]:
    for field, schema in properties(card).items():
        kind = "choice" if "enum" in schema else schema.get("type")
        if kind in {"integer", "number"}:
            right = _right(schema, last=True)
            yield from ((field, wrong, right) for wrong in (str(right), f" {right} "))
        elif kind == "boolean":
            words = (("true", True), ("False", False), (" TRUE ", True))
            yield from ((field, wrong, right) for wrong, right in words)


@each_card
def test_numbers_and_truths_written_as_texts(card: ModelCard) -> None:
    _are_mended(card, _written_as_texts(card))


def _out_of_range(card: ModelCard) -> Iterator[Case]:
    for field, schema in properties(card).items():
        if "enum" in schema or schema.get("type") not in {"integer", "number"}:
            continue
        for bound, beyond in (("minimum", -1), ("maximum", 1)):
            if bound in schema:
                yield field, schema[bound] + beyond, schema[bound]


@each_card
def test_a_value_just_out_of_range_is_left_to_a_person_before_a_run(card: ModelCard) -> None:
    cases = list(_out_of_range(card))
    _are_mended(card, cases, slips=False)
    for field, wrong, _ in cases:
        plan = _plan(card, {**_inputs(card), field: wrong})
        assert [each.field for each in errors(check_plan(plan, _catalog(card), UPLOADS))] == [field]


@each_card
def test_an_input_nobody_knows(card: ModelCard) -> None:
    inputs = {**_inputs(card), "qqzzkw": 3}
    found = _repaired(card, inputs)
    assert found.outcome is Outcome.REPAIRED
    assert found.plan == _plan(card, _inputs(card))
    assert ["qqzzkw" in change.message for change in found.changes] == [True]
    second = mended(_plan(card, inputs), _catalog(card), "", UPLOADS)
    assert second is not None
    assert ["qqzzkw" in note.message for note in second[1] if note.step == "s0"] == [True]


numbers = st.floats(allow_nan=False, allow_infinity=False, width=32) | st.integers(-(10**9), 10**9)


@settings(max_examples=80)
@given(st.sampled_from(CARDS), numbers, st.data())
def test_any_number_as_a_text(card: ModelCard, number: float, data: Any) -> None:
    fields = [
        name
        for name, each in properties(card).items()
        if each.get("type") == "number" and "enum" not in each
    ]
    if not fields:
        return
    field = data.draw(st.sampled_from(fields))
    schema = properties(card)[field]
    number = min(max(number, schema.get("minimum", -math.inf)), schema.get("maximum", math.inf))
    found = _repaired(card, {**_inputs(card), field: str(number)})
    assert found.plan is not None
    assert found.plan.steps[0].inputs[field] == number


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=150)
@given(st.sampled_from(CARDS), st.data())
def test_whatever_stands_in_a_field(card: ModelCard, data: Any) -> None:
    """A repaired plan passes the checks; anything else says what is wrong."""
    field = data.draw(st.sampled_from(sorted(properties(card))))
    found = _repaired(card, {**_inputs(card), field: data.draw(junk)})
    if found.outcome in {Outcome.ACCEPTED, Outcome.REPAIRED}:
        assert found.plan is not None
        assert errors(check_plan(found.plan, _catalog(card), UPLOADS)) == ()
    else:
        assert found.findings or found.questions
