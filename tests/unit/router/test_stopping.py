"""A job that is called off keeps its place until its provider says that it is over."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from framewright.domain.job import ErrorCategory, JobState
from framewright.protocols import (
    Finished,
    HandClock,
    ProviderFailure,
    ProviderOutput,
    ProviderRequest,
    Status,
    Working,
)
from framewright.store import jobs
from framewright.store.queue_limits import Limits
from shop import Shop, Troubled, shop_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framewright.domain.job import JobResult
    from framewright.router.carried_job import CarriedJob
    from framewright.router.router import Router
    from framewright.store.jobs import JobRecord
    from framewright.store.place import Place

CALLED_OFF = ProviderFailure(ErrorCategory.UNKNOWN, "It was called off.", cost=0.25)


@dataclass
class Stubborn(Troubled):
    """Hears that it is to stop, and says when it has."""

    in_process: bool = False
    concurrency: int = 1
    working: asyncio.Event = field(default_factory=asyncio.Event)
    told: asyncio.Event = field(default_factory=asyncio.Event)
    ends: dict[str, Status] = field(default_factory=dict)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    told_often: int = 0

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        self.working.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_seconds):
                while remote_id not in self.ends:
                    self.ended.clear()
                    await self.ended.wait()
        return self.ends.get(remote_id, Working())

    def end(self, remote_id: str, status: Status) -> None:
        self.ends[remote_id] = status
        self.ended.set()

    async def cancel(self, remote_id: str) -> None:
        self.told_often += 1
        self.told.set()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("framewright.router.stopping.STOPS_SECONDS", 0.05)


async def _begun(shop: Shop, provider: Stubborn, key: str = "k") -> asyncio.Task[JobResult]:
    task = asyncio.ensure_future(shop.submit(key))
    await asyncio.wait_for(provider.working.wait(), 30)
    return task


async def _gone(task: asyncio.Task[JobResult]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def _until(shop: Shop, is_so: Callable[[JobRecord], bool], key: str = "k") -> JobRecord:
    async with asyncio.timeout(30):
        while True:
            if is_so(job := await shop.job(key)):
                return job
            await asyncio.sleep(0.01)


def test_its_place_is_free_once_its_provider_says_so_and_not_before(place: Place) -> None:
    async def work() -> None:
        provider = Stubborn()
        async with shop_in(place, provider) as shop:
            await _gone(await _begun(shop, provider))
            job = await shop.job()
            assert (job.state, job.owner, job.to_be_stopped) == (JobState.UNKNOWN, None, True)
            second = asyncio.ensure_future(shop.submit("second"))
            assert await shop.router.sweep() is not None
            await _until(shop, lambda job: job.state is JobState.LEASED)
            assert (await shop.job("second")).state is JobState.QUEUED
            assert provider.told_often == 2
            provider.end("0", CALLED_OFF)
            await _until(shop, lambda job: job.state is JobState.CANCELLED)
            assert (await shop.job()).result is not None
            await _until(shop, lambda job: job.state is JobState.LEASED, "second")
            provider.end("1", Finished())
            assert (await second).state is JobState.SUCCEEDED

    asyncio.run(work())


def test_what_it_cost_all_the_same_is_booked(place: Place) -> None:
    async def work() -> None:
        provider = Stubborn()
        async with shop_in(place, provider) as shop:
            task = await _begun(shop, provider)
            task.cancel()
            await asyncio.wait_for(provider.told.wait(), 30)
            provider.end("0", CALLED_OFF)
            await asyncio.wait({task})
            job = await _until(shop, lambda job: job.state is JobState.CANCELLED)
            assert job.result is not None
            assert job.result.cost == 0.25
            (project,) = (each for each in await shop.router.spending() if not each.name)
            assert (project.spent, project.reserved) == (0.25, 0.0)

    asyncio.run(work())


def test_what_was_done_before_it_could_be_stopped_is_paid_for_and_kept(place: Place) -> None:
    async def work() -> None:
        provider = Stubborn()
        async with shop_in(place, provider) as shop:
            task = await _begun(shop, provider)
            task.cancel()
            await asyncio.wait_for(provider.told.wait(), 30)
            provider.end("0", Finished(cost=0.5))
            await asyncio.wait({task})
            assert task.cancelled()
            result = (await shop.job()).result
            assert result is not None
            assert (result.state, result.cost) == (JobState.SUCCEEDED, 0.5)
            assert len(result.outputs) == 1

    asyncio.run(work())


def test_a_person_who_calls_it_off_hears_that_it_has_not_stopped_yet(place: Place) -> None:
    async def work() -> None:
        provider = Stubborn()
        async with shop_in(place, provider) as shop:
            task = await _begun(shop, provider)
            await shop.router.call_off("local", "k")
            result = await asyncio.wait_for(task, 30)
            assert result.state is JobState.UNKNOWN
            assert result.error is not None
            assert result.error.code == "not-stopped"

    asyncio.run(work())


def test_one_that_is_wanted_again_is_submitted_anew_once_it_has_stopped(place: Place) -> None:
    async def work() -> None:
        provider = Stubborn()
        async with shop_in(place, provider) as shop:
            await _gone(await _begun(shop, provider))
            again = asyncio.ensure_future(shop.submit())
            await _until(shop, lambda job: job.state is JobState.LEASED)
            assert len(provider.requests) == 1
            provider.end("0", CALLED_OFF)
            provider.end("1", Finished())
            assert (await asyncio.wait_for(again, 30)).state is JobState.SUCCEEDED
            assert [each.submission for each in provider.requests][1].endswith("-2")

    asyncio.run(work())


def test_one_that_nobody_carries_is_stopped_and_kept_until_it_has(place: Place) -> None:
    async def work() -> None:
        provider = Stubborn()
        async with shop_in(place, provider) as shop:
            await _gone(await _begun(shop, provider))
            await shop.router.call_off("local", "k")
            assert (await shop.job()).state is JobState.UNKNOWN
            provider.end("0", CALLED_OFF)
            await shop.router.call_off("local", "k")
            assert (await shop.job()).state is JobState.CANCELLED

    asyncio.run(work())


def test_a_submission_that_was_called_off_before_it_turned_up_is_stopped_then(
    place: Place,
) -> None:
    class Late(Stubborn):
        lists = False

        async def submit(self, request: ProviderRequest) -> str:
            await super().submit(request)
            raise ConnectionError("gone")

        async def find(self, key: str) -> str | None:
            if not self.lists:
                raise ConnectionError("no route")
            keys = [each.submission for each in self.requests]
            return str(keys.index(key)) if key in keys else None

    async def work() -> None:
        provider = Late()
        async with shop_in(place, provider) as shop:
            assert (await shop.submit()).state is JobState.UNKNOWN
            await shop.router.call_off("local", "k")
            assert (await shop.job()).to_be_stopped
            provider.lists, provider.ends = True, {"0": CALLED_OFF}
            await shop.router.sweep()
            await _until(shop, lambda job: job.state is JobState.CANCELLED)
            assert provider.told_often == 1

    asyncio.run(work())


class Useless(Stubborn):
    """Says that it is done and has nothing to show for it."""

    fetched = 0

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        self.fetched += 1
        return ()


async def _spent(shop: Shop) -> float:
    (project,) = (each for each in await shop.router.spending() if not each.name)
    return project.spent


def test_one_that_was_done_and_is_of_no_use_ends_and_is_paid_for(place: Place) -> None:
    async def work() -> None:
        provider = Useless()
        async with shop_in(place, provider) as shop:
            await _gone(await _begun(shop, provider))
            provider.end("0", Finished(cost=0.5))
            await shop.router.sweep()
            await _until(shop, lambda job: job.state is JobState.DEAD)
            assert (await _spent(shop), provider.fetched) == (0.5, 1)

    asyncio.run(work())


def test_one_that_was_done_and_is_of_no_use_is_not_paid_for_twice(place: Place) -> None:
    async def work() -> None:
        provider = Useless()
        async with shop_in(place, provider) as shop:
            await _gone(await _begun(shop, provider))
            provider.end("0", Finished(cost=1.0))
            assert (await shop.submit()).state is JobState.DEAD
            assert (await _spent(shop), len(provider.requests)) == (1.0, 1)

    asyncio.run(work())


def test_what_failed_attempts_cost_is_booked_too(place: Place) -> None:
    async def work() -> None:
        busy = ProviderFailure(ErrorCategory.CAPACITY, "Too busy.", cost=0.25)
        provider = Troubled(in_process=False, troubles=[busy, busy])
        async with shop_in(place, provider) as shop:
            assert (await shop.submit()).state is JobState.SUCCEEDED
            assert await _spent(shop) == 0.5

    asyncio.run(work())


def test_one_that_is_wanted_again_while_it_is_stopped_is_done(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work() -> None:
        provider = Stubborn()
        async with shop_in(place, provider) as shop:
            await _gone(await _begun(shop, provider))
            monkeypatch.setattr("framewright.router.stopping.STOPS_SECONDS", 30)
            provider.told.clear()
            stopping = asyncio.ensure_future(shop.router.call_off("local", "k"))
            await asyncio.wait_for(provider.told.wait(), 30)
            again = asyncio.ensure_future(shop.submit())
            await _until(shop, lambda job: job.epoch >= 3)
            provider.end("0", CALLED_OFF)
            provider.end("1", Finished())
            await stopping
            assert (await asyncio.wait_for(again, 30)).state is JobState.SUCCEEDED

    asyncio.run(work())


def test_whoever_comes_after_a_crash_stops_it_too(place: Place) -> None:
    async def work() -> None:
        provider = Stubborn()
        async with shop_in(place, provider) as shop:
            await _gone(await _begun(shop, provider))
            provider.told.clear()
            stopping = asyncio.ensure_future(shop.router.call_off("local", "k"))
            await asyncio.wait_for(provider.told.wait(), 30)
            assert (await shop.job()).to_be_stopped
            await stopping

    asyncio.run(work())


def test_one_that_a_person_found_is_not_stopped_any_more(place: Place) -> None:
    class Lost(Stubborn):
        async def submit(self, request: ProviderRequest) -> str:
            await super().submit(request)
            raise ConnectionError("gone")

    async def work() -> None:
        provider = Lost()
        async with shop_in(place, provider) as shop:
            assert (await shop.submit()).state is JobState.UNKNOWN
            await shop.router.call_off("local", "k")
            job = await shop.job()
            assert job.to_be_stopped
            await shop.database.write(jobs.found(job.id, "0"))
            assert not (await shop.job()).to_be_stopped

    asyncio.run(work())


def test_one_that_is_looked_after_until_it_stops_is_not_left_behind(place: Place) -> None:
    async def work() -> None:
        provider = Stubborn()
        async with shop_in(place, provider) as shop:
            await _gone(await _begun(shop, provider))
            await shop.router.sweep()
            (row,) = await shop.router.queue()
            assert (row.running, row.left) == (1, 0)

    asyncio.run(work())


def test_who_takes_a_job_over_gives_it_no_more_time_than_it_had(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("framewright.router.carrier.LEAST_SECONDS", 0.05)

    async def work() -> None:
        provider, clock = Stubborn(), HandClock()
        limits = Limits(most_seconds=3_600.0)
        async with shop_in(place, provider, clock=clock, limits=limits) as one:
            going = await _begun(one, provider)
            _die(one.router)
            going.cancel()
            await asyncio.wait({going})
        clock.at_ms += 3_590_000
        async with shop_in(place, provider, clock=clock, limits=limits) as two:
            asked = asyncio.ensure_future(two.submit())
            await _until(two, lambda job: job.epoch == 2)
            left = two.router._carrier._left_seconds(_in_hand(two.router))
            assert left == pytest.approx(10.0)
            await _gone(asked)
        # However the clock was set, it is asked once more.
        clock.at_ms += 10 * 86_400_000
        async with shop_in(place, provider, clock=clock, limits=limits) as three:
            provider.end("0", Finished())
            assert (await three.submit()).state is JobState.SUCCEEDED

    asyncio.run(work())


def _in_hand(router: Router) -> CarriedJob:
    (job,) = router._jobs.values()
    return job


def _die(router: Router) -> None:
    async def dies(*asked: object) -> None:
        del asked
        raise RuntimeError("killed")

    router._carrier.call_off = dies  # type: ignore[method-assign]
    router._put_down = lambda *_: None  # type: ignore[method-assign]
