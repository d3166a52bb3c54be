"""The narrow door to every provider: a job goes in, its one result comes out.

What is accepted is on disk before anybody acts on it. The same key gives the same job, and
after a crash its result or the rest of its way:

- ended: the stored result, without asking anybody;
- never handed over, or handed to a provider that died with this process: handed over (again);
- handed over, the provider's id known: followed further, never submitted a second time;
- handed over perhaps: unknown; a person has to look, because it may have been paid for.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from typing import TYPE_CHECKING

from framewright.domain.ids import Random, new_id
from framewright.domain.job import ErrorCategory, JobError, JobResult, JobState, Phase
from framewright.errors import FramewrightError, StorageError
from framewright.protocols import Finished, ProviderFailure, SubmitError, Working
from framewright.router.collect import collect
from framewright.router.requests import provider_request
from framewright.store import assets, jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from framewright.domain.job import JobRequest
    from framewright.protocols import Clock, Provider, ProviderRequest
    from framewright.store.blobs import Blobs
    from framewright.store.database import Database
    from framewright.store.jobs import JobRecord

    Tell = Callable[[Working], None]

POLL_SECONDS = 30.0
"""How long one question to a provider may wait for news."""
_log = logging.getLogger("framewright.router")


class Router:
    """Carries jobs to providers; belongs to one event loop."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        providers: Mapping[str, Provider],
        clock: Clock,
        random: Random,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._providers = providers
        self._clock = clock
        self._random = random
        self._slots = {name: asyncio.Semaphore(p.concurrency) for name, p in providers.items()}

    async def submit(self, request: JobRequest, tell: Tell) -> JobResult:
        """Carry a job to its end and return how it ended; a failure is a result, not an error.

        `tell` hears once that the job is being worked on, and then how far it is. Cancelling
        the caller's task stops the job at the provider too. Raises `StorageError` when the
        workspace can not be written: then the job stays as it is for a later submission.
        """
        job = new_id("job", self._clock.now_ms(), self._random)
        record = await self._database.write(jobs.accept(job, request, request_hash(request)))
        if record.result is not None:
            return record.result
        provider = self._providers.get(request.provider)
        if provider is None:
            return self._settle(record, _no_provider(request, self._providers))
        try:
            async with self._slots[request.provider]:
                return await self._carry(record, request, provider, tell)
        except asyncio.CancelledError:
            # Changes nothing where the job had ended before the cancellation took effect.
            self._settle(record, JobResult(state=JobState.CANCELLED))
            raise

    async def _carry(
        self, record: JobRecord, request: JobRequest, provider: Provider, tell: Tell
    ) -> JobResult:
        try:
            return await self._try(record, request, provider, tell)
        except SubmitError as error:
            result = _failed(error.failure)
        except StorageError:
            raise
        except FramewrightError as error:
            result = _broken(error.message, error.action)
        except Exception:  # noqa: BLE001 - a provider is foreign code; its surprise ends one job
            _log.exception("job %s of %s", record.id, request.model)
            if not provider.in_process:
                return self._unknown(record, request)
            result = _broken(f"{request.model} failed in a way nobody foresaw.")
        return self._settle(record, result)

    async def _try(
        self, record: JobRecord, request: JobRequest, provider: Provider, tell: Tell
    ) -> JobResult:
        known = None if provider.in_process else record.remote_id
        if known is None and _perhaps_submitted(record, provider):
            return self._unknown(record, request)
        tell(Working())
        remote_id = known or await self._hand_over(record, request, provider)
        return await self._follow(record, request, provider, remote_id, tell)

    async def _hand_over(self, record: JobRecord, request: JobRequest, provider: Provider) -> str:
        """Submit the job; for a provider that outlives us, with a record before and after."""
        submission = await provider_request(record.id, request, self._database, self._blobs)
        if provider.in_process:
            self._database.post(jobs.advance(record.id, JobState.LEASED, Phase.NONE))
            return await provider.submit(submission)
        sending = asyncio.ensure_future(self._hand_over_remotely(record, provider, submission))
        try:
            return await asyncio.shield(sending)
        except asyncio.CancelledError:
            # What a provider got, it must also be told to stop.
            await provider.cancel(await sending)
            raise

    async def _hand_over_remotely(
        self, record: JobRecord, provider: Provider, submission: ProviderRequest
    ) -> str:
        await self._database.write(jobs.advance(record.id, JobState.LEASED, Phase.SUBMITTING))
        remote_id = await provider.submit(submission)
        submitted = jobs.advance(record.id, JobState.LEASED, Phase.SUBMITTED, remote_id)
        await self._database.write(submitted)
        return remote_id

    async def _follow(
        self,
        record: JobRecord,
        request: JobRequest,
        provider: Provider,
        remote_id: str,
        tell: Tell,
    ) -> JobResult:
        """Wait for the provider and bring the results home."""
        try:
            while isinstance(status := await provider.poll(remote_id, POLL_SECONDS), Working):
                tell(status)
        except asyncio.CancelledError:
            await provider.cancel(remote_id)
            raise
        if isinstance(status, ProviderFailure):
            return self._settle(record, _failed(status))
        # It is done and paid for: a cancellation that comes now does not throw it away.
        coming = asyncio.ensure_future(
            self._bring_home(record, request, provider, remote_id, status)
        )
        try:
            return await asyncio.shield(coming)
        except asyncio.CancelledError:
            await coming
            raise

    async def _bring_home(
        self,
        record: JobRecord,
        request: JobRequest,
        provider: Provider,
        remote_id: str,
        status: Finished,
    ) -> JobResult:
        collected = await collect(provider, remote_id, record.id, self._blobs)
        if collected.files:
            provenance = collected.provenance(request, status.cost)
            stored = assets.insert(request.tenant, collected.files, request.key, provenance)
            self._database.post(stored)
        done = JobResult(state=JobState.SUCCEEDED, outputs=collected.outputs, cost=status.cost)
        return self._settle(record, done)

    def _unknown(self, record: JobRecord, request: JobRequest) -> JobResult:
        self._database.post(jobs.leave_unknown(record.id))
        return _unknown_outcome(request)

    def _settle(self, record: JobRecord, result: JobResult) -> JobResult:
        # Not awaited: whatever its result allows is written behind it, and so implies it.
        self._database.post(jobs.settle(record.id, result))
        return result


