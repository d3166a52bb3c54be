"""How long the checks of a plan take, and how that grows."""

from __future__ import annotations

import statistics
import time
from typing import Any

from framewright.catalog.catalog import Catalog  # noqa: TC001
from framewright.checks.check import check_plan
from framewright.domain.plan import Plan
from framewright.studio.catalogs import load_catalog

LIMIT_MS = 50.0
"""Most milliseconds for a plan of 400 steps."""
GROWTH = 1.5


def episode(steps: int) -> Plan:
    """Return a plan of shots: still, clip and frame in turns, each chained to the one before."""
    made: list[dict[str, Any]] = []
    for at in range(steps):
        name, before = f"s{at}", f"s{at - 1}"
        if at % 3 == 0:
            inputs = {"prompt": f"shot {at}, a harbour at dusk, 35mm", "aspect_ratio": "16:9"}
            step = {"kind": "image", "model": "local/previz-still", "inputs": inputs}
        elif at % 3 == 1:
            inputs = {"prompt": "slow", "first_frame": f"${before}.output", "duration": 5}
            step = {"kind": "video", "model": "local/previz-camera", "inputs": inputs}
        else:
            inputs = {"video": f"${before}.output", "position": "last"}
            step = {"kind": "utility", "model": "local/extract-frame", "inputs": inputs}
        made.append({"id": name, "title": name, "depends_on": [before] if at else [], **step})
    return Plan.model_validate({"title": "Episode", "steps": made})


def measure() -> list[dict[str, Any]]:
    """Return the rows of this benchmark."""
    catalog = load_catalog()
    check_plan(episode(3), catalog)
    middle, small = _ms(episode(400), catalog, 9), _ms(episode(100), catalog, 15)
    large = _ms(episode(10_000), catalog, 3)
    growth = (large / 10_000) / (small / 100)
    return [
        {
            "name": "checks of 400 steps",
            "value": round(middle, 3),
            "unit": "ms",
            "peer": f"{LIMIT_MS} ms allowed",
            "ratio": round(middle / LIMIT_MS, 3),
            "limit": 1.0,
            "n": 9,
        },
        {
            "name": "checks: a step among 10,000 against one among 100",
            "value": round(large / 10_000, 5),
            "unit": "ms",
            "peer": f"{small / 100:.5f} ms among 100",
            "ratio": round(growth, 3),
            "limit": GROWTH,
            "n": 3,
        },
    ]


def _ms(plan: Plan, catalog: Catalog, repeats: int) -> float:
    taken = []
    for _ in range(repeats):
        started = time.perf_counter()
        assert check_plan(plan, catalog) == ()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1_000
