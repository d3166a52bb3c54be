"""A remote job is followed through silence and trouble, and not for ever."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from framewright.domain.job import ErrorCategory, JobState
from framewright.protocols import ProviderFailure, Status, Working
from framewright.router import following
from framewright.store.queue_limits import Limits
from shop import Troubled, shop_in

if TYPE_CHECKING:
    from framewright.store.place import Place


@dataclass
class Hiccuping(Troubled):
    """Its answers are lost now and then; it may never come to an end."""

    in_process: bool = False
    lost: int = 0
    endless: bool = False
    cancelled: list[str] = field(default_factory=list)

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        if self.lost:
            self.lost -= 1
            raise ConnectionError("no route")
        if remote_id in self.cancelled:
            return ProviderFailure(ErrorCategory.UNKNOWN, "It was called off.", cost=0.5)
        if self.endless:
            await asyncio.sleep(0)
            return Working(0.5)
        return await super().poll(remote_id, wait_seconds)

    async def cancel(self, remote_id: str) -> None:
        self.cancelled.append(remote_id)


def test_lost_answers_are_asked_for_again_and_nothing_is_submitted_twice(place: Place) -> None:
    async def work() -> None:
        provider = Hiccuping(lost=20)
        async with shop_in(place, provider) as shop:
            assert (await shop.submit()).state is JobState.SUCCEEDED
            assert Working(phase="fake does not answer") in shop.news
            assert len(provider.requests) == 1

    asyncio.run(work())


def test_a_provider_that_stays_silent_leaves_the_outcome_open(place: Place) -> None:
    async def work() -> None:
        provider = Hiccuping(lost=following.MOST_HICCUPS + 1)
        async with shop_in(place, provider) as shop:
            assert (await shop.submit()).state is JobState.UNKNOWN
            # It is known where it is: asked for again, it is followed there.
            assert (await shop.submit()).state is JobState.SUCCEEDED
            assert len(provider.requests) == 1

    asyncio.run(work())


@pytest.mark.parametrize("in_process", [False, True])
def test_what_comes_to_no_end_is_stopped_there(place: Place, in_process: bool) -> None:
    async def work() -> None:
        provider = Hiccuping(endless=True, in_process=in_process)
        async with shop_in(place, provider, limits=Limits(most_seconds=0.2)) as shop:
            going = asyncio.ensure_future(shop.submit())
            if in_process:
                # Our own work takes the time it takes.
                done, _ = await asyncio.wait({going}, timeout=0.6)
                assert not done
                provider.endless = False
                assert (await going).state is JobState.SUCCEEDED
                return
            result = await asyncio.wait_for(going, 30)
            assert result.state is JobState.DEAD
            assert result.error is not None
            assert "came to no end" in result.error.message
            assert result.cost == 0.5
            assert provider.cancelled == ["0"]

    asyncio.run(work())
