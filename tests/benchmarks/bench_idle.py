"""What a workspace costs while nothing happens: open, and with a job that waits far away."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from framewright import Plan, Studio
from framewright.protocols import FakeProvider, Status, Working

SECONDS = 20.0
MOST = 0.01
"""Of one core."""
_CARD = {
    "id": "far/text",
    "provider": "far",
    "kind": "text",
    "price": {"amount": 0.0},
    "task": "text-generation",
    "output": "text",
    "inputs_schema": {"type": "object", "properties": {"prompt": {"type": "string"}}},
}
_PLAN = {
    "title": "T",
    "steps": [
        {"id": "a", "title": "", "kind": "text", "model": "far/text", "inputs": {"prompt": "go"}}
    ],
}


@dataclass
class Far(FakeProvider):
    """A provider elsewhere that is never done, and answers when it was asked to."""

    name: str = "far"
    in_process: bool = False
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        del remote_id
        self.asked.set()
        await asyncio.sleep(wait_seconds)
        return Working()


def measure() -> list[dict[str, Any]]:
    """Return the rows: nothing to do at all, and one job that waits."""
    with tempfile.TemporaryDirectory() as name:
        idle, waiting = asyncio.run(_shares(Path(name)))
    return [
        _row("a workspace that is open and has nothing to do", idle),
        _row("a workspace with one job at a remote provider", waiting),
    ]


async def _shares(folder: Path) -> tuple[float, float]:
    (folder / "far.json").write_text(json.dumps([_CARD]))
    far, catalogs = Far(), [folder / "far.json"]
    async with Studio.open(folder / "ws", catalogs=catalogs, providers={"far": far}) as studio:
        idle = await _share()
        run = await studio.start(Plan.model_validate(_PLAN))
        await far.asked.wait()

        async def look() -> None:
            async for _ in studio.watch(run):
                pass

        # Somebody looks on meanwhile.
        looking = asyncio.ensure_future(look())
        waiting = await _share()
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
    return idle, waiting


async def _share() -> float:
    """Return the part of a core that this process uses while it waits."""
    # What was begun before is over then.
    await asyncio.sleep(1.0)
    began, used = time.perf_counter(), time.process_time()
    await asyncio.sleep(SECONDS)
    return (time.process_time() - used) / (time.perf_counter() - began)


def _row(name: str, share: float) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(share * 100, 3),
        "unit": "% of a core",
        "peer": f"{MOST * 100:g} % of a core allowed",
        "ratio": round(share / MOST, 3),
        "limit": 1.0,
        "n": 1,
    }
