"""The command that mends what a language model wrote: repair."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from framewright.cli.places import AsJson, CatalogOption, WorkspaceOption, folder_of

if TYPE_CHECKING:
    from framewright.checks.repair.outcome import Repair


def repair(
    raw: Annotated[
        str, typer.Argument(metavar="RAW", help="File with a model's raw answer; - reads stdin.")
    ],
    brief: Annotated[
        str, typer.Option("--brief", metavar="TEXT", help="What the person asked for.")
    ] = "",
    uploads: Annotated[
        Path | None,
        typer.Option(
            "--uploads",
            metavar="FILE",
            help='JSON list of what the person gave: [{"id": …, "media": "image"}].',
        ),
    ] = None,
    available: Annotated[
        list[str] | None,
        typer.Option(
            "--available", metavar="ID", help="A model that can be used; may be repeated; * is all."
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
    """Turn a language model's raw answer into the one right plan, or say what stands against it.

    With --catalog, those files are all the models there are: the catalog the model was shown.
    """
    from framewright.checks.repair.outcome import Outcome
    from framewright.cli.answer import say_json
    from framewright.cli.brief import read_brief
    from framewright.cli.outputs import RepairData
    from framewright.studio.bare import catalog_alone, catalog_of, mend
    from framewright.studio.plan_files import write_plan
    from framewright.studio.raw_answers import read_raw, read_uploads

    known = catalog_alone(catalog) if catalog else catalog_of(folder_of(workspace))
    found = mend(
        read_raw(raw),
        known,
        read_brief(brief),
        None if uploads is None else read_uploads(uploads),
        available,
    )
    good = found.outcome in {Outcome.ACCEPTED, Outcome.REPAIRED}
    if out is not None and good and found.plan is not None:
        write_plan(found.plan, out, overwrite=force)
    if as_json:
        say_json(RepairData.of(found, out if good else None), ok=good)
    else:
        _print(found, out if good else None)
    raise typer.Exit(0 if good else 2)


def _print(found: Repair, out: Path | None) -> None:
    from rich.text import Text

    from framewright.checks.repair.outcome import Outcome
    from framewright.cli.answer import console
    from framewright.cli.findings import print_findings

    words = {
        Outcome.ACCEPTED: ("Accepted", "green", "nothing had to be mended"),
        Outcome.REPAIRED: ("Repaired", "green", "this is the one right plan"),
        Outcome.ASK_MODEL: ("Ask the model", "yellow", "only another answer of it can help"),
        Outcome.ASK_USER: ("Ask the person", "yellow", "only they can decide"),
        Outcome.REJECTED: ("Rejected", "red", "this answer is not used"),
    }
    name, style, meaning = words[found.outcome]
    console().print(Text.assemble((name, f"bold {style}"), f": {meaning}."))
    for change in found.changes:
        console().print(
            Text.assemble(
                ("  mended  ", "green"), change.message, (f"  {change.code}", "bright_black")
            )
        )
    for question in found.questions:
        console().print(Text.assemble(("  decide  ", "yellow"), question.message))
        for choice in question.choices:
            console().print(f"            - {choice}")
    print_findings(found.findings)
    if out is not None and found.plan is not None:
        console().print(f"\nWrote {out}. Run it: framewright run {out}")
