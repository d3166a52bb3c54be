"""What a step costs beyond its work: executor, router and store, durable, against bare asyncio.

The peer runs the same graph as bare tasks: the same ready set, no record, no router.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framewright.catalog.catalog import build_catalog
from framewright.domain import refs
from framewright.domain.event import RunCreated
from framewright.domain.media import MediaKind
from framewright.domain.model_card import ModelCard
from framewright.domain.plan import Plan, Step, StepKind, Task
from framewright.domain.run import RunState
from framewright.executor.outline import outline
from framewright.executor.ready_set import ready_set
from framewright.executor.run import Word, run_to_end
from framewright.executor.work import Tools, Work
from framewright.protocols import FakeProvider, SystemClock
from framewright.router.router import Router
from framewright.store import plans, runs
from framewright.store.blobs import Blobs
from framewright.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable

LIMIT_MS = 0.4
"""Most milliseconds a step may take beyond the bare loop."""
# In a chain every step waits for the commit of its own acceptance, so each pays one sync of the
# disk; in layers and fans many steps share one.
SYNCS_A_STEP = {"layers": 0, "fan": 0, "chain": 1}
GROWTH = 1.5
"""Most the time for one step may grow from 100 steps to 10,000."""
CARD = ModelCard(
    id="fake/text",
    provider="fake",
    kind=StepKind.TEXT,
    task=Task.TEXT_GENERATION,
    output=MediaKind.TEXT,
    inputs_schema={"type": "object", "properties": {"prompt": {"type": "string"}}},
)


def chain(steps: int) -> Plan:
    """Return a plan in which each step reads the one before."""
    return _plan([[index - 1] if index else [] for index in range(steps)])


def fan(steps: int) -> Plan:
    """Return a plan in which one step feeds all others, which feed the last."""
    middle = [[0] for _ in range(steps - 2)]
    return _plan([[], *middle, list(range(1, steps - 1))])


def layers(steps: int, width: int = 10) -> Plan:
    """Return a plan of layers, each step reading two steps of the layer before."""

    def needs(index: int) -> list[int]:
        before = index - index % width - width
        return [] if before < 0 else [before + index % width, before + (index + 1) % width]

    return _plan([needs(index) for index in range(steps)])


def _plan(needs: list[list[int]]) -> Plan:
    steps = (
        Step(
            id=f"s{index}",
            title="",
            kind=StepKind.TEXT,
            model=CARD.id,
            inputs={"prompt": " ".join(f"{{{{s{need}.output}}}}" for need in before[:3]) or "go"},
            depends_on=tuple(f"s{need}" for need in before),
        )
        for index, before in enumerate(needs)
    )
    return Plan(title="bench", steps=tuple(steps))


async def bare(plan: Plan) -> float:
    """Return the seconds of the same graph as bare asyncio tasks."""
    waiting = ready_set(refs.edges(plan))
    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:

        async def run(step: str) -> None:
            await asyncio.sleep(0)
            for after in waiting.succeed(step):
                group.create_task(run(after))

        for step in waiting.take_ready():
            group.create_task(run(step))
    return time.perf_counter() - started


async def durable(plan: Plan) -> float:
    """Return the seconds of the graph through executor, router and store, from acceptance on."""
    with tempfile.TemporaryDirectory() as folder:
        clock, catalog = SystemClock(), build_catalog([CARD])
        database = await Database.open(Path(folder) / "workspace.db", clock)
        blobs = Blobs(Path(folder) / "assets")
        router = Router(database, blobs, {"fake": FakeProvider()}, clock, random.Random(1))
        steps = outline(plan, catalog)
        started = time.perf_counter()
        await database.write(plans.insert("local", "plan_1", plan))
        body = RunCreated(title=plan.title, plan="plan_1", steps=steps)
        await database.write(runs.create("local", "run_1", body))
        records = await database.read(runs.steps("run_1"))
        work = Work("local", "run_1", plan, catalog, steps, records, {}, 64)
        state = await run_to_end(work, Tools(database, router, blobs, clock), Word())
        seconds = time.perf_counter() - started
        await database.close()
    assert state is RunState.SUCCEEDED
    return seconds


def measure() -> list[dict[str, Any]]:
    """Return the rows of this benchmark."""
    rows = []
    for shape in (layers, fan, chain):
        rows.extend(_rows(shape))
    return rows


def _rows(shape: Callable[[int], Plan]) -> list[dict[str, Any]]:
    name = shape.__name__
    ours, peer = _per_step_ms(shape, 1_000, repeats=5)
    small, _ = _per_step_ms(shape, 100, repeats=5)
    large, _ = _per_step_ms(shape, 10_000, repeats=1)
    syncs = SYNCS_A_STEP[name]
    allowed = LIMIT_MS + syncs * _sync_ms()
    disk = f" with {syncs} sync of this disk" if syncs else ""
    return [
        {
            "name": f"executor {name} of 1,000: ms a step beyond bare asyncio",
            "value": round(ours - peer, 4),
            "unit": "ms",
            "peer": f"{allowed:.2f} ms allowed{disk}; bare asyncio takes {peer:.4f} ms",
            "ratio": round((ours - peer) / allowed, 3),
            "limit": 1.0,
            "n": 5,
        },
        {
            "name": f"executor {name}: a step among 10,000 against one among 100",
            "value": round(large, 4),
            "unit": "ms",
            "peer": f"{small:.4f} ms among 100",
            "ratio": round(large / small, 3),
            "limit": GROWTH,
            "n": 1,
        },
    ]


def _per_step_ms(shape: Callable[[int], Plan], steps: int, repeats: int) -> tuple[float, float]:
    """Return the median milliseconds a step, durable and bare, taken in turns."""
    plan = shape(steps)
    ours, peer = [], []
    for _ in range(repeats):
        ours.append(asyncio.run(durable(plan)))
        peer.append(asyncio.run(bare(plan)))
    return statistics.median(ours) / steps * 1_000, statistics.median(peer) / steps * 1_000


def _sync_ms() -> float:
    """Return the median milliseconds of writing and syncing as much as a step's commit does."""
    page, taken = b"x" * 32_768, []
    with tempfile.TemporaryFile() as file:
        for _ in range(200):
            started = time.perf_counter()
            file.write(page)
            file.flush()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1_000
