"""Proves that the accounts of money equal the charges they sum up, and mends what does not.

Two things may go wrong: an account that is not the sum of its charges, and a job that ended and
still holds its reservation. Looking is one statement each, so that both see one moment, whatever
is written meanwhile; mending is a transaction of its own, and a rare one.
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

# What the charges come to, taken from what the accounts say.
_DRIFT = """WITH booked AS (
        SELECT tenant, run, day, SUM(COALESCE(reserved, 0)) AS reserved, SUM(spent) AS spent
        FROM charge WHERE day >= ? GROUP BY tenant, run, day),
    both_sides AS (
        SELECT tenant, run, day, reserved, spent - gone AS spent FROM account
            WHERE day >= ? OR (? = 0 AND day = -1)
        UNION ALL SELECT tenant, '', day, -reserved, -spent FROM booked
        UNION ALL SELECT '', '', day, -reserved, -spent FROM booked
        UNION ALL SELECT booked.tenant, booked.run, -1, -booked.reserved, -booked.spent
            FROM booked JOIN account ON account.tenant = booked.tenant
                AND account.run = booked.run AND account.day = -1 AND ? = 0)
    SELECT tenant, run, day, CAST(SUM(reserved) AS BIGINT), CAST(SUM(spent) AS BIGINT)
    FROM both_sides GROUP BY tenant, run, day
    HAVING SUM(reserved) <> 0 OR SUM(spent) <> 0
    ORDER BY tenant, run, day"""
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


def audit(since_day: int = 0) -> Question[Audit]:
    """Ask what is wrong with the accounts of a day and those behind it; 0 means all.

    The accounts of runs, which have no day, are only looked at with all the others.
    """
    return lambda connection: Audit(_drifts(connection, since_day), tuple(_held(connection)))


def mend() -> Operation[Audit]:
    """Make every account the sum of its charges; return what was wrong."""

    def operation(transaction: Transaction) -> Audit:
        held = _held(transaction)
        for job, result in held.items():
            cost = 0.0 if result is None else JobResult.model_validate_json(result).cost
            budgets.settle(transaction, job, cost)
        drifts = _drifts(transaction, 0)
        for each in drifts:
            row = (each.tenant, each.run, each.day, -each.reserved, -each.spent)
            transaction.execute(_MEND, row)
        return Audit(drifts, tuple(held))

    return operation


def _drifts(connection: Connection | Transaction, since_day: int) -> tuple[Drift, ...]:
    rows = connection.execute(_DRIFT, (since_day,) * 4).fetchall()
    return tuple(Drift(*row) for row in rows)


def _held(connection: Connection | Transaction) -> dict[str, str | None]:
    return dict(connection.execute(_STILL_HELD).fetchall())
