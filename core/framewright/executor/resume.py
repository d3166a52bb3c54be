"""What of a run is to be done again when it goes on, and what must not be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.domain.run import GOOD, StepState
from framewright.store import jobs, runs

if TYPE_CHECKING:
    from collections.abc import Collection

    from framewright.store.database import Database
    from framewright.store.runs import StepRecord


async def reopened(
    tenant: str, run: str, again: Collection[str], database: Database
) -> dict[str, bool]:
    """Return the steps that are pending again, and whether each gets a new job.

    What succeeded stays. A step that failed gets a new job; so does one that was cancelled,
    unless its job had succeeded by then: that result is used. A step of unknown outcome keeps
    its job, which may have been paid for, unless a person names it in `again`.
    """
    records = await database.read(runs.steps(run))
    cancelled = {
        job_key(run, record): record.step
        for record in records
        if record.state is StepState.CANCELLED
    }
    done = await database.read(jobs.succeeded(tenant, cancelled))
    keep = {cancelled[key] for key in done}
    return {
        record.step: _wants_new_job(record, again) and record.step not in keep
        for record in records
        if record.state not in GOOD | {StepState.PENDING}
    }


def job_key(run: str, record: StepRecord) -> str:
    """Return the idempotency key of a step's job in its present cycle."""
    return f"{run}:{record.step}:{record.cycle}"


def _wants_new_job(record: StepRecord, again: Collection[str]) -> bool:
    if record.error is not None and record.error.code == "unknown-outcome":
        return record.step in again
    return record.state in {StepState.FAILED, StepState.CANCELLED}
