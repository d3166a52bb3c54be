"""What was asked for under a key of the asker's own: the same key again is the same run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framewright.store.database import Operation, Question
    from framewright.store.engine import Connection
    from framewright.store.transaction import Transaction

# One whose run was never accepted, because its process died before, can be taken over.
_CLAIM = """INSERT INTO submission (tenant, key, digest, run, created_ms) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (tenant, key) DO UPDATE SET digest = excluded.digest, run = excluded.run
    WHERE submission.run = ?
        AND NOT EXISTS (SELECT 1 FROM run WHERE run.id = submission.run)"""
_FIND = """SELECT submission.digest, submission.run, run.id IS NOT NULL FROM submission
    LEFT JOIN run ON run.id = submission.run
    WHERE submission.tenant = ? AND submission.key = ?"""
_UNFINISHED = """SELECT run.tenant, run.id, run.cancel_requested FROM run
    WHERE run.state = 'running' AND EXISTS (SELECT 1 FROM submission WHERE submission.run = run.id)
    ORDER BY run.created_ms, run.id"""


@dataclass(frozen=True, slots=True)
class SubmissionRecord:
    """One key of an asker's and the run behind it."""

    digest: str
    run: str
    accepted: bool
    """Whether the run is on record; where not, it is being accepted, or never was."""


def claim(
    tenant: str, key: str, digest: str, run: str, instead_of: str | None = None
) -> Operation[bool]:
    """Let a key stand for a run that is about to be accepted; False where it has one already.

    `instead_of` is a run it stood for that was never accepted, and that nobody is accepting.
    """

    def operation(transaction: Transaction) -> bool:
        row = (tenant, key, digest, run, transaction.now_ms, instead_of)
        return transaction.execute(_CLAIM, row).rowcount == 1

    return operation


def find(tenant: str, key: str) -> Question[SubmissionRecord | None]:
    """Ask what a key stands for."""

    def question(connection: Connection) -> SubmissionRecord | None:
        row = connection.execute(_FIND, (tenant, key)).fetchone()
        return None if row is None else SubmissionRecord(row[0], row[1], bool(row[2]))

    return question


def unfinished() -> Question[tuple[tuple[str, str, bool], ...]]:
    """Ask for the tenant and id of each such run that is not over, oldest first.

    And whether somebody asked to stop it.
    """

    def question(connection: Connection) -> tuple[tuple[str, str, bool], ...]:
        found = connection.execute(_UNFINISHED).fetchall()
        return tuple((row[0], row[1], bool(row[2])) for row in found)

    return question
