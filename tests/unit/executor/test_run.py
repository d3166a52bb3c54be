from __future__ import annotations

import asyncio
from collections.abc import Callable  # noqa: TC003 - a dataclass field
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from engine import TENANT, engine, text_plan
from framewright.domain.job import JobState
from framewright.domain.run import RunState, StepState
from framewright.errors import StorageFullError
from framewright.protocols import (
    FakeProvider,
    Finished,
    HandClock,
    ProviderOutput,
    ProviderRequest,
    Status,
    Working,
)
from framewright.store import ends, jobs, runs

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("each_store")
DIAMOND = {"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c")}


@dataclass
class SlowProvider(FakeProvider):
    """Works until it is told to finish or to stop."""

    working: asyncio.Event = field(default_factory=asyncio.Event)
    finish: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: list[str] = field(default_factory=list)

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        if not self.finish.is_set():
            self.working.set()
            await self.finish.wait()
        return await super().poll(remote_id, wait_seconds)

    async def cancel(self, remote_id: str) -> None:
        self.cancelled.append(remote_id)


def test_text_flows_along_the_edges(tmp_path: Path) -> None:
    async def work() -> None:
        async with engine(tmp_path) as at:
            plan = text_plan(DIAMOND)
            await at.accept(plan)
            assert await at.carry_on(plan) is RunState.SUCCEEDED
            view = await at.view()
        assert {step.state for step in view.steps.values()} == {StepState.SUCCEEDED}
        assert isinstance(at.provider, FakeProvider)
        last = at.provider.requests[-1]
        assert last.inputs["prompt"] == "fake/text run_1:b:1 fake/text run_1:c:1"

    asyncio.run(work())


def test_a_failure_blocks_only_its_descendants(tmp_path: Path) -> None:
    async def work() -> None:
        async with engine(tmp_path, FakeProvider(failing={"fake/bad"})) as at:
            plan = text_plan({**DIAMOND, "x": ()}, {"b": "fake/bad"})
            await at.accept(plan)
            assert await at.carry_on(plan) is RunState.FAILED
            view = await at.view()
        states = {name: step.state.value for name, step in view.steps.items()}
        assert states == {
            "a": "succeeded",
            "b": "failed",
            "c": "succeeded",
            "d": "blocked",
            "x": "succeeded",
        }
        assert view.state is RunState.FAILED
        error = view.steps["d"].error
        assert error is not None
        assert "b" in error.message

    asyncio.run(work())


def test_a_failed_run_goes_on_with_new_jobs_for_what_failed_only(tmp_path: Path) -> None:
    async def work() -> None:
        provider = FakeProvider(failing={"fake/bad"})
        async with engine(tmp_path, provider) as at:
            plan = text_plan(DIAMOND, {"b": "fake/bad"})
            await at.accept(plan)
            await at.carry_on(plan)
            provider.failing.clear()
            assert await at.carry_on(plan) is RunState.SUCCEEDED
        keys = [request.key for request in provider.requests]
        assert sorted(keys) == ["run_1:a:1", "run_1:b:1", "run_1:b:2", "run_1:c:1", "run_1:d:1"]

    asyncio.run(work())


def test_cancelling_stops_the_provider_and_settles_everything(tmp_path: Path) -> None:
    async def work() -> None:
        provider = SlowProvider()
        async with engine(tmp_path, provider) as at:
            plan = text_plan(DIAMOND)
            await at.accept(plan)
            async with asyncio.TaskGroup() as group:
                going = group.create_task(at.carry_on(plan))
                await asyncio.wait_for(provider.working.wait(), 5)
                at.cancel.set()
            assert going.result() is RunState.CANCELLED
            view = await at.view()
            assert {step.state for step in view.steps.values()} == {StepState.CANCELLED}
            assert provider.cancelled == ["0"]

            at.cancel.clear()
            provider.finish.set()
            assert await at.carry_on(plan) is RunState.SUCCEEDED

    asyncio.run(work())


@dataclass
class RemoteProvider(SlowProvider):
    """A provider that goes on working when this process dies."""

    in_process: bool = False


