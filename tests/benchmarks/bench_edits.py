"""What one edit of a plan of 10,000 steps costs, and how long it takes to know what is stale."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Any

from bench_checks import episode

from framewright.edits.apply import apply, difference
from framewright.edits.operation import OPERATIONS
from framewright.edits.stale import keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from framewright.domain.plan import Plan

LIMIT_MS = 5.0
"""Most milliseconds for one operation."""
GROWTH = 1.5
EDITS = (
    {"op": "set-input", "step": "s5000", "field": "prompt", "value": "dusk"},
    {"op": "remove", "step": "s5001"},
    {"op": "rename", "step": "s5000", "id": "harbour"},
    {"op": "duplicate", "step": "s5000", "id": "harbour"},
)


def measure() -> list[dict[str, Any]]:
    """Return the rows: one for each kind of edit, and the keys of a chain."""
    plan = episode(10_000)
    rows: list[dict[str, Any]] = [_edit(plan, document) for document in EDITS]
    small = episode(100)
    large_ms, small_ms = _ms(lambda: keys(plan), 5), _ms(lambda: keys(small), 15)
    rows.append(
        {
            "name": "staleness: a step of a chain of 10,000 against one of 100",
            "value": round(large_ms / 10_000, 5),
            "unit": "ms",
            "peer": f"{small_ms / 100:.5f} ms of 100",
            "ratio": round(large_ms / 10_000 / (small_ms / 100), 3),
            "limit": GROWTH,
            "n": 5,
        }
    )
    return rows


def _edit(plan: Plan, document: dict[str, Any]) -> dict[str, Any]:
    operation = OPERATIONS.validate_python(document)

    def work() -> None:
        difference(apply(plan, operation), plan)

    taken = _ms(work, 15)
    return {
        "name": f"edit of 10,000 steps: {document['op']}, with its inverse",
        "value": round(taken, 3),
        "unit": "ms",
        "peer": f"{LIMIT_MS} ms allowed",
        "ratio": round(taken / LIMIT_MS, 3),
        "limit": 1.0,
        "n": 15,
    }


def _ms(work: Callable[[], object], repeats: int) -> float:
    taken = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1_000
