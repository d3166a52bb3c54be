"""Budgets that stop spending: reserved when a job is accepted, settled when it ends.

What each job may cost, and did, is its `charge`; jobs that are free have none. How much that is
for a tenant, for the project and for a run with a budget is kept beside it, in `account`, and
moved in the same transaction. Adding the charges up instead, at every job that is accepted, would
take a third of a second with a million of them in a month; so the sums are kept, and
`budget_audit` proves them equal to the charges and mends what is not. A free job takes a
microsecond for it, one that costs something 20 to 30, whatever went before
(`tests/benchmarks/bench_budgets.py`).

A job holds its reservation until it ends: while it waits, works, backs off, and where nobody
knows whether its provider has it. How it ends says what it cost, a failure mostly nothing. What
it cost is booked in full, also above what was reserved: a budget never stops what has begun.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.domain.budget import Budgets, Scope, Shortage, Spend, Window, day_of
from framewright.domain.money import charged, dollars

if TYPE_CHECKING:
    from collections.abc import Iterable

    from framewright.domain.job import JobRequest
    from framewright.store.database import Operation, Question
    from framewright.store.engine import Connection
    from framewright.store.transaction import Transaction

EVERYBODY = ""
"""The tenant of the accounts of the whole project, and the run of those of whole tenants."""
OF_A_RUN = -1
"""The day of a run's account, which is of all its days."""

_RUN = "SELECT most, reserved, spent FROM account WHERE tenant = ? AND run = ? AND day = -1"
_USED = """SELECT CAST(COALESCE(SUM(reserved + spent), 0) AS BIGINT) FROM account
    WHERE tenant = ? AND run = '' AND day BETWEEN ? AND ?"""
# Again, where a person lets a dead job begin anew: on a day of its own.
_HOLD = """INSERT INTO charge (job, day, tenant, run, reserved, spent) VALUES (?, ?, ?, ?, ?, 0)
    ON CONFLICT (job, day) DO UPDATE SET reserved = excluded.reserved"""
_HELD = "SELECT day, tenant, run, reserved FROM charge WHERE job = ? AND reserved IS NOT NULL"
_RELEASE = """UPDATE charge SET reserved = NULL, spent = spent + ?
    WHERE job = ? AND reserved IS NOT NULL"""
_WHOSE = "SELECT tenant, correlation FROM job WHERE id = ?"
_BOOK = """INSERT INTO charge (job, day, tenant, run, reserved, spent) VALUES (?, ?, ?, ?, NULL, ?)
    ON CONFLICT (job, day) DO UPDATE SET spent = charge.spent + excluded.spent"""
_MOVE_DAY = """INSERT INTO account (tenant, run, day, reserved, spent, gone)
    VALUES (?, '', ?, ?, ?, 0), ('', '', ?, ?, ?, 0)
    ON CONFLICT (tenant, run, day) DO UPDATE SET reserved = account.reserved + excluded.reserved,
        spent = account.spent + excluded.spent"""
_MOVE_RUN = """UPDATE account SET reserved = reserved + ?, spent = spent + ?
    WHERE tenant = ? AND run = ? AND day = -1"""
_OF_RUN = """SELECT CAST(COALESCE(SUM(reserved), 0) AS BIGINT),
        CAST(COALESCE(SUM(spent), 0) AS BIGINT)
    FROM charge WHERE tenant = ? AND run = ?"""
_OPEN_RUN = """INSERT INTO account (tenant, run, day, reserved, spent, gone)
    VALUES (?, ?, -1, ?, ?, 0)"""
_GIVE = "UPDATE account SET most = ? WHERE tenant = ? AND run = ? AND day = -1"
_CHARGES = "SELECT day, tenant, run, spent FROM charge WHERE job = ?"
_GONE = "UPDATE account SET gone = gone + ? WHERE tenant = ? AND run = ? AND day = ?"
_SPENDS = """SELECT tenant, CAST(SUM(spent) AS BIGINT), CAST(SUM(reserved) AS BIGINT) FROM account
    WHERE run = '' AND day BETWEEN ? AND ? GROUP BY tenant"""
_UNPRICED = "SELECT tenant, COUNT(*) FROM charge WHERE reserved = 0 GROUP BY tenant"


def reserve(
    transaction: Transaction, job: str, request: JobRequest, budgets: Budgets
) -> Shortage | None:
    """Reserve what a job may cost in all its budgets; or return the one that it does not fit in.

    A job that is free always fits. One of which nobody knows what it costs fits where anything
    is left, and reserves nothing.
    """
    if request.reserve == 0:
        return None
    day, wanted = day_of(transaction.now_ms), request.reserve
    shortage = _shortage(transaction, request, budgets)
    if shortage is not None:
        return shortage
    held = wanted or 0
    transaction.execute(_HOLD, (job, day, request.tenant, request.correlation, held))
    _move(transaction, request.tenant, request.correlation, day, held, 0)
    return None


def holds(transaction: Transaction, job: str) -> bool:
    """Tell whether a job has a reservation."""
    return transaction.execute(_HELD, (job,)).fetchone() is not None


def reserved(transaction: Transaction, job: str) -> float:
    """Return what a job has reserved, in US dollars."""
    held = transaction.execute(_HELD, (job,)).fetchone()
    return 0.0 if held is None else dollars(held[3])


