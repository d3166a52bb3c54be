"""`framewright jobs` and `queue`: what the router carries, what waits, and why something ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from framewright.cli.places import AsJson, WorkspaceOption, opened
from framewright.cli.places import run as wait

if TYPE_CHECKING:
    from framewright.domain.job import JobSummary, QueueRow

app = typer.Typer(help="Look at the jobs the router carries.", no_args_is_help=True)


@app.command("list")
def list_jobs(
    state: Annotated[
        str | None, typer.Option("--state", help="Only jobs in this state, such as dead.")
    ] = None,
    run_id: Annotated[
        str | None, typer.Option("--run", metavar="RUN", help="Only jobs of this run.")
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, max=10_000, help="How many at most.")] = 100,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """List jobs, newest first."""

    async def work() -> None:
        from framewright.cli.answer import say_json
        from framewright.cli.outputs import JobsData
        from framewright.domain.job import JobState
        from framewright.errors import NotFoundError

        if state is not None and state not in set(JobState):
            message = f"No job is ever {state}."
            raise NotFoundError(message, action=f"States are: {', '.join(JobState)}.")
        async with opened(workspace) as studio:
            wanted = None if state is None else JobState(state)
            found = await studio.jobs(wanted, run_id, most)
        if as_json:
            say_json(JobsData(jobs=found))
        else:
            _print_jobs(found)

    wait(work())


@app.command("show")
def show_job(
    job: Annotated[str, typer.Argument(metavar="JOB", help="Id of a job.")],
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Show one job: where it is, how long it took, why it failed."""

    async def work() -> None:
        from rich.text import Text

        from framewright.cli.answer import console, say_json

        async with opened(workspace) as studio:
            found = await studio.job(job)
        if as_json:
            say_json(found)
            return
        rows = [
            ("Job", found.id),
            ("State", found.state.value),
            ("Of", found.key),
            ("Model", found.model),
            ("Took", _took(found)),
            ("Cost", f"${found.cost:.2f}"),
        ]
        if found.remote_id is not None:
            rows.append(("There", f"{found.remote_id} at {found.provider}"))
        if found.error is not None:
            rows.append(("Why", f"{found.error.message} {found.error.action}".strip()))
        for name, value in rows:
            console().print(Text.assemble((f"{name:<6} ", "bold"), value), soft_wrap=True)

    wait(work())


def queue(workspace: WorkspaceOption = None, as_json: AsJson = False) -> None:
    """Show what waits and what runs, of all processes on the workspace."""

    async def work() -> None:
        from framewright.cli.answer import say_json
        from framewright.cli.outputs import QueueData
        from framewright.cli.spending import print_spending

        async with opened(workspace) as studio:
            found, spending = await studio.queue(), await studio.spending()
        if as_json:
            say_json(QueueData(rows=found, spending=spending))
        else:
            _print_queue(found)
            print_spending(spending)

    wait(work())


def _took(job: JobSummary) -> str:
    if job.started_ms is None:
        return ""
    return f"{(job.updated_ms - job.started_ms) / 1_000:.1f} s"


def _print_jobs(found: tuple[JobSummary, ...]) -> None:
    from framewright.cli.library import table

    rows = [
        (job.id, job.state.value, _took(job), job.key.partition(":")[2] or job.key, job.model)
        for job in found
    ]
    table(("Job", "State", "Took", "Step", "Model"), rows, "No jobs.")


def _print_queue(found: tuple[QueueRow, ...]) -> None:
    from framewright.cli.library import table

    rows = [
        (
            row.provider,
            row.model,
            str(row.waiting),
            str(row.running),
            str(row.unknown or ""),
            "" if row.cap is None else str(row.cap),
        )
        for row in found
    ]
    table(
        ("Provider", "Model", "Waiting", "Running", "Unknown", "Cap"),
        rows,
        "Nothing waits or runs.",
    )
