"""Jobs that nobody carries, because their processes are gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright.domain.job import JobState, Phase
from framewright.store import budgets

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from framewright.store.database import Operation, Question
    from framewright.store.engine import Connection
    from framewright.store.transaction import Transaction

_OPEN = """SELECT id, tenant, key, provider, state, phase, owner, epoch,
        COALESCE(started_ms, created_ms) FROM job
    WHERE state IN ('leased', 'unknown') AND phase <> 'none'"""
# Nobody's: whoever is asked for its result takes it over, and then it is no orphan any more.
_ADOPT = """UPDATE job SET owner = NULL, epoch = epoch + 1, state = 'leased'
    WHERE id = ? AND epoch = ? AND state IN ('leased', 'unknown')"""
# One state at a time: each has an index of its own, however many jobs are over.
_WAITING_OWNERS = (
    "SELECT DISTINCT owner FROM job WHERE state = 'queued' AND owner IS NOT NULL",
    "SELECT DISTINCT owner FROM job WHERE state = 'waiting' AND owner IS NOT NULL",
)
_HOLDING = """SELECT id FROM job WHERE state = '{}' AND owner {}
    AND EXISTS (SELECT 1 FROM charge WHERE charge.job = job.id AND reserved IS NOT NULL)"""
_HOLDING_OF = tuple(_HOLDING.format(state, "= ?") for state in ("queued", "waiting"))
_HOLDING_OF_NOBODY = tuple(_HOLDING.format(state, "IS NULL") for state in ("queued", "waiting"))
# Its epoch tells whoever takes it up just now that it has no reservation any more.
_COUNT_UP = "UPDATE job SET epoch = epoch + 1 WHERE id = ?"
_DUE = """UPDATE job SET state = 'queued', epoch = epoch + 1, run_at_ms = NULL
    WHERE state = 'waiting' AND (owner = ? OR owner IS NULL) AND run_at_ms <= ?"""


@dataclass(frozen=True, slots=True)
class Orphan:
    """One job that nobody carries."""

    id: str
    tenant: str
    key: str
    provider: str
    state: JobState
    phase: Phase
    epoch: int
    sent_ms: int
    """When it was submitted, in Unix time."""


def find(owner: str, is_alive: Callable[[str], bool]) -> Operation[tuple[Orphan, ...]]:
    """Look for jobs at remote providers whose owners are gone, or that have none."""

    def operation(transaction: Transaction) -> tuple[Orphan, ...]:
        alive: dict[str | None, bool] = {owner: True, None: False}
        found = []
        for job, tenant, key, provider, state, phase, holder, epoch, sent in transaction.execute(
            _OPEN
        ).fetchall():
            if holder not in alive:
                alive[holder] = is_alive(holder)
            if alive[holder]:
                continue
            place = (JobState(state), Phase(phase))
            found.append(Orphan(job, tenant, key, provider, *place, epoch, sent))
        return tuple(found)

    return operation


def adopt(job: str, epoch: int) -> Operation[bool]:
    """Take an orphan over without owning it; False where it changed hands meanwhile.

    Its epoch is one higher then. Whoever submits its key again takes it from the adopter.
    """

    def operation(transaction: Transaction) -> bool:
        return transaction.execute(_ADOPT, (job, epoch)).rowcount == 1

    return operation


def waiting_owners() -> Question[frozenset[str]]:
    """Ask whose jobs wait, for a turn or before their next attempt."""

    def question(connection: Connection) -> frozenset[str]:
        found = (row for each in _WAITING_OWNERS for row in connection.execute(each).fetchall())
        return frozenset(owner for (owner,) in found)

    return question


def lay_aside(gone: Collection[str]) -> Operation[int]:
    """Let go of what waits for processes that are gone, or nobody's; return how much held money.

    Such a job reserves nothing until somebody asks for it again, and has waited out its pause
    once that is over.
    """

    def operation(transaction: Transaction) -> int:
        asked: list[tuple[str, tuple[str, ...]]] = [(each, ()) for each in _HOLDING_OF_NOBODY]
        asked += [(each, (owner,)) for each in _HOLDING_OF for owner in gone]
        held = [row for each, whose in asked for row in transaction.execute(each, whose).fetchall()]
        for (job,) in held:
            transaction.execute(_COUNT_UP, (job,))
            budgets.settle(transaction, job, 0.0)
        for each in (*gone, None):
            transaction.execute(_DUE, (each, transaction.now_ms))
        return len(held)

    return operation
