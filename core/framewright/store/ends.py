"""How jobs end: one terminal write, whoever comes first, for whatever ends them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright.domain.job import JobState
from framewright.store import attempts, budgets

if TYPE_CHECKING:
    from framewright.domain.job import JobResult
    from framewright.store.database import Operation
    from framewright.store.transaction import Transaction

# Whoever comes second changes nothing. Nothing has been begun where the phase is 'none'.
_SETTLE = """UPDATE job SET state = ?, result = ?, updated_ms = ?
    WHERE id = ? AND state NOT IN ('succeeded', 'dead', 'cancelled')
        AND (epoch = COALESCE(?, epoch)
            OR (phase = 'none' AND epoch BETWEEN ? AND ? AND (owner IS NULL OR owner = ?)
                AND state = COALESCE(?, state)))"""
_ANY_LATER = 2**62
_BY_KEY = "SELECT id FROM job WHERE tenant = ? AND key = ?"


@dataclass(frozen=True, slots=True)
class _Hold:
    """What lets somebody end a job: that it stands as that one knew it, or nearly."""

    epoch: int | None = None
    """The one it had then; None for any."""
    later: range = range(0)
    """The ones it may have had since, while nobody began with it."""
    owner: str | None = None
    """Who may have it then; otherwise it is nobody's."""
    state: JobState | None = None
    """How it stands then; None for any way."""


ANYHOW = _Hold()
"""However it stands."""


def _begun_here(epoch: int) -> _Hold:
    """Return the hold of who began a job: it may be nobody's, and wait to be begun anew."""
    return _Hold(epoch, range(epoch + 1, epoch + 3), state=JobState.QUEUED)


def settle(
    job: str, result: JobResult, epoch: int | None = None, *, begun_here: bool = False
) -> Operation[bool]:
    """End a job; answers False, and changes nothing, when it had ended or changed hands before.

    One that was `begun_here`, and waits again for whoever wants it, has not changed hands: its
    process was taken for dead, which counts the epoch up, and so does letting go of its money.
    A failure is recorded as the end of its present attempt. What it cost is booked, and what it
    had reserved beyond that is free again.
    """
    hold = _Hold(epoch)
    if begun_here and epoch is not None:
        hold = _begun_here(epoch)
    return lambda transaction: end(transaction, job, result, hold)


def call_off(
    job: str, owner: str, epoch: int, result: JobResult, *, begun: bool = False
) -> Operation[bool]:
    """End a job that had this epoch when the owner last knew, whether or not its turn has come.

    Its turn, and giving that back, each count the epoch up, however often, where it had not
    `begun` by then. Where another owner has taken it since, it stays. No attempt is recorded.
    """
    hold = _begun_here(epoch) if begun else _Hold(epoch, range(epoch, _ANY_LATER), owner)
    return lambda transaction: end(transaction, job, result, hold, tried=False)


def give_up(tenant: str, key: str, result: JobResult) -> Operation[bool]:
    """End a job of which nobody knows whether its provider has it: a person decided so.

    It may be paid for: what it had reserved counts as spent.
    """

    def operation(transaction: Transaction) -> bool:
        row = transaction.execute(_BY_KEY, (tenant, key)).fetchone()
        if row is None:
            return False
        (job,) = row
        return end(transaction, job, result, cost=budgets.reserved(transaction, job))

    return operation


def end(
    transaction: Transaction,
    job: str,
    result: JobResult,
    hold: _Hold = ANYHOW,
    *,
    cost: float | None = None,
    tried: bool = True,
) -> bool:
    """End a job where it stands as `hold` says; False, and nothing changed, where it does not.

    Its cost, in US dollars, is the result's where none is given. A failure of what was `tried`
    is recorded as its present attempt's.
    """
    if tried and result.state is JobState.DEAD and result.error is not None:
        attempts.record(transaction, job, hold.epoch, result.error)
    later = (hold.later.start, hold.later.stop - 1)
    now = (result.state.value, result.model_dump_json(), transaction.now_ms)
    row = (*now, job, hold.epoch, *later, hold.owner, hold.state)
    if transaction.execute(_SETTLE, row).rowcount != 1:
        return False
    budgets.settle(transaction, job, result.cost if cost is None else cost)
    return True
