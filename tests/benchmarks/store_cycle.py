"""The store's part of a job's way: accepted, given its turn, ended; 64 at a time, all durable."""

from __future__ import annotations

import asyncio
import itertools
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright.domain.job import ErrorCategory, JobError, JobRequest, JobResult, JobState, Phase
from framewright.protocols import SystemClock
from framewright.router.router import request_hash
from framewright.store import ends, health, jobs, queue
from framewright.store.database import Database
from framewright.store.queue_limits import Group, Limits

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from framewright.store.place import Place

TENANTS, AT_ONCE = 50, 64
MODEL, OWNER = "fake/a", "me"
LIMITS = Limits(
    providers={"fake": AT_ONCE},
    models={MODEL: AT_ONCE},
    tenants={f"t{number}": AT_ONCE // 2 for number in range(TENANTS)},
    tenant_models={(f"t{number}", MODEL): AT_ONCE // 4 for number in range(TENANTS)},
    weights={f"t{number}": 1.0 + number % 4 for number in range(TENANTS)},
)
GROUPS = [Group(f"t{number}", "fake", MODEL) for number in range(TENANTS)]
_DONE = JobResult(state=JobState.SUCCEEDED)
_ILL = JobError(category=ErrorCategory.OUTAGE, code="outage", message="It is away.")


@dataclass(frozen=True, slots=True)
class Taken:
    """How long so many jobs took, in seconds."""

    jobs: int
    accepting: float
    carrying: float

    @property
    def per_second(self) -> float:
        """Return how many whole cycles went into a second."""
        return self.jobs / (self.accepting + self.carrying)


async def cycle(place: Place, count: int, name: str = "k") -> Taken:
    """Accept so many jobs, and then carry them all to their ends."""
    database = await Database.open(place, SystemClock())
    try:
        # The breaker of a model is open, so that it is looked after at every turn.
        for number in range(health.FAILURES):
            await database.write(health.suffered("fake", "fake/b", f"j{number}", _ILL, 0))
        began = time.perf_counter()
        await side_by_side(_accept(database, name, number) for number in range(count))
        accepted = time.perf_counter()
        await _carry(database, count)
        ended = time.perf_counter()
    finally:
        await database.close()
    return Taken(count, accepted - began, ended - accepted)


def _accept(database: Database, name: str, number: int) -> Callable[[], Awaitable[object]]:
    request = JobRequest(
        tenant=f"t{number % TENANTS}",
        key=f"{name}{number}",
        correlation="",
        provider="fake",
        model=MODEL,
        task="",
        inputs={"prompt": "go"},
        seed=1,
    )
    operation = jobs.accept(f"{name}{number:08}", request, request_hash(request), OWNER)
    return lambda: database.write(operation)


async def _carry(database: Database, count: int) -> None:
    """Ask for turns whenever jobs have ended, as the router does, and end what has its turn."""
    left, free = count, asyncio.Event()
    free.set()

    async def end(job: str, epoch: int) -> None:
        nonlocal left
        database.post(jobs.advance(job, JobState.LEASED, Phase.NONE, epoch=epoch))
        await database.write(ends.settle(job, _DONE, epoch))
        left -= 1
        free.set()

    async with asyncio.TaskGroup() as group:
        while left:
            await free.wait()
            free.clear()
            turns = queue.claim(OWNER, GROUPS, LIMITS, lambda _: True)
            for granted in (await database.write(turns)).begun:
                group.create_task(end(granted.job, granted.epoch))


async def side_by_side(works: Iterable[Callable[[], Awaitable[object]]]) -> None:
    """Do all of it, 64 at a time."""
    queued = iter(works)

    async def work() -> None:
        with suppress(StopIteration):
            while True:
                await next(queued)()

    await asyncio.gather(*itertools.starmap(work, itertools.repeat((), AT_ONCE)))
