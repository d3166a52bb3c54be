"""A plan that does not pass the checks, mended where fixed rules lead to the one right plan."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from framewright.checks.codes import Code
from framewright.checks.repair.outcome import Change, Outcome
from framewright.checks.repair.plan.spelling import same_choice
from framewright.checks.repair.repair import repair
from framewright.domain.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framewright.catalog.catalog import Catalog
    from framewright.domain.media import MediaKind
    from framewright.domain.plan import Plan

_SLIPS = frozenset(
    {
        Code.MODEL_UNKNOWN_NEAR.value,
        Code.STEP_GROUP_UNKNOWN.value,
    }
)
"""What may be mended without asking, besides values."""


def mended(
    plan: Plan, catalog: Catalog, brief: str, uploads: Mapping[str, MediaKind] | None
) -> tuple[Plan, tuple[Finding, ...]] | None:
    """Return the mended plan with each change as a note; without `uploads` they are trusted.

    None where a person should look first: another model, or steps that come or go, are no slip.
    """
    found = repair(json.dumps(plan.model_dump(mode="json")), catalog, brief, uploads)
    if found.outcome is not Outcome.REPAIRED or found.plan is None:
        return None
    if not all(_is_slip(change) for change in found.changes):
        return None
    if len(found.plan.steps) != len(plan.steps):
        return None
    return found.plan, tuple(_note(change) for change in found.changes)


def _note(change: Change) -> Finding:
    step = change.operation.step
    words = change.message.removeprefix(f"{step}: ")
    return Finding(code=change.code, severity=Severity.NOTE, message=words, step=step)


def _is_slip(change: Change) -> bool:
    """Tell a slip of the pen from a wish that can not be met, which a person has to change."""
    before, after = change.operation.before, change.operation.after
    if change.code == Code.INPUT_RANGE.value:
        return False
    if change.code == Code.INPUT_ENUM.value:
        return same_choice(before, [after]) is not None
    return change.code in _SLIPS or change.code.startswith("input_")
