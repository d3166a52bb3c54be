"""The plain, synchronous form of Studio, for scripts and notebooks."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from framewright.domain.priority import Priority
from framewright.studio.api_keys import RATE_OF_NONE
from framewright.studio.studio import Studio

if TYPE_CHECKING:
    from collections.abc import (
        AsyncGenerator,
        AsyncIterable,
        Callable,
        Collection,
        Coroutine,
        Generator,
        Iterator,
        Mapping,
        Sequence,
    )
    from pathlib import Path

    from framewright.agents.offline.editing.edit import EditedPlan
    from framewright.agents.offline.interpretation import Interpretation
    from framewright.catalog.summary import Summary
    from framewright.domain.budget import Spend
    from framewright.domain.event import Event
    from framewright.domain.finding import Finding
    from framewright.domain.job import JobState, JobSummary, QueueRow
    from framewright.domain.media import MediaKind
    from framewright.domain.model_card import ModelCard
    from framewright.domain.plan import Plan, Task
    from framewright.projection.estimate import Estimate
    from framewright.projection.run_view import RunView
    from framewright.protocols import Call
    from framewright.store.assets import StoredUpload
    from framewright.studio.api_keys import ApiKey
    from framewright.studio.export import Export
    from framewright.studio.importing import ImportedModel, RemovedModel
    from framewright.studio.proving import Mending
    from framewright.studio.run_diff import RunDiff
    from framewright.studio.submissions import Submission
    from framewright.studio.summary import RunSummary, StoredAsset, UploadSummary

T = TypeVar("T")


class StudioSync:
    """An open workspace whose methods wait for their answers; see `Studio` for each.

    Its event loop runs in a thread of its own, so it also works where a loop runs already.
    """

    def __init__(self, studio: Studio, loop: asyncio.AbstractEventLoop) -> None:
        self._studio = studio
        self._loop = loop

    @classmethod
    @contextmanager
    def open(cls, folder: Path | str, **options: Any) -> Generator[StudioSync]:
        """Open a workspace: `with StudioSync.open(folder) as studio`; options as `Studio.open`."""
        opened: Future[tuple[Studio, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

        async def stay_open() -> None:
            left = asyncio.Event()
            try:
                async with Studio.open(folder, **options) as studio:
                    opened.set_result((studio, asyncio.get_running_loop(), left))
                    await left.wait()
            except BaseException as error:
                if opened.done():
                    raise
                opened.set_exception(error)

        thread = threading.Thread(
            target=lambda: asyncio.run(stay_open()), name="framewright-studio"
        )
        thread.start()
        try:
            studio, loop, left = opened.result()
            try:
                yield cls(studio, loop)
            finally:
                loop.call_soon_threadsafe(left.set)
        finally:
            thread.join()

    def upload(self, path: Path | str) -> StoredUpload:
        """Take a media file in."""
        return self._wait(self._studio.upload(path))

    def receive(
        self, file_name: str, blocks: AsyncIterable[bytes], most_bytes: int
    ) -> UploadSummary:
        """Take a media file in that comes in blocks."""
        return self._wait(self._studio.receive(file_name, blocks, most_bytes))

    def interpret(
        self, brief: str, uploads: Sequence[Path | str] = (), given: Sequence[str] = ()
    ) -> Interpretation:
        """Return the plan for a brief with what was and was not understood."""
        return self._wait(self._studio.interpret(brief, uploads, given))

    def plan(self, brief: str, uploads: Sequence[Path | str] = ()) -> Plan:
        """Return the plan for a brief."""
        return self._wait(self._studio.plan(brief, uploads))

    def edit(self, plan: Plan, selection: Sequence[str], text: str) -> EditedPlan:
        """Return the plan with the edits a text asks for, such as "make this dusk"."""
        return self._wait(self._studio.edit(plan, selection, text))

    def check(self, plan: Plan) -> tuple[Finding, ...]:
        """Return everything that is wrong or odd about a plan."""
        return self._wait(self._studio.check(plan))

    def mending(self, plan: Plan) -> Mending | None:
        """Return the plan as a run would take it, with what it would mend by itself."""
        return self._wait(self._studio.mending(plan))

    def start(
        self,
        plan: Plan,
        only: Sequence[str] = (),
        brief: str = "",
        again: Sequence[str] = (),
        *,
        reuse: bool = True,
        approve: bool = False,
        alone: bool = False,
        budget: float | None = None,
        priority: Priority = Priority.NORMAL,
    ) -> str:
        """Accept a run, begin it in the background, and return its id."""
        return self._wait(
            self._studio.start(
                plan,
                only,
                brief,
                again,
                reuse=reuse,
                approve=approve,
                alone=alone,
                budget=budget,
                priority=priority,
            )
        )

    def run(
        self,
        plan: Plan,
        only: Sequence[str] = (),
        brief: str = "",
        again: Sequence[str] = (),
        *,
        reuse: bool = True,
        approve: bool = False,
        alone: bool = False,
        budget: float | None = None,
        priority: Priority = Priority.NORMAL,
    ) -> Iterator[Event]:
        """Run a plan and yield its events until it ends; leaving the loop early cancels it."""
        return self._each(
            self._studio.run(
                plan,
                only,
                brief,
                again,
                reuse=reuse,
                approve=approve,
                alone=alone,
                budget=budget,
                priority=priority,
            )
        )

    def replan(self, run: str, plan: Plan) -> None:
        """Let a run that is at work go on with an edited plan."""
        self._wait(self._studio.replan(run, plan))

    def resume(
        self,
        run: str,
        again: Sequence[str] = (),
        failed: Sequence[str] | None = None,
        *,
        budget: float | None = None,
        priority: Priority = Priority.NORMAL,
    ) -> Iterator[Event]:
        """Go on with a run and yield the new events."""
        return self._each(self._studio.resume(run, again, failed, budget=budget, priority=priority))

    def watch(self, run: str, after: int = 0) -> Iterator[Event]:
        """Yield a run's events behind a cursor, then new ones while it is worked on here."""
        return self._each(self._studio.watch(run, after))

    def cancel(self, run: str) -> RunView:
        """Stop a run and return how it then stands."""
        return self._wait(self._studio.cancel(run))

    def hasten(self) -> None:
        """Wait no longer for providers to stop what was called off; for any thread."""
        self._loop.call_soon_threadsafe(self._studio.hasten)

    def plan_of(self, run: str) -> Plan:
        """Return the plan a run was made from."""
        return self._wait(self._studio.plan_of(run))

    def approve(self, run: str, steps: Sequence[str] = (), *, approved: bool = True) -> None:
        """Say that steps which wait for a person may run, or that they are to be left out."""
        self._wait(self._studio.approve(run, steps, approved=approved))

    def show(self, run: str) -> RunView:
        """Return how a run stands."""
        return self._wait(self._studio.show(run))

    def is_interrupted(self, run: str) -> bool:
        """Tell whether a run was left unfinished by a process that ended."""
        return self._wait(self._studio.is_interrupted(run))

    def estimate(
        self,
        plan: Plan,
        only: Sequence[str] = (),
        again: Sequence[str] = (),
        *,
        reuse: bool = True,
        budget: float | None = None,
    ) -> Estimate:
        """Return the time and cost a run of the plan would take."""
        return self._wait(self._studio.estimate(plan, only, again, reuse=reuse, budget=budget))

    def estimate_rest(self, run: str, budget: float | None = None) -> Estimate:
        """Return the time and cost of what is left of a run."""
        return self._wait(self._studio.estimate_rest(run, budget))

    def diff(self, first: str, second: str) -> RunDiff:
        """Compare two runs step by step, their media measured."""
        return self._wait(self._studio.diff(first, second))

    def runs(
        self, most: int = 100, before: tuple[int, str] | None = None
    ) -> tuple[RunSummary, ...]:
        """Return the newest runs, newest first."""
        return self._wait(self._studio.runs(most, before))

    def jobs(
        self,
        state: JobState | None = None,
        run: str | None = None,
        most: int = 100,
        before: tuple[int, str] | None = None,
    ) -> tuple[JobSummary, ...]:
        """Return the newest jobs, newest first."""
        return self._wait(self._studio.jobs(state, run, most, before))

    def job(self, job: str) -> JobSummary:
        """Return one job."""
        return self._wait(self._studio.job(job))

    def dead_jobs(self, run: str | None = None) -> tuple[JobSummary, ...]:
        """Return the jobs that failed for good, newest first."""
        return self._wait(self._studio.dead_jobs(run))

    def cancel_job(self, job: str) -> JobSummary:
        """Stop one job, and return how it stands."""
        return self._wait(self._studio.cancel_job(job))

    def hurry_job(self, job: str) -> bool:
        """Let a job that waits for its next attempt begin it now."""
        return self._wait(self._studio.hurry_job(job))

    def found_job(self, job: str, remote_id: str) -> None:
        """Say what the provider calls a job of unknown outcome."""
        self._wait(self._studio.found_job(job, remote_id))

    def redrive(
        self, letters: Sequence[str], changes: Mapping[str, Any] | None = None
    ) -> Mapping[str, tuple[str, ...]]:
        """Let dead jobs begin anew, and return their runs with the steps to resume these with."""
        return self._wait(self._studio.redrive(letters, changes))

    def purge_jobs(self, older_than_days: float, *, dead: bool = False) -> int:
        """Throw away the records of jobs that ended so long ago."""
        return self._wait(self._studio.purge_jobs(older_than_days, dead=dead))

    def queue(self) -> tuple[QueueRow, ...]:
        """Return how many jobs wait and run, by tenant, provider and model."""
        return self._wait(self._studio.queue())

    def spent_on(self, run: str) -> float:
        """Return what a run's jobs have cost so far, in US dollars, every attempt of them."""
        return self._wait(self._studio.spent_on(run))

    def spending(self) -> tuple[Spend, ...]:
        """Return what the workspace and each tenant have spent and reserved."""
        return self._wait(self._studio.spending())

    def assets(
        self, most: int = 1_000, before: tuple[int, str] | None = None
    ) -> tuple[StoredAsset, ...]:
        """Return the newest assets, newest first."""
        return self._wait(self._studio.assets(most, before))

    def asset(self, asset: str) -> StoredAsset:
        """Return one asset, named by its hash."""
        return self._wait(self._studio.asset(asset))

    def uploads(self) -> tuple[UploadSummary, ...]:
        """Return the files that were given, oldest first."""
        return self._wait(self._studio.uploads())

    def export(self, run: str, folder: Path | str) -> Export:
        """Write a run's results, its plan and a list of them into a folder."""
        return self._wait(self._studio.export(run, folder))

    def models(self, task: Task | None = None) -> tuple[ModelCard, ...]:
        """Return the models this workspace knows, or those that do a task."""
        return self._studio.models(task)

    def card(self, model: str) -> ModelCard | None:
        """Return the card of a model as the catalog has it now."""
        return self._studio.card(model)

    def capabilities(self) -> Summary:
        """Return what can be made here, task by task."""
        return self._studio.capabilities()

    def import_model(
        self, provider: str, model: str, source: Path | str, output: MediaKind | None = None
    ) -> ImportedModel:
        """Take a vendor's model into the workspace's catalog, from a file that describes it."""
        return self._wait(self._studio.import_model(provider, model, source, output))

    def remove_model(self, model: str) -> RemovedModel:
        """Take a model out of the workspace's own catalog."""
        return self._wait(self._studio.remove_model(model))

    # ---- for servers

    def of_tenant(self, tenant: str) -> StudioSync:
        """Return the same open workspace for another tenant."""
        return StudioSync(self._studio.of_tenant(tenant), self._loop)

    def submit(
        self,
        plan: Plan,
        key: str | None = None,
        asked: str = "",
        brief: str = "",
        *,
        reuse: bool = True,
        approve: bool = False,
        budget: float | None = None,
        priority: Priority = Priority.NORMAL,
    ) -> Submission:
        """Accept a run once for each key, and begin it in the background."""
        terms = {"reuse": reuse, "approve": approve, "budget": budget, "priority": priority}
        return self._wait(self._studio.submit(plan, key, asked, brief, **terms))  # type: ignore[arg-type]

    def submitted(self, key: str, asked: str) -> Submission | None:
        """Return what was asked for under a key."""
        return self._wait(self._studio.submitted(key, asked))

    def call(
        self,
        model: str,
        inputs: Mapping[str, Any],
        key: str | None = None,
        asked: str = "",
        *,
        budget: float | None = None,
        priority: Priority = Priority.NORMAL,
    ) -> tuple[JobSummary, bool]:
        """Have a model called once, and return its job."""
        terms = {"budget": budget, "priority": priority}
        return self._wait(self._studio.call(model, inputs, key, asked, **terms))  # type: ignore[arg-type]

    def go_on(
        self,
        run: str,
        again: Sequence[str] = (),
        failed: Collection[str] | None = None,
        *,
        budget: float | None = None,
        priority: Priority = Priority.NORMAL,
    ) -> None:
        """Go on with a run in the background."""
        self._wait(self._studio.go_on(run, again, failed, budget=budget, priority=priority))

    def take_up_left(self) -> tuple[str, ...]:
        """Go on with the runs that programs asked for and nobody works on."""
        return self._wait(self._studio.take_up_left())

    def leave(self) -> None:
        """Let go of every run as it stands."""
        self._wait(self._studio.leave())

    def newest(self) -> int:
        """Return the position of the newest event."""
        return self._wait(self._studio.newest())

    def is_over(self, run: str) -> bool:
        """Tell whether a run has ended."""
        return self._wait(self._studio.is_over(run))

    def events(self, after: int = 0, run: str | None = None) -> Iterator[Event]:
        """Yield the tenant's events behind a cursor, then what comes."""
        return self._each(self._studio.events(after, run))

    def create_api_key(self, tenant: str, rate: str = RATE_OF_NONE) -> tuple[ApiKey, str]:
        """Make a key for a tenant, and return it with its text."""
        return self._wait(self._studio.create_api_key(tenant, rate))

    def api_keys(self) -> tuple[ApiKey, ...]:
        """Return the keys of all tenants."""
        return self._wait(self._studio.api_keys())

    def revoke_api_key(self, key: str) -> None:
        """Let a key be of no use from now on."""
        self._wait(self._studio.revoke_api_key(key))

    def wants_api_keys(self) -> bool:
        """Tell whether there is a key that is not revoked."""
        return self._wait(self._studio.wants_api_keys())

    def api_key_of(self, secret: str) -> ApiKey | None:
        """Return the key whose text this is."""
        return self._wait(self._studio.api_key_of(secret))

    def call_back(self, address: Callable[[str], str]) -> tuple[str, ...]:
        """Have every provider that calls back do so from now on; return their names."""
        return self._studio.call_back(address)

    def hear(self, provider: str, call: Call) -> bool:
        """Pass on what a provider says of a job."""
        return self._wait(self._studio.hear(provider, call))

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _each(self, events: AsyncGenerator[Event]) -> Iterator[Event]:
        async def following() -> Event | None:
            return await anext(events, None)

        async def leave() -> None:
            await events.aclose()

        try:
            while (event := self._wait(following())) is not None:
                yield event
        finally:
            self._wait(leave())
