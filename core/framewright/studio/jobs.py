"""The router's jobs, for people: looked at, stopped, begun anew, thrown away."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from framewright.checks.fields import check_fields
from framewright.domain.finding import errors
from framewright.domain.job import TERMINAL, JobState
from framewright.domain.money import dollars
from framewright.domain.plan import Plan, Step, StepKind
from framewright.domain.run import GOOD
from framewright.errors import InputError, NotFoundError
from framewright.executor.resume import job_key, step_of
from framewright.projection.pricing import cost
from framewright.store import attempts, budgets, dead_letters, jobs, runs

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from framewright.domain.budget import Spend
    from framewright.domain.job import JobSummary, QueueRow
    from framewright.protocols import Clock
    from framewright.router.router import Router
    from framewright.store.database import Database
    from framewright.store.runs import RunRecord
    from framewright.studio.live_catalog import LiveCatalog
    from framewright.studio.workspace import Workspace

LOOK_SECONDS = 0.1
STOPPED_SECONDS = 10.0
"""How long it is waited for a job to stop that another process carries."""
MOST_DEAD = 10_000
DAY_MS = 86_400_000


class Jobs:
    """The part of a studio that looks after single jobs."""

    workspace: Workspace
    _catalogs: LiveCatalog
    _tenant: str
    _database: Database
    _router: Router
    _clock: Clock

    async def _record(self, run: str) -> RunRecord:
        raise NotImplementedError

    async def jobs(
        self,
        state: JobState | None = None,
        run: str | None = None,
        most: int = 100,
        before: tuple[int, str] | None = None,
    ) -> tuple[JobSummary, ...]:
        """Return the newest jobs, newest first: all, those in a state, or those of a run.

        `before` is where the last page ended, as in `runs`.
        """
        from framewright.store.library import list_jobs

        if run is not None:
            await self._record(run)
        place, tenant = self.workspace.place, self._tenant
        return await asyncio.to_thread(list_jobs, place, tenant, state, run, None, most, before)

    async def job(self, job: str) -> JobSummary:
        """Return one job with its failed attempts; raises `NotFoundError`."""
        from framewright.store.library import list_jobs

        place, tenant = self.workspace.place, self._tenant
        found = await asyncio.to_thread(list_jobs, place, tenant, None, None, job, 1)
        if not found:
            message = f"There is no job {job} in {self.workspace.folder}."
            raise NotFoundError(message, action="`framewright jobs list` lists them.")
        log = await self._database.read(attempts.of_job(job))
        request = await self._database.read(jobs.request(job))
        return found[0].model_copy(update={"attempts": log, "inputs": request.inputs})

    async def queue(self) -> tuple[QueueRow, ...]:
        """Return how many jobs of all processes wait and run, by tenant, provider and model."""
        return await self._router.queue()

    async def spending(self) -> tuple[Spend, ...]:
        """Return what the workspace and each tenant have spent and reserved in their window."""
        return await self._router.spending()

    async def spent_on(self, run: str) -> float:
        """Return what a run's jobs have cost so far, in US dollars, every attempt of them."""
        _, spent, _ = await self._database.read(budgets.of_run(self._tenant, run))
        return dollars(spent)

    async def dead_jobs(self, run: str | None = None) -> tuple[JobSummary, ...]:
        """Return the jobs that failed for good, newest first, of one run or of all.

        Those whose step has gone on since, with another job, are not among them.
        """
        found = await self.jobs(JobState.DEAD, run, MOST_DEAD)
        wanted = await self._open_keys({job.correlation for job in found})
        return tuple(job for job in found if job.key in wanted.get(job.correlation, {job.key}))

    async def _open_keys(self, asked: Collection[str]) -> dict[str, set[str]]:
        """Return the keys that the unfinished steps of runs stand on; nothing for what is none."""
        found = {run: await self._database.read(runs.steps(run)) for run in asked}
        return {
            run: {job_key(run, step) for step in records if step.state not in GOOD}
            for run, records in found.items()
            if records
        }

    async def cancel_job(self, job: str) -> JobSummary:
        """Stop one job, at its provider too, and return how it stands; its run goes on without.

        One that is stopped by another process may still be at it when this returns.
        """
        found = await self.job(job)
        if found.state not in TERMINAL:
            await self._router.call_off(self._tenant, found.key)
            waited = 0.0
            # Another process ends it: there is no event to wait for.
            while (found := await self.job(job)).state not in TERMINAL | {JobState.UNKNOWN}:
                if waited >= STOPPED_SECONDS:
                    break
                await asyncio.sleep(LOOK_SECONDS)
                waited += LOOK_SECONDS
        return found

    async def hurry_job(self, job: str) -> bool:
        """Let a job that waits for its next attempt begin it now; False where none does."""
        found = await self.job(job)
        return await self._router.hurry(self._tenant, found.key)

    async def found_job(self, job: str, remote_id: str) -> None:
        """Say what the provider calls a job of unknown outcome: a person looked there.

        It is followed further once its run is resumed. Raises `InputError` for a job whose
        outcome is not open, and for an id that the provider does not know, or that is another
        job's.
        """
        found = await self.job(job)
        if (other := await self._database.read(jobs.called(found.provider, remote_id))) is not None:
            message = f"{remote_id} is {other} already."
            raise InputError(message, action=f"`framewright jobs show {other}` tells.")
        if found.state is JobState.UNKNOWN:
            said = await self._router.knows(found.provider, remote_id)
            if said is not None:
                action = f"Look for the id that {found.provider} gave it."
                raise InputError(f"{found.provider}: {said.message}", action=action)
        if not await self._database.write(jobs.found(job, remote_id)):
            known = found.remote_id is not None
            what = "what its provider calls it" if known else "what became of it"
            message = f"{job} is {found.state.word}: it is known {what}."
            raise InputError(message, action=f"`framewright jobs show {job}` tells.")

    async def redrive(
        self, letters: Sequence[str], changes: Mapping[str, Any] | None = None
    ) -> Mapping[str, tuple[str, ...]]:
        """Let dead jobs begin anew, with some inputs changed.

        Returns the runs they are of, with their steps: they begin once a run is resumed with
        these as its `failed`. Raises `NotFoundError` for a job that is not there, and
        `InputError` for one that is not dead or changes its model does not take; then none
        begins.
        """
        found = [await self.job(each) for each in dict.fromkeys(letters)]
        for each in found:
            if each.state is not JobState.DEAD:
                message = f"{each.id} is {each.state.word}, not dead."
                raise InputError(message, action="`framewright jobs dead` lists those that are.")
            if changes:
                self._refuse_wrong(each, changes)
        wanted = await self._open_keys({each.correlation for each in found})
        for each in found:
            if each.key not in wanted.get(each.correlation, {each.key}):
                message = f"{each.id} is past: its step has gone on with another job."
                again = f"framewright rerun {each.correlation} --step {step_of(each.key)}"
                raise InputError(message, action=f"Make the step anew: {again}")
        steps: dict[str, tuple[str, ...]] = {}
        for each in found:
            reserve = self._most(each, changes) if changes else 0
            asked = dead_letters.redrive(self._tenant, each.id, dict(changes or {}), reserve)
            await self._database.write(asked)
            steps[each.correlation] = (*steps.get(each.correlation, ()), step_of(each.key))
        return steps

    async def purge_jobs(self, older_than_days: float, *, dead: bool = False) -> int:
        """Throw away the records of jobs that ended so long ago; return how many they were.

        The dead ones stay, unless `dead`. What the jobs have made stays in any case; jobs of
        runs that are not over stay too.
        """
        before = self._clock.now_ms() - int(older_than_days * DAY_MS)
        asked = dead_letters.purge(self._tenant, before, dead=dead)
        gone = 0
        while batch := await self._database.write(asked):
            gone += batch
        return gone

    def _most(self, job: JobSummary, changes: Mapping[str, Any]) -> int | None:
        """Return the most that a changed job may cost; None where its model has no price."""
        found = cost(self._catalogs.now().cards[job.model], {**(job.inputs or {}), **changes}, ())
        return None if found is None else found.reserve

    def _refuse_wrong(self, job: JobSummary, changes: Mapping[str, Any]) -> None:
        """Refuse changes that a job's model does not take, before anything is asked of it."""
        card = self._catalogs.now().cards.get(job.model)
        if card is None:
            message = f"{job.model} is not in this workspace's catalogs any more."
            raise InputError(message, action="Redrive it as it was, or bring its catalog back.")
        inputs = {**(job.inputs or {}), **changes}
        name = step_of(job.key)
        step = Step(id=name, title=name, kind=StepKind.UTILITY, model=card.id, inputs=inputs)
        plan = Plan(title=job.id, steps=(step,))
        if wrong := errors(tuple(check_fields(plan, self._catalogs.now()))):
            words = f"{wrong[0].message} {wrong[0].fix or ''}".strip()
            raise InputError(words, action="Give an input that its model takes.")
