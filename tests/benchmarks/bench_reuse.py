"""How long a run takes of which everything was made before, in each shape."""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from framewright import Plan, Studio
from framewright.protocols import FakeProvider

LIMIT_MS = 100.0
"""Most milliseconds for a run of 1,000 steps that are all reused."""
SIZE = 1_000
CARD = {
    "id": "fake/text",
    "provider": "fake",
    "kind": "text",
    "task": "text-generation",
    "output": "text",
    "inputs_schema": {"type": "object", "properties": {"prompt": {"type": "string"}}},
}


def _needs(shape: str, at: int) -> list[int]:
    if shape == "chain":
        return [at - 1] if at else []
    if shape == "fan":
        return [0] if at else []
    return [at - 40, at - 40 + at % 2] if at >= 40 else []


def _plan(shape: str) -> Plan:
    steps = []
    for at in range(SIZE):
        needs = [f"s{need}" for need in dict.fromkeys(_needs(shape, at))]
        prompt = " ".join(f"{{{{{need}.output}}}}" for need in needs) or "go"
        step = {"id": f"s{at}", "title": "", "kind": "text", "model": "fake/text"}
        steps.append({**step, "inputs": {"prompt": prompt}, "depends_on": needs})
    return Plan.model_validate({"title": shape, "steps": steps})


def measure() -> list[dict[str, Any]]:
    """Return a row for each shape."""
    return [asyncio.run(_measure(shape)) for shape in ("layers", "fan", "chain")]


async def _measure(shape: str) -> dict[str, Any]:
    plan, provider, taken = _plan(shape), FakeProvider(), []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "fake.json").write_text(json.dumps([CARD]))
        options = {"catalogs": [folder / "fake.json"], "providers": {"fake": provider}}
        async with Studio.open(folder / "ws", **options) as studio:
            await _run(studio, plan)
            for _ in range(5):
                checked = time.perf_counter()
                await studio.check(plan)
                checks = time.perf_counter() - checked
                began = time.perf_counter()
                await _run(studio, plan)
                taken.append(time.perf_counter() - began - checks)
    assert len(provider.requests) == SIZE
    value = statistics.median(taken) * 1_000
    return {
        "name": f"a run of {SIZE:,} steps, all reused, {shape}: beyond its checks",
        "value": round(value, 2),
        "unit": "ms",
        "peer": f"{LIMIT_MS} ms allowed",
        "ratio": round(value / LIMIT_MS, 3),
        "limit": 1.0,
        "n": 5,
    }


async def _run(studio: Studio, plan: Plan) -> None:
    """Run a plan to its end, as a program does that wants the results and no display."""
    run = await studio.start(plan)
    async for _ in studio.watch(run):
        pass
