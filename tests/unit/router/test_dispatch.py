"""Turns: shared by all processes of a workspace, given back by the dead, kept by the living."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from framewright.domain.job import JobRequest, JobState, Phase
from framewright.domain.priority import Priority
from framewright.errors import BusyError
from framewright.protocols import FakeProvider, HandClock, ProviderRequest, Status
from framewright.router import dispatch
from framewright.router.router import Router, request_hash
from framewright.store import jobs, queue
from framewright.store.blobs import Blobs
from framewright.store.database import Database
from framewright.store.queue_limits import Limits

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection

    from framewright.domain.job import JobResult
    from framewright.router.owners import Owner
    from framewright.store.place import Place, PostgresUrl


@dataclass
class Counting(FakeProvider):
    """Counts how many of its jobs run at once, over all the providers that share its tally."""

    tally: dict[str, int] = field(default_factory=lambda: {"now": 0, "most": 0})
    go: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def submit(self, request: ProviderRequest) -> str:
        self.tally["now"] += 1
        self.tally["most"] = max(self.tally["most"], self.tally["now"])
        self.begun.set()
        return await super().submit(request)

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        await self.go.wait()
        await asyncio.sleep(0)
        self.tally["now"] -= 1
        return await super().poll(remote_id, wait_seconds)


@dataclass(frozen=True)
class Named:
    """An owner among several; those of `living` still work."""

    name: str
    living: Collection[str] = frozenset({"one", "two"})

    def is_alive(self, name: str) -> bool:
        return name in self.living


@asynccontextmanager
async def _process(
    place: Place, owner: Owner, provider: FakeProvider, limits: Limits | None = None
) -> AsyncGenerator[tuple[Router, Database]]:
    clock = HandClock()
    database = await Database.open(place, clock)
    try:
        blobs, chance = Blobs(Path("never")), random.SystemRandom()
        yield Router(database, blobs, {"fake": provider}, clock, chance, owner, limits), database
    finally:
        await database.close()


def _request(key: str, tenant: str = "local", model: str = "fake/a") -> JobRequest:
    return JobRequest(
        tenant=tenant,
        key=key,
        correlation="",
        provider="fake",
        model=model,
        task="",
        inputs={"prompt": key},
        seed=1,
    )


async def _submit(router: Router, request: JobRequest, **more: Priority) -> JobResult:
    return await router.submit(request, lambda _: None, **more)


def test_processes_share_the_places_of_a_provider(place: Place) -> None:
    async def work() -> None:
        tally = {"now": 0, "most": 0}
        go, begun = asyncio.Event(), asyncio.Event()
        hands = [Counting(concurrency=3, tally=tally, go=go, begun=begun) for _ in range(2)]
        async with (
            _process(place, Named("one"), hands[0]) as (one, _),
            _process(place, Named("two"), hands[1]) as (two, _),
            asyncio.TaskGroup() as group,
        ):
            for number in range(12):
                router = (one, two)[number % 2]
                group.create_task(_submit(router, _request(f"k{number}")))
            await begun.wait()
            go.set()
        assert sum(len(each.requests) for each in hands) == 12
        assert tally["most"] == 3

    asyncio.run(asyncio.wait_for(work(), 30))


def test_a_full_model_holds_nobody_else_up(place: Place) -> None:
    async def work() -> None:
        provider = Counting()
        limits = Limits(models={"fake/a": 1})
        async with (
            _process(place, Named("one"), provider, limits) as (router, _),
            asyncio.TaskGroup() as group,
        ):
            for number in range(3):
                group.create_task(_submit(router, _request(f"a{number}")))
            await provider.begun.wait()
            provider.begun.clear()
            group.create_task(_submit(router, _request("b", model="fake/b")))
            await provider.begun.wait()
            assert [each.model for each in provider.requests] == ["fake/a", "fake/b"]
            provider.go.set()
        assert len(provider.requests) == 4

    asyncio.run(asyncio.wait_for(work(), 30))


def test_what_is_urgent_goes_before_what_waits(place: Place) -> None:
    async def work() -> None:
        provider = Counting(concurrency=1)
        async with (
            _process(place, Named("one"), provider) as (router, _),
            asyncio.TaskGroup() as group,
        ):
            group.create_task(_submit(router, _request("first")))
            await provider.begun.wait()
            waits = [
                group.create_task(_submit(router, _request("low"), priority=Priority.LOW)),
                group.create_task(_submit(router, _request("normal"))),
                group.create_task(_submit(router, _request("high"), priority=Priority.HIGH)),
            ]
            await asyncio.sleep(0)
            provider.go.set()
            await asyncio.wait(waits)
        assert [each.key for each in provider.requests] == ["first", "high", "normal", "low"]

    asyncio.run(asyncio.wait_for(work(), 30))


def test_the_dead_give_their_places_back_and_the_living_keep_theirs(place: Place) -> None:
    async def work() -> None:
        provider = FakeProvider(concurrency=1)
        async with _process(place, Named("one"), provider) as (router, database):
            left = jobs.accept("job_left", _request("left"), "hash", "gone")
            await database.write(left)
            taken = jobs.advance("job_left", JobState.LEASED, Phase.NONE)
            await database.write(taken)
            await router.release_dead()
            assert (await _submit(router, _request("next"))).state is JobState.SUCCEEDED
            record = (await database.read(jobs.find("local", ["left"])))["left"]
            assert record.state is JobState.QUEUED

            other = _request("theirs")

            held = jobs.accept("job_theirs", other, request_hash(other), "two")
            await database.write(held)
            await database.write(jobs.advance("job_theirs", JobState.LEASED, Phase.NONE))
            await router.release_dead()
            with pytest.raises(BusyError):
                await _submit(router, other)

    asyncio.run(asyncio.wait_for(work(), 30))


def test_a_job_that_changed_hands_is_not_ended_by_who_lost_it(place: Place) -> None:
    async def work() -> None:
        provider = Counting()
        async with _process(place, Named("one"), provider) as (router, database):
            task = asyncio.ensure_future(_submit(router, _request("k")))
            await provider.begun.wait()
            record = (await database.read(jobs.find("local", ["k"])))["k"]

            await database.write(queue.take_over(record.id, record.epoch, "two"))
            provider.go.set()
            await task
            await database.write(lambda _: None)
            after = (await database.read(jobs.find("local", ["k"])))["k"]
            assert (after.state, after.owner) == (JobState.LEASED, "two")

    asyncio.run(asyncio.wait_for(work(), 30))


def test_cancelled_while_it_waits_a_job_lets_the_next_begin(place: Place) -> None:
    async def work() -> None:
        provider = Counting(concurrency=1)
        async with _process(place, Named("one"), provider) as (router, database):
            first = asyncio.ensure_future(_submit(router, _request("first")))
            await provider.begun.wait()
            second = asyncio.ensure_future(_submit(router, _request("second")))
            third = asyncio.ensure_future(_submit(router, _request("third")))
            while len(await database.read(jobs.find("local", ["second", "third"]))) < 2:
                pass
            second.cancel()
            await asyncio.wait([second])
            provider.go.set()
            await asyncio.gather(first, third)
            await database.write(lambda _: None)
            found = await database.read(jobs.find("local", ["second", "third"]))
            assert found["second"].state is JobState.CANCELLED
            assert found["third"].state is JobState.SUCCEEDED

    asyncio.run(asyncio.wait_for(work(), 30))


@pytest.mark.parametrize("turns", range(6))
def test_cancelled_as_it_is_accepted_it_holds_no_place(place: Place, turns: int) -> None:
    async def work() -> None:
        provider = FakeProvider(concurrency=1)
        async with _process(place, Named("one"), provider) as (router, database):
            task = asyncio.ensure_future(_submit(router, _request("first")))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
            assert (await _submit(router, _request("next"))).state is JobState.SUCCEEDED
            await database.write(lambda _: None)
            found = await database.read(jobs.find("local", ["first"]))
            assert all(record.result is not None for record in found.values())

    asyncio.run(asyncio.wait_for(work(), 30))


def test_the_same_key_twice_at_a_time_is_refused(place: Place) -> None:
    async def work() -> None:
        provider = Counting()
        async with _process(place, Named("one"), provider) as (router, _):
            first = asyncio.ensure_future(_submit(router, _request("k")))
            await provider.begun.wait()
            with pytest.raises(BusyError):
                await _submit(router, _request("k"))
            provider.go.set()
            assert (await first).state is JobState.SUCCEEDED
            assert (await _submit(router, _request("k"))).state is JobState.SUCCEEDED
        assert len(provider.requests) == 1

    asyncio.run(asyncio.wait_for(work(), 30))


@pytest.mark.parametrize("busy", [False, True])
def test_what_dies_while_others_wait_is_noticed(place: Place, *, busy: bool) -> None:
    async def work() -> None:
        provider = FakeProvider(concurrency=1)
        living = {"one", "two"}
        owner = Named("one", living)
        async with _process(place, owner, provider) as (router, database):
            await database.write(jobs.accept("job_held", _request("held"), "hash", "two"))
            await database.write(jobs.advance("job_held", JobState.LEASED, Phase.NONE))
            waits = asyncio.ensure_future(_submit(router, _request("next")))
            while len(await database.read(jobs.find("local", ["next"]))) < 1:
                pass
            living.remove("two")
            while busy and not waits.done():
                # Others end jobs all the time.
                router._dispatcher.freed()
                await asyncio.wait({waits}, timeout=0.01)
            assert (await waits).state is JobState.SUCCEEDED

    asyncio.run(asyncio.wait_for(work(), 30))


def test_room_made_elsewhere_is_heard_of(
    postgres_place: PostgresUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "SELDOM_SECONDS", 3_600.0)

    async def work() -> None:
        first, second = Counting(concurrency=1), FakeProvider(concurrency=1)
        async with (
            _process(postgres_place, Named("one"), first) as (one, _),
            _process(postgres_place, Named("two"), second) as (two, database),
        ):
            ends = asyncio.ensure_future(_submit(one, _request("first")))
            await first.begun.wait()
            waits = asyncio.ensure_future(_submit(two, _request("second")))
            while not await database.read(jobs.find("local", ["second"])):
                pass
            assert not waits.done()
            first.go.set()
            await asyncio.gather(ends, waits)

    asyncio.run(asyncio.wait_for(work(), 30))


def test_who_lost_a_connection_for_a_moment_keeps_its_places(postgres_place: PostgresUrl) -> None:
    @dataclass
    class Blinking:
        name: str = "one"
        asked: int = 0

        def is_alive(self, name: str) -> bool:
            self.asked += name == "two"
            return name == "one" or self.asked != 1

    async def work() -> None:
        owner, provider = Blinking(), FakeProvider(concurrency=1)
        async with _process(postgres_place, owner, provider) as (router, database):
            await database.write(jobs.accept("job_held", _request("held"), "hash", "two"))
            await database.write(jobs.advance("job_held", JobState.LEASED, Phase.NONE))
            waits = asyncio.ensure_future(_submit(router, _request("next")))
            while owner.asked < 2:
                await asyncio.wait({waits}, timeout=0.01)
            held = (await database.read(jobs.find("local", ["held"])))["held"]
            assert held.state is JobState.LEASED
            assert held.epoch == 0
            waits.cancel()
            await asyncio.gather(waits, return_exceptions=True)

    asyncio.run(asyncio.wait_for(work(), 30))


def test_a_job_that_somebody_took_meanwhile_is_left_to_them(place: Place) -> None:
    async def work() -> None:
        provider = FakeProvider(in_process=False)
        async with _process(place, Named("one"), provider) as (router, database):
            request = _request("k")
            await database.write(jobs.accept("job_k", request, request_hash(request), "gone"))
            await database.write(queue.take_over("job_k", 0, "two"))
            with pytest.raises(BusyError):
                await _submit(router, request)
            stale = (await database.read(jobs.find("local", ["k"])))["k"]
            stale = replace(stale, owner="gone", epoch=0)
            assert await router._dispatcher.take_over(stale) is None
            # And what this process would write about it changes nothing.
            assert not await database.write(
                jobs.advance("job_k", JobState.LEASED, Phase.SUBMITTING, epoch=0)
            )
        assert provider.requests == []

    asyncio.run(asyncio.wait_for(work(), 30))
