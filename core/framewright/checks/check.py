"""All checks of a plan together."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from framewright.checks.conditions import check_conditions
from framewright.checks.cycles import check_cycles
from framewright.checks.fields import check_fields
from framewright.checks.media import check_media
from framewright.checks.models import check_models
from framewright.checks.references import check_references
from framewright.checks.structure import check_structure
from framewright.checks.tasks import check_tasks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framewright.catalog.catalog import Catalog
    from framewright.domain.finding import Finding
    from framewright.domain.media import MediaKind
    from framewright.domain.plan import Plan


def check_plan(
    plan: Plan,
    catalog: Catalog,
    uploads: Mapping[str, MediaKind] | None = None,
    assets: Mapping[str, MediaKind] | None = None,
) -> tuple[Finding, ...]:
    """Return every finding on a plan, in the order of its steps, those on the whole plan first.

    `uploads` and `assets` name all there are, with their kinds; None leaves references to
    them unjudged. A plan without findings of the severity `error` can run.
    """
    found = chain(
        check_structure(plan),
        check_references(plan, uploads, assets),
        check_cycles(plan),
        check_models(plan, catalog),
        check_fields(plan, catalog),
        check_media(plan, catalog, uploads, assets),
        check_tasks(plan, catalog),
        check_conditions(plan, catalog),
    )
    order = {step.id: position for position, step in enumerate(plan.steps)}
    # Two checks may say the same of the same place: the first one counts.
    unique = {(each.step, each.field, each.code): each for each in reversed(tuple(found))}
    return tuple(
        sorted(
            unique.values(),
            key=lambda each: (order.get(each.step or "", -1), each.code, each.field or ""),
        )
    )
