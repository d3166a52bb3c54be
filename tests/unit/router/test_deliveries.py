"""What providers say of their jobs by themselves: heard once, whenever it comes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from framewright.domain.job import ErrorCategory, JobState
from framewright.protocols import Finished, ProviderFailure, ProviderRequest, Status, Working
from framewright.store.inbox import Delivery
from shop import Troubled, shop_in

if TYPE_CHECKING:
    from framewright.store.place import Place


@dataclass
class Silent(Troubled):
    """Answers no question; it only tells by itself how its jobs are."""

    in_process: bool = False
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    answers: asyncio.Event | None = None
    """When set, its answers to submissions wait for that."""
    sent: asyncio.Event = field(default_factory=asyncio.Event)

    async def submit(self, request: ProviderRequest) -> str:
        remote_id = await super().submit(request)
        self.sent.set()
        if self.answers is not None:
            await self.answers.wait()
        return remote_id

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        self.asked.set()
        await asyncio.Event().wait()
        return await super().poll(remote_id, wait_seconds)


def _told(name: str, status: Status, remote_id: str = "0", key: str | None = None) -> Delivery:
    return Delivery("fake", name, remote_id, status, key)


@pytest.mark.parametrize("early", [False, True])
def test_a_delivery_ends_a_job_also_before_its_submission_is_answered(
    place: Place, early: bool
) -> None:
    async def work() -> None:
        provider = Silent(answers=asyncio.Event() if early else None)
        async with shop_in(place, provider) as shop:
            going = asyncio.ensure_future(shop.submit())
            await asyncio.wait_for((provider.sent if early else provider.asked).wait(), 30)
            assert await shop.router.deliver(_told("d1", Working(0.5)))
            assert await shop.router.deliver(_told("d2", Finished(cost=0.25, notes=("A note.",))))
            if provider.answers is not None:
                provider.answers.set()
            result = await asyncio.wait_for(going, 30)
            assert (result.state, result.cost) == (JobState.SUCCEEDED, 0.25)
            assert result.notes[0] == "A note."
            assert Working(0.5) in shop.news
            # Said again, and otherwise: it has ended.
            assert not await shop.router.deliver(_told("d2", Finished(cost=9)))
            late = ProviderFailure(ErrorCategory.OUTAGE, "No.")
            assert await shop.router.deliver(_told("d3", late))
            assert (await shop.submit()).cost == 0.25
            assert len(provider.requests) == 1

    asyncio.run(work())


def test_a_delivered_failure_is_tried_again_as_any_other(place: Place) -> None:
    async def work() -> None:
        provider = Silent()
        async with shop_in(place, provider) as shop:
            going = asyncio.ensure_future(shop.submit())
            await asyncio.wait_for(provider.asked.wait(), 30)
            provider.asked.clear()
            busy = ProviderFailure(ErrorCategory.CAPACITY, "Too busy.", retry_after_seconds=2)
            await shop.router.deliver(_told("d1", busy))
            await asyncio.wait_for(provider.asked.wait(), 30)
            # What is still said of the first attempt is not about the second.
            await shop.router.deliver(_told("d2", Finished(cost=1)))
            await shop.router.deliver(_told("d3", Finished(cost=2), remote_id="1"))
            assert (await asyncio.wait_for(going, 30)).cost == 2

    asyncio.run(work())


def test_ten_thousand_deliveries_at_once_are_each_kept_once(place: Place) -> None:
    async def work() -> None:
        provider = Silent()
        async with shop_in(place, provider) as shop:
            going = asyncio.ensure_future(shop.submit())
            await asyncio.wait_for(provider.asked.wait(), 30)
            flood = [
                _told(f"x{at % 5_000}", Finished(), f"other-{at % 700}") for at in range(9_999)
            ]
            flood.insert(5_000, _told("mine", Finished(cost=3)))
            new = await asyncio.gather(*map(shop.router.deliver, flood))
            assert sum(new) == 5_001
            assert (await asyncio.wait_for(going, 30)).cost == 3

    asyncio.run(work())


def test_a_job_whose_submission_was_lost_is_found_by_what_is_said_of_it(place: Place) -> None:
    async def work() -> None:
        hold = asyncio.Event()
        provider = Silent(answers=hold)
        async with shop_in(place, provider) as shop:
            going = asyncio.ensure_future(shop.submit())
            await asyncio.wait_for(provider.sent.wait(), 30)
            # As if the process were killed: nothing is written any more.
            shop.router._carrier._database = None  # type: ignore[assignment]
            provider.answers = None
            hold.set()
            await asyncio.gather(going, return_exceptions=True)
        async with shop_in(place, provider) as shop:
            assert (await shop.submit()).state is JobState.UNKNOWN
            sent = provider.requests[0].submission
            await shop.router.deliver(_told("d1", Finished(cost=1), key=sent))
            assert (await asyncio.wait_for(shop.submit(), 30)).cost == 1
            assert len(provider.requests) == 1

    asyncio.run(work())
