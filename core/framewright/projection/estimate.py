"""What a run will take, before it runs: its time under the concurrency caps, and its cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from framewright.domain.money import micro
from framewright.domain.value import Value
from framewright.projection.pricing import (
    Cost,
    Measured,
    Range,
    cost,
    length,
    most,
    quantile,
    spread,
)
from framewright.projection.schedule import schedule

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from framewright.catalog.catalog import Catalog
    from framewright.domain.event import StepOutline
    from framewright.domain.model_card import ModelCard
    from framewright.projection.schedule import Caps

Basis = Literal["measured", "model card", "unknown"]

UNKNOWN_SECONDS = 10.0
"""What a step is expected to take of which nothing is known."""
_FEW = 3
"""Measurements below this number are widened like a model card's word."""
_CARD_SPREAD = (0.5, 2.0)
_UNKNOWN_SPREAD = (0.2, 5.0)


NOTHING = Range(low=0.0, likely=0.0, high=0.0)


class StepEstimate(Value):
    """One step of the estimate."""

    id: str
    model: str
    seconds: Range
    cost: Range
    """In US dollars."""
    basis: Basis
    """Where the time comes from: this workspace's own history, the model card, or nowhere."""
    priced: bool
    """Whether anything is known of its cost."""
    done: bool
    """Whether it need not run: it ran, or its result is reused."""


class Estimate(Value):
    """What is left of a run."""

    steps: tuple[StepEstimate, ...]
    seconds: Range
    """From its start to its end, with the caps on what runs at the same time."""
    cost: Range
    """In US dollars, of the steps whose price is known."""
    critical_path: tuple[str, ...]
    """The steps that the likely time consists of, in their order."""
    unpriced: tuple[str, ...]
    """Models of which nothing is known about the cost."""
    budget: float | None = None
    """In US dollars."""
    stops_at: str | None = None
    """The step before which a budget would stop the run, at the high end of the costs."""
    stopped_by: str | None = None
    """Which budget that is, in words."""
    open_costs: tuple[str, ...] = ()
    """Steps whose cost hangs on what others make, and may come to more than the high end."""


@dataclass(frozen=True, slots=True)
class Left:
    """A budget with what is left of it, in millionths of a dollar."""

    name: str
    """In words, such as "the run's budget"."""
    amount: int


def estimate(
    steps: Sequence[StepOutline],
    inputs: Mapping[str, Mapping[str, Any]],
    catalog: Catalog,
    history: Mapping[str, Sequence[Measured]],
    caps: Caps,
    done: Collection[str] = (),
    budget: float | None = None,
    left: Sequence[Left] = (),
    spent: int = 0,
) -> Estimate:
    """Estimate a run.

    `steps` stand in an order that can be run, `inputs` are those of each step as the plan
    writes them, `history` the finished jobs by model, newest first; `done` need not run. Of the
    `budget`, in US dollars, so many millionths of a dollar are `spent`; `left` are the other
    budgets that hold for the run.
    """
    costs = {
        step.id: cost(
            catalog.cards[step.model], inputs.get(step.id, {}), history.get(step.model, ())
        )
        for step in steps
        if step.id not in done
    }
    each = tuple(
        _step(step, inputs.get(step.id, {}), catalog.cards[step.model], history, costs)
        for step in steps
    )
    by_id = {step.id: step for step in each}
    cards = {step.id: catalog.cards[step.model] for step in steps}
    # What is done takes no place, and counts for no rate.
    places = {
        name: ("", "") if name in done else (card.provider, card.id) for name, card in cards.items()
    }
    low, _, _ = schedule(steps, {name: e.seconds.low for name, e in by_id.items()}, places, caps)
    likely, order, path = schedule(
        steps, {name: e.seconds.likely for name, e in by_id.items()}, places, caps
    )
    high, _, _ = schedule(steps, {name: e.seconds.high for name, e in by_id.items()}, places, caps)
    total = NOTHING
    for step in each:
        total += step.cost
    given = () if budget is None else (Left("the run's budget", micro(budget) - spent),)
    stops_at, stopped_by = _stop(order, by_id, (*given, *left))
    return Estimate(
        steps=each,
        seconds=Range(low=round(low, 1), likely=round(likely, 1), high=round(high, 1)),
        cost=_rounded(total),
        critical_path=tuple(name for name in path if not by_id[name].done),
        unpriced=tuple(dict.fromkeys(step.model for step in each if not step.priced)),
        budget=budget,
        stops_at=stops_at,
        stopped_by=stopped_by,
        open_costs=tuple(name for name, found in costs.items() if found and found.is_open),
    )


def _step(
    step: StepOutline,
    inputs: Mapping[str, Any],
    card: ModelCard,
    history: Mapping[str, Sequence[Measured]],
    costs: Mapping[str, Cost | None],
) -> StepEstimate:
    """Return one step; those without an entry in `costs` are done."""
    done = step.id not in costs
    seconds, basis = _seconds(card, inputs, history.get(card.id, ()))
    found = costs.get(step.id)
    return StepEstimate(
        id=step.id,
        model=card.id,
        seconds=NOTHING if done else seconds,
        cost=NOTHING if found is None else found.dollars,
        basis=basis,
        priced=done or found is not None,
        done=done,
    )


def _seconds(
    card: ModelCard, inputs: Mapping[str, Any], known: Sequence[Measured]
) -> tuple[Range, Basis]:
    """Return how long a step takes; what makes media takes as long as they are, in proportion."""
    wanted = length(card, inputs)
    rates = [each.seconds / _per(card, each.inputs, wanted) for each in known]
    scale = 1.0 if wanted is None else wanted
    if rates:
        low, likely, high = (quantile(rates, share) * scale for share in (0.05, 0.5, 0.95))
        if len(rates) < _FEW:
            low, high = low * _CARD_SPREAD[0], high * _CARD_SPREAD[1]
        return Range(low=low, likely=likely, high=high), "measured"
    if card.typical_seconds is not None:
        return spread(card.typical_seconds, _CARD_SPREAD), "model card"
    return spread(UNKNOWN_SECONDS, _UNKNOWN_SPREAD), "unknown"


def _per(card: ModelCard, inputs: Mapping[str, Any], wanted: float | None) -> float:
    if wanted is None:
        return 1.0
    return length(card, inputs) or wanted


def _stop(
    order: Sequence[str], steps: Mapping[str, StepEstimate], left: Sequence[Left]
) -> tuple[str | None, str | None]:
    """Return the step before which a budget stops the run, and which budget that is.

    In whatever order steps come to run: where nothing is said here, none is refused.
    """
    if not left:
        return None, None
    least = min(left, key=lambda each: each.amount)
    reserved, unpriced = 0, None
    for name in order:
        reserved += most(steps[name].cost.high)
        if reserved > max(0, least.amount):
            return name, least.name
        if not steps[name].priced:
            unpriced = name
    # What nobody knows the price of begins only where anything is left.
    if unpriced is not None and reserved >= least.amount:
        return unpriced, least.name
    return None, None


def _rounded(found: Range) -> Range:
    return Range(low=round(found.low, 4), likely=round(found.likely, 4), high=round(found.high, 4))
