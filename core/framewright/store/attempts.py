"""Attempts: what failed is on record, and a job waits its time before it is tried again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from framewright.domain.job import Attempt, JobError
from framewright.store import budgets

if TYPE_CHECKING:
    from framewright.store.database import Operation, Question
    from framewright.store.engine import Connection
    from framewright.store.transaction import Transaction

_RECORD = """INSERT INTO attempt (job, number, tenant, epoch, began_ms, ended_ms, remote_id, error)
    SELECT id, (SELECT COALESCE(MAX(number), 0) + 1 FROM attempt WHERE attempt.job = job.id),
        tenant, epoch, started_ms, ?, remote_id, ?
    FROM job WHERE id = ? AND epoch = COALESCE(?, epoch)
        AND state NOT IN ('succeeded', 'dead', 'cancelled')"""
# Its failure is certain, so nothing of it is left at its provider: it holds no place.
_BACK_OFF = """UPDATE job SET state = 'waiting', phase = 'none', remote_id = NULL,
        started_ms = NULL, attempt = attempt + 1, run_at_ms = ?, updated_ms = ?
    WHERE id = ? AND epoch = ? AND state = 'leased'"""
_IS_LEASED = "SELECT 1 FROM job WHERE id = ? AND epoch = ? AND state = 'leased'"
_TRY_AGAIN = """UPDATE job SET state = 'queued', run_at_ms = NULL, updated_ms = ?
    WHERE id = ? AND epoch = ? AND state = 'waiting'"""
_OF_JOB = """SELECT number, began_ms, ended_ms, remote_id, request, error FROM attempt
    WHERE job = ? ORDER BY number"""


def record(transaction: Transaction, job: str, epoch: int | None, error: JobError) -> None:
    """Write down that a job's present attempt failed, where its epoch is this one; None for any."""
    row = (transaction.now_ms, error.model_dump_json(), job, epoch)
    transaction.execute(_RECORD, row)


def back_off(
    job: str, epoch: int, error: JobError, pause_ms: int, cost: float = 0.0
) -> Operation[bool]:
    """Let a job wait before its next attempt; False where it ended or changed hands before.

    What the failed one cost all the same, in US dollars, is booked beside what it has reserved.
    """

    def operation(transaction: Transaction) -> bool:
        at = transaction.now_ms
        if transaction.execute(_IS_LEASED, (job, epoch)).fetchone() is None:
            return False
        record(transaction, job, epoch, error)
        budgets.book(transaction, job, cost)
        return transaction.execute(_BACK_OFF, (at + pause_ms, at, job, epoch)).rowcount == 1

    return operation


def try_again(job: str, epoch: int) -> Operation[bool]:
    """Let a job that backed off wait for its turn; False where it changed hands meanwhile."""

    def operation(transaction: Transaction) -> bool:
        return transaction.execute(_TRY_AGAIN, (transaction.now_ms, job, epoch)).rowcount == 1

    return operation


def of_job(job: str) -> Question[tuple[Attempt, ...]]:
    """Ask for the failed attempts of a job, the first one first."""

    def question(connection: Connection) -> tuple[Attempt, ...]:
        return tuple(
            Attempt(
                number=number,
                began_ms=began,
                ended_ms=ended,
                remote_id=remote,
                error=JobError.model_validate_json(error),
                inputs=None if request is None else json.loads(request)["inputs"],
            )
            for number, began, ended, remote, request, error in connection.execute(_OF_JOB, (job,))
        )

    return question
