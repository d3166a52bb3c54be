"""`framewright cancel`, `approve` and `replan`: what a person says to a run, from any process."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import Annotated

import typer

from framewright.cli.places import AsJson, CatalogOption, WorkspaceOption, opened
from framewright.cli.places import run as wait


def replan(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="Id of a run that is at work.")],
    path: Annotated[Path, typer.Argument(metavar="PLAN", help="The edited plan.")],
    workspace: WorkspaceOption = None,
    catalog: CatalogOption = None,
    as_json: AsJson = False,
) -> None:
    """Let a run go on with an edited plan, whichever process works on it.

    What did not change stays, finished or running; steps that were removed or changed are
    stopped, new ones join.
    """

    async def work() -> None:
        from framewright.cli.answer import console, say_json
        from framewright.cli.outputs import run_data
        from framewright.studio.plan_files import read_plan

        plan = read_plan(path)
        async with opened(workspace, catalogs=catalog) as studio:
            await studio.replan(run_id, plan)
            view = await studio.show(run_id)
        if as_json:
            say_json(run_data(view, studio.workspace))
        else:
            console().print(f"{run_id} goes on with {path}.")

    wait(work())


def approve(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="Id of a run.")],
    steps: Annotated[
        list[str] | None,
        typer.Argument(metavar="[STEP…]", help="Steps to decide on; none means all that wait."),
    ] = None,
    decline: Annotated[
        bool, typer.Option("--decline", help="Leave them out, with all that takes from them.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Let steps run that wait for a person, or leave them out."""

    async def work() -> None:
        from framewright.cli.answer import console, say_json
        from framewright.cli.outputs import run_data
        from framewright.domain.run import RunState

        async with opened(workspace) as studio:
            await studio.approve(run_id, steps or (), approved=not decline)
            view = await studio.show(run_id)
        if as_json:
            say_json(run_data(view, studio.workspace))
            return
        console().print("Left out." if decline else "Approved.")
        if view.state is RunState.WAITING:
            console().print(f"Go on with it: framewright resume {run_id}", style="bright_black")

    wait(work())


def cancel(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="Id of a run.")],
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Stop a run, whichever process works on it."""

    async def work() -> None:
        from framewright.cli.answer import console, say_json
        from framewright.cli.outputs import run_data, with_open
        from framewright.cli.stopping import open_jobs
        from framewright.domain.run import RunState

        async with opened(workspace) as studio:
            view = await studio.cancel(run_id)
            left, spent = await open_jobs(studio, run_id), await studio.spent_on(run_id)
        if as_json:
            say_json(with_open(run_data(view, studio.workspace, spent=spent), left))
        else:
            stopped = view.state is RunState.CANCELLED
            ended = "is cancelled" if stopped else f"had ended before: {view.state}"
            words = f"{run_id} {ended}. {left.words(run_id)}".rstrip()
            paid = f" ${spent:.2f} spent so far." if spent else ""
            console().print(f"{words}{paid}", soft_wrap=True)

    wait(work())
