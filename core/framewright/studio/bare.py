"""What needs no workspace: planning, checking and listing models over catalogs alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.checks.check import check_plan
from framewright.settings import load_settings
from framewright.studio.catalogs import load_catalog

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from framewright.agents.offline.interpretation import Interpretation
    from framewright.catalog.catalog import Catalog
    from framewright.domain.finding import Finding
    from framewright.domain.plan import Plan


def catalog_of(folder: Path, further: Iterable[Path] = ()) -> Catalog:
    """Return the catalog a workspace folder would use, whether or not it is there yet."""
    return load_catalog([*load_settings(folder).catalogs, *further])


def interpret_brief(brief: str, catalog: Catalog) -> Interpretation:
    """Return the plan for a brief without uploads; raises `BriefError`."""
    from framewright.agents.offline.planner import interpret

    return interpret(brief, catalog)


def check_alone(plan: Plan, catalog: Catalog) -> tuple[Finding, ...]:
    """Return the findings on a plan; uploads and assets it names are taken on trust."""
    return check_plan(plan, catalog)
