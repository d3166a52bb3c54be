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
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from framewright.domain.ids import Random, new_id
from framewright.domain.job import JobResult, JobState, Phase, QueueRow
from framewright.errors import BusyError, FramewrightError, StorageError
from framewright.protocols import Finished, ProviderFailure, SubmitError, Working
from framewright.router import outcomes
from framewright.router.collect import collect
from framewright.router.dispatch import Dispatcher, Owner, Priority, SoleOwner
from framewright.router.requests import provider_request
from framewright.store import assets, jobs, queue
from framewright.store.queue_limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from framewright.domain.job import JobRequest
    from framewright.protocols import Clock, Provider, ProviderRequest
    from framewright.store.blobs import Blobs
    from framewright.store.database import Database
    from framewright.store.jobs import JobRecord

    Tell = Callable[[Working], None]

_COUNTED = {"queued": "waiting", "leased": "running", "unknown": "unknown"}
POLL_SECONDS = 30.0
"""How long one question to a provider may wait for news."""
_log = logging.getLogger("framewright.router")
_T = TypeVar("_T")


@dataclass(slots=True)
class _Carried:
    """A job in this process's hands, and what its provider may have of it."""

    id: str
    request: JobRequest
    provider: Provider
    phase: Phase
    remote_id: str | None
    record: JobRecord
    """As it stood when it was accepted, or found."""
    epoch: int | None = None
    """Its epoch while it is this process's turn; None before that."""


