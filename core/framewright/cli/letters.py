"""`framewright jobs cancel`, `retry`, `redrive`, `purge`: what a person does about single jobs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from framewright.cli.places import AsJson, CatalogOption, WorkspaceOption, opened
from framewright.cli.places import run as wait

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from framewright.domain.job import JobSummary
    from framewright.projection.run_view import RunView
    from framewright.studio import Studio

JobArgument = Annotated[str, typer.Argument(metavar="JOB", help="Id of a job.")]


def cancel_job(
    job: JobArgument, workspace: WorkspaceOption = None, as_json: AsJson = False
) -> None:
    """Stop one job, at its provider too; its run goes on with what does not need it."""

    async def work() -> int:
        from framewright.cli.answer import console, say_json
        from framewright.cli.jobs import why_open
        from framewright.domain.job import TERMINAL, JobState

        async with opened(workspace) as studio:
            found = await studio.cancel_job(job)
        undecided = found.state is JobState.UNKNOWN and found.remote_id is None
        code = 1 if undecided else 0
        if as_json:
            say_json(found, ok=not code)
            return code
        if found.state is JobState.CANCELLED:
            words = f"{job} is cancelled."
        elif found.state in TERMINAL:
            words = f"{job} had ended before: {found.state}."
        elif found.state is JobState.UNKNOWN:
            words = why_open(found) or f"{job} is {found.state.word} still."
        else:
            words = f"{job} is being stopped; it is {found.state.word} still."
        console().print(words, soft_wrap=True)
        return code

    raise typer.Exit(wait(work()))


def retry_job(
    job: JobArgument,
    paid_twice: Annotated[
        bool,
        typer.Option(
            "--even-if-paid-twice",
            help="Also one of which nobody knows whether its provider has it.",
        ),
    ] = False,
    remote_id: Annotated[
        str | None,
        typer.Option(
            "--remote-id", metavar="ID", help="What its provider calls it: you found it there."
        ),
    ] = None,
    workspace: WorkspaceOption = None,
    catalog: CatalogOption = None,
    as_json: AsJson = False,
) -> None:
    """Try a job now: one that pauses before its next attempt, or that ended without a result."""

    async def work() -> int:
        from framewright.domain.job import JobState
        from framewright.executor.resume import step_of

        async with opened(workspace, catalogs=catalog) as studio:
            found = await studio.job(job)
            if found.state is JobState.WAITING and await studio.hurry_job(job):
                return await _tell_hurried(studio, found, as_json)
            if remote_id is not None:
                await studio.found_job(job, remote_id)
                again: tuple[str, ...] = ()
            else:
                again = await _prepare(studio, found, paid_twice)
            asked = {found.correlation: (step_of(found.key),)}
            return await _go_on(studio, [job], asked, again, as_json)

    raise typer.Exit(wait(work()))


async def _tell_hurried(studio: Studio, job: JobSummary, as_json: bool) -> int:
    """Say that whoever carries a job begins its next attempt now."""
    from framewright.cli.answer import console, say_json
    from framewright.cli.outputs import RedriveData

    if as_json:
        found = (await studio.job(job.id),)
        say_json(RedriveData(jobs=found, runs=(), busy=(job.correlation,)))
    else:
        words = f"{job.id} begins its next attempt now, where {job.correlation} is at work."
        console().print(words, soft_wrap=True)
    return 0


async def _prepare(studio: Studio, job: JobSummary, paid_twice: bool) -> tuple[str, ...]:
    """Let a job begin once its run goes on; return the steps to be submitted anew for that."""
    from framewright.domain.job import JobState
    from framewright.errors import InputError
    from framewright.executor.resume import step_of

    if job.state is JobState.SUCCEEDED:
        message = f"{job.id} has succeeded: there is nothing to try again."
        again = f"framewright rerun {job.correlation} --step {step_of(job.key)}"
        raise InputError(message, action=f"Make it anew: {again}")
    if job.state is JobState.UNKNOWN and job.remote_id is not None:
        if paid_twice:
            message = f"{job.provider} has {job.id} as {job.remote_id}: it is followed there."
            action = f"`framewright jobs retry {job.id}` goes on with it, and pays nothing twice."
            raise InputError(message, action=action)
        return ()
    if job.state is JobState.UNKNOWN:
        if not paid_twice:
            message = f"{job.provider} may have {job.id} and may be paid for it."
            action = "Look there: --remote-id ID if it has it, --even-if-paid-twice if it has not."
            raise InputError(message, action=action)
        return (step_of(job.key),)
    if job.state is JobState.DEAD:
        await studio.redrive([job.id])
    return ()


def redrive(
    letters: Annotated[
        list[str] | None, typer.Argument(metavar="[JOB…]", help="Ids of dead jobs.")
    ] = None,
    run_id: Annotated[
        str | None, typer.Option("--run", metavar="RUN", help="All dead jobs of this run.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All dead jobs there are.")] = False,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="FIELD=VALUE", help="Ask with another input; may be repeated."
        ),
    ] = None,
    workspace: WorkspaceOption = None,
    catalog: CatalogOption = None,
    as_json: AsJson = False,
) -> None:
    """Begin dead jobs anew, with other inputs where given, and go on with their runs."""
    from framewright.errors import InputError

    if bool(letters) + bool(run_id) + everything != 1:
        message = "Jobs, --run and --all exclude each other, and one of them is needed."
        raise InputError(message, action="`framewright jobs dead` lists what is dead.")

    async def work() -> int:
        async with opened(workspace, catalogs=catalog) as studio:
            chosen = letters or [each.id for each in await studio.dead_jobs(run_id)]
            asked = await studio.redrive(chosen, _read_changes(changes or ()))
            return await _go_on(studio, chosen, asked, (), as_json)

    raise typer.Exit(wait(work()))


def purge(
    days: Annotated[
        float, typer.Option("--older-than", metavar="DAYS", min=0, help="Ended so long ago.")
    ] = 30.0,
    dead: Annotated[bool, typer.Option("--dead", help="The dead ones too.")] = False,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Throw away the records of jobs that are over; what they have made stays."""

    async def work() -> None:
        from framewright.cli.answer import console, say_json
        from framewright.cli.outputs import PurgeData

        async with opened(workspace) as studio:
            gone = await studio.purge_jobs(days, dead=dead)
        if as_json:
            say_json(PurgeData(jobs=gone))
        else:
            console().print("Nothing is that old." if not gone else f"{gone} thrown away.")

    wait(work())


