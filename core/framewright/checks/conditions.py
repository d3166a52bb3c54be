"""Can the condition of a step be judged when its time comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.checks.codes import Code, finding
from framewright.domain import refs
from framewright.domain.media import MediaKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framewright.catalog.catalog import Catalog
    from framewright.domain.finding import Finding
    from framewright.domain.plan import Plan


def check_conditions(plan: Plan, catalog: Catalog) -> Iterator[Finding]:
    """Yield conditions on something that is no earlier result, or on words of what has none."""
    steps = {step.id: step for step in plan.steps}
    for step in plan.steps:
        if step.when is None:
            continue
        found = refs.parse(step.when.ref)
        if not isinstance(found, refs.StepRef):
            if not isinstance(found, refs.Malformed):
                message = f"{step.id}: its condition looks at {step.when.ref!r}, not at a result."
                fix = "Name an earlier step's result: $step.output"
                yield finding(Code.CONDITION_NO_RESULT, message, step, "when.ref", fix)
            continue
        source = steps.get(found.step)
        card = catalog.cards.get(source.model or "") if source is not None else None
        compares = step.when.equals is not None or step.when.contains is not None
        if card is not None and compares and card.output is not MediaKind.TEXT:
            message = (
                f"{step.id}: its condition compares words, but {found.step} gives {card.output}."
            )
            fix = "Put a step between that describes it in words."
            yield finding(Code.CONDITION_NOT_TEXT, message, step, "when.ref", fix)
