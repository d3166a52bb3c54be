"""What a step's result must look like, read from what was asked of its model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright.catalog.ports import ports, properties
from framewright.domain.plan import Task
from framewright.quality.review import Expectation

if TYPE_CHECKING:
    from framewright.domain.model_card import ModelCard

_RATES = ("fps", "frame_rate", "frames_per_second")
_MOVING = frozenset({Task.TEXT_TO_VIDEO, Task.IMAGE_TO_VIDEO, Task.LIP_SYNC})
_STILLNESS = frozenset({"static", "still", "locked", "locked-off", "fixed", "none"})
_DURATIONS = ("duration", "duration_seconds", "seconds")


def expectation(card: ModelCard, inputs: dict[str, Any]) -> Expectation:
    """Return the kind, and where the inputs say them, size, aspect ratio and length."""
    known = properties(card)
    asked = {name: inputs.get(name, about.get("default")) for name, about in known.items()}
    width, height, aspect = asked.get("width"), asked.get("height"), asked.get("aspect_ratio")
    seconds = next((_number(asked[name]) for name in _DURATIONS if asked.get(name)), None)
    if card.task is Task.TRIM:
        start, end = _number(asked.get("start_seconds")), _number(asked.get("end_seconds"))
        seconds = end - start if start is not None and end is not None else None
    return Expectation(
        kind=card.output,
        width=width if isinstance(width, int) else None,
        height=height if isinstance(height, int) else None,
        aspect_ratio=aspect if isinstance(aspect, str) and ":" in aspect else None,
        duration_seconds=seconds,
        fps=next((_number(asked[name]) for name in _RATES if asked.get(name)), None),
        must_move=card.task in _MOVING and not _asks_for_stillness(asked),
        may_be_flat=any(port.field in inputs for port in ports(card)),
    )


def _number(value: Any) -> float | None:
    """Read a length in seconds: 5, "5" or "5s"."""
    try:
        return float(str(value).removesuffix("s"))
    except ValueError:
        return None


def _asks_for_stillness(asked: dict[str, Any]) -> bool:
    """Tell whether an input asks the camera not to move, in one word."""
    return any(isinstance(value, str) and value.lower() in _STILLNESS for value in asked.values())
