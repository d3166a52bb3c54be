"""Commands about plans: plan, check."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from framewright.cli.places import AsJson, CatalogOption, WorkspaceOption, folder_of, opened
from framewright.cli.places import run as wait

if TYPE_CHECKING:
    from framewright.agents.offline.interpretation import Interpretation
    from framewright.domain.finding import Finding
    from framewright.studio.proving import Mending


def plan(
    brief: Annotated[
        str, typer.Argument(metavar="BRIEF", help="What you want; - reads it from stdin.")
    ],
    upload: Annotated[
        list[Path] | None,
        typer.Option(
            "--upload", "-u", metavar="FILE", help="A media file to use; may be repeated."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="File to write the plan to.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    workspace: WorkspaceOption = None,
    catalog: CatalogOption = None,
    as_json: AsJson = False,
) -> None:
    """Show the plan for a brief, and write it to a file."""
    from framewright.checks.models import missing_providers
    from framewright.cli.answer import console, say_json
    from framewright.cli.brief import read_brief
    from framewright.cli.explain import explain
    from framewright.cli.findings import print_findings
    from framewright.cli.outputs import PlanData
    from framewright.domain.finding import errors
    from framewright.studio.bare import catalog_of, check_alone, interpret_brief
    from framewright.studio.plan_files import write_plan

    asked = read_brief(brief)
    if upload:

        async def work() -> tuple[Interpretation, tuple[Finding, ...]]:
            async with opened(workspace, catalogs=catalog, create=True) as studio:
                found = await studio.interpret(asked, upload)
                return found, await studio.check(found.plan)

        found, findings = wait(work())
    else:
        known = catalog_of(folder_of(workspace), catalog or ())
        found = interpret_brief(asked, known)
        findings = check_alone(found.plan, known)
    if out is not None:
        write_plan(found.plan, out, overwrite=force)
    if as_json:
        say_json(PlanData(interpretation=found, findings=findings, file=out))
    else:
        explain(found)
        print_findings(findings)
    bad = (*errors(findings), *missing_providers(findings))
    if out is not None and not as_json:
        then = "It can not run as it is." if bad else f"Run it: framewright run {out}"
        console().print(f"\nWrote {out}. {then}")
    if bad:
        raise typer.Exit(2)


def check(
    plan_file: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan file.")],
    workspace: WorkspaceOption = None,
    catalog: CatalogOption = None,
    as_json: AsJson = False,
) -> None:
    """Prove that a plan can run, or say what keeps it from running.

    What a run would mend by itself is noted and keeps it from nothing.
    """
    from framewright.checks.models import missing_providers
    from framewright.cli.answer import say_json
    from framewright.cli.outputs import CheckData
    from framewright.domain.finding import errors
    from framewright.studio.bare import catalog_of, check_alone, mend_alone
    from framewright.studio.plan_files import read_plan
    from framewright.studio.workspace import Workspace

    read = read_plan(plan_file)
    folder = folder_of(workspace)
    if Workspace(folder).exists():

        async def work() -> tuple[Mending | None, tuple[Finding, ...]]:
            async with opened(workspace, catalogs=catalog) as studio:
                found = await studio.mending(read)
                return found, await studio.check(read) if found is None else found.findings

        found, findings = wait(work())
    else:
        known = catalog_of(folder, catalog or ())
        found = mend_alone(read, known)
        findings = check_alone(read, known) if found is None else found.findings
    changes = () if found is None else found.changes
    findings = (*findings, *(_to_come(change) for change in changes))
    bad = len(errors(findings)) + len(missing_providers(findings))
    if as_json:
        data = CheckData(findings=findings, errors=bad, steps=len(read.steps), mended=changes)
        say_json(data, ok=not bad)
    else:
        _print(findings, len(read.steps), bad=bool(bad), mends=bool(changes))
    raise typer.Exit(2 if bad else 0)


def _to_come(change: Finding) -> Finding:
    return change.model_copy(update={"message": f"run will mend: {change.message}"})


def _print(findings: tuple[Finding, ...], steps: int, *, bad: bool, mends: bool) -> None:
    from framewright.cli.answer import console
    from framewright.cli.findings import print_findings

    print_findings(findings)
    if not bad:
        count = f"{steps} step{'s' if steps != 1 else ''}"
        rest = "nothing else keeps" if mends else "nothing keeps"
        console().print(f"Good: {count}, {rest} this plan from running.")
