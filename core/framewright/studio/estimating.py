"""What a run will take, by this workspace's own history, its caps and its budgets."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from framewright.domain.budget import Scope, Window
from framewright.domain.money import dollars
from framewright.projection.estimate import Estimate, Left, estimate
from framewright.projection.pricing import Measured
from framewright.store import budgets, jobs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from framewright.catalog.catalog import Catalog
    from framewright.domain.budget import Spend
    from framewright.domain.event import StepOutline
    from framewright.domain.plan import Plan
    from framewright.executor.work import Tools
    from framewright.projection.schedule import Caps


async def estimated(
    plan: Plan,
    steps: Sequence[StepOutline],
    done: Collection[str],
    budget: float | None,
    *,
    run: str | None,
    tenant: str,
    catalog: Catalog,
    caps: Caps,
    tools: Tools,
) -> Estimate:
    """Return the time and cost of steps of a plan, and where which budget would stop them.

    `run` is the one they are left of; where no budget is given, that is the one it has. What it
    has reserved for those steps counts for them and not against them.
    """
    spent = reserved = 0
    if run is not None:
        had, spent, reserved = await tools.database.read(budgets.of_run(tenant, run))
        budget = dollars(had) if budget is None and had is not None else budget
    history = await measured(tenant, tools)
    asked = {step.id: step.inputs for step in plan.steps}
    left = tuple(_left(await tools.router.spending(), tenant, reserved))
    return await asyncio.to_thread(
        estimate, steps, asked, catalog, history, caps, done, budget, left, spent
    )


async def measured(tenant: str, tools: Tools) -> dict[str, list[Measured]]:
    """Return the newest finished jobs by model, newest first."""
    history: dict[str, list[Measured]] = {}
    for model, inputs, seconds, cost in await tools.database.read(jobs.times(tenant)):
        history.setdefault(model, []).append(Measured(inputs, seconds, cost))
    return history


def _left(spending: Iterable[Spend], tenant: str, reserved: int) -> Iterable[Left]:
    for each in spending:
        if each.left is None or each.name not in {"", tenant}:
            continue
        whose = "the workspace's" if each.scope is Scope.PROJECT else f"{each.name}'s"
        when = "budget" if each.window is Window.TOTAL else f"budget of this {each.window}"
        yield Left(f"{whose} {when}", each.left + reserved)
