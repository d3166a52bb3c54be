"""The narrow door to every provider: a job goes in, its one result comes out.

What is accepted is on disk before anybody acts on it. The same key gives the same job, and
after a crash its result or the rest of its way:

- ended: the stored result, without asking anybody;
- never handed over, or handed to a provider that died with this process: handed over (again);
- handed over, the provider's id known: followed further, never submitted a second time;
- handed over perhaps: looked up where the provider can be asked by our key (`protocols.Finds`) or
  tells of it by itself; else unknown, and a person has to look, because it may be paid for;
- called off: at its provider until that says that it is over, and then ended.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from framewright.correlation import now_known, working_on
from framewright.domain.budget import Budgets
from framewright.domain.ids import Random, new_id
from framewright.domain.job import (
    TERMINAL,
    BackingOff,
    JobResult,
    JobState,
    QueueRow,
)
from framewright.domain.priority import Priority
from framewright.errors import BusyError, ProviderError
from framewright.isolation import Isolation
from framewright.protocols import Knows, ProviderFailure
from framewright.router import outcomes
from framewright.router.calling_off import CallingOff, ended
from framewright.router.carried_job import CarriedJob, carried
from framewright.router.carrier import Carrier, to_its_end
from framewright.router.dispatch import Dispatcher, ModelDownError
from framewright.router.hearing import Hearing
from framewright.router.lateness import Watched
from framewright.router.metrics import Metrics
from framewright.router.owners import SoleOwner
from framewright.router.queue_view import doors_of, queue_rows
from framewright.router.requests import is_own_work
from framewright.router.retry import MOST_TOLD_SECONDS
from framewright.router.sweeper import Sweeper, Swept
from framewright.router.trying import Trier
from framewright.store import budgets as spending
from framewright.store import ends, inbox, jobs, leases, queue
from framewright.store.queue_limits import Group, Limits

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from framewright.domain.budget import Spend
    from framewright.domain.job import JobRequest
    from framewright.protocols import Clock, Provider, Working
    from framewright.router.owners import Owner
    from framewright.store.blobs import Blobs
    from framewright.store.database import Database
    from framewright.store.inbox import Delivery
    from framewright.store.jobs import JobRecord

    Tell = Callable[[Working | BackingOff], None]
    Pause = Callable[[float], Awaitable[None]]

_log = logging.getLogger("framewright.router")

KNOWS_SECONDS = 30.0
"""How long a provider may take to say whether it knows a job."""


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
        pause: Pause = asyncio.sleep,
        budgets: Budgets | None = None,
        metrics: Metrics | None = None,
        seconds: Callable[[], float] = time.monotonic,
        isolation: Isolation | None = None,
    ) -> None:
        """Carry jobs for an owner, which is alone where none is given, within limits.

        A provider takes no more at once than it says, whatever the limits say of it. `pause`
        waits so many seconds, and `seconds` tells how many have passed; a test's own need not.
        Files of others are looked into in `isolation`.
        """
        self._database = database
        self._providers = providers
        self._clock = clock
        self._random = random
        self._pause = pause
        name = new_id("owner", clock.now_ms(), random)
        asked = limits or Limits()
        takes = {each: provider.concurrency for each, provider in providers.items()}
        most = {each: min(count, asked.providers.get(each, count)) for each, count in takes.items()}
        self._owner = Watched(owner or SoleOwner(name), seconds)
        self._at_hand: set[tuple[str, str]] = set()
        """Tenant and key of each job that somebody here waits for."""
        self._jobs: dict[str, CarriedJob] = {}
        """By id, those that are on record."""
        self.left_alone: set[str] = set()
        """Whose jobs stay with remote providers where whoever waits for them is cancelled: by
        correlation. They are followed further when they are asked for again."""
        within = replace(asked, providers=most)
        self._metrics = metrics or Metrics()
        self._dispatcher = Dispatcher(
            database, self._owner, within, budgets or Budgets(), self._metrics
        )
        name, most_seconds = self._owner.name, asked.most_seconds
        self._carrier = Carrier(
            database,
            blobs,
            name,
            random,
            pause,
            most_seconds,
            self._metrics,
            clock,
            isolation or Isolation(),
        )
        self._trier = Trier(database, self._carrier, self._dispatcher, random, pause, self._metrics)
        self._sweeper = Sweeper(
            database, self._carrier, self._owner, providers, clock, random, asked.keep_days, pause
        )
        self._calling_off = CallingOff(
            database,
            providers,
            self._owner.name,
            self._dispatcher,
            self._carrier,
            self._sweeper,
            self._jobs,
        )
        self._hearing = Hearing(database, name, self._in_hand)
        self._metrics.watch(self)

    async def release_dead(self) -> None:
        """Give back the places that processes held which are gone."""
        await self._dispatcher.release_dead()

    async def submit(
        self,
        request: JobRequest,
        tell: Tell,
        priority: Priority = Priority.NORMAL,
        leaves: Callable[[], bool] | None = None,
    ) -> JobResult:
        """Carry a job to its end and return how it ended; a failure is a result, not an error.

        It begins once every cap has room for it and its tenant's share allows; one that does
        not fit in a budget ends at once, with an error of code `budget`. A failure that
        may pass is tried again after a pause. `tell` hears that the job is being worked on, how
        far it is, and when it backs off. Cancelling the caller's task stops the job at the
        provider too; where nobody can say whether the provider has it, or it can not be told
        to stop, the job stays open for a later look.
        Where the model goes on failing so that nothing more is handed to it for a while, and
        `leaves` says that there is another way, the job ends with an error of code `model-down`.
        Raises `StorageError` when the workspace can not be written: then the job stays as it
        is for a later submission. Raises `BusyError` for a job that another process carries.
        """
        if (request.tenant, request.key) in self._at_hand:
            message = f"{request.key} is being worked on already."
            raise BusyError(message, action="Wait until it has ended.")
        self._at_hand.add((request.tenant, request.key))
        identity = new_id("job", self._clock.now_ms(), self._random)
        with working_on(run=request.correlation, job=identity):
            return await self._submit(identity, request, tell, priority, leaves)

    async def _submit(
        self,
        identity: str,
        request: JobRequest,
        tell: Tell,
        priority: Priority,
        leaves: Callable[[], bool] | None,
    ) -> JobResult:
        job: CarriedJob | None = None
        result: JobResult | None = None
        try:
            record, turn = await self._accept(identity, request, priority)
            now_known(job=record.id, remote_id=record.remote_id)
            _log.info("%s of %s: %s", request.key, request.model, _standing(record, identity))
            if record.id == identity:
                self._metrics.accepted(request)
            if record.result is not None:
                return record.result
            if record.amended:
                request = await self._database.read(jobs.request(record.id))
            job = self._taken_up(record, request)
            if job is None:
                lacking = outcomes.no_provider(request, self._providers)
                self._database.post(ends.settle(record.id, lacking))
                return lacking
            job.mine = record.id == identity
            result = await self._work(job, turn if job.mine else None, tell, leaves)
        except BusyError:
            # Whoever ended it first: its end is the same for all.
            if (result := await ended(self._database, request)) is None:
                raise
        except asyncio.CancelledError:
            if job is None or self._is_left_alone(job):
                raise
            if (result := await self._calling_off.stopped(job)) is None:
                raise
        finally:
            self._put_down(identity, request, job, result)
        return result

    def _put_down(
        self,
        identity: str,
        request: JobRequest,
        job: CarriedJob | None,
        result: JobResult | None,
    ) -> None:
        """Have a job in hand no longer."""
        self._at_hand.discard((request.tenant, request.key))
        self._dispatcher.forget(identity)
        if job is not None:
            self._jobs.pop(job.id, None)
            self._dispatcher.forget(job.id)
            if job.mine and (result is None or result.state not in TERMINAL):
                # Whoever asks for it next may have it at once.
                self._database.post(jobs.let_go(job.id, self._owner.name))
        self._dispatcher.freed()

    async def _accept(
        self, identity: str, request: JobRequest, priority: Priority
    ) -> tuple[JobRecord, asyncio.Future[int]]:
        """Put a job on record, or find it there; return it with the turn it gets if it is new."""
        hashed = request_hash(request)
        accepted, turn = self._dispatcher.accept(identity, request, hashed, priority)
        try:
            return await asyncio.shield(accepted), turn
        except asyncio.CancelledError:
            # Called off in one piece: whoever cancels once more must not leave it halfway.
            await to_its_end(self._never_mind(identity, request, accepted))
            raise

    async def _never_mind(
        self, identity: str, request: JobRequest, accepted: asyncio.Future[JobRecord]
    ) -> None:
        """Call off what is on record by now, unless another process carries it."""
        record = await accepted
        if record.result is not None:
            return
        if record.id != identity and await self._calling_off.is_carried(record):
            return
        provider = self._providers.get(request.provider)
        job = None if provider is None else carried(record, request, provider)
        if job is None or self._is_left_alone(job):
            # Nobody here waits for its turn any more.
            self._database.post(jobs.let_go(record.id, self._owner.name))
        else:
            await self._calling_off.end(job)

    async def queue(self) -> tuple[QueueRow, ...]:
        """Return how many jobs wait and run, by tenant, provider and model."""
        counts = await self._database.read(queue.waiting())
        owners = {each.owner for each in counts if each.owner is not None}
        at_work = {self._owner.name}
        for owner in owners - at_work:
            if await self._dispatcher.is_at_work(owner):
                at_work.add(owner)
        doors = await self._database.read(doors_of(self._dispatcher.limits, self._clock.now_ms()))
        return queue_rows(counts, at_work, doors, self._dispatcher.limits)

    async def spending(self) -> tuple[Spend, ...]:
        """Return what the project and each tenant have spent and reserved; the project first."""
        asked = spending.spends(self._dispatcher.budgets, self._clock.now_ms())
        return await self._database.read(asked)

    def providers(self) -> frozenset[str]:
        """Return the names of the providers that are installed."""
        return frozenset(self._providers)

    def is_own_work(self, request: JobRequest) -> bool:
        """Whether the results are made by this process alone, and of nothing that came to it."""
        return is_own_work(request, self._providers.get(request.provider))

    def peers(self, provider: str) -> frozenset[str]:
        """Return the providers that work elsewhere, as another does, or in this process, as it.

        What draws placeholders here stands in for no vendor.
        """
        here = self._providers[provider].in_process if provider in self._providers else None
        return frozenset(name for name, each in self._providers.items() if each.in_process is here)

    @property
    def limits(self) -> Limits:
        """How many jobs may be live at once; every provider that is installed is named."""
        return self._dispatcher.limits

    async def deliver(self, delivery: Delivery) -> bool:
        """Hear what a provider says of a job by itself; False where it was said before.

        It is on record when this returns, whether or not anybody carries the job, or knows yet
        what its provider calls it. The caller has proved that it is from that provider.
        """
        new = await self._database.write(inbox.keep(delivery))
        if new:
            self._hearing.now()
        return new

    async def call_off(self, tenant: str, key: str) -> None:
        """Stop a job, at its provider too; an ended one stays.

        One that a living process carries is stopped by that one, within a moment.
        """
        await self._calling_off.call_off(tenant, key)

    def hasten(self) -> None:
        """Wait no longer for what is being stopped: whoever comes next finds out how it ended."""
        self._carrier.haste.set()

    async def hurry(self, tenant: str, key: str) -> bool:
        """Let a job that backs off begin its next attempt now; False where it does not."""
        return await self._calling_off.hurry(tenant, key)

    async def sweep(self) -> Swept | None:
        """Look after what nobody carries; None where another process does."""
        swept = await self._sweeper.sweep()
        if swept is not None and swept.adopted:
            self._hearing.begin()
        return swept

    async def close(self) -> None:
        """Let go of what is followed for nobody; every `submit` has returned by then."""
        await self._sweeper.close()
        self._database.post(leases.end(self._owner.name))

    async def knows(self, provider: str, remote_id: str) -> ProviderFailure | None:
        """Ask a provider for a job by its own id; return what it says where it has none such.

        Raises `ProviderError` where it can not be asked.
        """
        try:
            async with asyncio.timeout(KNOWS_SECONDS):
                asked = self._providers[provider]
                if isinstance(asked, Knows):
                    return await asked.knows(remote_id)
                told = await asked.poll(remote_id, 0.0)
        except Exception as error:
            raise ProviderError(f"{provider} can not be asked for {remote_id}.") from error
        return told if isinstance(told, ProviderFailure) else None

    def _taken_up(self, record: JobRecord, request: JobRequest) -> CarriedJob | None:
        """Return a job as this process begins with it; None where nobody here can do it."""
        provider = self._providers.get(request.provider)
        if provider is None:
            return None
        job = carried(record, request, provider)
        job.task = asyncio.current_task()
        self._jobs[job.id] = job
        # Another process may have left it there; from now on it is followed for who asks for it.
        self._sweeper.let_go(job.id)
        self._hearing.begin()
        return job

    async def _work(
        self,
        job: CarriedJob,
        turn: asyncio.Future[int] | None,
        tell: Tell,
        leaves: Callable[[], bool] | None,
    ) -> JobResult:
        """Wait for a job's turn, which is asked for already where it is new, and carry it."""
        if leaves is not None:
            self._dispatcher.may_leave(job.id, leaves)
        try:
            await (self._rejoin(job) if turn is None else self._begin(job, turn))
            return await self._trier.carry(job, tell)
        except ModelDownError as error:
            down = outcomes.model_down(error.message)
            ended = ends.call_off(job.id, self._owner.name, job.held, down)
            await self._database.write(ended)
            return down

    async def _begin(self, job: CarriedJob, turn: asyncio.Future[int]) -> None:
        job.begins(await turn)
        _log.info("its turn has come")

    async def _rejoin(self, job: CarriedJob) -> None:
        """Take up a job that was accepted before, where it stands."""
        await self._dispatcher.refuse_carried(job.record, job.request)
        turn = self._dispatcher.turn(job.id, job.request, owned=False)
        while (epoch := await self._dispatcher.take_over(job.record)) is None:
            # Somebody made it wait again in between, took it, or ended it.
            found = await self._dispatcher.again(job.request)
            if found is None or found.result is not None:
                raise outcomes.taken_away(job.request)
            job.stands_as(found)
            await self._dispatcher.refuse_carried(found, job.request)
        record = job.record
        job.held, job.mine = epoch, True
        if record.state is JobState.QUEUED:
            job.begins(await turn)
            return
        self._dispatcher.forget(job.id)
        if record.state is JobState.WAITING:
            run_at = record.run_at_ms or 0
            # A clock that was put back must not keep it for longer than it was told to wait.
            left = min(run_at - self._clock.now_ms(), run_at - record.updated_ms) / 1_000
            await self._trier.wait(job, epoch, min(max(0.0, left), MOST_TOLD_SECONDS))
        else:
            # It is live already: it has its place.
            job.begins(epoch)

    def standing(self) -> Counter[tuple[Group, str]]:
        """Return how many jobs of each kind wait and run in this process; for any thread."""
        here = list(self._jobs.values()) + self._sweeper.adopted()
        live = (each.request for each in here if each.epoch is not None)
        groups = (Group(each.tenant, each.provider, each.model) for each in live)
        waiting = Counter((each, "waiting") for each in self._dispatcher.waiting())
        return waiting + Counter((each, "running") for each in groups)

    def _is_left_alone(self, job: CarriedJob) -> bool:
        return job.request.correlation in self.left_alone and not job.provider.in_process

    def _in_hand(self) -> tuple[CarriedJob, ...]:
        return (*self._jobs.values(), *self._sweeper.adopted())


def request_hash(request: JobRequest) -> str:
    """Return a digest of what is asked for, whoever asks: SHA-256 of its canonical JSON."""
    asked = request.model_copy(update={"correlation": "", "key": ""})
    return hashlib.sha256(asked.model_dump_json(exclude={"reserve"}).encode()).hexdigest()


def _standing(record: JobRecord, identity: str) -> str:
    """Return how a job stands that was asked for, for the log."""
    result = record.result
    if record.id != identity:
        return f"was accepted before, {record.state}"
    return "accepted" if result is None or result.error is None else result.error.message
