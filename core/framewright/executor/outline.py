"""What a run consists of: the chosen steps of a plan, in an order that can be run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.domain import refs
from framewright.domain.event import StepOutline
from framewright.errors import NotFoundError
from framewright.executor.ready_set import in_order

if TYPE_CHECKING:
    from collections.abc import Collection

    from framewright.catalog.catalog import Catalog
    from framewright.domain.plan import Plan, Step

UNKNOWN_SECONDS = 10.0
"""What a step is expected to take when its model card does not say."""


def outline(plan: Plan, catalog: Catalog, only: Collection[str] = ()) -> tuple[StepOutline, ...]:
    """Return the steps to run: all, or those of `only` with everything they need.

    The plan has passed its checks. Raises `NotFoundError` for a name in `only` that is no
    step.
    """
    needs = refs.edges(plan)
    chosen = _with_needs(plan, needs, only) if only else set(needs)
    steps = {step.id: step for step in plan.steps}
    order = in_order({step: needs[step] for step in needs if step in chosen})
    return tuple(_outline(steps[step], needs[step], catalog) for step in order)


def _outline(step: Step, needs: tuple[str, ...], catalog: Catalog) -> StepOutline:
    card = catalog.cards[step.model or ""]
    expected = UNKNOWN_SECONDS if card.typical_seconds is None else card.typical_seconds
    return StepOutline(
        id=step.id,
        title=step.title,
        kind=step.kind,
        model=card.id,
        needs=needs,
        expected_seconds=expected,
    )


def _with_needs(plan: Plan, needs: dict[str, tuple[str, ...]], only: Collection[str]) -> set[str]:
    chosen: set[str] = set()
    waiting = list(only)
    while waiting:
        step = waiting.pop()
        if step not in needs:
            known = ", ".join(each.id for each in plan.steps[:12])
            raise NotFoundError(f"The plan has no step {step}.", action=f"Its steps are: {known}.")
        if step not in chosen:
            chosen.add(step)
            waiting.extend(needs[step])
    return chosen
