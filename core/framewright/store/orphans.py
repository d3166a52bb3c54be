"""Jobs that a provider may have and that nobody carries: their processes are gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright.domain.job import JobState, Phase

if TYPE_CHECKING:
    from collections.abc import Callable

    from framewright.store.database import Operation
    from framewright.store.transaction import Transaction

_OPEN = """SELECT id, tenant, key, provider, state, phase, owner, epoch,
        COALESCE(started_ms, created_ms) FROM job
    WHERE state IN ('leased', 'unknown') AND phase <> 'none'"""
# Nobody's: whoever is asked for its result takes it over, and then it is no orphan any more.
_ADOPT = """UPDATE job SET owner = NULL, epoch = epoch + 1, state = 'leased'
    WHERE id = ? AND epoch = ? AND state IN ('leased', 'unknown')"""


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
