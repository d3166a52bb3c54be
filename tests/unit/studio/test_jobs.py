"""Single jobs in a person's hands: stopped, hurried, begun anew with other inputs, forgotten."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from framewright import Plan, Studio
from framewright.cli.jobs import _rows_of
from framewright.cli.letters import _prepare
from framewright.cli.stopping import still_stopping
from framewright.domain.job import ErrorCategory, JobState
from framewright.domain.run import RunState, StepState
from framewright.errors import InputError, ProviderError, StorageFullError
from framewright.executor.resume import with_followers
from framewright.protocols import FakeProvider, ProviderFailure, ProviderRequest, Status, Working
from framewright.router.stopping import STOPS_SECONDS
from framewright.store.health import FAILURES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from framewright.domain.job import JobSummary

pytestmark = pytest.mark.usefixtures("each_workspace")


@dataclass
class Picky(FakeProvider):
    """Will not do what is rude, is too busy for what is heavy, and never ends what is long."""

    in_process: bool = False
    working: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: list[str] = field(default_factory=list)

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        prompt = self.requests[int(remote_id)].inputs["prompt"]
        if "rude" in prompt:
            return ProviderFailure(ErrorCategory.CONTENT_POLICY, "Not that.")
        if "heavy" in prompt:
            return ProviderFailure(ErrorCategory.CAPACITY, "Too busy.")
        if remote_id in self.cancelled:
            return ProviderFailure(ErrorCategory.UNKNOWN, "It was called off.")
        if "long" in prompt:
            self.working.set()
            await asyncio.sleep(0)
            return Working()
        return await super().poll(remote_id, wait_seconds)

    async def cancel(self, remote_id: str) -> None:
        self.cancelled.append(remote_id)


def _card(provider: str) -> dict[str, Any]:
    return {
        "id": f"{provider}/text",
        "provider": provider,
        "kind": "text",
        "price": {"amount": 0.0},
        "task": "text-generation",
        "output": "text",
        "inputs_schema": {
            "type": "object",
            "properties": {"prompt": {"type": "string"}, "words": {"type": "integer"}},
            "additionalProperties": False,
        },
    }


def _plan(prompts: Mapping[str, str], model: str = "fake/text") -> Plan:
    steps = [
        {"id": name, "title": "", "kind": "text", "model": model, "inputs": {"prompt": prompt}}
        for name, prompt in prompts.items()
    ]
    return Plan.model_validate({"title": "T", "steps": steps})


def _options(folder: Path, *providers: FakeProvider) -> dict[str, Any]:
    (folder / "fake.json").write_text(json.dumps([_card(each.name) for each in providers]))
    return {
        "catalogs": [folder / "fake.json"],
        "providers": {each.name: each for each in providers},
    }


async def _at_once(seconds: float) -> None:
    del seconds


async def _ran(studio: Studio, plan: Plan) -> str:
    run = await studio.start(plan)
    async for _ in studio.watch(run):
        pass
    return run


async def _resumed(studio: Studio, run: str, failed: tuple[str, ...] | None = None) -> None:
    async for _ in studio.resume(run, failed=failed):
        pass


async def _has_job(studio: Studio, step: str) -> bool:
    return any(each.key.split(":")[1] == step for each in await studio.jobs())


async def _job(studio: Studio, step: str) -> JobSummary:
    (found,) = [each for each in await studio.jobs() if each.key.split(":")[1] == step]
    return await studio.job(found.id)


def test_one_dead_job_begins_anew_as_a_person_mended_it(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Picky()
        plan = _plan({"a": "a rude word", "b": "another rude one", "c": "{{a.output}}!"})
        async with Studio.open(tmp_path / "ws", **_options(tmp_path, provider)) as studio:
            run = await _ran(studio, plan)
            dead = await studio.dead_jobs()
            assert {each.key for each in dead} == {f"{run}:a:1", f"{run}:b:1"}
            letter = (await _job(studio, "a")).id
            with pytest.raises(InputError, match="words"):
                await studio.redrive([letter], {"words": "many"})
            with pytest.raises(InputError, match="colour"):
                await studio.redrive([letter], {"colour": "red"})
            steps = await studio.redrive([letter], {"prompt": "a kind word"})
            assert steps == {run: ("a",)}
            await _resumed(studio, run, steps[run])
            view = await studio.show(run)
            states = {name: step.state for name, step in view.steps.items()}
            # Nobody asked for b: it is neither tried again nor paid for.
            assert states == {
                "a": StepState.SUCCEEDED,
                "b": StepState.FAILED,
                "c": StepState.SUCCEEDED,
            }
            assert "another prompt" in view.steps["a"].findings[0].message
            asked = [each.inputs["prompt"] for each in provider.requests]
            assert asked[:2] == ["a rude word", "another rude one"]
            assert asked[2] == "a kind word"
            assert [each.id for each in await studio.dead_jobs()] == [(await _job(studio, "b")).id]
            done = await _job(studio, "a")
            assert [each.inputs for each in done.attempts] == [{"prompt": "a rude word"}]
            # The plan still asks for the rude word: what was made instead does not stand for it.
            await _ran(studio, plan)
            assert [each.inputs["prompt"] for each in provider.requests].count("a rude word") == 2

    asyncio.run(work())


def test_jobs_that_went_on_another_way_are_no_dead_letters(tmp_path: Path) -> None:
    async def work() -> None:
        first, second = Picky(), FakeProvider(name="other", in_process=False)
        options = _options(tmp_path, first, second)
        async with Studio.open(tmp_path / "ws", **options, pause=_at_once) as studio:
            await _ran(studio, _plan({"a": "heavy"}))
            assert len(await studio.jobs(JobState.DEAD)) == 1
            assert await studio.dead_jobs() == ()

    asyncio.run(work())


def test_who_has_another_way_does_not_wait_for_a_model_that_is_down(tmp_path: Path) -> None:
    async def work() -> None:
        first, second = Picky(), FakeProvider(name="other", in_process=False)
        options = _options(tmp_path, first, second)
        plan = _plan({f"s{at}": "heavy" for at in range(12)})
        async with Studio.open(tmp_path / "ws", **options, pause=_at_once) as studio:
            run = await _ran(studio, plan)
            assert (await studio.show(run)).state is RunState.SUCCEEDED
            # The breaker opened: most of them were never handed to it.
            assert len(first.requests) < 2 * FAILURES + len(plan.steps)
            assert len(second.requests) == len(plan.steps)
            dead = await studio.jobs(JobState.DEAD)
            assert {each.error.category for each in dead if each.error} <= {
                ErrorCategory.CAPACITY,
                ErrorCategory.OUTAGE,
            }
            assert "model-down" in {each.error.code for each in dead if each.error}

    asyncio.run(work())


def test_a_try_elsewhere_goes_on_after_a_crash(tmp_path: Path) -> None:
    """Its job was asked of another provider than the plan says; its key stands for that."""

    async def work() -> None:
        first, second = Picky(), Picky(name="other")
        second.requests = _Long()
        options = _options(tmp_path, first, second)
        async with Studio.open(tmp_path / "ws", **options, pause=_at_once) as studio:
            run = await studio.start(_plan({"a": "heavy"}))
            await asyncio.wait_for(second.working.wait(), 30)
            # The process dies: nothing more reaches the disk.
            studio._database._writer.broken = StorageFullError("gone")
        second.requests.over = True
        # Nor does a process that died tell anybody to stop.
        second.cancelled.clear()
        async with Studio.open(tmp_path / "ws", **options, pause=_at_once) as studio:
            await _resumed(studio, run)
            assert (await studio.show(run)).state is RunState.SUCCEEDED
            assert len(second.requests) == 1

    asyncio.run(work())


def test_a_job_that_a_person_found_at_its_provider_is_followed_there(tmp_path: Path) -> None:
    class Losing(Picky):
        async def submit(self, request: ProviderRequest) -> str:
            await super().submit(request)
            raise ConnectionError("gone")

    async def work() -> None:
        provider = Losing()
        options = _options(tmp_path, provider)
        async with Studio.open(tmp_path / "ws", **options, pause=_at_once) as studio:
            run = await _ran(studio, _plan({"a": "short"}))
            job = await _job(studio, "a")
            assert job.state is JobState.UNKNOWN
            # Neither resuming nor another run of the same asks for it again.
            await _resumed(studio, run)
            assert (await _job(studio, "a")).state is JobState.UNKNOWN
            with pytest.raises(InputError, match="nobody knows"):
                await studio.start(_plan({"a": "short"}))
            # An id that is mistyped makes nothing worse.
            with pytest.raises(ProviderError):
                await studio.found_job(job.id, "99")
            assert (await _job(studio, "a")).state is JobState.UNKNOWN
            await studio.found_job(job.id, "0")
            await _resumed(studio, run)
            assert (await studio.show(run)).state is RunState.SUCCEEDED
            assert len(provider.requests) == 1
            with pytest.raises(InputError):
                await studio.found_job(job.id, "0")

    asyncio.run(work())


class _Long(list[ProviderRequest]):
    """Requests that take until somebody says that they are over."""

    over = False

    def __getitem__(self, at: Any) -> Any:
        request = super().__getitem__(at)
        return replace(request, inputs={"prompt": "short" if self.over else "long"})


@pytest.mark.parametrize("elsewhere", [True, False])
def test_one_job_is_stopped_and_the_others_go_on(tmp_path: Path, elsewhere: bool) -> None:
    async def work() -> None:
        provider = Picky()
        options = _options(tmp_path, provider)
        async with Studio.open(tmp_path / "ws", **options) as studio:
            run = await studio.start(_plan({"a": "long", "b": "short"}))
            await asyncio.wait_for(provider.working.wait(), 30)
            job = await _job(studio, "a")
            if elsewhere:
                async with Studio.open(tmp_path / "ws", **options) as other:
                    found = await other.cancel_job(job.id)
            else:
                found = await studio.cancel_job(job.id)
            assert found.state is JobState.CANCELLED
            assert provider.cancelled == [job.remote_id]
            async for _ in studio.watch(run):
                pass
            view = await studio.show(run)
            assert view.steps["a"].state is StepState.CANCELLED
            assert view.steps["b"].state is StepState.SUCCEEDED
            assert (await studio.cancel_job(job.id)).state is JobState.CANCELLED

    asyncio.run(work())


def test_one_cancelled_job_is_tried_again_and_no_other_is_paid_for(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Picky(requests=_Long())
        async with Studio.open(tmp_path / "ws", **_options(tmp_path, provider)) as studio:
            run = await studio.start(_plan({"a": "long", "b": "long"}))
            await asyncio.wait_for(provider.working.wait(), 30)
            await studio.cancel(run)
            assert isinstance(provider.requests, _Long)
            provider.requests.over = True
            begun = len(provider.requests)
            await _resumed(studio, run, failed=("a",))
            view = await studio.show(run)
            assert view.steps["a"].state is StepState.SUCCEEDED
            assert view.steps["b"].state is StepState.CANCELLED
            assert len(provider.requests) == begun + 1

    asyncio.run(work())


def test_a_cancelled_step_that_never_began_is_not_begun_with_another(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Picky(requests=_Long())
        (tmp_path / "ws").mkdir()
        (tmp_path / "ws" / "settings.toml").write_text("max_parallel_steps = 1\n")
        async with Studio.open(tmp_path / "ws", **_options(tmp_path, provider)) as studio:
            run = await studio.start(_plan({"a": "long", "b": "long"}))
            await asyncio.wait_for(provider.working.wait(), 30)
            await studio.cancel(run)
            assert isinstance(provider.requests, _Long)
            provider.requests.over = True
            (begun,) = [step for step in ("a", "b") if await _has_job(studio, step)]
            await _resumed(studio, run, failed=(begun,))
            view = await studio.show(run)
            assert view.steps[begun].state is StepState.SUCCEEDED
            (other,) = {"a", "b"} - {begun}
            assert view.steps[other].state is StepState.CANCELLED
            assert not await _has_job(studio, other)

    asyncio.run(work())


def test_what_takes_from_a_step_goes_on_with_it() -> None:
    plan = _plan({"a": "one", "b": "$a.output", "c": "$b.output", "d": "two"})
    assert with_followers(("a",), plan) == {"a", "b", "c"}
    assert with_followers(("d",), plan) == {"d"}


def test_what_is_over_is_forgotten_and_its_results_stay(tmp_path: Path) -> None:
    async def work() -> None:
        options = _options(tmp_path, Picky())
        async with Studio.open(tmp_path / "ws", **options) as studio:
            run = await _ran(studio, _plan({"a": "rude", "b": "kind"}))
            assert await studio.purge_jobs(1) == 0
            assert await studio.purge_jobs(-1) == 1
            assert [each.key for each in await studio.jobs()] == [f"{run}:a:1"]
            assert (await studio.show(run)).steps["b"].outputs
            assert await studio.purge_jobs(-1, dead=True) == 1
            # A step whose job is forgotten can still be tried again.
            await _resumed(studio, run)
            assert len(await studio.jobs()) == 1

    asyncio.run(work())


def test_who_calls_a_run_off_hears_what_has_not_stopped_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("framewright.router.stopping.STOPS_SECONDS", 0.05)

    class Stubborn(Picky):
        async def cancel(self, remote_id: str) -> None:
            """Hear it, and go on."""

    async def work() -> None:
        provider = Stubborn()
        async with Studio.open(tmp_path / "ws", **_options(tmp_path, provider)) as studio:
            run = await studio.start(_plan({"a": "long"}))
            await asyncio.wait_for(provider.working.wait(), 30)
            assert (await studio.cancel(run)).state is RunState.CANCELLED
            told = await still_stopping(studio, run)
            assert told.startswith("1 job is still being stopped at fake"), told
            job = await _job(studio, "a")
            assert job.called_off
            (why,) = (words for name, words in _rows_of(job) if name == "Why")
            assert f"has not said yet that {job.remote_id} is over" in why
            # Its provider has it: to submit it once more would be to pay twice.
            with pytest.raises(InputError, match="it is followed there"):
                await _prepare(studio, job, paid_twice=True)
            assert await _prepare(studio, job, paid_twice=False) == ()
            provider.cancelled.append(str(job.remote_id))
            await studio.cancel_job(job.id)
            assert await still_stopping(studio, run) == ""

    asyncio.run(work())


def test_who_is_in_haste_waits_for_no_provider_and_nothing_is_forgotten(tmp_path: Path) -> None:
    told = asyncio.Event()

    class Stubborn(Picky):
        async def cancel(self, remote_id: str) -> None:
            """Hear it, and go on."""
            told.set()

    async def work() -> None:
        async with Studio.open(tmp_path / "ws", **_options(tmp_path, Stubborn())) as studio:
            run = await studio.start(_plan({"a": "long"}))
            stopping = asyncio.ensure_future(studio.cancel(run))
            await asyncio.wait_for(told.wait(), 30)
            studio.hasten()
            # Sooner than a provider may take.
            await asyncio.wait_for(stopping, STOPS_SECONDS / 2)
            assert (await _job(studio, "a")).called_off

    asyncio.run(work())
