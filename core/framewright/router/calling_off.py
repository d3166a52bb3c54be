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
        self._sweeper.let_go(record.id)
        job = carried(record, request, provider)
        if job.remote_id is not None and not await self._takes(job):
            # Somebody else took it up just now, and stops it.
            await self._database.write(wishes.leave(record.id, Wish.CANCEL))
            return
        await to_its_end(self._carrier.call_off(job))

    async def _takes(self, job: CarriedJob) -> bool:
        """Take a job over for as long as it takes to stop it; False where it changed hands."""
        taken = queue.take_over(job.id, job.held, self._owner)
        if not await self._database.write(taken):
            return False
        job.begins(job.held + 1)
        return True

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
        if not job.mine and not await to_its_end(self._is_free(job)):
            return None
        gone = await to_its_end(self._carrier.call_off(job))
        if not job.called_off or job.task is None or job.task.uncancel() > 0:
            return None
        return await ended(self._database, job.request) or gone

    async def _is_free(self, job: CarriedJob) -> bool:
        """Tell whether nobody else carries a job that was to be taken over, as it stands now."""
        await self._database.write(_nothing)
        place = (job.request.tenant, job.request.key)
        record = (await self._database.read(jobs.find(place[0], [place[1]]))).get(place[1])
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
