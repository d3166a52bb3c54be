"""What fails for now is tried again in its time; what failed for good is kept for a person."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framewright.domain.job import BackingOff, ErrorCategory, JobError, JobResult, JobState
from framewright.errors import InputError, ProviderError
from framewright.protocols import HandClock, ProviderFailure
from framewright.router.retry import MOST_PAUSE_SECONDS, attempts, pause_seconds
from framewright.store import attempts as attempt_log
from framewright.store import dead_letters, jobs
from shop import Pauses, Troubled, shop_in, submissions

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.protocols import ProviderOutput
    from framewright.store.place import Place

pytestmark = pytest.mark.usefixtures("each_store")
BUSY = ProviderFailure(ErrorCategory.CAPACITY, "Too busy.")
REFUSED = ProviderFailure(ErrorCategory.CONTENT_POLICY, "Not that.")


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
    place: Place, in_process: bool, at_the_door: bool
) -> None:
    async def work() -> None:
        told = ProviderFailure(ErrorCategory.RATE_LIMIT, "Slow down.", retry_after_seconds=9)
        provider = Troubled(in_process=in_process, troubles=[BUSY, told], at_the_door=at_the_door)
        pauses = Pauses()
        async with shop_in(place, provider, pauses) as shop:
            result = await shop.submit()
            assert result.state is JobState.SUCCEEDED
            assert [2 <= pauses.asked[0] <= 3, pauses.asked[1]] == [True, 9]
            # A provider that knows keys would answer with the failure of the attempt before.
            assert submissions(provider) == ["", "-2", "-3"]
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


def test_attempts_come_to_an_end_and_are_kept_for_a_person(place: Place) -> None:
    async def work() -> None:
        provider = Troubled(troubles=[BUSY] * 20)
        async with shop_in(place, provider) as shop:
            result = await shop.submit()
            assert result.state is JobState.DEAD
            most = attempts(JobError(category=ErrorCategory.CAPACITY, code="", message=""))
            assert len(provider.requests) == most
            log = await shop.database.read(attempt_log.of_job((await shop.job()).id))
            assert len(log) == most

    asyncio.run(work())


def test_what_is_done_but_can_not_be_fetched_is_never_paid_again(place: Place) -> None:
    async def work() -> None:
        provider = Troubled(in_process=False, unfetchable=5)
        async with shop_in(place, provider) as shop:
            result = await shop.submit()
            assert result.state is JobState.UNKNOWN
            assert result.error is not None
            assert result.error.code == "not-fetched"
            assert (await shop.submit()).state is JobState.SUCCEEDED
            assert len(provider.requests) == 1

    asyncio.run(work())


def test_an_answer_that_is_lost_while_fetching_loses_no_paid_result(place: Place) -> None:
    class Silent(Troubled):
        silent = 1

        async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
            if self.silent:
                self.silent -= 1
                raise ProviderError("It did not answer.")
            return await super().fetch(remote_id, folder)

    async def work() -> None:
        provider = Silent(in_process=False)
        async with shop_in(place, provider) as shop:
            assert (await shop.submit()).state is JobState.SUCCEEDED
            assert len(provider.requests) == 1

    asyncio.run(work())


def test_a_job_that_backs_off_survives_its_process(place: Place) -> None:
    async def work() -> None:
        provider, clock = Troubled(in_process=False, troubles=[BUSY]), HandClock()
        pauses = Pauses(go=asyncio.Event())
        async with shop_in(place, provider, pauses, clock) as shop:
            begun = asyncio.ensure_future(shop.submit())
            await pauses.begun.wait()
            assert (await shop.job()).state is JobState.WAITING
            # As if it had been killed: nothing is written any more.
            shop.router._carrier.call_off = _never  # type: ignore[method-assign]
            begun.cancel()
            await asyncio.wait({begun})
        clock.at_ms += 300
        later = Pauses()
        async with shop_in(place, provider, later, clock) as shop:
            assert (await shop.submit()).state is JobState.SUCCEEDED
            assert len(provider.requests) == 2
            # It waits for what is left of its time.
            assert later.asked == [pytest.approx(pauses.asked[0] - 0.3, abs=0.01)]

    async def _never(job: object) -> JobResult:
        del job
        return JobResult(state=JobState.CANCELLED)

    asyncio.run(work())


@pytest.mark.parametrize("wish", ["now", "cancel"])
def test_a_person_ends_the_waiting(place: Place, wish: str) -> None:
    async def work() -> None:
        provider = Troubled(in_process=False, troubles=[BUSY])
        pauses = Pauses(go=asyncio.Event())
        async with shop_in(place, provider, pauses) as shop:
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


def test_a_dead_job_begins_anew_with_what_a_person_changed(place: Place) -> None:
    async def work() -> None:
        provider = Troubled(troubles=[REFUSED])
        async with shop_in(place, provider) as shop:
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


def test_what_is_over_is_thrown_away_and_the_dead_only_when_asked_for(place: Place) -> None:
    async def work() -> None:
        clock = HandClock()
        async with shop_in(place, Troubled(troubles=[REFUSED]), clock=clock) as shop:
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
