"""Rates: nothing goes faster than a person or a provider allows, and nothing waits for ever."""

from __future__ import annotations

import asyncio
import random
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framewright.domain.job import JobState
from framewright.domain.priority import Priority
from framewright.errors import SettingsError
from framewright.protocols import Allowance, HandClock, ProviderRequest
from framewright.router.dispatch import HEAD_START_MS
from framewright.settings import LimitSettings
from framewright.store import jobs, queue, rates
from framewright.store.database import Database
from framewright.store.queue_limits import Group, Limits
from framewright.studio.limits import per_second, queue_limits
from shop import Troubled, job_request, shop_in

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.store.place import Place

GROUP = Group("local", "fake", "fake/a")


class _Counter:
    """A store with many waiting jobs, and how many of them were let go when."""

    def __init__(self, database: Database, clock: HandClock, limits: Limits) -> None:
        self.database, self.clock, self.limits = database, clock, limits
        self.went: list[int] = []

    async def fill(self, count: int) -> None:
        for at in range(count):
            request = job_request(f"k{at}")
            accept = jobs.accept(f"job_{at}", request, "h", "me", HEAD_START_MS[Priority.NORMAL])
            self.database.post(accept)

    async def claim(self) -> int:
        claim = queue.claim("me", (GROUP,), self.limits, lambda _: True)
        granted = (await self.database.write(claim)).begun
        self.went += [self.clock.at_ms] * len(granted)
        return len(granted)


async def _counter(place: Place, limits: Limits) -> _Counter:
    clock = HandClock()
    return _Counter(await Database.open(place, clock), clock, limits)


@given(
    rate=st.floats(0.2, 40),
    waits=st.lists(st.integers(0, 3_000) | st.integers(-5_000, -1), min_size=5, max_size=40),
)
@settings(max_examples=25)
def test_a_bucket_lets_no_more_go_than_its_rate(
    tmp_path_factory: pytest.TempPathFactory, rate: float, waits: list[int]
) -> None:
    async def work(folder: Path) -> None:
        limits = Limits(per_second={"fake": rate})
        at = await _counter(folder / "workspace.db", limits)
        try:
            await at.fill(300)
            passed, gone, back = 0.0, 0, 0
            for wait in waits:
                gone += await at.claim()
                at.clock.at_ms += wait
                passed += max(0, wait) / 1_000
                back += wait < 0
            # A second's worth at once, then as time goes by; a clock put back is worth one more.
            assert gone <= max(1.0, rate) * (1 + back) + passed * rate + 1e-6
            # It starves nobody either.
            at.clock.at_ms += int(1_000 / rate) + 6_000
            assert await at.claim() >= 1 or gone == 300
        finally:
            await at.database.close()

    asyncio.run(work(tmp_path_factory.mktemp("rate")))


def test_what_a_provider_says_to_take_is_not_exceeded(place: Place) -> None:
    async def work() -> None:
        at = await _counter(place, Limits())
        try:
            await at.fill(20)
            await at.database.write(rates.learn("fake", 3, 10.0))
            assert await at.claim() == 3
            assert await at.claim() == 0
            # Heard late, of a time when two were on their way: it does not count them.
            await at.database.write(rates.learn("fake", 2, 10.0))
            assert await at.claim() == 0
            at.clock.at_ms += 10_001
            await at.database.write(rates.learn("fake/a", 4, 60.0))
            await at.database.write(rates.learn("fake", 9, 60.0))
            assert await at.claim() == 4
            # Far off, by a clock that was put back: it can not be meant.
            at.clock.at_ms -= 90_000_000
            assert await at.claim() == 13
        finally:
            await at.database.close()

    asyncio.run(work())


def test_a_router_learns_what_a_provider_allows(place: Place) -> None:
    class Counting(Troubled):
        def allowance(self, model: str) -> Allowance | None:
            assert model == "fake/a"
            return Allowance(remaining=1 - len(self.requests) % 2, reset_seconds=30.0)

    async def work() -> None:
        clock = HandClock()
        provider = Counting(in_process=False)
        went: list[int] = []
        submit = provider.submit

        async def noted(request: ProviderRequest) -> str:
            went.append(clock.at_ms)
            return await submit(request)

        provider.submit = noted  # type: ignore[method-assign]
        limits = Limits(providers={"fake": 1})
        async with shop_in(place, provider, clock=clock, limits=limits) as shop:
            going = [asyncio.ensure_future(shop.submit(f"k{at}")) for at in range(6)]
            async with asyncio.timeout(60):
                while not all(each.done() for each in going):
                    await asyncio.sleep(0.05)
                    clock.at_ms += 5_000
            assert {each.result().state for each in going} == {JobState.SUCCEEDED}
            # After each that says that nothing more is taken, nothing goes for half a minute.
            gaps = [after - before for before, after in pairwise(went)]
            assert all(gap >= 30_000 for gap in gaps[::2])

    asyncio.run(work())


@pytest.mark.parametrize(
    ("written", "rate"),
    [("600/minute", 10), ("1/second", 1), ("36/hour", 0.01), ("86400/day", 1)],
)
def test_rates_are_written_in_plain_words(written: str, rate: float) -> None:
    assert per_second(written) == pytest.approx(rate)
    limits = queue_limits(LimitSettings(rates={"fake": written}, hours=2))
    assert limits.per_second == {"fake": pytest.approx(rate)}
    assert limits.most_seconds == 7_200


@pytest.mark.parametrize("written", ["0/minute", "600", "-1/second", "6/fortnight", "1e3/second"])
def test_other_rates_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match="rates"):
        LimitSettings(rates={"fake": written})
    with pytest.raises(SettingsError):
        Limits(per_second={"fake": random.choice([0, -1])})
