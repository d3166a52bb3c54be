"""What budgets cost: a job accepted and ended with them, and beside a long history of charges."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from framewright.domain.budget import Budgets
from framewright.domain.job import JobRequest, JobResult, JobState
from framewright.domain.money import MOST
from framewright.store import budget_audit, budgets, ends, jobs, schema
from framewright.store.transaction import Transaction

DAY, TENANTS, BATCH, ROUNDS = 20_000, 20, 64, 60
OVER = 1_000_000
NONE = Budgets()
ALL = Budgets(project=MOST, tenants={"t1": MOST})
SLOWER = 1.5
"""Most a job with budgets may cost more beside a million charges of this month."""
LIMIT_MS = 150.0
"""Most milliseconds for proving the accounts of two days beside them."""


def measure() -> list[dict[str, Any]]:
    """Return the rows: processor time per job, accepted and settled, in one thread."""
    few, many = _store(0), _store(OVER)
    # In turns, so that a busy machine is busy for both.
    rounds = [
        [_least(at, number, reserve, how) for at in (few, many) for reserve, how in _KINDS]
        for number in range(3)
    ]
    free, paid, limited, *late = map(min, zip(*rounds, strict=True))
    began = time.thread_time()
    assert budget_audit.audit(DAY, DAY - 1)(many).is_right
    proving = (time.thread_time() - began) * 1_000
    rows = [
        ("a job that costs something, against a free one", paid, free, 5.0),
        (
            "a job within budgets of run, tenant and workspace, against a free one",
            limited,
            free,
            6.0,
        ),
        ("a free job beside 1,000,000 charges", late[0], free, SLOWER),
        ("a job within all budgets beside 1,000,000 charges", late[2], limited, SLOWER),
    ]
    return [
        {
            "name": name,
            "value": round(ours, 1),
            "unit": "µs",
            "peer": f"{other:.1f} µs",
            "ratio": round(ours / other, 3),
            "limit": limit,
            "n": BATCH * ROUNDS,
        }
        for name, ours, other, limit in rows
    ] + [
        {
            "name": "the accounts of two days proved beside 1,000,000 charges",
            "value": round(proving, 1),
            "unit": "ms",
            "peer": f"{LIMIT_MS} ms allowed",
            "ratio": round(proving / LIMIT_MS, 3),
            "limit": 1.0,
            "n": 1,
        }
    ]


_KINDS: tuple[tuple[int, Budgets], ...] = ((0, NONE), (10_000, NONE), (10_000, ALL))


def _store(over: int) -> sqlite3.Connection:
    at = sqlite3.connect(":memory:", isolation_level=None)
    schema.bring_up_to_date(at)
    charge = "INSERT INTO charge (job, day, tenant, run, spent) VALUES (?, ?, ?, ?, 10000)"
    at.execute("BEGIN")
    for number in range(over):
        tenant, run = f"t{number % TENANTS}", f"r{number // 100}"
        at.execute(charge, (f"o{number}", DAY - number % 18, tenant, run))
    budget_audit.mend()(Transaction(at, DAY * 86_400_000))
    at.execute("COMMIT")
    return at


def _least(at: sqlite3.Connection, number: int, reserve: int, limits: Budgets) -> float:
    """Return the processor time of one job, in microseconds: the least of many batches."""
    turn, taken = Transaction(at, DAY * 86_400_000), []
    run = f"run {number} {reserve} {limits.project}"
    at.execute("BEGIN")
    if limits is ALL:
        budgets.give("t1", run, MOST)(turn)
    at.execute("COMMIT")
    done = JobResult(state=JobState.SUCCEEDED, cost=reserve / 1e6)
    for batch in range(ROUNDS):
        names = [f"{run} {batch} {each}" for each in range(BATCH)]
        work = [
            jobs.accept(each, _request(each, run, reserve), "", "me", 0, limits) for each in names
        ]
        work += [ends.settle(each, done) for each in names]
        began = time.thread_time()
        at.execute("BEGIN IMMEDIATE")
        for operation in work:
            operation(turn)
        at.execute("COMMIT")
        taken.append((time.thread_time() - began) / BATCH * 1e6)
    return min(taken)


def _request(key: str, run: str, reserve: int) -> JobRequest:
    return JobRequest(
        tenant="t1",
        key=key,
        correlation=run,
        provider="fake",
        model="fake/a",
        task="",
        inputs={"prompt": "x" * 300},
        seed=0,
        reserve=reserve,
    )
