"""What needs no workspace: planning, checking and listing models over catalogs alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.catalog.catalog import build_catalog, read_cards
from framewright.checks.check import check_plan
from framewright.checks.models import check_providers
from framewright.domain.finding import errors
from framewright.settings import load_settings
from framewright.studio.catalogs import load_catalog, own_catalogs, read_json
from framewright.studio.installed_providers import installed_names
from framewright.studio.proving import Mending
from framewright.studio.readiness import readiness_here

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from framewright.agents.offline.editing.edit import EditedPlan
    from framewright.agents.offline.interpretation import Interpretation
    from framewright.catalog.catalog import Catalog
    from framewright.checks.repair.outcome import Repair
    from framewright.domain.finding import Finding
    from framewright.domain.media import MediaKind
    from framewright.domain.plan import Plan


def catalog_of(folder: Path, further: Iterable[Path] = ()) -> Catalog:
    """Return the catalog a workspace folder would use, whether or not it is there yet."""
    settings = load_settings(folder)
    files = [*own_catalogs(folder), *settings.catalogs, *further]
    return load_catalog(files, readiness_here(settings))


def catalog_alone(files: Iterable[Path]) -> Catalog:
    """Return the catalog of these files and nothing else, as a language model was shown it."""
    return build_catalog(card for path in files for card in read_cards(read_json(path), path.name))


def mend(
    raw: str,
    catalog: Catalog,
    brief: str = "",
    uploads: Mapping[str, MediaKind] | None = None,
    available: Collection[str] | None = None,
) -> Repair:
    """Return the one right plan of a raw answer, or what stands against it; never raises."""
    from framewright.checks.repair.repair import repair

    return repair(raw, catalog, brief, uploads, available)


def interpret_brief(brief: str, catalog: Catalog) -> Interpretation:
    """Return the plan for a brief without uploads; raises `BriefError`."""
    from framewright.agents.offline.planner import interpret

    return interpret(brief, catalog)


def edit_words(plan: Plan, catalog: Catalog, selection: Collection[str], text: str) -> EditedPlan:
    """Return the plan with the edits a text asks for; raises `EditError`."""
    from framewright.agents.offline.editing.edit import edit_in_words

    return edit_in_words(plan, catalog, selection, text)


def check_alone(plan: Plan, catalog: Catalog) -> tuple[Finding, ...]:
    """Return the findings on a plan outside a workspace, where no upload and no asset is."""
    missing = check_providers(plan, catalog, installed_names())
    return (*check_plan(plan, catalog, {}, {}), *missing)


def mend_alone(plan: Plan, catalog: Catalog) -> Mending | None:
    """Return the plan as a run would take it, as far as can be said without a workspace.

    None for a plan that it would refuse.
    """
    findings = check_alone(plan, catalog)
    if not errors(findings):
        return Mending(plan=plan, findings=findings)
    from framewright.studio.second_pass import mended

    found = mended(plan, catalog, "", None)
    if found is None:
        return None
    left = check_alone(found[0], catalog)
    return None if errors(left) else Mending(plan=found[0], changes=found[1], findings=left)
