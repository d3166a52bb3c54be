"""Ends jobs that nobody wants any more, whoever carries them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.domain.job import JobState, Wish
from framewright.router.carried_job import carried
from framewright.router.carrier import to_its_end
from framewright.store import jobs, queue, wishes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framewright.domain.job import JobRequest, JobResult
    from framewright.protocols import Provider
    from framewright.router.carried_job import CarriedJob
    from framewright.router.carrier import Carrier
    from framewright.router.dispatch import Dispatcher
    from framewright.router.sweeper import Sweeper
    from framewright.store.database import Database
    from framewright.store.jobs import JobRecord
    from framewright.store.transaction import Transaction


class CallingOff:
    """Reaches the jobs of one owner, of others and of nobody; belongs to one event loop."""

    def __init__(
        self,
        database: Database,
        providers: Mapping[str, Provider],
        owner: str,
        dispatcher: Dispatcher,
        carrier: Carrier,
        sweeper: Sweeper,
        at_hand: Mapping[str, CarriedJob],
    ) -> None:
        """Act for an owner; `at_hand` are the jobs in its hands, by id."""
        self._database = database
        self._providers = providers
        self._owner = owner
        self._dispatcher = dispatcher
        self._carrier = carrier
        self._sweeper = sweeper
        self._at_hand = at_hand

    async def call_off(self, tenant: str, key: str) -> None:
        """Stop a job, at its provider too; an ended one stays.

        One that a living process carries is stopped by that one, within a moment.
        """
        record = (await self._database.read(jobs.find(tenant, [key]))).get(key)
        if record is None or record.result is not None:
            return
        if await self.is_carried(record):
            await self._database.write(wishes.leave(record.id, Wish.CANCEL))
            return
        request = await self._database.read(jobs.request(record.id))
        if (provider := self._providers.get(request.provider)) is None:
            return
        await self.end(carried(record, request, provider))

    async def end(self, job: CarriedJob) -> JobResult | None:
        """Stop a job that is in nobody's hands; None where somebody took it up just now.

        That one stops it then.
        """
        self._sweeper.let_go(job.id)
        try:
            if job.remote_id is None:
                return await to_its_end(self._carrier.call_off(job))
            return await to_its_end(self._take_and_end(job))
        finally:
            # Somebody here may have taken it up meanwhile, and wait for its turn.
            self._dispatcher.look_for_lost()

    async def _take_and_end(self, job: CarriedJob) -> JobResult | None:
        """Take a job over for as long as it takes to stop it."""
        # The wish stays with it: whoever comes after a crash stops it too.
        taken = queue.take_over(job.id, job.held, self._owner, Wish.CANCEL)
        if not await self._database.write(taken):
            await self._database.write(wishes.leave(job.id, Wish.CANCEL))
            return None
        job.begins(job.held + 1)
        try:
            return await self._carrier.call_off(job)
        finally:
            # Where it has not ended, it is in nobody's hands again, or in those that wanted it.
            self._database.post(jobs.let_go(job.id, self._owner, job.held))

    async def hurry(self, tenant: str, key: str) -> bool:
        """Let a job that backs off begin its next attempt now; False where it does not."""
        record = (await self._database.read(jobs.find(tenant, [key]))).get(key)
        if record is None or record.state is not JobState.WAITING:
            return False
        if not await self.is_carried(record):
            return False
        return await self._database.write(wishes.leave(record.id, Wish.NOW))

    async def is_carried(self, record: JobRecord) -> bool:
        """Tell whether a job is in the hands of a process that lives, this one included."""
        if record.id in self._at_hand:
            return True
        owner = record.owner
        if owner is None or owner == self._owner:
            return False
        return await self._dispatcher.is_at_work(owner)

    async def stopped(self, job: CarriedJob) -> JobResult | None:
        """Call a job off; return its end where a person wanted that, and not who waits for it."""
        gone: JobResult | None = None
        if job.mine:
            gone = await to_its_end(self._carrier.call_off(job))
        elif await to_its_end(self._is_free(job)):
            gone = await self.end(job)
        if gone is None:
            return None
        if not job.called_off or job.task is None or job.task.uncancel() > 0:
            return None
        return await ended(self._database, job.request) or gone

    async def _is_free(self, job: CarriedJob) -> bool:
        """Tell whether nobody else carries a job that was to be taken over, as it stands now."""
        await self._database.write(_nothing)
        tenant, key = job.request.tenant, job.request.key
        record = (await self._database.read(jobs.find(tenant, [key]))).get(key)
        if record is None or record.result is not None:
            return False
        other = record.owner not in {None, self._owner}
        if other and await self._dispatcher.is_at_work(record.owner or ""):
            return False
        job.stands_as(record)
        return True


async def ended(database: Database, request: JobRequest) -> JobResult | None:
    """Return how a job ended, whoever ended it; None where it has not."""
    found = await database.read(jobs.find(request.tenant, [request.key]))
    return found[request.key].result if request.key in found else None


def _nothing(transaction: Transaction) -> None:
    """Wait for what was written before."""
    del transaction
