"""What a turn costs: with many waiting, and with many that are over."""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from framewright.domain.job import JobResult, JobState
from framewright.store import ends, queue, schema
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
        busy = _store(Path(folder) / "busy.db", WAITING, TENANTS, over=0)
        many = [_turn(busy, TENANTS) for _ in range(TURNS)]
        few = _store(Path(folder) / "few.db", 2_000, 10, over=0)
        old = _store(Path(folder) / "old.db", 2_000, 10, over=1_000_000)
        # In turns, so that a busy machine is busy for both.
        pairs = [(_turn(few, 10), _turn(old, 10)) for _ in range(TURNS)]
        for each in (busy, few, old):
            each.close()
    late, seen = (sorted(each)[int(TURNS * 0.99)] for each in zip(*many, strict=True))
    plain, long = (statistics.median(each[0] for each in side) for side in zip(*pairs, strict=True))
    return [
        {
            "name": f"a turn with {WAITING:,} jobs of {TENANTS} tenants waiting, 99th of a hundred",
            "value": round(late, 3),
            "unit": "ms",
            "peer": f"{LIMIT_MS} ms of a processor allowed; {seen:.1f} ms by the clock on the wall",
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


def _store(path: Path, waiting: int, tenants: int, over: int) -> sqlite3.Connection:
    """Return a store in which jobs wait, and others are over."""
    at = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        at.execute(f"PRAGMA {pragma}")
    schema.bring_up_to_date(at)
    at.execute("BEGIN")
    for letter, state, result, count in (
        ("w", "queued", None, waiting),
        ("o", "succeeded", _DONE, over),
    ):
        at.executemany(
            _INSERT,
            (
                (f"{letter}{n}", f"t{n % tenants}", f"{letter}{n}", state, n, result)
                for n in range(count)
            ),
        )
    at.execute("COMMIT")
    return at


def _turn(at: sqlite3.Connection, tenants: int) -> tuple[float, float]:
    """Return the milliseconds of a turn, in which one job begins and ends.

    Those of the processor, which others that are busy do not change, and those on the wall.
    """
    groups = [Group(f"t{number}", "fake", "fake/a") for number in range(tenants)]
    limits = Limits(models={"fake/a": 8})
    began, used = time.perf_counter(), time.thread_time()
    at.execute("BEGIN IMMEDIATE")
    turn = Transaction(at, 1)
    (granted,) = queue.claim("me", groups, limits, lambda _: True, most=1)(turn).begun
    ends.settle(granted.job, JobResult(state=JobState.SUCCEEDED), granted.epoch)(turn)
    at.execute("COMMIT")
    return (time.thread_time() - used) * 1_000, (time.perf_counter() - began) * 1_000
