"""What of a run is to be done again when it goes on, and what must not be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.domain import refs
from framewright.domain.job import (
    TERMINAL,
    ErrorCategory,
    JobError,
    JobResult,
    JobState,
    Phase,
)
from framewright.domain.run import GOOD, StepState
from framewright.errors import NotFoundError
from framewright.router.outcomes import OPEN_CODES
from framewright.store import ends, jobs, runs

if TYPE_CHECKING:
    from collections.abc import Collection

    from framewright.domain.plan import Plan
    from framewright.store.database import Database
    from framewright.store.jobs import JobRecord
    from framewright.store.runs import StepRecord


async def reopened(
    tenant: str,
    run: str,
    again: Collection[str],
    database: Database,
    failed: Collection[str] | None = None,
) -> dict[str, bool]:
    """Return the steps that are pending again, and whether each gets a new job.

    What succeeded stays. A job that has not ended is never replaced: its provider may have
    been paid for it. Neither is one whose outcome is unknown, unless a person names its step
    in `again`. A step that failed gets a new job; so does one that was cancelled, unless its
    job had succeeded by then: that result is used. Of those that failed or were cancelled, only
    the ones in `failed`, where that is given: a person asked for no other, nor to pay for it.

    Raises `NotFoundError` for a name in `again` that is no step of the run.
    """
    records = await database.read(runs.steps(run))
    unknown = sorted(set(again) - {record.step for record in records})
    if unknown:
        message = f"{run} has no step {unknown[0]}."
        raise NotFoundError(message, action=f"`framewright show {run}` lists its steps.")
    open_again = [
        record
        for record in records
        if record.state not in GOOD | {StepState.PENDING}
        and not (failed is not None and _was_ended(record) and record.step not in failed)
    ]
    known = await database.read(jobs.find(tenant, [job_key(run, record) for record in open_again]))
    return {
        record.step: _wants_new_job(record, known.get(job_key(run, record)), again)
        for record in open_again
    }


async def give_up_unknown(
    tenant: str, run: str, again: Collection[str], database: Database
) -> None:
    """End the jobs of unknown outcome whose steps a person wants submitted again.

    They would hold their places for as long as they might still run.
    """
    records = [each for each in await database.read(runs.steps(run)) if each.step in again]
    known = await database.read(jobs.find(tenant, [job_key(run, each) for each in records]))
    for record in records:
        job = known.get(job_key(run, record))
        if job is not None and _is_open(job):
            database.post(ends.give_up(tenant, job_key(run, record), GIVEN_UP))


def job_key(run: str, record: StepRecord) -> str:
    """Return the idempotency key of a step's job in its present cycle."""
    return f"{run}:{record.step}:{record.cycle}"


def step_of(key: str) -> str:
    """Return the step whose job has a key; the key itself where it is no step's."""
    parts = key.split(":")
    return parts[1] if len(parts) > 1 else key


GIVEN_UP = JobResult(
    state=JobState.DEAD,
    error=JobError(
        category=ErrorCategory.UNKNOWN,
        code="given-up",
        message="Nobody knows whether the provider had it; it was submitted again.",
    ),
)


def with_followers(named: Collection[str], plan: Plan) -> frozenset[str]:
    """Return steps of a plan and all that take from them, through others too."""
    needs = refs.edges(plan)
    found = set(named)
    while more := {step for step, takes in needs.items() if found & set(takes)} - found:
        found |= more
    return frozenset(found)


def _was_ended(record: StepRecord) -> bool:
    return record.state in {StepState.FAILED, StepState.CANCELLED}


def _is_open(job: JobRecord) -> bool:
    """Tell whether nobody knows if its provider has a job."""
    return job.state is JobState.UNKNOWN or (job.phase is Phase.SUBMITTING and job.result is None)


def _wants_new_job(record: StepRecord, job: JobRecord | None, again: Collection[str]) -> bool:
    if job is None:
        return False
    if _is_open(job):
        return record.step in again
    if job.state is JobState.SUCCEEDED:
        # It failed by its result, and not because that was still to come.
        was_open = record.error is not None and record.error.code in OPEN_CODES
        return record.state is StepState.FAILED and not was_open
    return job.state in TERMINAL
