"""What fails for now is tried again in its time; what failed for good is kept for a person."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framewright.domain.job import (
    BackingOff,
    ErrorCategory,
    JobError,
    JobRequest,
    JobResult,
    JobState,
)
from framewright.errors import InputError
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
from framewright.router.retry import MOST_PAUSE_SECONDS, attempts, pause_seconds
from framewright.router.router import Router
from framewright.store import attempts as attempt_log
from framewright.store import dead_letters, jobs
from framewright.store.blobs import Blobs
from framewright.store.database import Database
from framewright.store.queue_limits import Limits

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("each_store")
BUSY = ProviderFailure(ErrorCategory.CAPACITY, "Too busy.")
REFUSED = ProviderFailure(ErrorCategory.CONTENT_POLICY, "Not that.")


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
            raise SubmitError(ProviderFailure(ErrorCategory.OUTAGE, "It does not answer."))
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
    news: list[Working | BackingOff] = field(default_factory=list)

    async def submit(self, key: str = "k", **inputs: str) -> JobResult:
        return await self.router.submit(_request(key, **inputs), self.news.append)

    async def job(self, key: str = "k") -> jobs.JobRecord:
        # Behind whatever is still being written.
        await self.database.write(lambda _: None)
        return (await self.database.read(jobs.find("local", [key])))[key]


@asynccontextmanager
async def _shop(
    folder: Path, provider: Troubled, pauses: Pauses | None = None, clock: HandClock | None = None
) -> AsyncGenerator[Shop]:
    clock = clock or HandClock()
    pauses = pauses or Pauses()
    pauses.clock = clock
    database = await Database.open(folder / "workspace.db", clock)
    try:
        router = Router(
            database,
            Blobs(folder / "assets"),
            {"fake": provider},
            clock,
            random.Random(1),
            limits=Limits(),
            pause=pauses,
        )
        yield Shop(router, database, provider)
    finally:
        await database.close()


def _request(key: str, **inputs: str) -> JobRequest:
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


@given(
    category=st.sampled_from(list(ErrorCategory)),
    retryable=st.booleans(),
    told=st.none() | st.floats(-5, 10_000),
    seed=st.integers(0, 1_000),
)
def test_pauses_are_bounded_and_grow_and_heed_the_provider(
    category: ErrorCategory, retryable: bool, told: float | None, seed: int
) -> None:
    error = JobError(
        category=category, code="", message="", retryable=retryable, retry_after_seconds=told
    )
    chance = random.Random(seed)
    pauses = [pause_seconds(error, attempt, chance) for attempt in range(1, 12)]
    waited = [each for each in pauses if each is not None]
    assert len(waited) == len(pauses[: len(waited)]) <= attempts(error) - 1
    assert waited == sorted(waited)
    assert all(each >= (told or 0) for each in waited)
    assert all(each <= max(MOST_PAUSE_SECONDS, told or 0) for each in waited)
    passing = {ErrorCategory.RATE_LIMIT, ErrorCategory.CAPACITY, ErrorCategory.OUTAGE}
    if category not in passing and not (category is ErrorCategory.UNKNOWN and retryable):
        assert not waited


@pytest.mark.parametrize("in_process", [True, False])
@pytest.mark.parametrize("at_the_door", [True, False])
def test_what_is_busy_is_asked_again_in_its_time(
    tmp_path: Path, in_process: bool, at_the_door: bool
) -> None:
    async def work() -> None:
        told = ProviderFailure(ErrorCategory.RATE_LIMIT, "Slow down.", retry_after_seconds=9)
        provider = Troubled(in_process=in_process, troubles=[BUSY, told], at_the_door=at_the_door)
        pauses = Pauses()
        async with _shop(tmp_path, provider, pauses) as shop:
            result = await shop.submit()
            assert result.state is JobState.SUCCEEDED
            assert [1 <= pauses.asked[0] <= 1.5, pauses.asked[1]] == [True, 9]
            # A provider that knows keys would answer with the failure of the attempt before.
            assert [each.key for each in provider.requests] == ["k", "k#2", "k#3"]
            told_of = [each for each in shop.news if isinstance(each, BackingOff)]
            assert [each.attempt for each in told_of] == [1, 2]
            job = await shop.job()
            assert (job.state, job.attempt) == (JobState.SUCCEEDED, 3)
            log = await shop.database.read(attempt_log.of_job(job.id))
            assert [each.error.message for each in log] == ["Too busy.", "Slow down."]
            # Its key stands for its result.
            assert (await shop.submit()).outputs == result.outputs
            assert len(provider.requests) == 3

    asyncio.run(work())


def test_attempts_come_to_an_end_and_are_kept_for_a_person(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Troubled(troubles=[BUSY] * 20)
        async with _shop(tmp_path, provider) as shop:
            result = await shop.submit()
            assert result.state is JobState.DEAD
            most = attempts(JobError(category=ErrorCategory.CAPACITY, code="", message=""))
            assert len(provider.requests) == most
            log = await shop.database.read(attempt_log.of_job((await shop.job()).id))
            assert len(log) == most

    asyncio.run(work())


def test_what_is_done_but_can_not_be_fetched_is_never_paid_again(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Troubled(in_process=False, unfetchable=5)
        async with _shop(tmp_path, provider) as shop:
            result = await shop.submit()
            assert result.state is JobState.UNKNOWN
            assert result.error is not None
            assert result.error.code == "not-fetched"
            assert (await shop.submit()).state is JobState.SUCCEEDED
            assert len(provider.requests) == 1

    asyncio.run(work())


def test_a_job_that_backs_off_survives_its_process(tmp_path: Path) -> None:
    async def work() -> None:
        provider, clock = Troubled(in_process=False, troubles=[BUSY]), HandClock()
        pauses = Pauses(go=asyncio.Event())
        async with _shop(tmp_path, provider, pauses, clock) as shop:
            begun = asyncio.ensure_future(shop.submit())
            await pauses.begun.wait()
            assert (await shop.job()).state is JobState.WAITING
            # As if it had been killed: nothing is written any more.
            shop.router._carrier.call_off = _never  # type: ignore[method-assign]
            begun.cancel()
            await asyncio.wait({begun})
        clock.at_ms += 300
        later = Pauses()
        async with _shop(tmp_path, provider, later, clock) as shop:
            assert (await shop.submit()).state is JobState.SUCCEEDED
            assert len(provider.requests) == 2
            # It waits for what is left of its time.
            assert later.asked == [pytest.approx(pauses.asked[0] - 0.3, abs=0.01)]

    async def _never(job: object) -> JobResult:
        del job
        return JobResult(state=JobState.CANCELLED)

    asyncio.run(work())


@pytest.mark.parametrize("wish", ["now", "cancel"])
def test_a_person_ends_the_waiting(tmp_path: Path, wish: str) -> None:
    async def work() -> None:
        provider = Troubled(in_process=False, troubles=[BUSY])
        pauses = Pauses(go=asyncio.Event())
        async with _shop(tmp_path, provider, pauses) as shop:
            begun = asyncio.ensure_future(shop.submit())
            await pauses.begun.wait()
            if wish == "now":
                assert await shop.router.hurry("local", "k")
            else:
                await shop.router.call_off("local", "k")
            result = await asyncio.wait_for(begun, 30)
            wanted = JobState.SUCCEEDED if wish == "now" else JobState.CANCELLED
            assert result.state is wanted
            assert (await shop.job()).state is wanted
            assert len(provider.requests) == (2 if wish == "now" else 1)
            assert not await shop.router.hurry("local", "k")

    asyncio.run(work())


def test_a_dead_job_begins_anew_with_what_a_person_changed(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Troubled(troubles=[REFUSED])
        async with _shop(tmp_path, provider) as shop:
            assert (await shop.submit(prompt="rude")).state is JobState.DEAD
            assert (await shop.submit(prompt="rude")).state is JobState.DEAD
            job = await shop.job()
            again = dead_letters.redrive("local", job.id, {"prompt": "kind"})
            assert await shop.database.write(again)
            assert not await shop.database.write(again)
            # The key still stands for what was first asked.
            result = await shop.submit(prompt="rude")
            assert result.state is JobState.SUCCEEDED
            assert result.inputs == {"prompt": "kind"}
            assert [each.inputs["prompt"] for each in provider.requests] == ["rude", "kind"]
            with pytest.raises(InputError):
                await shop.submit(prompt="kind")
            log = await shop.database.read(attempt_log.of_job(job.id))
            assert [each.inputs for each in log] == [{"prompt": "rude"}]

    asyncio.run(work())


def test_what_is_over_is_thrown_away_and_the_dead_only_when_asked_for(tmp_path: Path) -> None:
    async def work() -> None:
        clock = HandClock()
        async with _shop(tmp_path, Troubled(troubles=[REFUSED]), clock=clock) as shop:
            await shop.submit("bad")
            await shop.submit("good")
            assert (await shop.job("good")).state is JobState.SUCCEEDED
            clock.at_ms += 10_000
            await shop.submit("new")
            assert (await shop.job("new")).state is JobState.SUCCEEDED
            until = clock.at_ms - 5_000
            assert await shop.database.write(dead_letters.purge("local", until)) == 1
            left = await shop.database.read(jobs.find("local", ["bad", "good", "new"]))
            assert set(left) == {"bad", "new"}
            assert await shop.database.write(dead_letters.purge("local", until, dead=True)) == 1

    asyncio.run(work())
