"""Whether a plan can run in a workspace, and the plan as it can."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from framewright.checks.check import check_plan
from framewright.checks.models import check_providers
from framewright.domain import refs
from framewright.domain.finding import Finding, errors
from framewright.domain.plan import Plan
from framewright.domain.value import Value
from framewright.errors import PlanInvalidError
from framewright.store import assets

if TYPE_CHECKING:
    from collections.abc import Collection

    from framewright.catalog.catalog import Catalog
    from framewright.store.database import Database


async def findings_on(
    plan: Plan, catalog: Catalog, tenant: str, database: Database, providers: Collection[str]
) -> tuple[Finding, ...]:
    """Return everything that is wrong or odd about a plan; `providers` are those installed."""
    uploads = await database.read(assets.uploads(tenant))
    hashes = {
        found.asset
        for step in plan.steps
        for _, text in refs.strings(step.inputs)
        if isinstance(found := refs.parse(text), refs.AssetRef)
    }
    known = await database.read(assets.find(tenant, sorted(hashes)))
    findings = await asyncio.to_thread(
        check_plan,
        plan,
        catalog,
        {upload.id: upload.file.info.kind for upload in uploads},
        {name: file.info.kind for name, file in known.items()},
    )
    return (*findings, *check_providers(plan, catalog, providers))


class Mending(Value):
    """A plan as it can run."""

    plan: Plan
    changes: tuple[Finding, ...] = ()
    """What was changed for that, a note each; none for a plan that could run as it was."""
    findings: tuple[Finding, ...] = ()
    """What is odd about the plan as it now is."""

    @property
    def by_step(self) -> dict[str, tuple[Finding, ...]]:
        """The changes of each step that has any."""
        found: dict[str, tuple[Finding, ...]] = {}
        for change in self.changes:
            if change.step is not None:
                found[change.step] = (*found.get(change.step, ()), change)
        return found


async def mending(
    plan: Plan,
    brief: str,
    catalog: Catalog,
    tenant: str,
    database: Database,
    providers: Collection[str],
) -> Mending | None:
    """Return the plan as a run takes it, or None for one that it refuses.

    A plan that passes the checks stays as it is. One that fixed rules lead to the one right
    plan is mended.
    """
    findings = await findings_on(plan, catalog, tenant, database, providers)
    if not errors(findings):
        return Mending(plan=plan, findings=findings)
    # The rules of repair are wide; a sound plan need not wait until they are read.
    from framewright.studio.second_pass import mended

    uploads = await database.read(assets.uploads(tenant))
    kinds = {upload.id: upload.file.info.kind for upload in uploads}
    found = await asyncio.to_thread(mended, plan, catalog, brief, kinds)
    if found is None:
        return None
    left = await findings_on(found[0], catalog, tenant, database, providers)
    return None if errors(left) else Mending(plan=found[0], changes=found[1], findings=left)


async def proved(
    plan: Plan,
    brief: str,
    catalog: Catalog,
    tenant: str,
    database: Database,
    providers: Collection[str],
) -> tuple[Plan, dict[str, tuple[Finding, ...]]]:
    """Return the plan as it can run, with what was changed for that on each step.

    Raises `PlanInvalidError` for a plan that `mending` has no answer to.
    """
    found = await mending(plan, brief, catalog, tenant, database, providers)
    if found is None:
        bad = errors(await findings_on(plan, catalog, tenant, database, providers))
        raise _refusal(bad)
    return found.plan, found.by_step


def refuse_errors(findings: tuple[Finding, ...]) -> None:
    """Raise `PlanInvalidError` with the first error, where there is one."""
    if bad := errors(findings):
        raise _refusal(bad)


def _refusal(bad: tuple[Finding, ...]) -> PlanInvalidError:
    more = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
    return PlanInvalidError(f"The plan can not run: {bad[0].message}{more}")