def test_a_remote_job_is_followed_and_never_submitted_twice(tmp_path: Path) -> None:
    """The first process dies while the provider works; the second one asks for the same job."""

    async def work() -> None:
        provider = RemoteProvider()
        plan = text_plan({"a": ()})
        async with engine(tmp_path, provider) as at:
            await at.accept(plan)
            going = asyncio.ensure_future(at.carry_on(plan))
            await asyncio.wait_for(provider.working.wait(), 5)
            # The process dies: nothing of what follows a cancellation reaches the disk.
            at.tools.database._writer.broken = StorageFullError("gone")
            going.cancel()
            await asyncio.gather(going, return_exceptions=True)
        provider.finish.set()
        async with engine(tmp_path, provider) as at:
            assert await at.carry_on(plan) is RunState.SUCCEEDED
        assert len(provider.requests) == 1

    asyncio.run(work())


@dataclass
class DyingProvider(RemoteProvider):
    """Takes the job, but the process dies before it hears the answer."""

    async def submit(self, request: ProviderRequest) -> str:
        await super().submit(request)
        self.working.set()
        raise OSError("connection lost")


def test_a_submission_of_unknown_outcome_is_not_repeated_unless_asked(tmp_path: Path) -> None:
    async def work() -> None:
        provider = DyingProvider()
        plan = text_plan({"a": ()})
        async with engine(tmp_path, provider) as at:
            await at.accept(plan)
            assert await at.carry_on(plan) is RunState.FAILED
            assert await at.carry_on(plan) is RunState.FAILED
            view = await at.view()
            error = view.steps["a"].error
            assert error is not None
            assert error.code == "unknown-outcome"
            assert len(provider.requests) == 1
            await at.carry_on(plan, again=["a"])
            assert len(provider.requests) == 2

    asyncio.run(work())


def test_the_same_key_gives_the_same_result_without_asking_again(tmp_path: Path) -> None:
    async def work() -> None:
        provider = FakeProvider()
        async with engine(tmp_path, provider) as at:
            plan = text_plan({"a": ()})
            await at.accept(plan)
            await at.carry_on(plan)
            done = await at.tools.database.read(jobs.find(TENANT, ["run_1:a:1", "no"]))
            assert {key: job.state for key, job in done.items()} == {
                "run_1:a:1": JobState.SUCCEEDED
            }
            # As after a crash between the job's end and the step's.
            await at.tools.database.write(runs.start(TENANT, "run_1", reopened={"a": False}))
            assert await at.carry_on(plan) is RunState.SUCCEEDED
        assert len(provider.requests) == 1

    asyncio.run(work())


def test_a_provider_that_surprises_fails_one_step_in_one_sentence(tmp_path: Path) -> None:
    class Surprising(FakeProvider):
        async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
            raise ZeroDivisionError

    async def work() -> None:
        async with engine(tmp_path, Surprising()) as at:
            plan = text_plan({"a": (), "b": ()})
            await at.accept(plan)
            assert await at.carry_on(plan) is RunState.FAILED
            view = await at.view()
        error = view.steps["a"].error
        assert error is not None
        assert "ZeroDivision" not in error.message

    asyncio.run(work())


def test_a_storage_failure_ends_the_run_without_an_end_on_record(tmp_path: Path) -> None:
    async def work() -> None:
        provider = SlowProvider()
        async with engine(tmp_path, provider) as at:
            plan = text_plan(DIAMOND)
            await at.accept(plan)
            going = asyncio.ensure_future(at.carry_on(plan))
            await asyncio.wait_for(provider.working.wait(), 5)
            at.tools.database._writer.broken = StorageFullError("The disk is full.")
            provider.finish.set()
            with pytest.raises(StorageFullError):
                await going
            view = await at.view()
        assert view.state is RunState.RUNNING
        async with engine(tmp_path, provider) as at:
            assert await at.carry_on(plan) is RunState.SUCCEEDED

    asyncio.run(work())