def request_hash(request: JobRequest) -> str:
    """Return a digest of what is asked for, whoever asks: SHA-256 of its canonical JSON."""
    asked = request.model_copy(update={"correlation": "", "key": ""})
    return hashlib.sha256(asked.model_dump_json().encode()).hexdigest()


def _perhaps_submitted(record: JobRecord, provider: Provider) -> bool:
    if provider.in_process:
        return False
    return record.state is JobState.UNKNOWN or record.phase is Phase.SUBMITTING


def _failed(failure: ProviderFailure) -> JobResult:
    if failure.detail:
        _log.warning("%s: %s", failure.message, failure.detail)
    error = JobError(
        category=failure.category,
        code=failure.category.value,
        message=failure.message,
        action=failure.action,
        retryable=failure.retryable,
    )
    return JobResult(state=JobState.DEAD, error=error)


def _broken(message: str, action: str = "") -> JobResult:
    error = JobError(category=ErrorCategory.UNKNOWN, code="unknown", message=message, action=action)
    return JobResult(state=JobState.DEAD, error=error)


def _no_provider(request: JobRequest, known: Mapping[str, Provider]) -> JobResult:
    error = JobError(
        category=ErrorCategory.INVALID_PARAMETERS,
        code="provider-missing",
        message=f"{request.model} needs the provider {request.provider}, which is not installed.",
        action=f"Choose a model of {', '.join(sorted(known)) or 'an installed provider'}.",
    )
    return JobResult(state=JobState.DEAD, error=error)


def _unknown_outcome(request: JobRequest) -> JobResult:
    error = JobError(
        category=ErrorCategory.UNKNOWN,
        code="unknown-outcome",
        message=f"{request.provider} may or may not have got this job before the interruption.",
        action="Look at the provider's own list, then run the step again if it is not there.",
    )
    return JobResult(state=JobState.UNKNOWN, error=error)
