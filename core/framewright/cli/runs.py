"""Commands that make things: make, run, resume, rerun."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from framewright.cli.places import AsJson, CatalogOption, WorkspaceOption, opened
from framewright.cli.places import run as wait
from framewright.domain.priority import Priority

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from framewright.domain.event import Event
    from framewright.projection.run_view import RunView
    from framewright.studio import Studio


ReuseOption = Annotated[
    bool,
    typer.Option(
        "--reuse/--no-reuse", help="Take over what finished steps have made of the same inputs."
    ),
]


ApproveOption = Annotated[
    bool,
    typer.Option("--approve", help="Say yes beforehand to every step that waits for a person."),
]


PriorityOption = Annotated[
    Priority,
    typer.Option("--priority", help="Before or behind the jobs of other runs, on the same models."),
]
BudgetOption = Annotated[
    float | None,
    typer.Option(
        "--budget",
        metavar="USD",
        min=0,
        help="The most that the run may spend; steps that do not fit fail, the others go on.",
    ),
]


def make(
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
        Path, typer.Option("-o", "--out", metavar="DIR", help="Folder for the results.")
    ] = Path("out"),
    reuse: ReuseOption = True,
    budget: BudgetOption = None,
    priority: PriorityOption = Priority.NORMAL,
    workspace: WorkspaceOption = None,
    catalog: CatalogOption = None,
    as_json: AsJson = False,
) -> None:
    """Plan a brief, run it, and leave the results in a folder."""
    from framewright.cli.brief import read_brief

    asked = read_brief(brief)

    async def work() -> int:
        from framewright.cli.answer import console
        from framewright.cli.explain import explain
        from framewright.studio.export import refuse_bad_folder

        refuse_bad_folder(out)
        async with opened(workspace, catalogs=catalog, create=True) as studio:
            found = await studio.interpret(asked, upload or ())
            if not as_json:
                explain(found)
                console().print()
            events = studio.run(
                found.plan, brief=asked, reuse=reuse, budget=budget, priority=priority
            )
            view = await followed(studio, events, None, as_json)
            return await finished(studio, view, out, as_json, found.understood)

    raise typer.Exit(wait(work()))


def run(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan file.")],
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="STEP", help="Run this step and what it needs; may be repeated."
        ),
    ] = None,
    again: Annotated[
        list[str] | None,
        typer.Option(
            "--again", metavar="STEP", help="Make this step anew, and all that takes from it."
        ),
    ] = None,
    reuse: ReuseOption = True,
    approve: ApproveOption = False,
    budget: BudgetOption = None,
    priority: PriorityOption = Priority.NORMAL,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="DIR", help="Folder for the results.")
    ] = None,
    workspace: WorkspaceOption = None,
    catalog: CatalogOption = None,
    as_json: AsJson = False,
) -> None:
    """Run a plan file."""

    async def work() -> int:
        from framewright.studio.export import refuse_bad_folder
        from framewright.studio.plan_files import read_plan

        read = read_plan(plan)
        if out is not None:
            refuse_bad_folder(out)
        async with opened(workspace, catalogs=catalog, create=True) as studio:
            events = studio.run(
                read,
                only or (),
                again=again or (),
                reuse=reuse,
                approve=approve,
                budget=budget,
                priority=priority,
            )
            view = await followed(studio, events, None, as_json)
            return await finished(studio, view, out, as_json)

    raise typer.Exit(wait(work()))


def resume(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="Id of a run.")],
    again: Annotated[
        list[str] | None,
        typer.Option(
            "--again", metavar="STEP", help="Submit this step again although it may cost twice."
        ),
    ] = None,
    budget: BudgetOption = None,
    priority: PriorityOption = Priority.NORMAL,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="DIR", help="Folder for the results.")
    ] = None,
    workspace: WorkspaceOption = None,
    catalog: CatalogOption = None,
    as_json: AsJson = False,
) -> None:
    """Go on with a run that was interrupted, failed or was cancelled."""

    async def work() -> int:
        async with opened(workspace, catalogs=catalog) as studio:
            before = await studio.show(run_id)
            events = studio.resume(run_id, again or (), budget=budget, priority=priority)
            view = await followed(studio, events, before, as_json)
            return await finished(studio, view, out, as_json)

    raise typer.Exit(wait(work()))


def rerun(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="Id of a run.")],
    step: Annotated[
        list[str] | None,
        typer.Option("--step", metavar="STEP", help="This step, and all that takes from it."),
    ] = None,
    just: Annotated[
        list[str] | None,
        typer.Option("--just", metavar="STEP", help="This step; what follows keeps its results."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every step.")] = False,
    approve: ApproveOption = False,
    budget: BudgetOption = None,
    priority: PriorityOption = Priority.NORMAL,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="DIR", help="Folder for the results.")
    ] = None,
    workspace: WorkspaceOption = None,
    catalog: CatalogOption = None,
    as_json: AsJson = False,
) -> None:
    """Run a run's plan once more: what is missing or stale, the steps named, or everything.

    It becomes a run of its own; the results of the one before stay with that.
    """
    from framewright.errors import InputError

    if bool(step) + bool(just) + everything > 1:
        raise InputError("--step, --just and --all exclude each other.", action="Give one.")

    async def work() -> int:
        from framewright.studio.export import refuse_bad_folder

        if out is not None:
            refuse_bad_folder(out)
        async with opened(workspace, catalogs=catalog) as studio:
            events = studio.run(
                await studio.plan_of(run_id),
                again=step or just or (),
                reuse=not everything,
                approve=approve,
                alone=bool(just),
                budget=budget,
                priority=priority,
            )
            view = await followed(studio, events, None, as_json)
            return await finished(studio, view, out, as_json)

    raise typer.Exit(wait(work()))


async def followed(
    studio: Studio, events: AsyncGenerator[Event], before: RunView | None, quiet: bool
) -> RunView:
    """Show a run's events as they come, and return how it stands behind the last.

    What is odd about the settings is said before, on standard error.
    """
    from framewright.cli.answer import console
    from framewright.cli.follow import follow
    from framewright.cli.stopping import still_stopping
    from framewright.errors import CancelledByUserError

    for sentence in studio.remarks:
        console(errors=True).print(f"Note: {sentence}", style="yellow")
    try:
        view = await follow(events, before, quiet=quiet)
    except CancelledByUserError as error:
        if error.run is not None and (words := await still_stopping(studio, error.run)):
            error.message = f"{error.message} {words}"
        raise
    assert view is not None
    return view


async def finished(
    studio: Studio, view: RunView, out: Path | None, as_json: bool, understood: str | None = None
) -> int:
    """Export what there is, say how it went, and return the exit code."""
    from framewright.cli.answer import say_json
    from framewright.cli.outputs import run_data, with_open
    from framewright.cli.report import report
    from framewright.cli.stopping import open_jobs
    from framewright.domain.run import RunState, StepState

    # With what other processes wrote meanwhile, such as who approved a step.
    view = await studio.show(view.run)
    export = None
    if out is not None and any(step.outputs for step in view.steps.values()):
        export = await studio.export(view.run, out)
    files = tuple((out or Path()) / file.name for file in export.files) if export else ()
    left = await open_jobs(studio, view.run)
    data = run_data(
        view,
        studio.workspace,
        folder=out if export else None,
        files=files,
        understood=understood,
        spent=await studio.spent_on(view.run),
    )
    data = with_open(data, left)
    if as_json:
        say_json(data, ok=view.state in {RunState.SUCCEEDED, RunState.WAITING})
    else:
        report(data, left.words(view.run))
    sys.stdout.flush()
    ends = {RunState.SUCCEEDED: 0, RunState.WAITING: 0, RunState.CANCELLED: 130}
    failed = any(step.state is StepState.FAILED for step in view.steps.values())
    return 1 if failed else ends.get(view.state, 1)