def test_progress_is_told_but_not_too_often(tmp_path: Path) -> None:
    @dataclass
    class Telling(FakeProvider):
        clock: HandClock = field(default_factory=HandClock)
        told: int = 0

        async def poll(self, remote_id: str, wait_seconds: float) -> Status:
            self.told += 1
            self.clock.at_ms += 10
            return Working(self.told / 1_000, "painting") if self.told <= 1_000 else Finished()

    async def work() -> None:
        provider = Telling()
        async with engine(tmp_path, provider) as at:
            assert isinstance(at.tools.clock, HandClock)
            provider.clock = at.tools.clock
            plan = text_plan({"a": ()})
            await at.accept(plan)
            await at.carry_on(plan)
            log = (await at.view()).cursor
        assert 5 < log < 60

    asyncio.run(work())


def test_job_states_are_terminal_once(tmp_path: Path) -> None:
    from framewright.domain.job import JobRequest, JobResult
    from framewright.router.router import request_hash

    request = JobRequest(
        tenant=TENANT,
        key="k",
        correlation="c",
        provider="fake",
        model="m",
        task="t",
        inputs={},
        seed=1,
    )

    async def work() -> None:
        async with engine(tmp_path) as at:
            database = at.tools.database
            record = await database.write(jobs.accept("job_1", request, request_hash(request)))
            won = await database.write(ends.settle(record.id, JobResult(state=JobState.SUCCEEDED)))
            lost = await database.write(ends.settle(record.id, JobResult(state=JobState.DEAD)))
            assert (won, lost) == (True, False)
            again = await database.write(jobs.accept("job_2", request, request_hash(request)))
            assert again.id == "job_1"
            assert again.result is not None
            assert again.result.state is JobState.SUCCEEDED

    asyncio.run(work())


@dataclass
class TellingProvider(FakeProvider):
    """Says some turns of the event loop later that it has handed its first result over."""

    turns: int = 0
    tell: Callable[[], None] = lambda: None

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        tell, self.tell = self.tell, lambda: None
        self._tell_after(self.turns, tell)
        return await super().fetch(remote_id, folder)

    def _tell_after(self, turns: int, tell: Callable[[], None]) -> None:
        if turns == 0:
            tell()
        else:
            asyncio.get_running_loop().call_soon(self._tell_after, turns - 1, tell)


@pytest.mark.parametrize("turns", range(10))
def test_a_plan_that_comes_as_a_step_is_about_to_begin_replaces_it(
    tmp_path: Path, turns: int
) -> None:
    async def work() -> None:
        provider = TellingProvider(turns=turns)
        async with engine(tmp_path, provider) as at:
            plan, coming = text_plan({"a": (), "b": ("a",), "c": ("b",)}), asyncio.Queue()
            await at.accept(plan)
            new = await at.replanned(text_plan({"a": (), "x": ("a",)}), "plan_2")
            provider.tell = lambda: coming.put_nowait(new)
            # A step that was stopped before it began may not hold the one place there is.
            assert await at.carry_on(plan, plans=coming, parallel=1) is RunState.SUCCEEDED
            view = await at.view()
        assert {name: step.state for name, step in view.steps.items()} == {
            "a": StepState.SUCCEEDED,
            "x": StepState.SUCCEEDED,
        }

    asyncio.run(asyncio.wait_for(work(), 20))


def test_a_plan_that_comes_with_the_end_of_the_last_step_is_left_alone(tmp_path: Path) -> None:
    async def work() -> None:
        async with engine(tmp_path) as at:
            plan, coming = text_plan({"a": ()}), asyncio.Queue()
            await at.accept(plan)
            new = await at.replanned(text_plan({"a": (), "x": ()}), "plan_2")
            post = at.tools.database.post

            def hand_over_at_the_end(operation: Callable[..., object]) -> None:
                post(operation)
                if (operation.__module__, operation.__qualname__.split(".")[0]) == (
                    runs.__name__,
                    runs.settle.__name__,
                ):
                    coming.put_nowait(new)

            at.tools.database.post = hand_over_at_the_end
            assert await at.carry_on(plan, plans=coming) is RunState.SUCCEEDED
            assert coming.empty()
            assert not new.done.is_set()
            view = await at.view()
        assert list(view.steps) == ["a"]

    asyncio.run(asyncio.wait_for(work(), 20))
