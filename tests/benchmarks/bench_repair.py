"""Checking and repairing a plan against reading its JSON and asking networkx for an order."""

from __future__ import annotations

import json
import statistics
import time
from typing import TYPE_CHECKING, Any

import networkx
from bench_checks import episode

from framewright.checks.check import check_plan
from framewright.checks.repair.outcome import Outcome
from framewright.checks.repair.repair import repair
from framewright.domain.plan import Plan
from framewright.studio.catalogs import load_catalog

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = ((10, 25), (400, 9), (10_000, 3))
GROWTH = 1.5
"""How much a step of a large plan may cost against one of a middle-sized plan."""


def measure() -> list[dict[str, Any]]:
    """Return the rows: each work at each size as a ratio to the peer, and how it grows."""
    catalog = load_catalog()
    rows: list[dict[str, Any]] = []
    a_step: dict[str, dict[int, float]] = {"check": {}, "repair": {}}
    for size, repeats in SIZES:
        raw = episode(size).model_dump_json()
        works: dict[str, Callable[[], None]] = {
            "peer": lambda raw=raw: _peer(raw),
            "check": lambda raw=raw: _check(raw, catalog),
            "repair": lambda raw=raw: _repair(raw, catalog),
        }
        taken = {name: _ms(work, repeats) for name, work in works.items()}
        for name in a_step:
            a_step[name][size] = taken[name] / size
            rows.append(
                {
                    "name": f"{name} of {size:,} steps from JSON",
                    "value": round(taken[name], 3),
                    "unit": "ms",
                    "peer": f"{taken['peer']:.3f} ms: json.loads and networkx (order only)",
                    "ratio": round(taken[name] / taken["peer"], 2),
                    "n": repeats,
                }
            )
    for name, by_size in a_step.items():
        rows.append(
            {
                "name": f"{name}: a step among 10,000 against one among 400",
                "value": round(by_size[10_000], 5),
                "unit": "ms",
                "peer": f"{by_size[400]:.5f} ms among 400",
                "ratio": round(by_size[10_000] / by_size[400], 3),
                "limit": GROWTH,
                "n": 3,
            }
        )
    return rows


def _peer(raw: str) -> None:
    graph = networkx.DiGraph()
    for step in json.loads(raw)["steps"]:
        graph.add_node(step["id"])
        graph.add_edges_from((need, step["id"]) for need in step["depends_on"])
    assert networkx.is_directed_acyclic_graph(graph)


def _check(raw: str, catalog: Any) -> None:
    assert check_plan(Plan.model_validate_json(raw), catalog) == ()


def _repair(raw: str, catalog: Any) -> None:
    found = repair(raw, catalog, most_steps=100_000)
    assert found.outcome in {Outcome.ACCEPTED, Outcome.REPAIRED}, found.findings


def _ms(work: Callable[[], None], repeats: int) -> float:
    taken = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1_000
