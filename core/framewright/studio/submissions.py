"""Runs that programs ask for: once for each key of theirs, and in the background."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, NamedTuple

from framewright.domain.plan import Plan, Step
from framewright.domain.priority import Priority
from framewright.domain.run import RunState
from framewright.errors import (
    BusyError,
    FramewrightError,
    InputError,
    NotFoundError,
    WorkFailedError,
)
from framewright.store import submissions
from framewright.studio.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from framewright.domain.job import JobState, JobSummary
    from framewright.projection.run_view import RunView
    from framewright.store.database import Database
    from framewright.store.runs import RunRecord
    from framewright.studio.conductor import Conductor
    from framewright.studio.live_catalog import LiveCatalog
    from framewright.studio.live_run import LiveRun

CALL = "call"
"""The only step of a run that is one call of a model."""
LOOK_SECONDS = 0.02
_log = logging.getLogger("framewright.studio")


class Submission(NamedTuple):
    """A run that was asked for, and whether this question began it."""

    run: str
    new: bool


class KeyReusedError(InputError):
    """A key of the asker's stands for something else."""

    code = "key-reused"
    default_action = "Use a new key for a new request."


class Submissions:
    """The part of a studio that takes work from programs."""

    _catalogs: LiveCatalog
    _tenant: str
    _database: Database
    _conductor: Conductor

    def _new_id(self, prefix: str) -> str:
        raise NotImplementedError

    async def _record(self, run: str) -> RunRecord:
        raise NotImplementedError

    async def _accept(
        self,
        plan: Plan,
        only: Sequence[str],
        brief: str,
        again: Sequence[str],
        terms: Terms,
        once: tuple[str, str] | None = None,
    ) -> LiveRun:
        raise NotImplementedError

    async def _go_on(
        self,
        record: RunRecord,
        again: Sequence[str],
        failed: Collection[str] | None,
        budget: float | None,
        priority: Priority,
    ) -> tuple[LiveRun, int]:
        raise NotImplementedError

    async def jobs(
        self,
        state: JobState | None = None,
        run: str | None = None,
        most: int = 100,
        before: tuple[int, str] | None = None,
    ) -> tuple[JobSummary, ...]:
        """Return the newest jobs."""
        raise NotImplementedError

    async def show(self, run: str) -> RunView:
        """Return how a run stands."""
        raise NotImplementedError

    async def cancel(self, run: str) -> RunView:
        """Stop a run."""
        raise NotImplementedError

    def of_tenant(self, tenant: str) -> Submissions:
        """Return the same workspace for another tenant."""
        raise NotImplementedError

    async def submit(
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
        """Accept a run as `start` does, once for each `key`; it goes on after a restart.

        `asked` stands for all that was asked for: the same key with another one raises
        `KeyReusedError`. Raises `BusyError` while the same is being accepted elsewhere.
        """
        if key is not None and (known := await self.submitted(key, asked)) is not None:
            return known
        terms = Terms(reuse, approve, alone=False, budget=budget, priority=priority)
        try:
            live = await self._accept(plan, (), brief, (), terms, (key or "", asked))
        except BusyError:
            if key is not None and (known := await self.submitted(key, asked)) is not None:
                return known
            raise
        return Submission(live.run, new=True)

    async def submitted(self, key: str, asked: str) -> Submission | None:
        """Return what was asked for under a key; None for nothing yet.

        Raises `KeyReusedError` where that was something else.
        """
        found = await self._database.read(submissions.find(self._tenant, key))
        if found is None or not found.accepted:
            return None
        if found.digest != asked:
            raise KeyReusedError("This key was used for another request before.")
        return Submission(found.run, new=False)

    async def call(
        self,
        model: str,
        inputs: Mapping[str, Any],
        key: str | None = None,
        asked: str = "",
        *,
        budget: float | None = None,
        priority: Priority = Priority.NORMAL,
    ) -> tuple[JobSummary, bool]:
        """Have a model called once, and return its job as soon as that is on record.

        It is a run of one step. `key` and `asked` as with `submit`; the second answer says
        whether the job is new. Raises `PlanInvalidError` for inputs that the model does not take,
        and `WorkFailedError` where there is no job because they could not be prepared.
        """
        card = self._catalogs.now().cards.get(model)
        if card is None:
            message = f"There is no model {model[:200]} in this workspace."
            raise NotFoundError(message, action="`framewright models` lists them.")
        step = Step(id=CALL, title=card.id, kind=card.kind, model=card.id, inputs=dict(inputs))
        plan = Plan(title=card.id, steps=(step,))
        # Who calls a model wants a result of its own.
        terms = {"reuse": False, "budget": budget, "priority": priority}
        run, new = await self.submit(plan, key, asked, **terms)  # type: ignore[arg-type]
        return await self._job_of(run), new

    async def _job_of(self, run: str) -> JobSummary:
        """Wait until the router has the job of a call."""
        while True:
            live = self._conductor.is_live(run)
            if found := await self.jobs(run=run, most=1):
                return found[0]
            if not live:
                error = (await self.show(run)).steps[CALL].error
                if error is None:
                    message = f"{run} was left before its model was called."
                    raise BusyError(message, action="Resume the run.")
                raise WorkFailedError(error.message, action=error.action)
            # The router accepts it on its own; there is no event of that.
            await asyncio.sleep(LOOK_SECONDS)

    async def go_on(
        self,
        run: str,
        again: Sequence[str] = (),
        failed: Collection[str] | None = None,
        *,
        budget: float | None = None,
        priority: Priority = Priority.NORMAL,
    ) -> None:
        """Go on with a run as `resume` does, in the background; returns once it has begun."""
        record = await self._record(run)
        if record.state is not RunState.SUCCEEDED:
            await self._go_on(record, again, failed, budget, priority)

    async def take_up_left(self) -> tuple[str, ...]:
        """Go on with the runs of all tenants that programs asked for and nobody works on.

        Returns their ids. One that can not go on is logged, and left as it is.
        """
        taken: list[str] = []
        for tenant, run, to_be_stopped in await self._database.read(submissions.unfinished()):
            if self._conductor.is_live(run):
                continue
            theirs = self.of_tenant(tenant)
            try:
                # What was to be stopped when its process ended is stopped now.
                await (theirs.cancel(run) if to_be_stopped else theirs.go_on(run))
            except FramewrightError as error:
                _log.warning("%s can not go on: %s", run, error)
            else:
                taken.append(run)
        return tuple(taken)

    async def leave(self) -> None:
        """Let go of every run of this process as it stands; nothing is stopped at a provider.

        `take_up_left` and `resume` go on with them, in any process.
        """
        await self._conductor.leave_all()

    async def _claim(self, live: LiveRun, key: str, asked: str) -> None:
        """Let a key stand for a run that was taken; raises `BusyError` where it has another."""
        name = key or live.run
        found = await self._database.read(submissions.find(self._tenant, name))
        left = None if found is None else found.run
        # Whoever is accepting a run holds its lock.
        busy = found is not None and (found.accepted or self._conductor.is_live(found.run))
        claim = submissions.claim(self._tenant, name, asked, live.run, left)
        if busy or not await self._database.write(claim):
            message = "The same was asked for at the same time."
            raise BusyError(message, action="Ask again.")
