"""Moments of a video that contradict each other, where the brief says which one is meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.checks.repair.draft import written
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from framewright.checks.repair.draft import Case, StepDict


def settle_moments(case: Case) -> None:
    """Settle which frame is taken, and from where to where a video is cut."""
    for step in case.draft.steps:
        card = case.card(step)
        if card is None:
            continue
        if card.task is Task.EXTRACT_FRAME:
            _frame(case, step)
        elif card.task is Task.TRIM:
            _range(case, step)


def _frame(case: Case, step: StepDict) -> None:
    position, seconds = step["inputs"].get("position"), step["inputs"].get("time_seconds")
    if position is None or seconds is None:
        return
    at_a_time = (
        re.search(rf"(?<![\w.]){re.escape(f'{seconds:g}')}(?!\w|\.\d)", case.brief)
        if isinstance(seconds, (int, float))
        else None
    )
    named = re.search(rf"\b{re.escape(str(position))}\b", case.brief, re.IGNORECASE)
    if bool(named) == bool(at_a_time):
        message = f"{step['id']} takes the {position} frame and the one at {seconds} s. Choose one."
        case.record.ask_model("input_inconsistent", message, step["id"], "position")
        return
    field = "time_seconds" if named else "position"
    before = step["inputs"].pop(field)
    message = f"{step['id']}: left out {field}; the brief says which frame it is."
    case.record.change(
        "input_inconsistent", message, "unset", step["id"], written((field,)), before
    )


def _range(case: Case, step: StepDict) -> None:
    start, end = step["inputs"].get("start_seconds"), step["inputs"].get("end_seconds")
    if not isinstance(start, (int, float)) or not isinstance(end, (int, float)) or end >= start:
        return
    told = re.search(
        rf"(?<![\w.]){end:g}(?!\w|\.\d).{{1,40}}(?<![\w.]){start:g}(?!\w|\.\d)",
        case.brief,
        re.DOTALL,
    )
    if told:
        step["inputs"]["start_seconds"], step["inputs"]["end_seconds"] = end, start
        message = f"{step['id']}: from {end:g} to {start:g} s, as the brief says."
        case.record.change(
            "input_inconsistent", message, "set", step["id"], "inputs.start_seconds", start, end
        )
