"""Is it a plan at all: its steps, their ids and groups."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from framewright.checks.codes import Code, finding
from framewright.domain.refs import RESERVED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framewright.domain.finding import Finding
    from framewright.domain.plan import Plan

MOST_STEPS = 10_000


def check_structure(plan: Plan) -> Iterator[Finding]:
    """Yield what is wrong with the plan's frame."""
    if not plan.steps:
        yield finding(Code.STEP_EMPTY_PLAN, "The plan has no steps.", fix="Add a step.")
    if len(plan.steps) > MOST_STEPS:
        message = f"The plan has {len(plan.steps):,} steps; {MOST_STEPS:,} are the most."
        yield finding(Code.STEP_TOO_MANY, message, fix="Split it into several plans.")
    groups = {group.id for group in plan.groups}
    count = Counter(step.id for step in plan.steps)
    for name, times in count.items():
        if times > 1:
            message = f"{times} steps are called {name}."
            yield finding(Code.STEP_DUPLICATE_ID, message, name, fix="Give each its own id.")
    for step in plan.steps:
        if step.id in RESERVED:
            message = f"A step can not be called {step.id}: references would mean something else."
            yield finding(Code.STEP_RESERVED_ID, message, step, fix="Choose another id.")
        if step.group is not None and step.group not in groups:
            message = f"{step.id} is in the group {step.group}, which the plan does not have."
            yield finding(Code.STEP_GROUP_UNKNOWN, message, step)
