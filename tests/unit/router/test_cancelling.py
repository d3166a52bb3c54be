"""A job that is stopped is stopped where it runs, and never handed over a second time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from engine import TENANT, Engine, engine, text_plan
from framewright.domain.job import ErrorCategory, JobRequest, JobState, Phase
from framewright.domain.run import RunState
from framewright.protocols import FakeProvider, ProviderFailure, ProviderRequest, Status
from framewright.router.router import request_hash
from framewright.store import jobs

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.store.jobs import JobRecord

pytestmark = pytest.mark.usefixtures("each_store")
KEY = "run_1:a:1"
REQUEST = JobRequest(
    tenant=TENANT,
    key=KEY,
    correlation="run_1",
    provider="fake",
    model="fake/text",
    task="text-generation",
    inputs={"prompt": "go"},
    seed=1,
)
HASH = request_hash(REQUEST)


@dataclass
class Remote(FakeProvider):
    """A provider elsewhere; every call can be held up, and stopping a job can fail."""

    in_process: bool = False
    submitting: asyncio.Event = field(default_factory=asyncio.Event)
    let_submit: asyncio.Event = field(default_factory=asyncio.Event)
    polling: asyncio.Event = field(default_factory=asyncio.Event)
    let_finish: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: list[str] = field(default_factory=list)
    deaf: bool = False

    async def submit(self, request: ProviderRequest) -> str:
        remote_id = await super().submit(request)
        self.submitting.set()
        await self.let_submit.wait()
        return remote_id

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        self.polling.set()
        if remote_id in self.cancelled:
            return ProviderFailure(ErrorCategory.UNKNOWN, "It was called off.")
        await self.let_finish.wait()
        return await super().poll(remote_id, wait_seconds)

    async def cancel(self, remote_id: str) -> None:
        if self.deaf:
            raise OSError("connection lost")
        self.cancelled.append(remote_id)


async def _all_written(at: Engine) -> None:
    """Let tasks that just began reach the writer, and wait until all it got is on disk."""
    await asyncio.sleep(0)
    await at.tools.database.write(lambda _: None)
    await asyncio.sleep(0)


async def _job(at: Engine) -> JobRecord:
    await _all_written(at)
    return (await at.tools.database.read(jobs.find(TENANT, [KEY])))[KEY]


async def _cancelled(task: asyncio.Future[object]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def _submit(at: Engine) -> asyncio.Future[object]:
    return asyncio.ensure_future(at.tools.router.submit(REQUEST, lambda _: None))


def test_cancelled_twice_while_it_is_handed_over(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Remote()
        async with engine(tmp_path, provider) as at:
            task = _submit(at)
            await provider.submitting.wait()
            for _ in range(2):
                task.cancel()
                await asyncio.sleep(0)
            assert not task.done()
            provider.let_submit.set()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert provider.cancelled == ["0"]
            assert (await _job(at)).state is JobState.CANCELLED

    asyncio.run(work())


def test_cancelled_while_it_waits_for_its_turn_behind_what_an_earlier_process_began(
    tmp_path: Path,
) -> None:
    async def work() -> None:
        provider = Remote(concurrency=0)
        async with engine(tmp_path, provider) as at:
            accepted = jobs.accept("job_1", REQUEST, HASH)
            await at.tools.database.write(accepted)
            handed_over = jobs.advance("job_1", JobState.LEASED, Phase.SUBMITTED, "r7")
            await at.tools.database.write(handed_over)
            task = _submit(at)
            await _all_written(at)
            await _cancelled(task)
            assert provider.cancelled == ["r7"]
            assert (await _job(at)).state is JobState.CANCELLED

    asyncio.run(work())


def test_cancelled_before_anybody_has_it(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Remote(concurrency=0)
        async with engine(tmp_path, provider) as at:
            task = _submit(at)
            await _all_written(at)
            await _cancelled(task)
            assert (await _job(at)).state is JobState.CANCELLED
            assert provider.cancelled == provider.requests == []

    asyncio.run(work())


def test_what_may_have_been_handed_over_stays_open(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Remote(concurrency=0)
        async with engine(tmp_path, provider) as at:
            await at.tools.database.write(jobs.accept("job_1", REQUEST, HASH))
            began = jobs.advance("job_1", JobState.LEASED, Phase.SUBMITTING)
            await at.tools.database.write(began)
            task = _submit(at)
            await _all_written(at)
            await _cancelled(task)
            assert (await _job(at)).state is JobState.UNKNOWN
            await at.tools.router.call_off(TENANT, KEY)
            assert (await _job(at)).state is JobState.UNKNOWN

    asyncio.run(work())


def test_a_provider_that_can_not_be_told_to_stop_is_followed_later(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Remote(deaf=True)
        provider.let_submit.set()
        plan = text_plan({"a": ()})
        async with engine(tmp_path, provider) as at:
            await at.accept(plan)
            going = asyncio.ensure_future(at.carry_on(plan))
            await provider.polling.wait()
            at.cancel.set()
            assert await going is RunState.CANCELLED
            assert (await _job(at)).phase is Phase.SUBMITTED
            at.cancel.clear()
            provider.let_finish.set()
            assert await at.carry_on(plan) is RunState.SUCCEEDED
            assert len(provider.requests) == 1

    asyncio.run(work())


def test_a_job_nobody_carries_is_stopped_where_it_runs(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Remote()
        async with engine(tmp_path, provider) as at:
            await at.tools.database.write(jobs.accept("job_1", REQUEST, HASH))
            handed_over = jobs.advance("job_1", JobState.LEASED, Phase.SUBMITTED, "r7")
            await at.tools.database.write(handed_over)
            await at.tools.router.call_off(TENANT, KEY)
            await _all_written(at)
            await at.tools.router.call_off(TENANT, KEY)
            await at.tools.router.call_off(TENANT, "run_1:never:1")
            assert provider.cancelled == ["r7"]
            assert (await _job(at)).state is JobState.CANCELLED

    asyncio.run(work())
