"""Carries a job whose turn has come, attempt after attempt, until one is its last."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from framewright.correlation import now_known
from framewright.domain.job import BackingOff, JobState, Phase
from framewright.router import outcomes
from framewright.router.retry import MOST_TOLD_SECONDS, pause_seconds
from framewright.store import attempts, health

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from framewright.domain.ids import Random
    from framewright.domain.job import JobError, JobRequest, JobResult
    from framewright.protocols import Working
    from framewright.router.carried_job import CarriedJob
    from framewright.router.carrier import Carrier
    from framewright.router.dispatch import Dispatcher
    from framewright.router.metrics import Metrics
    from framewright.store.database import Database

    Tell = Callable[[Working | BackingOff], None]
    Pause = Callable[[float], Awaitable[None]]

_log = logging.getLogger("framewright.router")


class Trier:
    """Tries jobs again whose failure may pass; belongs to one event loop."""

    def __init__(
        self,
        database: Database,
        carrier: Carrier,
        dispatcher: Dispatcher,
        chance: Random,
        pause: Pause,
        metrics: Metrics,
    ) -> None:
        self._database = database
        self._carrier = carrier
        self._dispatcher = dispatcher
        self._chance = chance
        self._pause = pause
        self._metrics = metrics

    async def carry(self, job: CarriedJob, tell: Tell) -> JobResult:
        """Make attempt after attempt until one succeeds, or no other may help."""
        while True:
            result = await self._carrier.attempt(job, tell)
            error = result.error
            if result.state is not JobState.DEAD or error is None:
                return result
            seconds = pause_seconds(error, job.attempt, self._chance)
            if error.code != outcomes.STOPPED:
                self._note(job, error, seconds)
            if seconds is None:
                return await self._carrier.settle(job, result)
            self._metrics.retried(job.request, error)
            tell(BackingOff(attempt=job.attempt, pause_seconds=seconds, error=error))
            await self._back_off(job, error, seconds, result.cost)

    async def _back_off(
        self, job: CarriedJob, error: JobError, seconds: float, cost: float
    ) -> None:
        """Put a failed attempt and what it cost on record, and wait until the next may begin."""
        assert job.epoch is not None
        epoch = job.epoch
        operation = attempts.back_off(job.id, epoch, error, int(seconds * 1_000), cost)
        if not await self._database.write(operation):
            raise outcomes.taken_away(job.request)
        _log.info(
            "attempt %d failed, the next is in %.1f s: %s", job.attempt, seconds, error.message
        )
        now_known(remote_id="")
        job.attempt, job.submission = job.attempt + 1, job.submission + 1
        job.phase, job.remote_id = Phase.NONE, None
        job.sent_ms, job.to_be_stopped = None, False
        # What is still to be heard is of the submission that failed, and says nothing of the next.
        job.news = asyncio.Queue()
        self._dispatcher.freed()
        await self.wait(job, epoch, seconds)

    async def wait(self, job: CarriedJob, epoch: int, seconds: float) -> None:
        """Let a job's time go by, and then wait for its turn."""
        job.epoch = None
        job.hurry.clear()
        over = asyncio.ensure_future(self._pause(seconds))
        hurried = asyncio.ensure_future(job.hurry.wait())
        try:
            await asyncio.wait({over, hurried}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            over.cancel()
            hurried.cancel()
        turn = self._dispatcher.turn(job.id, job.request, owned=True)
        if not await self._database.write(attempts.try_again(job.id, epoch)):
            raise outcomes.taken_away(job.request)
        job.begins(await turn)

    def _note(self, job: CarriedJob, error: JobError, seconds: float | None) -> None:
        """Keep account of how well a model answers."""
        asked = seconds if seconds is not None else error.retry_after_seconds
        pause_ms = int(min(asked or 0.0, MOST_TOLD_SECONDS) * 1_000)
        kind = (job.request.provider, job.request.model)
        noted = self._database.post(health.suffered(*kind, job.id, error, pause_ms))
        noted.add_done_callback(lambda opened: self._count_opening(job.request, opened))

    def _count_opening(self, request: JobRequest, opened: asyncio.Future[bool]) -> None:
        if not opened.cancelled() and opened.exception() is None and opened.result():
            self._metrics.opened(request)
