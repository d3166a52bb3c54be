"""Jobs that ended badly: begun anew by a person, as they were or amended, or thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright.domain.job import JobRequest
from framewright.store import budgets

if TYPE_CHECKING:
    from framewright.store.database import Operation
    from framewright.store.transaction import Transaction

# What was asked so far stays with the attempts that were made of it.
_REMEMBER = """UPDATE attempt SET request = (SELECT request FROM job WHERE job.id = attempt.job)
    WHERE job = ? AND request IS NULL"""
_AMEND = "UPDATE job SET request = ?, amended = ? WHERE id = ?"
_BEGIN_ANEW = """UPDATE job SET state = 'queued', phase = 'none', remote_id = NULL, result = NULL,
        owner = NULL, started_ms = NULL, run_at_ms = NULL, wish = NULL, attempt = 1,
        epoch = epoch + 1, updated_ms = ?
    WHERE tenant = ? AND id = ? AND state = 'dead'"""
_REQUEST = "SELECT request FROM job WHERE tenant = ? AND id = ?"
# A key that is gone may be used again: only what no run can ask for any more is thrown away.
_OVER = """SELECT id FROM job WHERE {whose} updated_ms < ? AND state IN ({states})
    AND NOT EXISTS (SELECT 1 FROM run WHERE run.id = job.correlation
        AND run.state IN ('running', 'waiting'))
    AND NOT (state = 'succeeded' AND EXISTS (SELECT 1 FROM step_run
        WHERE step_run.run = job.correlation
            AND job.key = step_run.run || ':' || step_run.step || ':' || step_run.cycle
            AND step_run.state NOT IN ('succeeded', 'reused', 'skipped')))
    LIMIT {most}"""
AT_ONCE = 5_000
"""How many are thrown away in one transaction, so that others need not wait for long."""


def redrive(
    tenant: str, job: str, changes: dict[str, Any] | None = None, reserve: int | None = 0
) -> Operation[bool]:
    """Let a dead job begin anew, with some inputs changed; False where it is not dead.

    `reserve` is the most it may cost with those changes, as in its request. It waits for whoever
    submits its key, and takes its money then. Its failed attempts stay on record, and it has as
    many attempts before it as a new one.
    """

    def operation(transaction: Transaction) -> bool:
        begun = transaction.execute(_BEGIN_ANEW, (transaction.now_ms, tenant, job)).rowcount == 1
        if begun and changes:
            (body,) = transaction.execute(_REQUEST, (tenant, job)).fetchone()
            before = JobRequest.model_validate_json(body)
            inputs = {**before.inputs, **changes}
            after = before.model_copy(update={"inputs": inputs, "reserve": reserve})
            transaction.execute(_REMEMBER, (job,))
            transaction.execute(_AMEND, (after.model_dump_json(), True, job))
        return begun

    return operation


def purge(tenant: str | None, before_ms: int, *, dead: bool = False) -> Operation[int]:
    """Throw away some jobs that ended before a moment, the dead ones too where asked for.

    To be repeated until it finds none. What has succeeded and its step has not used yet stays.
    Those of one tenant, or of all where it is None. Jobs of runs that are not over stay,
    whatever their age. What they cost stays booked.
    Returns how many are gone.
    """
    states = "'succeeded', 'cancelled'" + (", 'dead'" if dead else "")
    whose, row = ("", ()) if tenant is None else ("tenant = ? AND", (tenant,))
    asked = _OVER.format(states=states, whose=whose, most=AT_ONCE)

    def operation(transaction: Transaction) -> int:
        over = transaction.execute(asked, (*row, before_ms)).fetchall()
        budgets.forget(transaction, (job for (job,) in over))
        transaction.execute_many("DELETE FROM attempt WHERE job = ?", over)
        transaction.execute_many("DELETE FROM job WHERE id = ?", over)
        return len(over)

    return operation