def _read_changes(written: Iterable[str]) -> dict[str, Any]:
    """Return what `--set` says: JSON where it is some, else a text."""
    from framewright.errors import InputError

    changes: dict[str, Any] = {}
    for each in written:
        field, equals, value = each.partition("=")
        if not (field and equals):
            raise InputError(f"--set {each} does not say a value.", action="Write FIELD=VALUE.")
        try:
            changes[field] = json.loads(value)
        except ValueError:
            changes[field] = value
    return changes


def _failed(view: RunView) -> set[str]:
    from framewright.domain.run import StepState

    ended = {StepState.FAILED, StepState.CANCELLED}
    return {name for name, step in view.steps.items() if step.state in ended}


async def _go_on(
    studio: Studio,
    letters: list[str],
    asked: Mapping[str, tuple[str, ...]],
    again: tuple[str, ...],
    quiet: bool,
) -> int:
    """Resume the runs of jobs that begin anew, and say how that went; return the exit code."""
    from framewright.cli.answer import console, say_json
    from framewright.cli.outputs import RedriveData, run_data
    from framewright.cli.report import report
    from framewright.cli.runs import followed
    from framewright.errors import BusyError
    from framewright.executor.resume import with_followers

    views: list[RunView] = []
    busy: list[str] = []
    good = True
    for run, steps in asked.items():
        before = await studio.show(run)
        try:
            events = studio.resume(run, again, steps)
            await followed(studio, events, before, quiet)
        except BusyError:
            busy.append(run)
            continue
        after = await studio.show(run)
        views.append(after)
        # What had failed before, and was not asked for, is no failure of this.
        old = _failed(before) - with_followers({*steps, *again}, await studio.plan_of(run))
        good = good and _failed(after) <= old
    went = tuple(run_data(view, studio.workspace) for view in views)
    if quiet:
        jobs = tuple([await studio.job(each) for each in letters])
        say_json(RedriveData(jobs=jobs, runs=went, busy=tuple(busy)), ok=good)
        return 0 if good else 1
    for data in went:
        report(data)
    for run in busy:
        words = f"{run} is at work elsewhere; when it has ended: framewright resume {run}"
        console().print(words, soft_wrap=True)
    if not asked:
        console().print("No job is dead.")
    return 0 if good else 1
