"""Rules that a schema can not say: what the inputs of some tasks must be to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.checks.codes import Code, finding
from framewright.domain.plan import Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framewright.catalog.catalog import Catalog
    from framewright.domain.finding import Finding
    from framewright.domain.plan import Plan, Step


def check_tasks(plan: Plan, catalog: Catalog) -> Iterator[Finding]:
    """Yield inputs that contradict one another."""
    for step in plan.steps:
        card = catalog.cards.get(step.model or "")
        if card is None:
            continue
        if card.task is Task.MERGE_VIDEOS:
            yield from _merge(step, catalog)
        elif card.task is Task.TRIM:
            yield from _trim(step)
        elif card.task is Task.MIX_AUDIO:
            yield from _mix(step)


def _merge(step: Step, catalog: Catalog) -> Iterator[Finding]:
    for field, port in catalog.ports.get(step.model or "", {}).items():
        clips = step.inputs.get(field)
        if port.many and isinstance(clips, list) and len(clips) == 1:
            message = f"{step.id} merges a single clip."
            fix = "Take the step out, or add a clip."
            yield finding(Code.UTILITY_MERGE_SINGLE, message, step, field, fix)


def _trim(step: Step) -> Iterator[Finding]:
    start, end = step.inputs.get("start_seconds"), step.inputs.get("end_seconds")
    if isinstance(start, (int, float)) and isinstance(end, (int, float)) and end <= start:
        message = f"{step.id} ends at {end} s, before it starts at {start} s."
        yield finding(Code.INPUT_INCONSISTENT, message, step, "end_seconds")


def _mix(step: Step) -> Iterator[Finding]:
    tracks = step.inputs.get("tracks")
    if not isinstance(tracks, list):
        return
    for field in ("gains_db", "starts_seconds"):
        given = step.inputs.get(field)
        if isinstance(given, list) and len(given) > len(tracks):
            message = f"{step.id}: {field} has {len(given)} values for {len(tracks)} tracks."
            yield finding(Code.INPUT_INCONSISTENT, message, step, field)
