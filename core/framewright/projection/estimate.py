"""What a run will take, before it runs: its time under the concurrency caps, and its cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from framewright.catalog.ports import properties
from framewright.domain.value import Value
from framewright.projection.schedule import schedule

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from framewright.catalog.catalog import Catalog
    from framewright.domain.event import StepOutline
    from framewright.domain.model_card import ModelCard
    from framewright.projection.schedule import Caps

Basis = Literal["measured", "model card", "unknown"]

LENGTHS = ("duration", "duration_seconds", "seconds", "length", "length_seconds", "video_length")
"""Fields that say how long a result is to be."""
_TEXTS = ("text", "input", "script", "prompt")
_COUNTS = ("num_images", "number_of_images", "n", "num_outputs")
UNKNOWN_SECONDS = 10.0
"""What a step is expected to take of which nothing is known."""
_FEW = 3
"""Measurements below this number are widened like a model card's word."""
_CARD_SPREAD = (0.5, 2.0)
_UNKNOWN_SPREAD = (0.2, 5.0)


class Range(Value):
    """A figure with how sure it is: nine of ten lie between low and high."""

    low: float
    likely: float
    high: float

    def __add__(self, other: Range) -> Range:
        return Range(
            low=self.low + other.low,
            likely=self.likely + other.likely,
            high=self.high + other.high,
        )


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
    """The step before which the budget would stop the run, at the high end of the costs."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One finished job of a model."""

    inputs: Mapping[str, Any]
    seconds: float
    cost: float


def estimate(
    steps: Sequence[StepOutline],
    inputs: Mapping[str, Mapping[str, Any]],
    catalog: Catalog,
    history: Mapping[str, Sequence[Measured]],
    caps: Caps,
    done: Collection[str] = (),
    budget: float | None = None,
) -> Estimate:
    """Estimate a run.

    `steps` stand in an order that can be run, `inputs` are those of each step as the plan
    writes them, `history` the finished jobs by model, newest first; `done` need not run.
    """
    each = tuple(
        _step(step, inputs.get(step.id, {}), catalog.cards[step.model], history, step.id in done)
        for step in steps
    )
    by_id = {step.id: step for step in each}
    providers = {step.id: catalog.cards[step.model].provider for step in steps}
    low, _, _ = schedule(steps, {name: e.seconds.low for name, e in by_id.items()}, providers, caps)
    likely, order, path = schedule(
        steps, {name: e.seconds.likely for name, e in by_id.items()}, providers, caps
    )
    high, _, _ = schedule(
        steps, {name: e.seconds.high for name, e in by_id.items()}, providers, caps
    )
    cost = NOTHING
    for step in each:
        cost += step.cost
    return Estimate(
        steps=each,
        seconds=Range(low=round(low, 1), likely=round(likely, 1), high=round(high, 1)),
        cost=_rounded(cost),
        critical_path=tuple(name for name in path if not by_id[name].done),
        unpriced=tuple(dict.fromkeys(step.model for step in each if not step.priced)),
        budget=budget,
        stops_at=None if budget is None else _stop(order, by_id, budget),
    )


def _step(
    step: StepOutline,
    inputs: Mapping[str, Any],
    card: ModelCard,
    history: Mapping[str, Sequence[Measured]],
    done: bool,
) -> StepEstimate:
    known = history.get(card.id, ())
    seconds, basis = _seconds(card, inputs, known)
    cost = _cost(card, inputs, known)
    return StepEstimate(
        id=step.id,
        model=card.id,
        seconds=NOTHING if done else seconds,
        cost=NOTHING if done or cost is None else cost,
        basis=basis,
        priced=done or cost is not None,
        done=done,
    )


def _seconds(
    card: ModelCard, inputs: Mapping[str, Any], known: Sequence[Measured]
) -> tuple[Range, Basis]:
    """Return how long a step takes; what makes media takes as long as they are, in proportion."""
    wanted = _length(card, inputs)
    rates = [each.seconds / _per(card, each.inputs, wanted) for each in known]
    scale = 1.0 if wanted is None else wanted
    if rates:
        low, likely, high = (_quantile(rates, share) * scale for share in (0.05, 0.5, 0.95))
        if len(rates) < _FEW:
            low, high = low * _CARD_SPREAD[0], high * _CARD_SPREAD[1]
        return Range(low=low, likely=likely, high=high), "measured"
    if card.typical_seconds is not None:
        return _spread(card.typical_seconds, _CARD_SPREAD), "model card"
    return _spread(UNKNOWN_SECONDS, _UNKNOWN_SPREAD), "unknown"


def _per(card: ModelCard, inputs: Mapping[str, Any], wanted: float | None) -> float:
    if wanted is None:
        return 1.0
    return _length(card, inputs) or wanted


def _spread(likely: float, spread: tuple[float, float]) -> Range:
    return Range(low=likely * spread[0], likely=likely, high=likely * spread[1])


def _length(card: ModelCard, inputs: Mapping[str, Any]) -> float | None:
    """Return how many seconds of media are asked for; None where the model has no such field."""
    known = properties(card)
    for name in LENGTHS:
        if name in known:
            said = _number(inputs.get(name, known[name].get("default")))
            return said if said and said > 0 else None
    return None


def _cost(card: ModelCard, inputs: Mapping[str, Any], known: Sequence[Measured]) -> Range | None:
    """Return what a step costs; None where neither price nor history says so."""
    if card.price is None:
        costs = [each.cost for each in known if each.cost > 0]
        if not costs:
            return None
        return Range(low=min(costs), likely=_quantile(costs, 0.5), high=max(costs))
    amount = card.price.amount
    units = _units(card, inputs)
    return Range(low=amount * units.low, likely=amount * units.likely, high=amount * units.high)


def _units(card: ModelCard, inputs: Mapping[str, Any]) -> Range:
    """Return how many units of its price a step takes."""
    per = card.price.per if card.price is not None else "run"
    exact: float | None = 1.0
    if per == "second":
        exact = _length(card, inputs)
    elif per == "image":
        exact = next((n for name in _COUNTS if (n := _number(inputs.get(name)))), 1.0)
    elif per == "1000 characters":
        text = next((inputs[name] for name in _TEXTS if isinstance(inputs.get(name), str)), "")
        exact = None if "{{" in text or text.startswith("$") else max(1, len(text)) / 1000
    elif per == "megapixel":
        sides = _number(inputs.get("width")), _number(inputs.get("height"))
        exact = sides[0] * sides[1] / 1e6 if sides[0] and sides[1] else None
    if exact is not None:
        return Range(low=exact, likely=exact, high=exact)
    # Not said beforehand: five seconds, a megapixel, a thousand characters, and around them.
    usual = 5.0 if per == "second" else 1.0
    return _spread(usual, _CARD_SPREAD)


def _stop(order: Sequence[str], steps: Mapping[str, StepEstimate], budget: float) -> str | None:
    spent = 0.0
    for name in order:
        spent += steps[name].cost.high
        if spent > budget + 1e-9:
            return name
    return None


def _quantile(values: Sequence[float], share: float) -> float:
    """Return a quantile by linear interpolation between the sorted values."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return float(str(value).removesuffix("s"))
    except ValueError:
        return None


def _rounded(found: Range) -> Range:
    return Range(low=round(found.low, 4), likely=round(found.likely, 4), high=round(found.high, 4))
