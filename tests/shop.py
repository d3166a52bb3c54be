"""A router with one troubled provider, for tests: it fails, is slow, forgets, as it is told."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from framewright.domain.job import BackingOff, ErrorCategory, JobRequest, JobResult
from framewright.protocols import (
    FakeProvider,
    HandClock,
    ProviderFailure,
    ProviderOutput,
    ProviderRequest,
    Status,
    SubmitError,
    Working,
)
from framewright.router.router import Router
from framewright.store import jobs
from framewright.store.blobs import Blobs
from framewright.store.database import Database

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from framewright.router.owners import Owner
    from framewright.store.place import Place
    from framewright.store.queue_limits import Limits


@dataclass
class Troubled(FakeProvider):
    """Fails as it is told, one failure after the other, and then works."""

    troubles: list[ProviderFailure] = field(default_factory=list)
    at_the_door: bool = False
    """Whether it refuses the submission itself."""
    unfetchable: int = 0
    """How often a result can not be fetched."""

    async def submit(self, request: ProviderRequest) -> str:
        if self.at_the_door and self.troubles:
            self.requests.append(request)
            raise SubmitError(self.troubles.pop(0))
        return await super().submit(request)

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        if self.troubles:
            return self.troubles.pop(0)
        return await super().poll(remote_id, wait_seconds)

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        if self.unfetchable:
            self.unfetchable -= 1
            action = "Ask whoever runs it."
            raise SubmitError(ProviderFailure(ErrorCategory.OUTAGE, "It does not answer.", action))
        return await super().fetch(remote_id, folder)


@dataclass
class Pauses:
    """Waits for nothing and remembers what was to be waited; or until it is told to go on."""

    asked: list[float] = field(default_factory=list)
    go: asyncio.Event | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    clock: HandClock = field(default_factory=HandClock)

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        self.begun.set()
        if self.go is not None:
            await self.go.wait()
        self.clock.at_ms += int(seconds * 1_000) + 1


@dataclass
class Shop:
    router: Router
    database: Database
    provider: Troubled
    clock: HandClock
    passed: float = 0.0
    """How many seconds have passed, by a clock that nobody puts forward or back."""
    news: list[Working | BackingOff] = field(default_factory=list)

    async def submit(self, key: str = "k", **inputs: str) -> JobResult:
        return await self.router.submit(job_request(key, **inputs), self.news.append)

    async def job(self, key: str = "k") -> jobs.JobRecord:
        # Behind whatever is still being written.
        await self.database.write(lambda _: None)
        return (await self.database.read(jobs.find("local", [key])))[key]


@asynccontextmanager
async def shop_in(
    place: Place,
    provider: Troubled,
    pauses: Pauses | None = None,
    clock: HandClock | None = None,
    owner: Owner | None = None,
    limits: Limits | None = None,
) -> AsyncGenerator[Shop]:
    """Open a router on a store; without an owner it is the only one there."""
    clock = clock or HandClock()
    pauses = pauses or Pauses()
    pauses.clock = clock
    database = await Database.open(place, clock)
    try:
        # Its jobs are texts: no file is ever written.
        blobs = Blobs(Path("assets"))
        hands = {"fake": provider}
        chance = random.SystemRandom()
        router = Router(
            database,
            blobs,
            hands,
            clock,
            chance,
            owner,
            limits,
            pauses,
            seconds=lambda: shop.passed,
        )
        shop = Shop(router, database, provider, clock)
        yield shop
        await router.close()
    finally:
        await database.close()


def job_request(key: str, **inputs: str) -> JobRequest:
    return JobRequest(
        tenant="local",
        key=key,
        correlation="run_1",
        provider="fake",
        model="fake/a",
        task="",
        inputs=inputs,
        seed=1,
    )


def submissions(provider: Troubled) -> list[str]:
    """Return how the keys of a provider's submissions differ, all being of one job."""
    assert len({each.job for each in provider.requests}) <= 1
    return [each.submission.removeprefix(each.job) for each in provider.requests]
