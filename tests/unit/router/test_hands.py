"""In whose hands a job is: never in two, never in none that somebody waits for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from framewright.domain.job import ErrorCategory, JobState
from framewright.errors import BusyError, MediaError, StorageError, StorageFullError
from framewright.protocols import Finished, ProviderFailure, ProviderOutput, ProviderRequest, Status
from framewright.store import attempts, queue
from framewright.store.queue_limits import Limits
from shop import Pauses, Shop, Troubled, job_request, shop_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framewright.store.jobs import JobRecord
    from framewright.store.place import Place

BUSY = ProviderFailure(ErrorCategory.CAPACITY, "Too busy.")


@dataclass
class Remote(Troubled):
    """Works until it is let; may hang in any call, and hand out nothing."""

    in_process: bool = False
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    fetching: asyncio.Event = field(default_factory=asyncio.Event)
    may_fetch: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: list[str] = field(default_factory=list)
    cost: float = 0.0
    gives: tuple[ProviderOutput, ...] | None = None

    def __post_init__(self) -> None:
        self.may_fetch.set()

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        self.asked.set()
        await self.over.wait()
        told = await super().poll(remote_id, wait_seconds)
        return Finished(cost=self.cost) if isinstance(told, Finished) else told

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        self.fetching.set()
        await self.may_fetch.wait()
        return await super().fetch(remote_id, folder) if self.gives is None else self.gives

    async def cancel(self, remote_id: str) -> None:
        self.cancelled.append(remote_id)


@dataclass
class Named:
    """A process that lives for as long as it is said to."""

    name: str
    dead: set[str] = field(default_factory=set)

    def is_alive(self, name: str) -> bool:
        return name not in self.dead


async def _until(shop: Shop, is_so: Callable[[JobRecord], bool]) -> JobRecord:
    async with asyncio.timeout(30):
        while True:
            job = await shop.job()
            if is_so(job):
                return job
            await asyncio.sleep(0.01)


def test_a_job_of_unknown_outcome_that_is_followed_again_is_nobody_s_orphan(place: Place) -> None:
    """Left unknown as it could not be fetched; then resumed, while a sweep goes by."""

    async def work() -> None:
        provider = Remote(unfetchable=5)
        provider.over.set()
        async with (
            shop_in(place, provider, owner=Named("one")) as one,
            shop_in(place, provider, owner=Named("two")) as two,
        ):
            assert (await one.submit()).state is JobState.UNKNOWN
            assert (await one.job()).owner is None
            provider.over.clear()
            provider.asked.clear()
            going = asyncio.ensure_future(two.submit())
            await asyncio.wait_for(provider.asked.wait(), 30)
            assert (await one.job()).state is JobState.LEASED
            for each in (one, two):
                swept = await each.router.sweep()
                assert swept is None or swept.adopted == 0
            # It fails for now: that is an attempt like any other.
            provider.troubles.append(BUSY)
            provider.over.set()
            assert (await asyncio.wait_for(going, 30)).state is JobState.SUCCEEDED
            job = await two.job()
            assert job.attempt == 2
            log = await two.database.read(attempts.of_job(job.id))
            assert len(log) == 1

    asyncio.run(work())


def test_who_lets_go_of_a_job_owns_it_no_more(place: Place) -> None:
    """What the desktop left unknown, the terminal may follow, while both are open."""

    async def work() -> None:
        provider = Remote(unfetchable=5)
        provider.over.set()
        async with (
            shop_in(place, provider, owner=Named("desktop")) as one,
            shop_in(place, provider, owner=Named("terminal")) as two,
        ):
            left = await one.submit()
            assert left.state is JobState.UNKNOWN
            assert left.error is not None
            # What its provider says to do stands before that it may be fetched again.
            assert left.error.action.startswith("Ask whoever runs it. Resume the run")
            assert (await one.job()).owner is None
            assert (await two.submit()).state is JobState.SUCCEEDED
            assert len(provider.requests) == 1

    asyncio.run(work())


def test_who_can_not_write_leaves_its_jobs_to_others(place: Place) -> None:
    async def work() -> None:
        provider = Remote(in_process=True)
        limits = Limits(providers={"fake": 1})
        async with (
            shop_in(place, provider, owner=Named("one"), limits=limits) as one,
            shop_in(place, provider, owner=Named("two"), limits=limits) as two,
        ):
            first = asyncio.ensure_future(one.submit("first"))
            await asyncio.wait_for(provider.asked.wait(), 30)
            waiting = asyncio.ensure_future(one.submit("waiting"))
            await _until_there(one, "waiting")
            # For a moment nothing can be written: whoever waits hears of that.
            for turn in one.router._dispatcher._turns.values():
                turn.epoch.set_exception(StorageFullError("full"))
            with pytest.raises(StorageError):
                await waiting
            assert (await one.job("waiting")).owner is None
            provider.over.set()
            await first
            # Neither its own process nor another waits behind what nobody waits for.
            for shop in (one, two):
                again = asyncio.wait_for(shop.submit(f"next-{id(shop)}"), 30)
                assert (await again).state is JobState.SUCCEEDED
            assert (await two.submit("waiting")).state is JobState.SUCCEEDED

    asyncio.run(work())


async def _until_there(shop: Shop, key: str) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                await shop.job(key)
            except KeyError:
                await asyncio.sleep(0.01)
            else:
                return


def test_giving_up_a_submission_stops_nobody_else_s_job(place: Place) -> None:
    async def work() -> None:
        provider = Remote()
        async with (
            shop_in(place, provider, owner=Named("one")) as one,
            shop_in(place, provider, owner=Named("two")) as two,
        ):
            going = asyncio.ensure_future(one.submit())
            await asyncio.wait_for(provider.asked.wait(), 30)
            for turns in range(12):
                other = asyncio.ensure_future(two.submit())
                for _ in range(turns):
                    await asyncio.sleep(0)
                other.cancel()
                await asyncio.wait({other})
            with pytest.raises(BusyError):
                await two.submit()
            assert not provider.cancelled
            provider.over.set()
            assert (await asyncio.wait_for(going, 30)).state is JobState.SUCCEEDED

    asyncio.run(work())


def test_two_who_fetch_the_same_result_are_not_in_each_other_s_way(place: Place) -> None:
    folders: list[Path] = []

    class Writing(Remote):
        async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
            folders.append(folder)
            return await super().fetch(remote_id, folder)

    async def work() -> None:
        provider = Writing()
        provider.over.set()
        provider.may_fetch.clear()
        dead: set[str] = set()
        async with (
            shop_in(place, provider, owner=Named("one", dead)) as one,
            shop_in(place, provider, owner=Named("two", dead)) as two,
        ):
            first = asyncio.ensure_future(one.submit())
            await asyncio.wait_for(provider.fetching.wait(), 30)
            # It is taken for dead, though it fetches.
            dead.add("one")
            second = asyncio.ensure_future(two.submit())
            await _until(two, lambda job: job.owner == "two")
            provider.may_fetch.set()
            await asyncio.wait_for(asyncio.wait({first, second}), 30)
            assert second.result().state is JobState.SUCCEEDED
            # Who lost it hears that, or how it ended.
            lost = isinstance(first.exception(), BusyError)
            assert lost or first.result().state is JobState.SUCCEEDED
            assert len(set(folders)) == len(folders) == 2

    asyncio.run(work())


def test_two_tenants_have_the_same_key_and_not_the_same_job(place: Place) -> None:
    async def work() -> None:
        provider = Remote()
        provider.over.set()
        async with shop_in(place, provider) as shop:
            for tenant in ("ann", "bob"):
                request = job_request("shot-1").model_copy(update={"tenant": tenant})
                await shop.router.submit(request, shop.news.append)
            assert len({each.submission for each in provider.requests}) == 2

    asyncio.run(work())


def test_what_nobody_can_use_is_paid_for_all_the_same(place: Place) -> None:
    async def work() -> None:
        provider = Remote(cost=1.5, gives=())
        provider.over.set()
        async with shop_in(place, provider) as shop:
            result = await shop.submit()
            assert (result.state, result.cost) == (JobState.DEAD, 1.5)

    asyncio.run(work())


def test_trouble_behind_the_submission_never_makes_it_a_failure(place: Place) -> None:
    class Odd(Remote):
        async def submit(self, request: ProviderRequest) -> str:
            await super().submit(request)
            raise MediaError("It can not read that.")

    class Nameless(Remote):
        async def submit(self, request: ProviderRequest) -> str:
            await super().submit(request)
            return "a\0b"

    async def work(provider: Remote) -> None:
        async with shop_in(place, provider) as shop:
            result = await shop.submit(type(provider).__name__)
            assert result.state is JobState.UNKNOWN
            assert len(provider.requests) == 1

    asyncio.run(work(Nameless()))
    asyncio.run(work(Odd()))


def test_a_provider_that_hangs_in_a_cancellation_keeps_nobody(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("framewright.router.stopping.CANCEL_SECONDS", 0.05)

    class Deaf(Remote):
        async def cancel(self, remote_id: str) -> None:
            await super().cancel(remote_id)
            await asyncio.Event().wait()

    async def work() -> None:
        provider = Deaf()
        async with shop_in(place, provider) as shop:
            going = asyncio.ensure_future(shop.submit())
            await asyncio.wait_for(provider.asked.wait(), 30)
            going.cancel()
            await asyncio.wait_for(asyncio.wait({going}), 30)
            # It may be there still: it stays open, and is nobody's.
            job = await shop.job()
            assert (job.state, job.owner) == (JobState.UNKNOWN, None)
            swept = await shop.router.sweep()
            assert swept is not None
            assert swept.adopted == 1
            provider.over.set()
            await _until(shop, lambda job: job.state is JobState.SUCCEEDED)

    asyncio.run(work())


def test_numbers_that_nobody_can_mean_hurt_nobody(place: Place) -> None:
    async def work() -> None:
        nan, far = float("nan"), 1e300
        troubles = [
            ProviderFailure(ErrorCategory.RATE_LIMIT, "?", retry_after_seconds=nan),
            ProviderFailure(ErrorCategory.RATE_LIMIT, "?", retry_after_seconds=-far),
            ProviderFailure(ErrorCategory.CONTENT_POLICY, "?", retry_after_seconds=nan),
        ]
        provider, pauses = Remote(troubles=troubles), Pauses()
        provider.over.set()
        async with shop_in(place, provider, pauses) as shop:
            assert (await shop.submit()).state is JobState.DEAD
            assert len(provider.requests) == 3
            assert all(2 <= seconds <= 9 for seconds in pauses.asked)
            assert (await shop.submit("other")).state is JobState.SUCCEEDED

    asyncio.run(work())


def test_a_turn_that_nobody_takes_is_free_for_the_next(place: Place) -> None:
    async def work() -> None:
        provider = Remote(in_process=True)
        async with shop_in(place, provider, owner=Named("one")) as shop:
            going = asyncio.ensure_future(shop.submit())
            await asyncio.wait_for(provider.asked.wait(), 30)
            job = await shop.job()
            await shop.database.write(queue.give_back(job.id, job.epoch))
            assert (await shop.job()).owner is None
            provider.over.set()
            await going

    asyncio.run(work())
