"""Another provider's model that can do a step: the same task, its wires following by meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright.catalog.ports import properties
from framewright.checks.fields import check_fields
from framewright.checks.repair.plan.names import counterpart
from framewright.domain.finding import errors
from framewright.domain.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Collection

    from framewright.catalog.catalog import Catalog
    from framewright.domain.model_card import ModelCard
    from framewright.domain.plan import Step


def equivalents(
    step: Step, card: ModelCard, catalog: Catalog, providers: Collection[str]
) -> tuple[tuple[ModelCard, dict[str, str]], ...]:
    """Return the models that can stand in for a step's own, each with its name of every field.

    They do the same task at another of the `providers`, take every media input and every text,
    and cost no more; those cheapest first. Literals that one has no field for are left out.
    """
    if card.task is None:
        return ()
    found: list[tuple[float, ModelCard, dict[str, str]]] = []
    for other in catalog.for_task(card.task):
        if other.provider == card.provider or other.provider not in providers:
            continue
        if not _costs_no_more(other, card):
            continue
        fields = _same_fields(step, card, other, catalog)
        if fields is not None:
            price = other.price.amount if other.price is not None else 0.0
            found.append((price, other, fields))
    return tuple((other, fields) for _, other, fields in sorted(found, key=lambda each: each[0]))


def renamed(inputs: dict[str, Any], fields: dict[str, str]) -> dict[str, Any]:
    """Return inputs under the names another model has for them; those without one are left out."""
    return {fields[name]: value for name, value in inputs.items() if name in fields}


def _costs_no_more(other: ModelCard, card: ModelCard) -> bool:
    """Tell whether a price is known and no higher: more is only paid when a person says so."""
    if other.price is None or card.price is None:
        return other.price is not None and other.price.amount == 0
    return other.price.per == card.price.per and other.price.amount <= card.price.amount


def _same_fields(
    step: Step, card: ModelCard, other: ModelCard, catalog: Catalog
) -> dict[str, str] | None:
    """Return the other model's name of each field in use; None where something needed is lost."""
    known = properties(other)
    fields: dict[str, str] = {}
    for name in step.inputs:
        same = counterpart(name, known)
        media = name in catalog.ports[card.id]
        text = properties(card).get(name, {}).get("type") == "string" and not media
        if same is None or same in fields.values():
            if media or (text and "enum" not in properties(card).get(name, {})):
                return None
            continue
        if media and (
            same not in catalog.ports[other.id]
            or catalog.ports[other.id][same].media is not catalog.ports[card.id][name].media
            or catalog.ports[other.id][same].many != catalog.ports[card.id][name].many
        ):
            return None
        fields[name] = same
    moved = step.model_copy(
        update={"model": other.id, "inputs": renamed(step.inputs, fields), "kind": other.kind}
    )
    return None if errors(tuple(check_fields(Plan(title="", steps=(moved,)), catalog))) else fields
