"""One attempt of one job: handed to its provider, followed, brought home.

For a provider that outlives this process there is a record before the submission leaves and one
behind its answer: in between nobody can know whether the provider has the job.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from framewright.correlation import now_known
from framewright.domain.job import ErrorCategory, JobResult, JobState, Phase
from framewright.domain.money import charged, words
from framewright.errors import BusyError, FramewrightError, ProviderError, StorageError
from framewright.protocols import Allows, Finished, ProviderFailure, SubmitError, Working
from framewright.router import outcomes
from framewright.router.collect import collect
from framewright.router.following import OverdueError, follow
from framewright.router.requests import is_own_work, provider_request
from framewright.router.retry import pause_seconds
from framewright.router.stopping import stopped
from framewright.router.turning_up import turns_up
from framewright.store import assets, ends, health, jobs, rates

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from framewright.domain.ids import Random
    from framewright.isolation import Isolation
    from framewright.protocols import Clock, ProviderRequest
    from framewright.router.carried_job import CarriedJob
    from framewright.router.collect import Collected
    from framewright.router.metrics import Metrics
    from framewright.store.blobs import Blobs
    from framewright.store.database import Database

    Pause = Callable[[float], Awaitable[None]]

SUBMIT_SECONDS = 600.0
"""How long a provider may take to accept a job; after that nobody knows whether it has."""
LEAST_SECONDS = 60.0
"""How long a job that was taken over may still work, however the clock was set meanwhile."""
FETCH_SECONDS = 1_800.0
"""How long the results of one job may take to come."""
_log = logging.getLogger("framewright.router")
_T = TypeVar("_T")


class Carrier:
    """Carries jobs to their providers for one owner."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        owner: str,
        chance: Random,
        pause: Pause,
        most_seconds: float,
        metrics: Metrics,
        clock: Clock,
        isolation: Isolation,
    ) -> None:
        """Carry jobs for an owner; `most_seconds` is how long one may work at a remote provider."""
        self._isolation = isolation
        self._metrics = metrics
        self._clock = clock
        self._database = database
        self._blobs = blobs
        self._owner = owner
        self._chance = chance
        self._pause = pause
        self._most_seconds = most_seconds
        self.haste = asyncio.Event()
        """Set where nobody waits any longer for what is being stopped."""

    async def attempt(self, job: CarriedJob, tell: Callable[[Working], None]) -> JobResult:
        """Submit a job whose turn it is, or follow it further, and return how that ended.

        A success is on record then. A failure is not: it may be worth another attempt.
        Raises `StorageError` when the workspace can not be written, and `BusyError` when the job
        changed hands meanwhile.
        """
        result: JobResult | None = None
        try:
            result = await self._attempt(job, tell)
            return result
        finally:
            self._metrics.attempted(job.request, result)

    async def _attempt(self, job: CarriedJob, tell: Callable[[Working], None]) -> JobResult:
        try:
            return await self._try(job, tell)
        except (StorageError, BusyError):
            raise
        except OverdueError:
            return await self._stop_overdue(job)
        except SubmitError as error:
            if self._was_refused(job):
                return outcomes.failed(error.failure)
            _log.exception("job %s of %s", job.id, job.request.model)
        except FramewrightError as error:
            if self._was_refused(job):
                return outcomes.broken(error.message, error.action)
            _log.exception("job %s of %s", job.id, job.request.model)
        except Exception:  # noqa: BLE001 - a provider is foreign code; its surprise ends one job
            _log.exception("job %s of %s", job.id, job.request.model)
            if self._was_refused(job):
                return outcomes.broken(f"{job.request.model} failed in a way nobody foresaw.")
        # From the moment it left for its provider, no other trouble says that it is not there.
        return await self._found_out(job, tell)

    def _was_refused(self, job: CarriedJob) -> bool:
        """Tell whether an error is the end of a job: nothing of it is left at its provider."""
        return job.provider.in_process or job.phase is Phase.NONE

    async def _found_out(self, job: CarriedJob, tell: Callable[[Working], None]) -> JobResult:
        """Go on with a job once it is known what became of its submission; else leave it open."""
        if job.remote_id is not None:
            return self.leave_unknown(job)
        stands = await turns_up(job, self._database, self._pause)
        if stands is Phase.SUBMITTED:
            return await self._attempt(job, tell)
        if stands is Phase.NONE:
            return outcomes.never_arrived(job.request)
        return self.leave_unknown(job)

    async def call_off(self, job: CarriedJob, *, however_long: bool = False) -> JobResult:
        """Stop a job at its provider, and end it once that says that it is over.

        Until then it stays open and keeps its place: after some seconds it is left to whoever
        looks after it, who has `however_long` it takes. What was done before it could be stopped
        is paid for, and brought home.
        """
        _log.info("is called off")
        gone = JobResult(state=JobState.CANCELLED)
        if job.remote_id is not None:
            ended = await stopped(
                job, job.remote_id, self._pause, self.haste, however_long=however_long
            )
            if isinstance(ended, Finished):
                return await self._done_all_the_same(job, job.remote_id, ended)
            if ended is None:
                left = jobs.leave_unknown(job.id, job.held, to_be_stopped=True)
                self._database.post(left)
                return outcomes.not_stopped(job.id, job.request)
            gone = outcomes.cancelled(ended)
        elif job.phase is not Phase.NONE:
            self._database.post(jobs.leave_unknown(job.id, job.held, to_be_stopped=True))
            return outcomes.unknown_outcome(job.id, job.request)
        # Changes nothing where the job had ended before the cancellation took effect.
        begun = job.remote_id is not None
        self._database.post(ends.call_off(job.id, self._owner, job.held, gone, begun=begun))
        return gone

    async def _done_all_the_same(
        self, job: CarriedJob, remote_id: str, status: Finished
    ) -> JobResult:
        """Fetch what was done, and end the job also where nobody can use that."""
        job.epoch = job.held
        try:
            result = await self._bring_home(job, remote_id, status)
            return await self.settle(job, result) if result.state is JobState.DEAD else result
        except FramewrightError as error:
            # It stays as it is on record: whoever looks after it fetches it.
            _log.warning("%s was done before it was stopped: %s", job.id, error)
            return outcomes.not_stopped(job.id, job.request)

    async def _stop_overdue(self, job: CarriedJob) -> JobResult:
        """Stop a job that took too long; one that does not stop stays open."""
        assert job.remote_id is not None
        ended = await stopped(job, job.remote_id, self._pause, self.haste)
        if isinstance(ended, Finished):
            return await to_its_end(self._bring_home(job, job.remote_id, ended))
        if ended is None:
            self._database.post(jobs.leave_unknown(job.id, job.held, to_be_stopped=True))
            return outcomes.not_stopped(job.id, job.request)
        return outcomes.overdue(job.request, self._most_seconds / 3_600, ended.cost)

    def _left_seconds(self, job: CarriedJob) -> float:
        """Return how long a job may still work, whoever began it."""
        if job.sent_ms is None:
            return self._most_seconds
        passed = max(0, self._clock.now_ms() - job.sent_ms) / 1_000
        return max(LEAST_SECONDS, self._most_seconds - passed)

    def leave_unknown(self, job: CarriedJob) -> JobResult:
        """Say of a job that nobody knows whether its provider has it."""
        _log.warning("nobody knows whether %s has it", job.request.provider)
        self._database.post(jobs.leave_unknown(job.id, job.held))
        return outcomes.unknown_outcome(job.id, job.request)

    async def settle(self, job: CarriedJob, result: JobResult) -> JobResult:
        """End a job that is still ours to end; raises `BusyError` where it is not."""
        why = result.error.message if result.error is not None else words(charged(result.cost))
        _log.info("ended, %s: %s", result.state, why)
        end = ends.settle(job.id, result, job.epoch, begun_here=job.provider.in_process)
        if job.provider.in_process:
            # Not awaited: whatever its result allows is written behind it, and so implies it.
            self._database.post(end)
        # Told before it is on disk, an end could be told otherwise after a crash.
        elif not await self._database.write(end):
            raise outcomes.taken_away(job.request)
        self._metrics.paid(job.request, result.cost)
        return result

    async def _try(self, job: CarriedJob, tell: Callable[[Working], None]) -> JobResult:
        if job.remote_id is None and job.phase is not Phase.NONE:
            return await self._found_out(job, tell)
        tell(Working())
        began = asyncio.get_running_loop().time()
        remote_id = job.remote_id or await self._hand_over(job)
        now_known(remote_id=remote_id)
        _log.info("%s has it", job.request.provider)
        status = await follow(job, remote_id, tell, self._pause, self._left_seconds(job))
        self._metrics.worked(job.request, asyncio.get_running_loop().time() - began)
        if isinstance(status, ProviderFailure):
            stopped_before = job.to_be_stopped
            return (outcomes.was_stopped if stopped_before else outcomes.failed)(status)
        # It is done and paid for: a cancellation that comes now does not throw it away.
        return await to_its_end(self._bring_home(job, remote_id, status))

    async def _hand_over(self, job: CarriedJob) -> str:
        """Submit the job; for a provider that outlives us, with a record before and after."""
        submission = await provider_request(
            job.id, job.request, job.submission, self._database, self._blobs
        )
        if job.provider.in_process:
            began = jobs.advance(job.id, JobState.LEASED, Phase.NONE, epoch=job.epoch)
            self._database.post(began)
            job.remote_id = await job.provider.submit(submission)
            return job.remote_id
        # Not to be left halfway: what a provider got, it must also be told to stop.
        return await to_its_end(self._hand_over_remotely(job, submission))

    async def _hand_over_remotely(self, job: CarriedJob, submission: ProviderRequest) -> str:
        leaving = jobs.advance(job.id, JobState.LEASED, Phase.SUBMITTING, epoch=job.epoch)
        if not await self._database.write(leaving):
            # Somebody took it over meanwhile: what is submitted now would be paid twice.
            raise outcomes.taken_away(job.request)
        job.phase = Phase.SUBMITTING
        try:
            async with asyncio.timeout(SUBMIT_SECONDS):
                job.remote_id = _sound(await job.provider.submit(submission))
        except SubmitError:
            job.phase = Phase.NONE
            raise
        job.phase = Phase.SUBMITTED
        known = jobs.submitted(job.id, job.remote_id, job.epoch, job.attempt)
        try:
            await self._database.write(known)
        except StorageError:
            # It is paid for: it is to be known as soon as the disk is no longer full.
            self._database.post(known)
            raise
        self._learn(job)
        return job.remote_id

    def _learn(self, job: CarriedJob) -> None:
        """Note how much more a provider says to take."""
        if not isinstance(job.provider, Allows):
            return
        try:
            told = job.provider.allowance(job.request.model)
            if told is not None:
                name = job.request.model if told.of_model else job.request.provider
                self._database.post(rates.learn(name, told.remaining, told.reset_seconds))
        except Exception:  # noqa: BLE001 - foreign code; what it took is not lost for that
            _log.warning("what %s allows", job.request.provider, exc_info=True)

    async def _bring_home(self, job: CarriedJob, remote_id: str, status: Finished) -> JobResult:
        cost, notes = outcomes.cost_of(job.request, status)
        try:
            collected = await self._fetch(job, remote_id)
        except SubmitError as error:
            if job.provider.in_process:
                raise
            # It is paid for: submitting it again would be paying again.
            self.leave_unknown(job)
            return outcomes.not_fetched(error.failure)
        except StorageError:
            raise
        except FramewrightError as error:
            # Nobody can use it, and it is paid for all the same.
            return outcomes.broken(error.message, error.action, cost)
        if collected.files:
            provenance = collected.provenance(job.request, cost)
            self._database.post(
                assets.insert(job.request.tenant, collected.files, job.request.key, provenance)
            )
        self._database.post(health.recovered(job.request.provider, job.request.model))
        done = JobResult(
            state=JobState.SUCCEEDED,
            outputs=collected.outputs,
            cost=cost,
            notes=notes,
            inputs=job.request.inputs if job.record.amended else None,
        )
        return await self.settle(job, done)

    async def _fetch(self, job: CarriedJob, remote_id: str) -> Collected:
        """Fetch the results of a job that is done, more than once where that may help."""
        # Who lost the job may still be writing into a folder of its own.
        name = f"{job.id}-{job.epoch}"
        isolation = None if is_own_work(job.request, job.provider) else self._isolation
        attempt = 1
        while True:
            try:
                async with asyncio.timeout(None if job.provider.in_process else FETCH_SECONDS):
                    return await collect(job.provider, remote_id, name, self._blobs, isolation)
            except FramewrightError as error:
                if job.provider.in_process or not isinstance(error, ProviderError):
                    raise
                # An answer that was lost says nothing of a result that is paid for.
                failure = (
                    error.failure
                    if isinstance(error, SubmitError)
                    else ProviderFailure(
                        ErrorCategory.OUTAGE, error.message, error.action, retryable=True
                    )
                )
            except Exception as error:
                if job.provider.in_process:
                    raise
                _log.warning("fetching %s of %s", job.id, job.request.model, exc_info=True)
                words = f"{job.request.provider} does not hand it out ({type(error).__name__})."
                failure = ProviderFailure(ErrorCategory.OUTAGE, words)
            seconds = pause_seconds(outcomes.job_error(failure), attempt, self._chance)
            if seconds is None:
                raise SubmitError(failure)
            await self._pause(seconds)
            attempt += 1


def _sound(remote_id: object) -> str:
    """Return a provider's id where it can be kept; raises `ValueError` for what is none."""
    if not isinstance(remote_id, str) or not remote_id or "\0" in remote_id:
        raise ValueError(f"{remote_id!r} is no id of a job.")
    return remote_id


async def to_its_end(work: Coroutine[None, None, _T]) -> _T:
    """Wait for work that may not stop halfway; a cancellation comes through behind its end."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        with suppress(Exception):
            task.result()
        raise cancelled
    return task.result()