def settle(transaction: Transaction, job: str, cost: float) -> None:
    """Book what a job that ended has cost, in US dollars, and let go of what it had reserved."""
    held = transaction.execute(_HELD, (job,)).fetchone()
    if held is not None:
        day, tenant, run, reserved = held
        booked = charged(cost, reserved)
        transaction.execute(_RELEASE, (booked, job))
        _move(transaction, tenant, run, day, -reserved, booked)
    elif booked := charged(cost):
        # It was to be free, or accepted before anybody counted.
        tenant, run = transaction.execute(_WHOSE, (job,)).fetchone()
        day = day_of(transaction.now_ms)
        transaction.execute(_BOOK, (job, day, tenant, run, booked))
        _move(transaction, tenant, run, day, 0, booked)


def book(transaction: Transaction, job: str, cost: float) -> None:
    """Book what a failed attempt of a job cost, in US dollars; what it has reserved stays."""
    if not (booked := charged(cost)):
        return
    held = transaction.execute(_HELD, (job,)).fetchone()
    whose = transaction.execute(_WHOSE, (job,)).fetchone()
    day, tenant, run = held[:3] if held is not None else (day_of(transaction.now_ms), *whose)
    transaction.execute(_BOOK, (job, day, tenant, run, booked))
    _move(transaction, tenant, run, day, 0, booked)


def give(tenant: str, run: str, most: int) -> Operation[None]:
    """Give a run a budget, in millionths of a dollar, or another one than it has.

    What it has spent and reserved before counts; nothing that has begun is stopped.
    """

    def operation(transaction: Transaction) -> None:
        _open_run(transaction, tenant, run)
        transaction.execute(_GIVE, (most, tenant, run))

    return operation


def _open_run(transaction: Transaction, tenant: str, run: str) -> None:
    """Begin to keep the sums of a run: only few ever have a budget, or lose charges."""
    if transaction.execute(_RUN, (tenant, run)).fetchone() is None:
        sums = transaction.execute(_OF_RUN, (tenant, run)).fetchone()
        transaction.execute(_OPEN_RUN, (tenant, run, *sums))


def forget(transaction: Transaction, jobs: Iterable[str]) -> None:
    """Throw away the charges of jobs that are over; what they cost stays in the accounts."""
    for job in jobs:
        for day, tenant, run, spent in transaction.execute(_CHARGES, (job,)).fetchall():
            _open_run(transaction, tenant, run)
            for account in _accounts(tenant, run, day):
                transaction.execute(_GONE, (spent, *account))
        transaction.execute("DELETE FROM charge WHERE job = ?", (job,))


def of_run(tenant: str, run: str) -> Question[tuple[int | None, int, int]]:
    """Ask for a run's budget, None for no limit, and what it has spent and reserved."""

    def question(connection: Connection) -> tuple[int | None, int, int]:
        known = connection.execute(_RUN, (tenant, run)).fetchone()
        if known is None:
            known = (None, *connection.execute(_OF_RUN, (tenant, run)).fetchone())
        most, reserved, spent = known
        return most, spent, reserved

    return question


def spends(budgets: Budgets, now_ms: int) -> Question[tuple[Spend, ...]]:
    """Ask what the project and each tenant have spent and reserved: the project comes first.

    Tenants that spent nothing in the window at hand and have no budget are left out.
    """
    days = budgets.window.days(now_ms)

    def question(connection: Connection) -> tuple[Spend, ...]:
        used = {name: row for name, *row in connection.execute(_SPENDS, days)}
        unpriced = dict(connection.execute(_UNPRICED).fetchall())
        tenants = sorted({*used, *unpriced, *budgets.tenants} - {EVERYBODY})
        rows = [(Scope.PROJECT, EVERYBODY, budgets.project, sum(unpriced.values()))]
        rows += [
            (Scope.TENANT, name, budgets.tenants.get(name), unpriced.get(name, 0))
            for name in tenants
        ]
        return tuple(
            Spend(
                scope=scope,
                name=name,
                window=budgets.window,
                budget=None if budget is None else dollars(budget),
                spent=dollars(used.get(name, (0, 0))[0]),
                reserved=dollars(used.get(name, (0, 0))[1]),
                unpriced=count,
            )
            for scope, name, budget, count in rows
        )

    return question


def _shortage(transaction: Transaction, request: JobRequest, budgets: Budgets) -> Shortage | None:
    """Return the first budget of a job in which it does not fit."""
    wanted = request.reserve
    needed = 1 if wanted is None else wanted
    run = request.correlation
    of_run = transaction.execute(_RUN, (request.tenant, run)).fetchone()
    if of_run is not None and of_run[0] is not None:
        most, reserved, spent = of_run
        if most - reserved - spent < needed:
            left = most - reserved - spent
            return Shortage(Scope.RUN, run, Window.TOTAL, most, left, wanted)
    mine = budgets.tenants.get(request.tenant)
    shared = ((Scope.TENANT, request.tenant, mine), (Scope.PROJECT, EVERYBODY, budgets.project))
    for scope, name, limit in shared:
        if limit is not None:
            days = budgets.window.days(transaction.now_ms)
            (used,) = transaction.execute(_USED, (name, *days)).fetchone()
            if limit - used < needed:
                return Shortage(scope, name, budgets.window, limit, limit - used, wanted)
    return None


def _move(
    transaction: Transaction, tenant: str, run: str, day: int, reserved: int, spent: int
) -> None:
    """Move the accounts of a charge; nothing moves them but this."""
    moved = (day, reserved, spent)
    transaction.execute(_MOVE_DAY, (tenant, *moved, *moved))
    transaction.execute(_MOVE_RUN, (reserved, spent, tenant, run))


def _accounts(tenant: str, run: str, day: int) -> tuple[tuple[str, str, int], ...]:
    return (
        (tenant, EVERYBODY, day),
        (EVERYBODY, EVERYBODY, day),
        (tenant, run, OF_A_RUN),
    )
