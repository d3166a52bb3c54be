"""Studio: the one service behind every front door, and the only place where rooms are wired."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import shutil
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import override

from framewright.checks.models import check_providers
from framewright.domain.event import RunCreated, TurnTaken
from framewright.domain.ids import Random, new_id
from framewright.domain.priority import Priority
from framewright.domain.run import DONE_WITH, RunState
from framewright.errors import InputError, NotFoundError, PlanInvalidError, StorageError
from framewright.executor.outline import outline
from framewright.executor.work import Tools
from framewright.isolation import Isolation
from framewright.projection.run_view import RunView, fold
from framewright.protocols import Clock, Provider, SystemClock
from framewright.router.router import Router
from framewright.router.sweeper import SWEEP_SECONDS
from framewright.settings import load_settings
from framewright.store import assets, events, plans, run_requests
from framewright.store.blobs import Blobs
from framewright.store.database import Database
from framewright.studio.api_keys import ApiKeys
from framewright.studio.approving import to_say
from framewright.studio.asked_budgets import asked_budgets
from framewright.studio.calls import Calls
from framewright.studio.conductor import Conductor
from framewright.studio.export import Export, write_export
from framewright.studio.installed_providers import (
    close_all,
    installed_providers,
    lend,
    show_cards,
)
from framewright.studio.jobs import Jobs
from framewright.studio.limits import queue_limits
from framewright.studio.lists import Lists
from framewright.studio.live_catalog import LiveCatalog
from framewright.studio.models import Models
from framewright.studio.owner import ProcessOwner
from framewright.studio.proving import Mending, findings_on, mending, proved, refuse_errors
from framewright.studio.readiness import configure, readiness_of
from framewright.studio.settings_names import unknown_names
from framewright.studio.submissions import Submissions
from framewright.studio.summary import UploadSummary
from framewright.studio.telemetry import asked_metrics
from framewright.studio.terms import Terms
from framewright.studio.uploads import as_planning_sees, received, take_in
from framewright.studio.watching import Watching
from framewright.studio.workspace import Workspace, prepare

if TYPE_CHECKING:
    from collections.abc import (
        AsyncGenerator,
        AsyncIterable,
        Collection,
        Iterable,
        Mapping,
        Sequence,
    )

    from framewright.agents.offline.editing.edit import EditedPlan
    from framewright.agents.offline.interpretation import Interpretation
    from framewright.catalog.catalog import Catalog
    from framewright.domain.event import Event, StepOutline
    from framewright.domain.finding import Finding
    from framewright.domain.plan import Plan
    from framewright.projection.estimate import Estimate
    from framewright.router.router import Pause
    from framewright.store.assets import StoredUpload
    from framewright.store.runs import RunRecord
    from framewright.studio.live_run import LiveRun
    from framewright.studio.run_diff import RunDiff

_log = logging.getLogger("framewright.studio")


class Studio(Lists, Models, Jobs, Submissions, Watching, ApiKeys, Calls):
    """An open workspace; use it as `async with Studio.open(folder) as studio`.

    All methods belong to the event loop that opened it.
    """

    def __init__(
        self,
        workspace: Workspace,
        catalogs: LiveCatalog,
        tools: Tools,
        conductor: Conductor,
        chance: Random,
        hands: Mapping[str, Provider],
    ) -> None:
        self.workspace = workspace
        self._catalogs = catalogs
        self.remarks: tuple[str, ...] = ()
        """What is odd about the settings, for a person to hear before a run: sentences."""
        self._tools = tools
        self._database = tools.database
        self._router = tools.router
        self._blobs = tools.blobs
        self._isolation = tools.isolation
        self._conductor = conductor
        self._clock = tools.clock
        self._chance = chance
        self._hands = hands
        self._tenant = conductor.tenant

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        folder: Path | str,
        *,
        catalogs: Iterable[Path | str] = (),
        providers: Mapping[str, Provider] | None = None,
        clock: Clock | None = None,
        chance: Random | None = None,
        pause: Pause = asyncio.sleep,
    ) -> AsyncGenerator[Studio]:
        """Open a workspace, made where it is missing, with its catalogs and providers.

        Leaving the block stops what still runs; such runs can be resumed. Raises
        `StorageError` for a folder that can not be used and `InputError` for wrong settings.
        """
        workspace = await asyncio.to_thread(prepare, Path(folder))
        settings = load_settings(workspace.folder)
        clock = clock or SystemClock()
        chance = chance or random.SystemRandom()
        hands = installed_providers() if providers is None else providers
        configure(settings, hands)
        further = (*settings.catalogs, *map(Path, catalogs))
        known = LiveCatalog(workspace.folder, further, lambda: readiness_of(hands))
        async with AsyncExitStack() as closing:
            isolation = closing.enter_context(Isolation())
            lend(isolation, hands.values())
            closing.push_async_callback(close_all, hands.values())
            # Held until the database is closed: what is still being written is ours.
            locks = await workspace.locks()
            closing.push_async_callback(locks.close)
            owner = ProcessOwner(new_id("owner", clock.now_ms(), chance), locks)
            closing.enter_context(contextmanager(owner.living)())
            database = await Database.open(workspace.place, clock)
            closing.push_async_callback(database.close)
            blobs = Blobs(workspace.assets)
            limits, budgets = queue_limits(settings.limits), asked_budgets(settings.budgets)
            metrics = asked_metrics(os.environ, setting=settings.telemetry)
            work = (owner, limits, pause, budgets, metrics)
            router = Router(database, blobs, hands, clock, chance, *work, isolation=isolation)
            closing.push_async_callback(router.close)
            await router.release_dead()
            tools = Tools(database, router, blobs, clock, isolation)
            parallel = settings.max_parallel_steps
            problem: BaseException | None = None
            async with asyncio.TaskGroup() as group:
                sweeping = group.create_task(_sweep(router))
                conductor = Conductor(settings.tenant, locks, known, tools, parallel, group)
                try:
                    studio = cls(workspace, known, tools, conductor, chance, hands)
                    show_cards(studio.card, hands.values())
                    studio.remarks = unknown_names(settings, known.now().cards, hands)
                    for sentence in studio.remarks:
                        _log.warning("%s", sentence)
                    yield studio
                except BaseException as error:  # noqa: BLE001 - the group would wrap the caller's error
                    problem = error
                finally:
                    sweeping.cancel()
                    conductor.stop_all()
            if problem is not None:
                raise problem

    @property
    def tenant(self) -> str:
        """Whose runs, jobs, files and events these are."""
        return self._tenant

    @override
    def of_tenant(self, tenant: str) -> Studio:
        """Return the same open workspace for another tenant, who sees only what is their own."""
        conductor = self._conductor.of_tenant(tenant)
        rest = (conductor, self._chance, self._hands)
        found = Studio(self.workspace, self._catalogs, self._tools, *rest)
        found.remarks = self.remarks
        return found

    # ---- from words to a plan

    async def upload(self, path: Path | str) -> StoredUpload:
        """Take a media file in; plans point to it as `$upload.<id>`."""
        name = self._new_id("upload")
        within = (self._database, self._blobs, self._isolation)
        return await take_in(Path(path), self._tenant, name, *within)

    async def receive(
        self, file_name: str, blocks: AsyncIterable[bytes], most_bytes: int
    ) -> UploadSummary:
        """Take a media file in that comes in blocks; its name is looked at as one of nobody's.

        Raises `MediaError` for one that is larger than `most_bytes`, or is no media file.
        """
        name = self._new_id("upload")
        folder = self._blobs.incoming(f"{name}-received")
        try:
            path = await received(folder, file_name, blocks, most_bytes)
            return UploadSummary.of(await self.upload(path))
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def interpret(
        self, brief: str, uploads: Sequence[Path | str] = (), given: Sequence[str] = ()
    ) -> Interpretation:
        """Return the plan for a brief with what was and was not understood of it.

        `uploads` are files to take in, `given` ids of files that were taken in before. Raises
        `BriefError` when there is nothing to make of it, and `NotFoundError` for an unknown id.
        """
        from framewright.agents.offline.planner import interpret

        found = await self._database.read(assets.uploads(self._tenant)) if given else ()
        known = {each.id: each for each in found}
        if absent := [each for each in given if each not in known]:
            raise NotFoundError(f"There is no upload {absent[0][:64]}.")
        stored = [*(known[each] for each in given), *[await self.upload(path) for path in uploads]]
        files = [as_planning_sees(upload) for upload in stored]
        return await asyncio.to_thread(interpret, brief, self.catalog, files)

    async def plan(self, brief: str, uploads: Sequence[Path | str] = ()) -> Plan:
        """Return the plan for a brief."""
        return (await self.interpret(brief, uploads)).plan

    async def edit(self, plan: Plan, selection: Sequence[str], text: str) -> EditedPlan:
        """Return the plan with the edits a text asks for, such as "make this dusk".

        `selection` names the steps that may change; empty means the whole plan. Raises
        `EditError` where nothing was understood or the plan could not run any more.
        """
        from framewright.agents.offline.editing.edit import edit_in_words

        return await asyncio.to_thread(edit_in_words, plan, self.catalog, selection, text)

    async def check(self, plan: Plan) -> tuple[Finding, ...]:
        """Return everything that is wrong or odd about a plan in this workspace."""
        return await findings_on(
            plan, self.catalog, self._tenant, self._database, self._conductor.caps().providers
        )

    async def mending(self, plan: Plan) -> Mending | None:
        """Return the plan as a run would take it, with what it would mend by itself.

        None for a plan that it would refuse; `check` says why.
        """
        here = self._conductor.caps().providers
        return await mending(plan, "", self.catalog, self._tenant, self._database, here)

    # ---- from a plan to results

    async def start(
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
        """Accept a run durably, begin it, and return its id.

        `only` names the steps to run, with all they need; empty means the whole plan. What a
        finished step made already is reused, unless `reuse` is false; the steps of `again`,
        and all that take from them, are made anew; with `alone` only they are. `approve` says
        yes beforehand to every step that waits for a person. `budget` is the most that the run
        may spend, in US dollars: a step that might cost more than is left fails, and what does
        not need it goes on. `priority` says whether its jobs go before those of other runs for
        the same models, or behind. Raises `PlanInvalidError` when the plan does not pass the
        checks.
        """
        terms = Terms(reuse, approve, alone, budget, priority)
        live = await self._accept(plan, only, brief, again, terms)
        return live.run

    async def run(
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
    ) -> AsyncGenerator[Event]:
        """Run a plan, as `start` does, and yield its events until it ends.

        Leaving the loop early cancels it. Where steps wait for a person and nothing else can
        run, it ends for now in the state `waiting`: `approve` them, then `resume` the run.
        """
        terms = Terms(reuse, approve, alone, budget, priority)
        live = await self._accept(plan, only, brief, again, terms)
        async with aclosing(self._conductor.watch_to_end(live, after=0)) as watching:
            async for event in watching:
                yield event

    async def replan(self, run: str, plan: Plan) -> None:
        """Let a run that is at work go on with an edited plan; returns once it does.

        What did not change stays as it is, finished or running; running steps that the edit
        removed or changed are stopped, new ones join. Raises `PlanInvalidError` for a plan that
        can not run, and `InputError` for a run that nobody works on.
        """
        await self._record(run)
        plan, _ = await self._proved(plan, "", self.catalog)
        kept = self._new_id("plan")
        await self._database.write(plans.insert(self._tenant, kept, plan))
        await self._conductor.replan(run, plan, kept)

    async def resume(
        self,
        run: str,
        again: Sequence[str] = (),
        failed: Collection[str] | None = None,
        *,
        budget: float | None = None,
        priority: Priority = Priority.NORMAL,
    ) -> AsyncGenerator[Event]:
        """Go on with a run where it stopped, failed or was cancelled, and yield the new events.

        What succeeded stays; a run that succeeded yields nothing. `again` names steps of
        unknown outcome that a person wants submitted again, although that may cost twice;
        `failed` the failed and cancelled steps that are to be tried again, with what takes from
        them, where not all are. `budget` is the
        most that the whole run may spend, in US dollars, with what it has spent already; without
        one, the one that it has holds.
        Raises `NotFoundError`, and `BusyError` while another process works on the run.
        """
        record = await self._record(run)
        if record.state is RunState.SUCCEEDED:
            return
        live, after = await self._go_on(record, again, failed, budget, priority)
        async with aclosing(self._conductor.watch_to_end(live, after)) as watching:
            async for event in watching:
                yield event

    def watch(self, run: str, after: int = 0) -> AsyncGenerator[Event]:
        """Yield a run's events behind a cursor, then new ones while this process works on it."""
        return self._conductor.watch(run, after)

    def hasten(self) -> None:
        """Wait no longer, from now on, for providers to stop what was called off.

        How it ended is found out later, by whatever works on the workspace then.
        """
        self._router.hasten()

    @override
    async def cancel(self, run: str) -> RunView:
        """Stop a run, whichever process works on it, and return how it then stands."""
        if (await self._record(run)).state in {RunState.RUNNING, RunState.WAITING}:
            await self._conductor.stop(run)
        return await self.show(run)

    async def plan_of(self, run: str) -> Plan:
        """Return the plan a run was made from; raises `NotFoundError`."""
        return await self._plan((await self._record(run)).plan)

    async def approve(self, run: str, steps: Sequence[str] = (), *, approved: bool = True) -> None:
        """Say that steps which wait for a person may run, or that they are to be left out.

        Without `steps`, all that wait now. A run in somebody's hands goes on at once; one that
        ended as `waiting` goes on with `resume`. Raises `NotFoundError` for a step that is not
        in the run, and `InputError` for one that waits for nobody.
        """
        plan = await self.plan_of(run)
        said = await to_say(run, plan, steps, self._database)
        await self._database.write(run_requests.approve(self._tenant, run, said, approved=approved))

    # ---- what there is

    @override
    async def show(self, run: str) -> RunView:
        """Return how a run stands; raises `NotFoundError`."""
        await self._record(run)
        log = await self._database.read(events.of_run(run))
        return await asyncio.to_thread(fold, RunView(run=run), log)

    async def estimate(
        self,
        plan: Plan,
        only: Sequence[str] = (),
        again: Sequence[str] = (),
        *,
        reuse: bool = True,
        budget: float | None = None,
    ) -> Estimate:
        """Return the time and cost a run of the plan would take, from this workspace's history.

        `budget` is that of the run, in US dollars; the workspace's and the tenant's hold besides.
        Where none of them stops it, and its cost is known, the run is not refused anything.
        Raises `PlanInvalidError` for a plan that can not run.
        """
        plan, _ = await self._proved(plan, "", self.catalog)
        steps = outline(plan, self.catalog, only)
        done = await self._conductor.reusable(plan, steps, again) if reuse else ()
        return await self._estimated(plan, steps, done, budget)

    async def estimate_rest(self, run: str, budget: float | None = None) -> Estimate:
        """Return the time and cost of what is left of a run.

        `budget` is for the whole run, in US dollars; without one, the one that it has holds.
        """
        record, view = await self._record(run), await self.show(run)
        plan = await self._plan(record.plan)
        steps = outline(plan, self.catalog, tuple(view.steps))
        done = {name for name, step in view.steps.items() if step.state in DONE_WITH}
        return await self._estimated(plan, steps, done, budget, run)

    async def _estimated(
        self,
        plan: Plan,
        steps: Sequence[StepOutline],
        done: Collection[str],
        budget: float | None,
        run: str | None = None,
    ) -> Estimate:
        from framewright.studio.estimating import estimated

        return await estimated(
            plan,
            steps,
            done,
            budget,
            run=run,
            tenant=self._tenant,
            catalog=self.catalog,
            caps=self._conductor.caps(),
            tools=self._tools,
        )

    async def diff(self, first: str, second: str) -> RunDiff:
        """Compare two runs step by step, their media measured; raises `NotFoundError`."""
        from framewright.studio.run_diff import diff_runs

        records = (await self._record(first), await self._record(second))
        views = (await self.show(first), await self.show(second))
        plans = (await self._plan(records[0].plan), await self._plan(records[1].plan))
        return await asyncio.to_thread(diff_runs, views, plans, self._blobs, self._isolation)

    async def export(self, run: str, folder: Path | str) -> Export:
        """Write a run's results, its plan and a list of them into a folder."""
        record, view = await self._record(run), await self.show(run)
        plan = await self._plan(record.plan)
        return await asyncio.to_thread(write_export, view, plan, Path(folder), self._blobs)

    # ---- inside

    @override
    async def _go_on(
        self,
        record: RunRecord,
        again: Sequence[str],
        failed: Collection[str] | None,
        budget: float | None,
        priority: Priority,
    ) -> tuple[LiveRun, int]:
        """Go on with a run; return it, and the position in the log that its new events follow."""
        plan = await self._plan(record.plan)
        refuse_errors(await self.check(plan))
        most = Terms(budget=budget).most
        live = await self._conductor.take(record.id, priority)
        after = await self._database.newest()
        await self._conductor.go_on(live, plan, again, failed, most)
        return live, after

    @override
    async def _accept(
        self,
        plan: Plan,
        only: Sequence[str],
        brief: str,
        again: Sequence[str],
        terms: Terms,
        once: tuple[str, str] | None = None,
    ) -> LiveRun:
        catalog = self.catalog
        plan, mended = await self._proved(plan, brief, catalog)
        steps = outline(plan, catalog, only)
        self._refuse_idle(plan, catalog, steps, again)
        run, kept = self._new_id("run"), self._new_id("plan")
        live = await self._conductor.take(run, terms.priority)
        if once is not None:
            try:
                await self._claim(live, *once)
            except BaseException:
                self._conductor.let_go(live)
                raise
        self._database.post(plans.insert(self._tenant, kept, plan))
        if brief:
            turn = TurnTaken(brief=brief, understood=plan.title, plan=kept)
            self._database.post(events.append(self._tenant, live.run, turn))
        body = RunCreated(title=plan.title, plan=kept, steps=steps)
        await self._conductor.begin(live, plan, body, mended, again, terms)
        return live

    def _refuse_idle(
        self, plan: Plan, catalog: Catalog, steps: Sequence[StepOutline], again: Sequence[str]
    ) -> None:
        """Refuse a run that could not end well, before anything of it is on record or paid."""
        here = {step.id for step in steps}
        asked = plan.model_copy(update={"steps": tuple(s for s in plan.steps if s.id in here)})
        installed = self._conductor.caps().providers
        if absent := tuple(check_providers(asked, catalog, installed)):
            raise PlanInvalidError(absent[0].message, action=absent[0].fix or "")
        if again:
            # Names that are no steps at all are said to be that.
            outline(plan, catalog, again)
        if idle := sorted(set(again) - here):
            message = f"{idle[0]} is to be made again, and is not among the steps of this run."
            raise InputError(message, action="Name it with --only too, or leave it out.")

    async def _proved(
        self, plan: Plan, brief: str, catalog: Catalog
    ) -> tuple[Plan, dict[str, tuple[Finding, ...]]]:
        here = self._conductor.caps().providers
        return await proved(plan, brief, catalog, self._tenant, self._database, here)

    async def _plan(self, plan: str) -> Plan:
        found = await self._database.read(plans.find(self._tenant, plan))
        if found is None:
            raise NotFoundError(f"The plan {plan} is missing from the workspace.")
        return found

    @override
    def _new_id(self, prefix: str) -> str:
        return new_id(prefix, self._clock.now_ms(), self._chance)


async def _sweep(router: Router) -> None:
    """Look after what nobody carries, as long as the workspace is open."""
    while True:
        # Not at once: most commands are over before, and leave it to those that stay.
        await asyncio.sleep(SWEEP_SECONDS)
        try:
            await router.sweep()
        except StorageError as error:
            _log.warning("sweeping: %s", error)
        except Exception:  # noqa: BLE001 - whatever is wrong with one job, the workspace stays open
            _log.warning("sweeping", exc_info=True)
