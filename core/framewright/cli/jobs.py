"""`framewright jobs list`, `show`, `dead`: what the router carries, and why something ended."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from framewright.cli.places import AsJson, WorkspaceOption, opened
from framewright.cli.places import run as wait

if TYPE_CHECKING:
    from framewright.domain.job import JobSummary

app = typer.Typer(help="Look after the jobs the router carries.", no_args_is_help=True)


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

        by_word = {each.word: each for each in JobState} | {each.value: each for each in JobState}
        if state is not None and state not in by_word:
            message = f"No job is ever {state}."
            words = ", ".join(each.word for each in JobState)
            raise NotFoundError(message, action=f"States are: {words}.")
        async with opened(workspace) as studio:
            wanted = None if state is None else by_word[state]
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
        for name, value in _rows_of(found):
            console().print(Text.assemble((f"{name:<6} ", "bold"), value), soft_wrap=True)

    wait(work())


@app.command("dead")
def dead_jobs(
    run_id: Annotated[
        str | None, typer.Option("--run", metavar="RUN", help="Only jobs of this run.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """List the jobs that failed for good, and why; `redrive` begins them anew."""

    async def work() -> None:
        from framewright.cli.answer import console, say_json
        from framewright.cli.library import table
        from framewright.cli.outputs import JobsData

        async with opened(workspace) as studio:
            found = await studio.dead_jobs(run_id)
        if as_json:
            say_json(JobsData(jobs=found))
            return
        rows = [(job.id, _step(job), str(job.attempt), job.error) for job in found]
        told = [
            (job, step, tries, error.category if error else "", error.message if error else "")
            for job, step, tries, error in rows
        ]
        table(("Job", "Step", "Tries", "Cause", "Why"), told, "No job is dead.")
        if found:
            words = f"Begin one anew: framewright jobs redrive {found[0].id} [--set FIELD=VALUE]"
            console().print(words, style="bright_black", soft_wrap=True)

    wait(work())


def _took(job: JobSummary) -> str:
    if job.started_ms is None:
        return ""
    over = job.state != "leased"
    until = job.updated_ms if over else int(time.time() * 1_000)
    return f"{(until - job.started_ms) / 1_000:.1f} s"


def _step(job: JobSummary) -> str:
    return job.key.partition(":")[2] or job.key


def _rows_of(job: JobSummary) -> list[tuple[str, str]]:
    """Return what there is to say of a job, each with a name."""
    from datetime import datetime

    rows = [
        ("Job", job.id),
        ("State", job.state.word),
        ("Of", job.key),
        ("Model", job.model),
        ("Took", _took(job)),
        ("Cost", f"${job.cost:.2f}"),
    ]
    if job.remote_id is not None:
        rows.append(("There", f"{job.remote_id} at {job.provider}"))
    if job.run_at_ms is not None:
        at = datetime.fromtimestamp(job.run_at_ms / 1_000).astimezone()
        rows.append(("Next", f"attempt {job.attempt} at {at:%H:%M:%S}"))
    if (why := why_open(job)) is not None:
        rows.append(("Why", why))
    if job.error is not None:
        rows.append(("Why", f"{job.error.message} {job.error.action}".strip()))
    for each in job.attempts:
        at = datetime.fromtimestamp(each.ended_ms / 1_000).astimezone()
        why = f"{at:%Y-%m-%d %H:%M:%S}  {each.error.category}: {each.error.message}"
        rows.append((f"Try {each.number}", why))
    rows += [("Input", f"{name} = {value}") for name, value in (job.inputs or {}).items()]
    return rows


def why_open(job: JobSummary) -> str | None:
    """Return what is known of a job whose end is open at its provider."""
    if job.called_off and job.remote_id is not None:
        return (
            f"It was called off, and {job.provider} has not said yet that {job.remote_id} is over. "
            "It keeps its place and its money until then; whatever works on this workspace finds "
            "it out."
        )
    if job.state != "unknown":
        return None
    if job.remote_id is not None:
        return (
            f"{job.provider} has it as {job.remote_id}, and has not said how it stands. "
            f"Follow it there: framewright resume {job.correlation}"
        )
    return (
        f"{job.provider} may or may not have it. If it is there: framewright jobs retry {job.id} "
        "--remote-id ID; else --even-if-paid-twice"
    )


def _print_jobs(found: tuple[JobSummary, ...]) -> None:
    from framewright.cli.library import table

    rows = [(job.id, job.state.word, _took(job), _step(job), job.model) for job in found]
    table(("Job", "State", "Took", "Step", "Model"), rows, "No jobs.")
