"""What a turn costs: with many waiting, and with many that are over."""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from framewright.domain.job import JobResult, JobState
from framewright.store import jobs, queue, schema
from framewright.store.queue_limits import Group, Limits
from framewright.store.transaction import Transaction

WAITING, TENANTS, TURNS = 100_000, 200, 400
LIMIT_MS = 20.0
"""Most milliseconds for all but one turn in a hundred, with that many waiting."""
SLOWER = 1.2
"""Most a turn may cost more beside a million jobs that are over."""
_INSERT = """INSERT INTO job (id, tenant, key, request_hash, correlation, provider, model, owner,
        state, phase, request, rank, created_ms, updated_ms, result)
    VALUES (?, ?, ?, '', '', 'fake', 'fake/a', 'me', ?, 'none', '{}', ?, 0, 0, ?)"""
_DONE = JobResult(state=JobState.SUCCEEDED).model_dump_json()


def measure() -> list[dict[str, Any]]:
    """Return the rows: many tenants waiting, and a long history."""
    with tempfile.TemporaryDirectory() as folder:
        busy = _turns(Path(folder) / "busy.db", WAITING, TENANTS, over=0)
        few = _turns(Path(folder) / "few.db", 2_000, 10, over=0)
        old = _turns(Path(folder) / "old.db", 2_000, 10, over=1_000_000)
    late = sorted(busy)[int(len(busy) * 0.99)]
    plain, long = statistics.median(few), statistics.median(old)
    return [
        {
            "name": f"a turn with {WAITING:,} jobs of {TENANTS} tenants waiting, 99th of a hundred",
            "value": round(late, 3),
            "unit": "ms",
            "peer": f"{LIMIT_MS} ms allowed; the median is {statistics.median(busy):.3f} ms",
            "ratio": round(late / LIMIT_MS, 3),
            "limit": 1.0,
            "n": TURNS,
        },
        {
            "name": "a turn beside 1,000,000 jobs that are over",
            "value": round(long, 4),
            "unit": "ms",
            "peer": f"{plain:.4f} ms beside none",
            "ratio": round(long / plain, 3),
            "limit": SLOWER,
            "n": TURNS,
        },
    ]


def _turns(path: Path, waiting: int, tenants: int, over: int) -> list[float]:
    """Return the milliseconds of each of many turns: one job begins, and ends."""
    at = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        at.execute(f"PRAGMA {pragma}")
    schema.bring_up_to_date(at)
    at.execute("BEGIN")
    at.executemany(
        _INSERT,
        (
            (f"w{number}", f"t{number % tenants}", f"w{number}", "queued", number, None)
            for number in range(waiting)
        ),
    )
    at.executemany(
        _INSERT,
        (
            (f"o{number}", f"t{number % tenants}", f"o{number}", "succeeded", number, _DONE)
            for number in range(over)
        ),
    )
    at.execute("COMMIT")
    groups = [Group(f"t{number}", "fake", "fake/a") for number in range(tenants)]
    limits, taken = Limits(models={"fake/a": 8}), []
    for _ in range(TURNS):
        began = time.perf_counter()
        at.execute("BEGIN IMMEDIATE")
        turn = Transaction(at, 1)
        (granted,) = queue.claim("me", groups, limits, lambda _: True, most=1)(turn)
        jobs.settle(granted.job, JobResult(state=JobState.SUCCEEDED), granted.epoch)(turn)
        at.execute("COMMIT")
        taken.append((time.perf_counter() - began) * 1_000)
    at.close()
    return taken
