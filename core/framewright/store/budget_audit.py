"""Proves that the accounts of money equal the charges they sum up, and mends what does not.

Two things may go wrong: an account that is not the sum of its charges, and a job that ended and
still holds its reservation. Looking is one statement each, so that both sides are of one moment,
whatever is written meanwhile. The accounts of the last two days are proved while a process works
(`router/bookkeeping.py`): 60 ms beside a million charges of a month, 3 s for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from typing_extensions import override

from framewright.domain.job import JobResult
from framewright.domain.money import words
from framewright.store import budgets

if TYPE_CHECKING:
    from framewright.store.database import Operation, Question
    from framewright.store.engine import Connection
    from framewright.store.transaction import Transaction

# What the charges come to, taken from what the accounts say: of some days, or of all and of runs.
_DRIFT = """WITH booked AS (
        SELECT tenant, {run} AS run, day, SUM(COALESCE(reserved, 0)) AS reserved,
            SUM(spent) AS spent
        FROM charge {of_days} GROUP BY {each}),
    both_sides AS (
        SELECT tenant, run, day, reserved, spent - gone AS spent FROM account {of_days}
        UNION ALL SELECT tenant, '', day, -reserved, -spent FROM booked
        UNION ALL SELECT '', '', day, -reserved, -spent FROM booked
        {of_runs})
    SELECT tenant, run, day, CAST(SUM(reserved) AS BIGINT), CAST(SUM(spent) AS BIGINT)
    FROM both_sides GROUP BY tenant, run, day
    HAVING SUM(reserved) <> 0 OR SUM(spent) <> 0
    ORDER BY tenant, run, day"""
_OF_DAY = _DRIFT.format(run="''", of_days="WHERE day = ?", each="tenant, day", of_runs="")
_OF_ALL = _DRIFT.format(
    run="run",
    of_days="",
    each="tenant, run, day",
    of_runs="""UNION ALL SELECT booked.tenant, booked.run, -1, -booked.reserved, -booked.spent
        FROM booked JOIN account ON account.tenant = booked.tenant
            AND account.run = booked.run AND account.day = -1""",
)
_STILL_HELD = """SELECT charge.job, job.result FROM charge
    LEFT JOIN job ON job.id = charge.job
    WHERE charge.reserved IS NOT NULL
        AND (job.id IS NULL OR job.state IN ('succeeded', 'dead', 'cancelled'))
    ORDER BY charge.job"""
_MEND = """INSERT INTO account (tenant, run, day, reserved, spent, gone) VALUES (?, ?, ?, ?, ?, 0)
    ON CONFLICT (tenant, run, day) DO UPDATE SET reserved = account.reserved + excluded.reserved,
        spent = account.spent + excluded.spent"""


@dataclass(frozen=True, slots=True)
class Drift:
    """An account that is not the sum of its charges; amounts in millionths of a dollar."""

    tenant: str
    run: str
    day: int
    reserved: int
    """How much more the account says."""
    spent: int

    @override
    def __str__(self) -> str:
        whose = f"of {self.run}" if self.run else f"of {self.tenant or 'all'} on day {self.day}"
        more = f"{words(self.reserved)} reserved and {words(self.spent)} spent"
        return f"The account {whose} said {more} more than its jobs do."


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found."""

    drifts: tuple[Drift, ...]
    still_held: tuple[str, ...]
    """Jobs that ended and hold a reservation."""

    @property
    def is_right(self) -> bool:
        """Tell whether every account equals its charges."""
        return not self.drifts and not self.still_held


def audit(*days: int) -> Question[Audit]:
    """Ask what is wrong with the accounts of these days; without any: all, those of runs too."""
    return lambda connection: Audit(_drifts(connection, days), tuple(_held(connection)))


def mend(*days: int) -> Operation[Audit]:
    """Make the accounts that `audit` looks at the sums of their charges; return what was wrong."""

    def operation(transaction: Transaction) -> Audit:
        held = _held(transaction)
        for job, result in held.items():
            cost = 0.0 if result is None else JobResult.model_validate_json(result).cost
            budgets.settle(transaction, job, cost)
        drifts = _drifts(transaction, days)
        for each in drifts:
            row = (each.tenant, each.run, each.day, -each.reserved, -each.spent)
            transaction.execute(_MEND, row)
        return Audit(drifts, tuple(held))

    return operation


def _drifts(connection: Connection | Transaction, days: tuple[int, ...]) -> tuple[Drift, ...]:
    if not days:
        return tuple(Drift(*row) for row in connection.execute(_OF_ALL).fetchall())
    # Each day by itself, or what they are grouped by would choose the index.
    found = (row for day in days for row in connection.execute(_OF_DAY, (day, day)).fetchall())
    return tuple(Drift(*row) for row in found)


def _held(connection: Connection | Transaction) -> dict[str, str | None]:
    return dict(connection.execute(_STILL_HELD).fetchall())