class Router:
    """Carries jobs to providers; belongs to one event loop."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        providers: Mapping[str, Provider],
        clock: Clock,
        random: Random,
        owner: Owner | None = None,
        limits: Limits | None = None,
    ) -> None:
        """Carry jobs for an owner, which is alone where none is given, within limits.

        A provider takes no more at once than it says, whatever the limits say of it.
        """
        self._database = database
        self._blobs = blobs
        self._providers = providers
        self._clock = clock
        self._random = random
        name = new_id("owner", clock.now_ms(), random)
        asked = limits or Limits()
        takes = {each: provider.concurrency for each, provider in providers.items()}
        most = {each: min(count, asked.providers.get(each, count)) for each, count in takes.items()}
        self._owner = owner or SoleOwner(name)
        self._at_hand: set[tuple[str, str]] = set()
        """Tenant and key of each job that somebody here waits for."""
        self._dispatcher = Dispatcher(database, self._owner, replace(asked, providers=most))

    async def release_dead(self) -> None:
        """Give back the places that processes held which are gone."""
        await self._dispatcher.release_dead()

    async def submit(
        self, request: JobRequest, tell: Tell, priority: Priority = Priority.NORMAL
    ) -> JobResult:
        """Carry a job to its end and return how it ended; a failure is a result, not an error.

        It begins once every cap has room for it and its tenant's share allows. `tell` hears once
        that the job is being worked on, and then how far it is. Cancelling the caller's task
        stops the job at the provider too; where nobody can say whether the provider has it, or
        it can not be told to stop, the job stays open for a later look.
        Raises `StorageError` when the workspace can not be written: then the job stays as it
        is for a later submission. Raises `BusyError` for a job that another process carries.
        """
        if (place := (request.tenant, request.key)) in self._at_hand:
            message = f"{request.key} is being worked on already."
            raise BusyError(message, action="Wait until it has ended.")
        self._at_hand.add(place)
        identity = new_id("job", self._clock.now_ms(), self._random)
        job: _Carried | None = None
        try:
            accepted, turn = self._dispatcher.accept(
                identity, request, request_hash(request), priority
            )
            try:
                record = await asyncio.shield(accepted)
            except asyncio.CancelledError:
                # What is on record by now has to be called off.
                job = self._carried(await _to_its_end(_outcome_of(accepted)), request)
                raise
            if record.result is not None:
                return record.result
            job = self._carried(record, request)
            if job is None:
                lacking = outcomes.no_provider(request, self._providers)
                self._database.post(jobs.settle(record.id, lacking))
                return lacking
            if record.id == identity:
                job.epoch = await turn
            else:
                self._dispatcher.forget(identity)
                job.epoch = await self._dispatcher.turn(record, request)
            return await self._carry(job, tell)
        except asyncio.CancelledError:
            if job is not None:
                await _to_its_end(self._call_off(job))
            raise
        finally:
            self._at_hand.discard(place)
            self._dispatcher.forget(identity)
            if job is not None:
                self._dispatcher.forget(job.id)
            self._dispatcher.freed()

    def _carried(self, record: JobRecord, request: JobRequest) -> _Carried | None:
        """Return a job as this process begins with it; None where nobody here can do it."""
        provider = self._providers.get(request.provider)
        return None if provider is None else _carried(record, request, provider)

    async def queue(self) -> tuple[QueueRow, ...]:
        """Return how many jobs wait and run, by tenant, provider and model."""
        limits = self._dispatcher.limits
        rows: dict[tuple[str, str, str], QueueRow] = {}
        for each in await self._database.read(queue.waiting()):
            kind = (each.tenant, each.provider, each.model)
            caps = (limits.providers.get(each.provider), limits.models.get(each.model))
            known = [cap for cap in caps if cap is not None]
            row = rows.get(kind) or QueueRow(
                tenant=each.tenant,
                provider=each.provider,
                model=each.model,
                cap=min(known, default=None),
            )
            count = {_COUNTED[each.state]: each.count}
            since = {"oldest_ms": each.since_ms} if each.state == JobState.QUEUED else {}
            rows[kind] = row.model_copy(update={**count, **since})
        return tuple(rows.values())

    def providers(self) -> frozenset[str]:
        """Return the names of the providers that are installed."""
        return frozenset(self._providers)

    def slots(self) -> dict[str, int]:
        """Return how many jobs each provider takes at once."""
        return dict(self._dispatcher.limits.providers)

    async def call_off(self, tenant: str, key: str) -> None:
        """Stop a job that nobody carries any more, at its provider too; an ended one stays."""
        record = (await self._database.read(jobs.find(tenant, [key]))).get(key)
        if record is None or record.result is not None:
            return
        request = await self._database.read(jobs.request(record.id))
        if (provider := self._providers.get(request.provider)) is not None:
            await _to_its_end(self._call_off(_carried(record, request, provider)))

    async def _carry(self, job: _Carried, tell: Tell) -> JobResult:
        try:
            return await self._try(job, tell)
        except SubmitError as error:
            result = outcomes.failed(error.failure)
        except StorageError:
            raise
        except FramewrightError as error:
            result = outcomes.broken(error.message, error.action)
        except Exception:  # noqa: BLE001 - a provider is foreign code; its surprise ends one job
            _log.exception("job %s of %s", job.id, job.request.model)
            if not job.provider.in_process:
                return self._unknown(job)
            result = outcomes.broken(f"{job.request.model} failed in a way nobody foresaw.")
        return self._settle(job.id, result, job.epoch)

    async def _try(self, job: _Carried, tell: Tell) -> JobResult:
        if job.remote_id is None and job.phase is not Phase.NONE:
            return self._unknown(job)
        tell(Working())
        remote_id = job.remote_id or await self._hand_over(job)
        while isinstance(status := await job.provider.poll(remote_id, POLL_SECONDS), Working):
            tell(status)
        if isinstance(status, ProviderFailure):
            return self._settle(job.id, outcomes.failed(status), job.epoch)
        # It is done and paid for: a cancellation that comes now does not throw it away.
        return await _to_its_end(self._bring_home(job, remote_id, status))

    async def _hand_over(self, job: _Carried) -> str:
        """Submit the job; for a provider that outlives us, with a record before and after."""
        submission = await provider_request(job.id, job.request, self._database, self._blobs)
        if job.provider.in_process:
            began = jobs.advance(job.id, JobState.LEASED, Phase.NONE, epoch=job.epoch)
            self._database.post(began)
            job.remote_id = await job.provider.submit(submission)
            return job.remote_id
        # Not to be left halfway: what a provider got, it must also be told to stop.
        return await _to_its_end(self._hand_over_remotely(job, submission))

    async def _hand_over_remotely(self, job: _Carried, submission: ProviderRequest) -> str:
        leaving = jobs.advance(job.id, JobState.LEASED, Phase.SUBMITTING, epoch=job.epoch)
        if not await self._database.write(leaving):
            # Somebody took it over meanwhile: what is submitted now would be paid twice.
            message = f"Another process carries {job.request.key} now."
            raise BusyError(message, action="Wait until it has ended.")
        job.phase = Phase.SUBMITTING
        try:
            job.remote_id = await job.provider.submit(submission)
        except SubmitError:
            job.phase = Phase.NONE
            raise
        job.phase = Phase.SUBMITTED
        known = jobs.advance(
            job.id, JobState.LEASED, Phase.SUBMITTED, job.remote_id, epoch=job.epoch
        )
        await self._database.write(known)
        return job.remote_id

    async def _bring_home(self, job: _Carried, remote_id: str, status: Finished) -> JobResult:
        collected = await collect(job.provider, remote_id, job.id, self._blobs)
        if collected.files:
            provenance = collected.provenance(job.request, status.cost)
            self._database.post(
                assets.insert(job.request.tenant, collected.files, job.request.key, provenance)
            )
        done = JobResult(
            state=JobState.SUCCEEDED,
            outputs=collected.outputs,
            cost=status.cost,
            notes=status.notes,
        )
        return self._settle(job.id, done, job.epoch)

    async def _call_off(self, job: _Carried) -> None:
        """Stop a job at its provider and end it; one that may still be there stays open."""
        if job.remote_id is not None:
            try:
                await job.provider.cancel(job.remote_id)
            except Exception:  # noqa: BLE001 - foreign code; a cancellation must come through
                _log.exception("stopping job %s of %s", job.id, job.request.model)
                if not job.provider.in_process:
                    return
        elif job.phase is not Phase.NONE:
            self._unknown(job)
            return
        # Changes nothing where the job had ended before the cancellation took effect.
        gone = JobResult(state=JobState.CANCELLED)
        if job.epoch is not None:
            self._settle(job.id, gone, job.epoch)
        else:
            operation = jobs.call_off(job.id, self._owner.name, job.record.epoch, gone)
            self._database.post(operation)

    def _unknown(self, job: _Carried) -> JobResult:
        self._database.post(jobs.leave_unknown(job.id, self._owner.name, job.record.epoch))
        return outcomes.unknown_outcome(job.request)

    def _settle(self, job: str, result: JobResult, epoch: int | None = None) -> JobResult:
        # Not awaited: whatever its result allows is written behind it, and so implies it.
        self._database.post(jobs.settle(job, result, epoch))
        return result


def request_hash(request: JobRequest) -> str:
    """Return a digest of what is asked for, whoever asks: SHA-256 of its canonical JSON."""
    asked = request.model_copy(update={"correlation": "", "key": ""})
    return hashlib.sha256(asked.model_dump_json().encode()).hexdigest()


def _carried(record: JobRecord, request: JobRequest, provider: Provider) -> _Carried:
    if provider.in_process:
        # What an earlier process had handed over ended with it.
        return _Carried(record.id, request, provider, Phase.NONE, None, record)
    return _Carried(record.id, request, provider, record.phase, record.remote_id, record)


async def _outcome_of(task: asyncio.Future[_T]) -> _T:
    return await task


async def _to_its_end(work: Coroutine[None, None, _T]) -> _T:
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
