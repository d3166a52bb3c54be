"""Begins, watches, resumes and stops runs; knows which of them this process works on."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING

from pydantic import ValidationError

from framewright.domain.event import RunEnded, StepChanged
from framewright.domain.finding import errors
from framewright.domain.priority import Priority
from framewright.domain.run import FINISHED, GOOD, RunState, StepState
from framewright.errors import BusyError, FramewrightError, InputError, StoreUnreachableError
from framewright.executor.outline import outline
from framewright.executor.replan import Replanned
from framewright.executor.resume import give_up_unknown, job_key, reopened, with_followers
from framewright.executor.reuse import reusable, reuse_keys
from framewright.executor.run import run_to_end
from framewright.executor.work import Work
from framewright.projection.schedule import Caps
from framewright.store import assets, budgets, events, jobs, plans, run_requests, runs
from framewright.studio.heeding import LOOK_SECONDS, heed
from framewright.studio.live_run import LiveRun
from framewright.studio.proving import findings_on
from framewright.studio.taking_plans import hand_plan, leave_plan
from framewright.studio.terms import Terms

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Mapping, Sequence

    from framewright.catalog.catalog import Catalog
    from framewright.domain.event import Event, RunCreated, StepOutline
    from framewright.domain.finding import Finding
    from framewright.domain.job import JobRequest
    from framewright.domain.plan import Plan
    from framewright.executor.work import Tools
    from framewright.projection.pricing import Measured
    from framewright.store.locks import Lock, Locks
    from framewright.store.runs import StepRecord
    from framewright.studio.live_catalog import LiveCatalog

LOOKS = 5
"""How often a lock is tried before somebody else is said to hold it."""

DEFAULT_TERMS = Terms()


class Conductor:
    """The runs of one tenant; belongs to one event loop, its tasks to the given group."""

    def __init__(
        self,
        tenant: str,
        locks: Locks,
        catalogs: LiveCatalog,
        tools: Tools,
        parallel: int,
        group: asyncio.TaskGroup,
        live: dict[str, LiveRun] | None = None,
    ) -> None:
        self.tenant = tenant
        self._locks = locks
        self._catalogs = catalogs
        self._tools = tools
        self._database = tools.database
        self._parallel = parallel
        self._group = group
        self._live = {} if live is None else live
        """The runs of all tenants that this process works on."""

    def of_tenant(self, tenant: str) -> Conductor:
        """Return the conductor of another tenant's runs in this process."""
        rest = (self._catalogs, self._tools, self._parallel, self._group, self._live)
        return Conductor(tenant, self._locks, *rest)

    async def take(self, run: str, priority: Priority = Priority.NORMAL) -> LiveRun:
        """Become the one who works on a run; raises `BusyError` when somebody else does."""
        lock = self._locks.lock(run)
        if run in self._live or not await self._acquire(lock):
            message = f"Somebody is working on {run} right now."
            raise BusyError(message, action=f"Wait for it, or stop it: framewright cancel {run}")
        live = LiveRun(run, lock, priority)
        self._live[run] = live
        return live

    async def _acquire(self, lock: Lock) -> bool:
        """Take a lock, also from somebody who only looks for a moment whether it is free."""
        for _ in range(LOOKS):
            if lock.try_acquire():
                return True
            await asyncio.sleep(LOOK_SECONDS / LOOKS)
        return False

    async def begin(
        self,
        live: LiveRun,
        plan: Plan,
        body: RunCreated,
        mended: Mapping[str, tuple[Finding, ...]],
        again: Sequence[str] = (),
        terms: Terms = DEFAULT_TERMS,
    ) -> None:
        """Accept a fresh run that was taken and start it; returns once that is on record.

        `mended` says what was changed about which step so that the plan can run.
        It takes over what finished steps have made already, where the terms allow it; not for
        the steps of `again` and what takes from them, which alone are made anew where the terms
        say so. They may give a person's word for every step that waits for it, and a budget.
        """
        tools, steps = self._tools, body.steps
        async with self._letting_go_on_failure(live):
            uploads, catalog = await self._uploads(), self._catalogs.now()
            keys = reuse_keys(plan, catalog, uploads)
            found = {}
            if terms.reuse:
                await self._refuse_unresolved(steps, keys, again)
                found = await reusable(
                    self.tenant, steps, keys, again, tools.database, tools.blobs, alone=terms.alone
                )
            mine = {step.id for step in steps}
            asking = {step.id for step in plan.steps if step.approval and terms.approve} & mine
            self._database.post(runs.create(self.tenant, live.run, body, keys, found))
            for step in mended.keys() & mine:
                self._database.post(runs.mend(self.tenant, live.run, step, mended[step]))
            if asking:
                said = run_requests.approve(self.tenant, live.run, sorted(asking))
                self._database.post(said)
            if terms.most is not None:
                self._database.post(budgets.give(self.tenant, live.run, terms.most))
            history = await self._history(plan, catalog)
            await self._database.write(runs.start(self.tenant, live.run))
            records = [
                runs.fresh(step.id, found.get(step.id), True if step.id in asking else None)
                for step in steps
            ]
            self._set_to_work(live, plan, catalog, steps, records, uploads, keys, history)

    async def _refuse_unresolved(
        self, steps: Sequence[StepOutline], keys: Mapping[str, str], again: Sequence[str]
    ) -> None:
        """Refuse to pay for what another run may have paid for, unless it is asked for anew."""
        wanted = {step.id: keys[step.id] for step in steps if step.id not in again}
        open_jobs = await self._database.read(runs.unresolved(self.tenant, wanted))
        if open_jobs:
            step, job = min(open_jobs.items())
            message = f"{step} was asked for before, and nobody knows what became of {job}."
            action = f"`framewright jobs show {job}` tells how to find out; or --again {step}."
            raise InputError(message, action=action)

    async def reusable(
        self, plan: Plan, steps: Sequence[StepOutline], again: Sequence[str]
    ) -> frozenset[str]:
        """Return the steps that a run of the plan would take over instead of making them."""
        keys = reuse_keys(plan, self._catalogs.now(), await self._uploads())
        tools = self._tools
        found = await reusable(self.tenant, steps, keys, again, tools.database, tools.blobs)
        return frozenset(found)

    def caps(self) -> Caps:
        """Return how many jobs may run at the same time."""
        limits, mine = self._tools.router.limits, self.tenant
        models = dict(limits.models)
        for (tenant, model), most in limits.tenant_models.items():
            if tenant == mine:
                models[model] = min(most, models.get(model, most))
        together = min(self._parallel, limits.tenants.get(mine, self._parallel))
        # A cap of nothing lets nothing begin: no time could be told.
        return Caps(
            max(1, together),
            {name: max(1, most) for name, most in limits.providers.items()},
            {name: max(1, most) for name, most in models.items()},
            limits.per_second,
        )

    async def replan(self, run: str, plan: Plan, kept_as: str) -> None:
        """Let a run go on with another plan, kept under that id; returns once it does.

        Raises `InputError` for a run that nobody works on.
        """
        if live := self._live.get(run):
            await hand_plan(live, await self._replanned(plan, kept_as, self._catalogs.now()))
            return
        await leave_plan(run, kept_as, self._database, lambda: self.is_live(run))

    async def _replanned(self, plan: Plan, kept_as: str, catalog: Catalog) -> Replanned:
        keys = reuse_keys(plan, catalog, await self._uploads())
        steps = outline(plan, catalog)
        tools = self._tools
        found = await reusable(self.tenant, steps, keys, (), tools.database, tools.blobs)
        return Replanned(plan, kept_as, steps, keys, found)

    async def go_on(
        self,
        live: LiveRun,
        plan: Plan,
        again: Sequence[str] = (),
        failed: Collection[str] | None = None,
        most: int | None = None,
    ) -> None:
        """Go on with a run that was taken; returns once that is on record.

        `failed` names the failed and cancelled steps that are to be tried again, with what
        takes from them; None for all. `most`
        is the run's budget from now on, in millionths of a dollar; None for the one it has.
        """
        catalog = self._catalogs.now()
        async with self._letting_go_on_failure(live):
            named = None if failed is None else with_followers(failed, plan)
            open_again = await reopened(self.tenant, live.run, again, self._database, named)
            await give_up_unknown(self.tenant, live.run, again, self._database)
            if most is not None:
                self._database.post(budgets.give(self.tenant, live.run, most))
            history = await self._history(plan, catalog)
            begun = runs.start(self.tenant, live.run, resumed=True, reopened=open_again)
            await self._database.write(begun)
            there = {step.id for step in plan.steps}
            # What an edit took out of the plan stays on record, and does not run.
            records = [
                record
                for record in await self._database.read(runs.steps(live.run))
                if record.step in there
            ]
            steps = outline(plan, catalog, [record.step for record in records])
            uploads = await self._uploads()
            keys = reuse_keys(plan, catalog, uploads)
            # A step that asks anew has a key that nobody used.
            unmade = [each for each in records if each.state not in GOOD]
            at_hand = {job_key(live.run, each): each.step for each in unmade}
            asked = await self._database.read(jobs.requests(self.tenant, at_hand))
            on_record = {at_hand[key]: request for key, request in asked.items()}
            known = (uploads, keys, history, on_record)
            self._set_to_work(live, plan, catalog, steps, records, *known)

    def _set_to_work(
        self,
        live: LiveRun,
        plan: Plan,
        catalog: Catalog,
        steps: Sequence[StepOutline],
        records: Sequence[StepRecord],
        uploads: dict[str, str],
        keys: dict[str, str],
        history: Mapping[str, Sequence[Measured]],
        asked: Mapping[str, JobRequest] = MappingProxyType({}),
    ) -> None:
        here = {step.id for step in steps}
        work = Work(
            tenant=self.tenant,
            run=live.run,
            plan=plan,
            catalog=catalog,
            steps=tuple(steps),
            records=tuple(records),
            uploads=uploads,
            parallel=self._parallel,
            keys={step: key for step, key in keys.items() if step in here},
            history=history,
            asked=asked,
            priority=live.priority,
        )
        live.task = self._group.create_task(self._work_on(live, work), name=live.run)

    async def _history(self, plan: Plan, catalog: Catalog) -> Mapping[str, Sequence[Measured]]:
        """Return what jobs of models have cost here, where a plan has some without a price."""
        models = {step.model or "" for step in plan.steps}
        if all(catalog.cards[name].price is not None for name in models):
            return {}
        from framewright.studio.estimating import measured

        return await measured(self.tenant, self._tools)

    async def _uploads(self) -> dict[str, str]:
        """Return the hash of the file behind each upload id."""
        known = await self._database.read(assets.uploads(self.tenant))
        return {upload.id: upload.file.hash for upload in known}

    @asynccontextmanager
    async def _letting_go_on_failure(self, live: LiveRun) -> AsyncGenerator[None]:
        try:
            yield
        except BaseException:
            self._let_go(live)
            raise

    async def watch(self, run: str, after: int) -> AsyncGenerator[Event]:
        """Yield a run's events behind a cursor, then new ones while this process works on it."""
        bell = self._database.feed.listen()
        cursor = after
        try:
            while True:
                bell.clear()
                finished = run not in self._live
                elsewhere, bell.elsewhere = bell.elsewhere, False
                batch = None if elsewhere else self._database.feed.since(cursor)
                if batch is None:
                    try:
                        batch = await self._database.read(events.of_run(run, cursor))
                    except StoreUnreachableError:
                        if finished:
                            raise
                        # It works on: whoever looks on must not be what stops it.
                        bell.elsewhere = True
                        await asyncio.sleep(LOOK_SECONDS)
                        continue
                for event in batch:
                    cursor = event.seq
                    if event.run == run:
                        yield event
                if not batch and finished:
                    return
                if not batch:
                    await bell.wait()
        finally:
            self._database.feed.hang_up(bell)

    async def watch_to_end(self, live: LiveRun, after: int) -> AsyncGenerator[Event]:
        """Yield the events of a run until it ends; leaving early cancels it.

        Raises what kept it from ending, for example `StorageFullError`.
        """
        try:
            async for event in self.watch(live.run, after):
                yield event
                if isinstance(event.body, RunEnded):
                    break
            await live.done.wait()
        finally:
            live.word.cancel.set()
            await live.done.wait()
        if live.problem is not None:
            raise live.problem

    async def stop(self, run: str) -> None:
        """Stop an unfinished run, whichever process works on it; returns when it has ended."""
        await self._database.write(run_requests.ask_to_cancel(self.tenant, run))
        if live := self._live.get(run):
            live.word.cancel.set()
            await live.done.wait()
            return
        lock = self._locks.lock(run)
        # The lock belongs to another process: there is no event to wait for.
        while not lock.try_acquire():  # noqa: ASYNC110
            await asyncio.sleep(LOOK_SECONDS)
        try:
            await self._end_abandoned(run)
        finally:
            lock.release(remove=True)

    def stop_all(self) -> None:
        """Ask every run of this process to end."""
        for live in self._live.values():
            live.word.cancel.set()

    async def leave_all(self) -> None:
        """Let go of every run of this process as it stands: `resume` goes on with it.

        What works at a remote provider goes on there.
        """
        for live in tuple(self._live.values()):
            if live.task is None:
                continue
            self._tools.router.left_alone.add(live.run)
            live.task.cancel()
            await asyncio.wait([live.task])
            if live.run in self._live:
                # A task that was cancelled before it began never reached its own end.
                self._let_go(live)

    def let_go(self, live: LiveRun) -> None:
        """Let go of a run that was taken and is not begun after all."""
        self._let_go(live)

    def is_live(self, run: str) -> bool:
        """Tell whether any process works on the run."""
        if run in self._live:
            return True
        return self._locks.lock(run).is_held()

    async def _work_on(self, live: LiveRun, work: Work) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                heeding = group.create_task(self._heed(live))
                await run_to_end(work, self._tools, live.word)
                heeding.cancel()
        except* FramewrightError as problems:
            live.problem = _first(problems)
        finally:
            self._let_go(live)

    async def _heed(self, live: LiveRun) -> None:
        try:
            await heed(live, self._database, self._proved_here)
        except FramewrightError:
            # What its jobs have come to is for whoever goes on with them.
            self._tools.router.left_alone.add(live.run)
            raise

    async def _proved_here(self, kept_as: str) -> Replanned | None:
        """Return a stored plan for a run to go on with; None where this process can not run it."""
        try:
            plan = await self._database.read(plans.find(self.tenant, kept_as))
        except ValidationError:
            # A newer program may have left it, with words that this one does not know.
            return None
        if plan is None:
            return None
        here = self.caps().providers
        catalog = self._catalogs.now()
        found = await findings_on(plan, catalog, self.tenant, self._database, here)
        return None if errors(found) else await self._replanned(plan, kept_as, catalog)

    async def _end_abandoned(self, run: str) -> None:
        """End a run that nobody works on, unless its worker ended it just now."""
        record = await self._database.read(runs.find(self.tenant, run))
        if record is None or record.state not in {RunState.RUNNING, RunState.WAITING}:
            return
        steps = await self._database.read(runs.steps(run))
        unfinished = [step for step in steps if step.state not in FINISHED]
        call_off = self._tools.router.call_off
        # All at once: each may take its time to be stopped at its provider.
        asked = (call_off(self.tenant, job_key(run, step)) for step in unfinished)
        ends = await asyncio.gather(*asked, return_exceptions=True)
        if problems := [each for each in ends if isinstance(each, BaseException)]:
            raise problems[0]
        for step in unfinished:
            gone = StepChanged(step=step.step, state=StepState.CANCELLED)
            self._database.post(runs.settle(self.tenant, run, gone))
        await self._database.write(runs.end(self.tenant, run, RunState.CANCELLED))

    def _let_go(self, live: LiveRun) -> None:
        live.lock.release(remove=True)
        del self._live[live.run]
        live.done.set()
        self._database.feed.publish(())


def _first(problems: BaseExceptionGroup[FramewrightError]) -> FramewrightError:
    inner: BaseException = problems
    while isinstance(inner, BaseExceptionGroup):
        inner = inner.exceptions[0]
    assert isinstance(inner, FramewrightError)
    return inner
