"""From raw model output to a plan: text, then plan, then brief, then all checks."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from framewright.catalog.catalog import Catalog
from framewright.checks.check import check_plan
from framewright.checks.repair import step_form
from framewright.checks.repair.brief.lengths import settle_lengths, settle_shapes
from framewright.checks.repair.brief.moments import settle_moments
from framewright.checks.repair.brief.scenes import (
    settle_continuity,
    settle_duplicates,
    settle_merge_order,
)
from framewright.checks.repair.brief.speech import settle_words
from framewright.checks.repair.brief.whole import settle_counts, settle_whole
from framewright.checks.repair.draft import Case, Draft
from framewright.checks.repair.duplicate_keys import settle_conflicts
from framewright.checks.repair.envelope import find_plan
from framewright.checks.repair.outcome import Outcome, Repair
from framewright.checks.repair.plan.ids import settle_ids
from framewright.checks.repair.plan.inputs import fill_required, settle_names
from framewright.checks.repair.plan.media import settle_addresses, settle_lists, settle_wires
from framewright.checks.repair.plan.models import settle_models
from framewright.checks.repair.plan.order import settle_order
from framewright.checks.repair.plan.references import settle_references
from framewright.checks.repair.plan.values import settle_values
from framewright.checks.repair.record import Record
from framewright.checks.repair.safety import refuse_hostile
from framewright.checks.repair.text.reading import read
from framewright.domain.finding import Finding, Severity, errors
from framewright.domain.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from framewright.domain.media import MediaKind

MOST_STEPS = 120
"""Most steps a language model may plan at once; plans of people may be longer."""
_MOST_ROUNDS = 6
_TEXT = {
    "json_fenced": "Took the answer out of its fence.",
    "json_prose_around": "Left out the words around the plan.",
    "json_trailing_comma": "Left out commas before a closing bracket.",
    "json_missing_comma": "Put in missing commas.",
    "json_single_quotes": "Read single-quoted texts.",
    "json_comments": "Left out comments.",
    "json_unquoted_keys": "Read names without quotes.",
    "json_python_literals": "Read None, True and False.",
    "json_double_encoded": "Read JSON that was written as a text.",
    "json_smart_quotes": "Read typographic quotes as quotes.",
    "json_thinking_tags": "Left out the reasoning before the answer.",
    "json_concatenated": "Read several values one after the other.",
    "json_duplicate_key": "Read a key that stood twice.",
    "json_invalid_escape": "Mended backslashes and quotes inside texts.",
    "json_control_chars": "Read line breaks inside texts.",
    "json_nan": "Left out values that are not numbers.",
    "env_yaml": "Read YAML.",
}


def repair(
    raw: str,
    catalog: Catalog,
    brief: str = "",
    uploads: Mapping[str, MediaKind] | None = None,
    available: Collection[str] | None = None,
    most_steps: int = MOST_STEPS,
) -> Repair:
    """Turn what a language model wrote into the one right plan, or say what stands against it.

    `uploads` names what the person gave, None leaves references to uploads unjudged;
    `available` are the ids of the models that can be used here, None means all. Never raises,
    whatever the text; the same input gives the same answer.
    """
    record = Record()
    reading = read(raw)
    if reading.refusal:
        record.refuse("json_too_long", reading.refusal)
        return _answer(None, record, ())
    if reading.cut_off:
        message = "The answer ends before the plan does. Write the whole plan again, and shorter."
        record.ask_model("json_truncated", message)
        return _answer(None, record, ())
    found = find_plan(reading, record)
    for code in reading.codes:
        if code != "json_concatenated" or len(reading.values) > 1:
            record.read(code, _TEXT.get(code, "Mended the text."))
    if found is None or record.open:
        return _answer(None, record, ())
    settle_conflicts(reading.conflicts, brief, record)
    if len(found.steps) > most_steps:
        message = f"The plan has {len(found.steps):,} steps; {most_steps} are the most."
        record.refuse("step_too_many", message)
        return _answer(None, record, ())
    if not found.steps:
        record.ask_model("step_empty_plan", "The plan has no steps. Write the steps it needs.")
        return _answer(None, record, ())
    usable = _available(catalog, available)
    steps = [
        step
        for number, raw_step in enumerate(copy.deepcopy(found.steps), 1)
        if (step := step_form.shaped(raw_step, number, usable, record)) is not None
    ]
    title = found.title.strip() or _title(brief)
    case = Case(Draft(title, steps, found.groups), usable, catalog, uploads, brief, record)
    return _mended(case)


def _available(catalog: Catalog, available: Collection[str] | None) -> Catalog:
    if available is None or "*" in available:
        return Catalog({name: card for name, card in catalog.cards.items() if card.available})
    return Catalog({name: card for name, card in catalog.cards.items() if name in available})


def _title(brief: str) -> str:
    line = " ".join(brief.split())
    return line if len(line) <= 80 else line[:79].rstrip() + "…"


def _mended(case: Case) -> Repair:
    names = settle_ids(case)
    # Which model a step has decides what its fields mean, and who takes it which model fits.
    settle_models(case)
    settle_references(case, names)
    # Before inputs that nobody knows are left out: a plan that reaches outside is refused whole.
    settle_addresses(case)
    refuse_hostile(case)
    if case.record.refused:
        return _answer(None, case.record, ())
    for _ in range(_MOST_ROUNDS):
        before = case.record.size()
        _one_round(case)
        if case.record.size() == before:
            break
    refuse_hostile(case)
    plan = _plan(case)
    if plan is None:
        return _answer(None, case.record, ())
    return _answer(plan, case.record, check_plan(plan, case.known, case.uploads))


def _one_round(case: Case) -> None:
    settle_models(case)
    settle_names(case)
    settle_values(case)
    settle_addresses(case)
    settle_wires(case)
    settle_lists(case)
    settle_words(case)
    settle_moments(case)
    fill_required(case)
    settle_order(case)
    if case.record.open or case.record.questions or case.record.refused:
        # A plan that waits for an answer is not polished meanwhile.
        return
    settle_shapes(case)
    if case.brief.strip():
        settle_duplicates(case)
        settle_merge_order(case)
        settle_continuity(case)
        settle_lengths(case)
        settle_counts(case)
        settle_whole(case)
        settle_order(case)


def _plan(case: Case) -> Plan | None:
    steps = []
    for step in case.draft.steps:
        missing = [name for name in step.pop("missing", ()) if name == "title"]
        if not step["title"].strip():
            step["title"] = step["id"].replace("_", " ").capitalize()
            if missing:
                message = f"{step['id']} had no title."
                case.record.change(
                    "step_missing_field", message, "set", step["id"], "title", None, step["title"]
                )
        kept = {name: value for name, value in step.items() if value is not None}
        steps.append({**kept, "inputs": step_form.plain(step["inputs"])})
    document: dict[str, Any] = {"title": case.draft.title, "steps": steps}
    if case.draft.groups:
        document["groups"] = case.draft.groups
    try:
        return Plan.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        case.record.ask_model("step_missing_field", f"{where}: {first['msg']}.")
        return None


def _answer(plan: Plan | None, record: Record, findings: tuple[Finding, ...]) -> Repair:
    """Return the answer; what is still wrong after all repairs is left to the model."""
    wrong = errors(findings)
    told = {(each.code, each.step) for each in record.open}
    asked = {each.code for each in record.questions}
    rest = tuple(each for each in wrong if (each.code, each.step) not in told)
    notes = tuple(each for each in findings if each.severity is not Severity.ERROR)
    if record.refused:
        outcome = Outcome.REJECTED
    elif record.questions:
        outcome = Outcome.ASK_USER
    elif record.open or any(each.code not in asked for each in rest):
        outcome = Outcome.ASK_MODEL
    else:
        outcome = Outcome.REPAIRED if record.changes else Outcome.ACCEPTED
    every = (*record.refused, *record.open, *rest, *notes)
    return Repair(
        outcome=outcome,
        plan=None if outcome is Outcome.REJECTED else plan,
        findings=every,
        changes=tuple(record.changes),
        questions=tuple(record.questions) if outcome is Outcome.ASK_USER else (),
        instruction=_instruction(every) if outcome is Outcome.ASK_MODEL else None,
    )


def _instruction(findings: tuple[Finding, ...]) -> str:
    lines = [
        f"- {each.message}" + (f" {each.fix.rstrip('.')}." if each.fix else "")
        for each in findings[:20]
    ]
    return "Write the whole plan again as one JSON object, and mend this:\n" + "\n".join(lines)
