"""A process that begins jobs in itself and never ends them; it stands alone to be killed."""

from __future__ import annotations

import asyncio
import random
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from framewright.domain.ids import new_id
from framewright.protocols import FakeProvider, Status, SystemClock
from framewright.router.router import Router
from framewright.store.blobs import Blobs
from framewright.store.database import Database
from framewright.studio.owner import ProcessOwner
from framewright.studio.workspace import prepare

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from multiprocessing.connection import Connection
    from pathlib import Path

    from framewright.domain.job import JobRequest
    from framewright.store.queue_limits import Limits


@asynccontextmanager
async def replica(
    folder: Path, limits: Limits, provider: FakeProvider
) -> AsyncGenerator[tuple[Router, Database]]:
    """Open a workspace's queue as one of its processes."""
    workspace, clock, chance = prepare(folder), SystemClock(), random.SystemRandom()
    async with AsyncExitStack() as closing:
        locks = await workspace.locks()
        closing.push_async_callback(locks.close)
        owner = ProcessOwner(new_id("owner", clock.now_ms(), chance), locks)
        closing.enter_context(contextmanager(owner.living)())
        database = await Database.open(workspace.place, clock)
        closing.push_async_callback(database.close)
        blobs = Blobs(workspace.assets)
        hands = {provider.name: provider}
        yield Router(database, blobs, hands, clock, chance, owner, limits), database


@dataclass
class _Endless(FakeProvider):
    began: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        self.began.put_nowait(remote_id)
        await asyncio.Event().wait()
        return await super().poll(remote_id, wait_seconds)


def hold(
    folder: Path, limits: Limits, requests: Sequence[JobRequest], most: int, told: Connection
) -> None:
    """Begin jobs, tell once so many work at the same time, and stay."""

    async def work() -> None:
        provider = _Endless()
        async with replica(folder, limits, provider) as (router, _), asyncio.TaskGroup() as group:
            for each in requests:
                group.create_task(router.submit(each, lambda _: None))
            for _ in range(most):
                await provider.began.get()
            told.send("working")

    asyncio.run(work())
