"""What a step that may run by its needs still waits for: its condition, and a person's word."""

from __future__ import annotations

import json
from enum import Enum
from typing import TYPE_CHECKING, Any

from framewright.domain import refs
from framewright.domain.media import MediaKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from framewright.domain.asset import Output
    from framewright.domain.plan import Condition, Step


class Gate(Enum):
    """Whether a step may run."""

    OPEN = "open"
    HELD = "held"
    """A person has not said yet."""
    SHUT = "shut"
    """It is left out, and so is what takes from it."""


def gate(
    step: Step,
    outputs: Mapping[str, tuple[Output, ...]],
    skipped: Collection[str],
    approved: bool | None,
) -> Gate:
    """Return whether a step may run whose needs have all ended well or were left out.

    `outputs` holds the results of finished steps, `skipped` the steps that were left out. A
    step that takes from one of those is left out too; one that only comes after it runs.
    """
    if skipped and any(ref.step in skipped for ref in refs.step_refs(step)):
        return Gate.SHUT
    if step.when is not None and not holds(step.when, outputs):
        return Gate.SHUT
    if not step.approval or approved:
        return Gate.OPEN
    return Gate.HELD if approved is None else Gate.SHUT


def holds(condition: Condition, outputs: Mapping[str, tuple[Output, ...]]) -> bool:
    """Tell whether a condition is met.

    `equals` compares the text with a literal, as JSON where the literal is no text; `contains`
    looks for words in it; both without regard to case and outer spaces. With neither, any
    result that is not an empty text meets it.
    """
    found = refs.parse(condition.ref)
    if not isinstance(found, refs.StepRef):
        return False
    given = outputs.get(found.step, ())
    if found.index >= len(given):
        return False
    output = given[found.index]
    if output.kind is not MediaKind.TEXT:
        return condition.equals is None and condition.contains is None
    text = (output.text or "").strip()
    if condition.contains is not None and condition.contains.casefold() not in text.casefold():
        return False
    if condition.equals is not None:
        return _equal(text, condition.equals)
    return condition.contains is not None or bool(text)


def _equal(text: str, wanted: Any) -> bool:
    if isinstance(wanted, str):
        return text.casefold() == wanted.strip().casefold()
    try:
        said = json.loads(text)
    except ValueError:
        return False
    # True equals 1 in Python, but "1" is no answer to a yes-or-no question.
    return isinstance(said, bool) == isinstance(wanted, bool) and bool(said == wanted)
