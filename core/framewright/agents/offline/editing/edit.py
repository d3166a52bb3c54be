"""Edits in words without a model: a small grammar over the selected steps of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.agents.offline.editing import edit_lengths
from framewright.agents.offline.editing.edit_operations import carry_out
from framewright.agents.offline.editing.edit_words import read_edit
from framewright.agents.offline.editing.edit_workshop import Workshop
from framewright.checks.check import check_plan
from framewright.domain.finding import errors
from framewright.domain.plan import Plan
from framewright.domain.value import Value
from framewright.edits.operation import Operation
from framewright.errors import EditError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Collection

    from framewright.catalog.catalog import Catalog


class EditedPlan(Value):
    """A plan after an edit in words."""

    plan: Plan
    operations: tuple[Operation, ...]
    understood: tuple[str, ...]
    """The clauses that were carried out."""
    missed: tuple[str, ...]
    """The clauses that were not understood, or meant nothing in scope."""
    notes: tuple[str, ...] = ()
    """What a person should know of the plan as it is now."""


def edit_in_words(
    plan: Plan, catalog: Catalog, selection: Collection[str], text: str
) -> EditedPlan:
    """Return the plan with the edits a text asks for; `selection` is the scope, empty is all.

    Nothing outside the scope changes but the wires of what was removed. Raises `EditError`
    where nothing was understood, or where the plan could not run any more; `NotFoundError` for
    a selected step that is not there.
    """
    for name in selection:
        if plan.step(name) is None:
            raise NotFoundError(f"The plan has no step {name}.")
    reading = read_edit(text, [step.id for step in plan.steps])
    shop = Workshop(plan, catalog, set(selection), [], [])
    seconds = edit_lengths.film_seconds(shop)
    understood: list[str] = []
    missed = list(reading.missed)
    for wish in reading.wishes:
        (understood if carry_out(shop, wish) else missed).append(wish.text)
    if not shop.done and selection and _is_about_others(plan, catalog, text):
        message = f"What {text[:80]!r} would change is not among the selected steps."
        raise EditError(message, action="Select those steps too, or leave --select out.")
    if not shop.done:
        message = f"Nothing to change was understood in {text[:80]!r}."
        action = (
            'For example: "make this dusk", "remove the music", "twice as long", "in portrait".'
        )
        raise EditError(message, action=action)
    notes = [*shop.notes, *edit_lengths.follow_film(shop, seconds)]
    _refuse_worse(plan, shop.plan, catalog)
    return EditedPlan(
        plan=shop.plan,
        operations=tuple(shop.done),
        understood=tuple(understood),
        missed=tuple(missed),
        notes=tuple(notes),
    )


def _is_about_others(plan: Plan, catalog: Catalog, text: str) -> bool:
    try:
        return bool(edit_in_words(plan, catalog, (), text).operations)
    except EditError:
        return False


def _refuse_worse(before: Plan, after: Plan, catalog: Catalog) -> None:
    """Refuse an edit that breaks the plan; what was wrong before may stay so."""
    known = {(each.code, each.step) for each in errors(check_plan(before, catalog))}
    new = [e for e in errors(check_plan(after, catalog)) if (e.code, e.step) not in known]
    if new:
        raise EditError(f"After that the plan could not run: {new[0].message}")
