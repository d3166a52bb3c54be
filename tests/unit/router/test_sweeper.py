"""What nobody carries is looked after: by one process, and never paid for again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from framewright.domain.budget import day_of
from framewright.domain.job import ErrorCategory, JobState, Phase
from framewright.protocols import HandClock, ProviderFailure, ProviderRequest, Status
from framewright.router.lateness import LATE_SECONDS
from framewright.router.router import request_hash
from framewright.router.turning_up import ABSENT_SECONDS
from framewright.store import budget_audit, jobs, leases, orphans
from framewright.store.queue_limits import Limits
from shop import Pauses, Shop, Troubled, job_request, shop_in, submissions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framewright.store.jobs import JobRecord
    from framewright.store.place import Place


@dataclass
class Remote(Troubled):
    """Works on its jobs for as long as it is told to; may list them by their keys."""

    in_process: bool = False
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    lost: bool = False
    """Whether the answer to a submission is lost, though it arrived."""
    unsent: bool = False
    """Whether the submission itself is lost."""
    cancelled: list[str] = field(default_factory=list)

    async def submit(self, request: ProviderRequest) -> str:
        if self.unsent:
            raise ConnectionError("gone")
        remote_id = await super().submit(request)
        if self.lost:
            raise ConnectionError("gone")
        return remote_id

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        self.asked.set()
        await self.over.wait()
        return await super().poll(remote_id, wait_seconds)

    async def cancel(self, remote_id: str) -> None:
        self.cancelled.append(remote_id)


@dataclass
class Listing(Remote):
    """Lists its jobs."""

    listed: int = 0

    async def find(self, key: str) -> str | None:
        self.listed += 1
        keys = [each.submission for each in self.requests]
        return str(keys.index(key)) if key in keys else None


@dataclass
class Named:
    """A process that lives for as long as it is said to."""

    name: str
    dead: set[str]

    def is_alive(self, name: str) -> bool:
        return name not in self.dead


async def _left_behind(shop: Shop, provider: Remote) -> None:
    """Let a process die while its provider works on a job."""
    going = asyncio.ensure_future(shop.submit())
    await asyncio.wait_for(provider.asked.wait(), 30)
    shop.router._carrier.call_off = _dies  # type: ignore[method-assign]
    shop.router._put_down = lambda *_: None  # type: ignore[method-assign]
    going.cancel()
    await asyncio.wait({going})


async def _dies(*asked: object) -> None:
    del asked
    raise RuntimeError("killed")


async def _until(shop: Shop, is_so: JobState | Callable[[JobRecord], bool]) -> JobRecord:
    async with asyncio.timeout(30):
        while True:
            job = await shop.job()
            if job.state is is_so if isinstance(is_so, JobState) else is_so(job):
                return job
            await asyncio.sleep(0.01)


def test_what_a_dead_process_left_at_its_provider_is_brought_home(place: Place) -> None:
    async def work() -> None:
        provider, dead = Remote(), set[str]()
        async with (
            shop_in(place, provider, owner=Named("one", dead)) as one,
            shop_in(place, provider, owner=Named("two", dead)) as two,
        ):
            await _left_behind(one, provider)
            swept = await two.router.sweep()
            assert swept is not None
            assert swept.adopted == 0, "it lives"
            dead.add("one")
            swept = await two.router.sweep()
            assert swept is not None
            assert swept.adopted == 1
            again = await two.router.sweep()
            assert again is not None
            assert again.adopted == 0, "it is followed already"
            provider.over.set()
            await _until(two, JobState.SUCCEEDED)
            # Who asks for it later gets what was brought home.
            assert (await two.submit()).state is JobState.SUCCEEDED
            assert len(provider.requests) == 1

    asyncio.run(work())


def test_who_asks_for_an_orphan_takes_it_from_who_follows_it(place: Place) -> None:
    async def work() -> None:
        provider, dead = Remote(), {"one"}
        async with (
            shop_in(place, provider, owner=Named("one", dead)) as one,
            shop_in(place, provider, owner=Named("two", dead)) as two,
            shop_in(place, provider, owner=Named("three", dead)) as three,
        ):
            await _left_behind(one, provider)
            await two.router.sweep()
            going = asyncio.ensure_future(three.submit())
            await _until(three, lambda job: job.owner == "three")
            provider.over.set()
            assert (await asyncio.wait_for(going, 30)).state is JobState.SUCCEEDED
            assert (await two.job()).owner == "three"
            assert len(provider.requests) == 1

    asyncio.run(work())


def test_leaving_stops_nothing_at_a_provider_that_nobody_waits_for(place: Place) -> None:
    async def work() -> None:
        provider, dead = Remote(), {"one"}
        async with shop_in(place, provider, owner=Named("one", dead)) as one:
            await _left_behind(one, provider)
            async with shop_in(place, provider, owner=Named("two", dead)) as two:
                await two.router.sweep()
            assert not provider.cancelled
            provider.over.set()
            async with shop_in(place, provider, owner=Named("three", dead)) as three:
                # The second one's office has ended with it.
                assert await three.router.sweep()
                await _until(three, JobState.SUCCEEDED)

    asyncio.run(work())


def test_an_orphan_that_failed_waits_for_who_wants_it(place: Place) -> None:
    async def work() -> None:
        busy = ProviderFailure(ErrorCategory.CAPACITY, "Too busy.")
        provider, dead = Remote(troubles=[busy]), {"one"}
        async with (
            shop_in(place, provider, owner=Named("one", dead)) as one,
            shop_in(place, provider, owner=Named("two", dead)) as two,
        ):
            await _left_behind(one, provider)
            provider.over.set()
            await two.router.sweep()
            job = await _until(two, JobState.WAITING)
            assert (job.attempt, len(provider.requests)) == (2, 1)
            assert (await two.submit()).state is JobState.SUCCEEDED
            assert submissions(provider) == ["", "-2"]

    asyncio.run(work())


def test_an_answer_that_was_lost_is_looked_up(place: Place) -> None:
    async def work() -> None:
        provider = Listing(lost=True)
        provider.over.set()
        async with shop_in(place, provider) as shop:
            assert (await shop.submit()).state is JobState.SUCCEEDED
            assert len(provider.requests) == 1

    asyncio.run(work())


def test_what_never_arrived_is_submitted_once_that_is_sure(place: Place) -> None:
    async def work() -> None:
        clock, provider = HandClock(), Listing(unsent=True)
        provider.over.set()
        begun = clock.at_ms
        async with shop_in(place, provider, clock=clock) as shop:
            going = asyncio.ensure_future(shop.submit())
            async with asyncio.timeout(30):
                while not provider.listed:  # noqa: ASYNC110 - the provider's own count
                    await asyncio.sleep(0)
            provider.unsent = False
            assert (await asyncio.wait_for(going, 30)).state is JobState.SUCCEEDED
            # Not before: what was sent a moment ago may not be listed yet.
            assert clock.at_ms - begun >= ABSENT_SECONDS * 1_000
            assert submissions(provider) == ["-2"]

    asyncio.run(work())


@pytest.mark.parametrize("arrived", [True, False])
def test_an_unknown_outcome_is_found_out_about_later(place: Place, arrived: bool) -> None:
    async def work() -> None:
        clock, dead = HandClock(), {"one"}
        provider = Listing(lost=arrived, unsent=not arrived)
        provider.over.set()
        async with (
            shop_in(place, provider, clock=clock, owner=Named("one", dead)) as one,
            shop_in(place, provider, clock=clock, owner=Named("two", dead)) as two,
        ):
            # It dies as it submits.
            one.router._put_down = lambda *_: None  # type: ignore[method-assign]
            one.router._carrier._found_out = _dies  # type: ignore[method-assign]
            with pytest.raises(RuntimeError):
                await one.submit()
            if arrived:
                await two.router.sweep()
                await _until(two, JobState.SUCCEEDED)
                return
            begun = clock.at_ms
            await two.router.sweep()
            job = await _until(two, JobState.QUEUED)
            # Not at once: what was sent a moment ago may not be listed yet.
            assert clock.at_ms - begun >= ABSENT_SECONDS * 1_000
            # It is for whoever wants it to submit it.
            assert (job.phase, job.owner, provider.requests) == (Phase.NONE, None, [])
            provider.unsent = False
            assert (await two.submit()).state is JobState.SUCCEEDED

    asyncio.run(work())


def test_jobs_that_are_over_stay_as_long_as_a_person_wants(place: Place) -> None:
    async def work() -> None:
        clock, limits = HandClock(), Limits(keep_days=2)
        provider = Remote()
        provider.over.set()
        async with shop_in(place, provider, clock=clock, limits=limits) as shop:
            await shop.submit("old")
            clock.at_ms += 3 * 86_400_000
            await shop.submit("new")
            await shop.router.sweep()
            await shop.database.write(lambda _: None)
            left = await shop.database.read(jobs.find("local", ["old", "new"]))
            assert set(left) == {"new"}

    asyncio.run(work())


def test_accounts_that_went_wrong_are_mended(place: Place) -> None:
    async def work() -> None:
        clock = HandClock()
        today = day_of(clock.at_ms)
        wrong = """INSERT INTO account (tenant, run, day, reserved, spent, gone)
            VALUES ('local', '', ?, 5, 7, 0)"""
        async with shop_in(place, Remote(), clock=clock) as shop:
            await shop.database.write(lambda at: at.execute(wrong, (today,)) and None)
            assert not (await shop.database.read(budget_audit.audit())).is_right
            await shop.router.sweep()
            await shop.database.write(lambda _: None)
            assert (await shop.database.read(budget_audit.audit())).is_right

    asyncio.run(work())


def test_one_process_at_a_time_looks_after_them(place: Place) -> None:
    async def work() -> None:
        clock, dead = HandClock(), set[str]()
        async with (
            shop_in(place, Remote(), clock=clock, owner=Named("one", dead)) as one,
            shop_in(place, Remote(), clock=clock, owner=Named("two", dead)) as two,
        ):
            assert await one.router.sweep()
            assert await two.router.sweep() is None
            clock.at_ms += 46_000
            assert await two.router.sweep()
            assert await one.router.sweep() is None
            # A clock that goes back an hour keeps nobody in office for an hour.
            clock.at_ms -= 3_600_000
            assert await one.router.sweep()

    asyncio.run(work())


def test_a_process_that_hangs_loses_its_places_and_writes_nothing(place: Place) -> None:
    async def work() -> None:
        clock, provider, dead = HandClock(), Remote(in_process=True), set[str]()
        async with (
            shop_in(place, provider, clock=clock, owner=Named("one", dead)) as one,
            shop_in(place, provider, clock=clock, owner=Named("two", dead)) as two,
        ):
            going = asyncio.ensure_future(one.submit())
            await asyncio.wait_for(provider.asked.wait(), 30)
            await one.database.write(leases.renew("one"))
            # It hangs: it holds its lock, and says nothing.
            one.router._hearing._look = lambda: None  # type: ignore[method-assign]
            assert await two.router.sweep()
            # Not even by a clock that jumps: only by one's own time, in which it said nothing.
            two.clock.at_ms += 3_600_000
            swept = await two.router.sweep()
            assert swept is not None
            assert swept.freed == 0
            two.passed += LATE_SECONDS
            swept = await two.router.sweep()
            assert swept is not None
            assert swept.freed == 1
            taken = asyncio.ensure_future(two.router.submit(job_request("k"), lambda _: None))
            await _until(two, lambda job: (job.owner, job.state) == ("two", JobState.LEASED))
            provider.over.set()
            assert (await taken).state is JobState.SUCCEEDED
            # What it says afterwards changes nothing.
            await asyncio.wait({going})
            assert going.exception() is None
            job = await two.job()
            assert (job.state, job.owner) == (JobState.SUCCEEDED, "two")

    asyncio.run(work())


def test_what_waits_for_who_is_gone_holds_no_money_back_until_it_is_wanted(place: Place) -> None:
    async def reserved(shop: Shop) -> float:
        (project,) = (each for each in await shop.router.spending() if not each.name)
        return project.reserved

    async def work() -> None:
        busy = ProviderFailure(ErrorCategory.CAPACITY, "Too busy.")
        provider, dead, clock = Remote(troubles=[busy]), set[str](), HandClock()
        provider.over.set()
        request = job_request("k").model_copy(update={"reserve": 500_000})
        pauses = Pauses(go=asyncio.Event())
        async with shop_in(place, provider, pauses, clock, owner=Named("one", dead)) as one:
            going = asyncio.ensure_future(one.router.submit(request, lambda _: None))
            await asyncio.wait_for(pauses.begun.wait(), 30)
            async with shop_in(place, provider, clock=clock, owner=Named("two", dead)) as two:
                await two.router.sweep()
                assert (await two.job()).state is JobState.WAITING
                assert await reserved(two) == 0.5, "it lives"
                dead.add("one")
                await two.router.sweep()
                assert await reserved(two) == 0.5, "it may be back at the next look"
                await two.router.sweep()
                assert (await two.job()).state is JobState.WAITING
                assert await reserved(two) == 0.0
                clock.at_ms += 600_000
                await two.router.sweep()
                assert (await two.job()).state is JobState.QUEUED
                asked = asyncio.ensure_future(two.router.submit(request, lambda _: None))
                assert (await asyncio.wait_for(asked, 30)).state is JobState.SUCCEEDED
                assert await reserved(two) == 0.0
            pauses.go = None
            going.cancel()
            await asyncio.wait({going})
        assert submissions(provider) == ["", "-2"]

    asyncio.run(work())


def test_a_job_laid_aside_as_somebody_asks_for_it_reserves_anew(place: Place) -> None:
    async def work() -> None:
        provider, dead = Remote(concurrency=0), {"one"}
        request = job_request("k").model_copy(update={"reserve": 500_000})
        async with shop_in(place, provider, owner=Named("two", dead)) as two:
            accepted = jobs.accept("job_1", request, request_hash(request), "one")
            await two.database.write(accepted)
            take_over, at = two.router._dispatcher.take_over, two.database

            async def slowly(record: JobRecord) -> int | None:
                two.router._dispatcher.take_over = take_over  # type: ignore[method-assign]
                await at.write(orphans.lay_aside(dead))
                return await take_over(record)

            two.router._dispatcher.take_over = slowly  # type: ignore[method-assign]
            going = asyncio.ensure_future(two.router.submit(request, lambda _: None))
            await _until(two, lambda job: job.owner == "two")
            (project,) = (each for each in await two.router.spending() if not each.name)
            assert project.reserved == 0.5
            going.cancel()
            await asyncio.wait({going})

    asyncio.run(work())


def test_what_waits_is_found_by_an_index_however_many_jobs_are_over(tmp_path: Path) -> None:
    async def work() -> None:
        async with shop_in(tmp_path / "workspace.db", Remote()) as shop:
            for statement in (
                *orphans._WAITING_OWNERS,
                *orphans._HOLDING_OF,
                *orphans._HOLDING_OF_NOBODY,
                orphans._DUE,
            ):
                row = ("one",) * statement.count("?")
                asked = f"EXPLAIN QUERY PLAN {statement}"
                plan = await shop.database.read(
                    lambda at, a=asked, r=row: at.execute(a, r).fetchall()
                )
                told = " ".join(str(each[3]) for each in plan)
                assert "USING INDEX" in told or "USING COVERING INDEX" in told, (statement, told)
                assert "SCAN job " not in f"{told} ".replace("SCAN job USING", ""), (
                    statement,
                    told,
                )

    asyncio.run(work())
