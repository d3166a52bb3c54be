"""Chooses a model for a step and fills its inputs."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from framewright.agents.offline.fields import (
    FAMILIES,
    MEDIA_SLOTS,
    fit,
    literal_field,
    media_field,
)
from framewright.agents.offline.measures import plain_number
from framewright.catalog.ports import ports, properties

if TYPE_CHECKING:
    from framewright.catalog.catalog import Catalog
    from framewright.domain.model_card import ModelCard
    from framewright.domain.plan import Task

_WEIGHTS = {"seconds": 1.0, "aspect": 1.0, "prompt": 1.0, "text": 4.0, "videos": 2.0, "tracks": 2.0}
_LITTLE = 0.25
"""What an unmet wish of another kind weighs."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A model with its inputs; `card` is None where no model can do it."""

    card: ModelCard | None
    inputs: dict[str, Any] = field(default_factory=dict)
    changed: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    """Slots whose value had to change: wanted and given."""
    refused: tuple[str, ...] = ()
    """Slots the model has no field for."""


def choose(task: Task, wants: dict[str, Any], catalog: Catalog) -> Choice:
    """Return the model that takes most of what is wanted, then the cheapest, then the fastest."""
    best: tuple[tuple[float, float, float], Choice] | None = None
    for card in catalog.for_task(task):
        choice = _try(card, wants)
        if choice is None:
            continue
        rank = (_unmet(choice), _price(card), card.typical_seconds or math.inf)
        if best is None or rank < best[0]:
            best = (rank, choice)
    if best is not None:
        return best[1]
    return Choice(None, {_usual_name(slot): value for slot, value in wants.items()})


def can(task: Task, catalog: Catalog) -> bool:
    """Tell whether some available model does a task."""
    return bool(catalog.for_task(task))


def _try(card: ModelCard, wants: dict[str, Any]) -> Choice | None:
    """Return the inputs for one model; None where it can not do this at all."""
    inputs: dict[str, Any] = {}
    changed: dict[str, tuple[Any, Any]] = {}
    refused: list[str] = []
    known = properties(card)
    for slot, value in wants.items():
        if slot in MEDIA_SLOTS:
            port = media_field(card, slot)
            if port is None:
                return None
            inputs[port.field] = [value] if port.many and not isinstance(value, list) else value
            most = known[port.field].get("maxItems")
            if isinstance(value, list) and isinstance(most, int) and len(value) > most:
                refused.append(slot)
            continue
        name = literal_field(card, slot)
        fitted = None if name is None or name in inputs else fit(slot, value, known[name])
        if name is None or fitted is None:
            refused.append(slot)
            continue
        inputs[name] = fitted.value
        if not fitted.exact:
            changed[slot] = (value, fitted.value)
    if not _fill_required(card, inputs):
        return None
    return Choice(card, inputs, changed, tuple(refused))


def _fill_required(card: ModelCard, inputs: dict[str, Any]) -> bool:
    """Add what a model insists on and nobody asked about; False where that is impossible."""
    media = {port.field for port in ports(card)}
    known = properties(card)
    for name in card.inputs_schema.get("required") or ():
        if name in inputs:
            continue
        schema = known.get(name, {})
        if name in media:
            return False
        if "default" in schema:
            inputs[name] = schema["default"]
        elif isinstance(schema.get("enum"), list) and schema["enum"]:
            inputs[name] = schema["enum"][0]
        elif isinstance(schema.get("minimum"), (int, float)):
            inputs[name] = plain_number(schema["minimum"])
        else:
            return False
    return True


def _unmet(choice: Choice) -> float:
    missing = sum(_WEIGHTS.get(slot, _LITTLE) for slot in choice.refused)
    return missing + sum(_WEIGHTS.get(slot, _LITTLE) for slot in choice.changed)


def _price(card: ModelCard) -> float:
    return math.inf if card.price is None else card.price.amount


def _usual_name(slot: str) -> str:
    return FAMILIES[slot][0] if slot in FAMILIES else slot
