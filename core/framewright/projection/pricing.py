"""What one step costs, by its model's price and by what such jobs have cost here before."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framewright.catalog.ports import properties
from framewright.domain import refs
from framewright.domain.money import MICRO, MOST
from framewright.domain.value import Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from framewright.domain.model_card import ModelCard

LENGTHS = ("duration", "duration_seconds", "seconds", "length", "length_seconds", "video_length")
"""Fields that say how long a result is to be."""
_TEXTS = ("text", "input", "script", "prompt")
_COUNTS = ("num_images", "number_of_images", "n", "num_outputs")
_CARD_SPREAD = (0.5, 2.0)


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


@dataclass(frozen=True, slots=True)
class Measured:
    """One finished job of a model."""

    inputs: Mapping[str, Any]
    seconds: float
    cost: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What a step costs, in US dollars."""

    dollars: Range
    is_open: bool = False
    """Whether it hangs on what another step makes, which may ask for more than the high end."""

    @property
    def reserve(self) -> int:
        """The high end in millionths of a dollar: what a budget must have left for it."""
        return most(self.dollars.high)


def most(high: float) -> int:
    """Return the high end of a cost in millionths of a dollar; what is beyond all money is that."""
    return min(MOST, round(high * MICRO)) if math.isfinite(high) and high > 0 else 0


def cost(card: ModelCard, inputs: Mapping[str, Any], known: Sequence[Measured]) -> Cost | None:
    """Return what a step costs; None where neither price nor history says so.

    The inputs are those that the plan writes, or those that are there when it runs: then the
    answer is the same unless it was open.
    """
    if card.price is None:
        costs = [each.cost for each in known if each.cost > 0]
        if not costs:
            return None
        return Cost(Range(low=min(costs), likely=quantile(costs, 0.5), high=max(costs)))
    amount = card.price.amount
    units, is_open = _units(card, inputs)
    found = Range(low=amount * units.low, likely=amount * units.likely, high=amount * units.high)
    return Cost(found, is_open and amount > 0)


def length(card: ModelCard, inputs: Mapping[str, Any]) -> float | None:
    """Return how many seconds of media are asked for; None where the model has no such field."""
    known = properties(card)
    for name in LENGTHS:
        if name in known:
            return _number(inputs.get(name, known[name].get("default")))
    return None


def quantile(values: Sequence[float], share: float) -> float:
    """Return a quantile by linear interpolation between the sorted values."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def spread(likely: float, by: tuple[float, float] = _CARD_SPREAD) -> Range:
    """Return a figure that may be off by so much."""
    return Range(low=likely * by[0], likely=likely, high=likely * by[1])


def _units(card: ModelCard, inputs: Mapping[str, Any]) -> tuple[Range, bool]:
    """Return how many units of its price a step takes, and whether that is open."""
    per = card.price.per if card.price is not None else "run"
    known = properties(card)
    if per == "second":
        name = next((name for name in LENGTHS if name in known), "")
        said = inputs.get(name, known.get(name, {}).get("default"))
        return _counted(said, known.get(name, {}).get("maximum"), usual=5.0)
    if per == "image":
        name = next((name for name in _COUNTS if inputs.get(name)), "")
        return _counted(inputs.get(name, 1), known.get(name, {}).get("maximum"), usual=1.0)
    if per == "1000 characters":
        name = next((name for name in _TEXTS if isinstance(inputs.get(name), str)), "")
        return _characters(inputs.get(name, ""), known.get(name, {}).get("maxLength"))
    if per == "megapixel":
        sides = (inputs.get("width"), inputs.get("height"))
        wide, high = map(_number, sides)
        if wide and high:
            return _exactly(wide * high / 1e6), False
        return spread(1.0), any(_comes_from_a_step(side) for side in sides)
    return _exactly(1.0), False


def _counted(said: object, bound: object, usual: float) -> tuple[Range, bool]:
    number = _number(said)
    if number is not None:
        return _exactly(number), False
    return _bounded(spread(usual), _comes_from_a_step(said), _number(bound))


def _characters(text: str, bound: object) -> tuple[Range, bool]:
    thousands = max(1, len(text)) / 1_000
    if not _comes_from_a_step(text):
        return _exactly(thousands), False
    found = spread(1.0)
    found = found.model_copy(update={"high": max(found.high, thousands)})
    longest = _number(bound)
    return _bounded(found, True, longest and longest / 1_000)


def _bounded(found: Range, is_open: bool, bound: float | None) -> tuple[Range, bool]:
    """Return a figure that hangs on another step's result, closed where its field has an end."""
    if not is_open or bound is None:
        return found, is_open
    return Range(low=min(found.low, bound), likely=min(found.likely, bound), high=bound), False


def _exactly(figure: float) -> Range:
    return Range(low=figure, likely=figure, high=figure)


def _comes_from_a_step(said: object) -> bool:
    if not isinstance(said, str):
        return False
    return isinstance(refs.parse(said), refs.StepRef) or bool(refs.templates(said))


def _number(value: object) -> float | None:
    """Return a number above zero; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(str(value).removesuffix("s"))
    except ValueError:
        return None
    return number if 0 < number < math.inf else None
