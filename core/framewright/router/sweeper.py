"""What has to be looked after without anybody asking, by one process at a time.

Places of processes that are gone become free; jobs that they left at a remote provider are
brought home, so that what is paid for does not vanish there; what nobody knew the outcome of is
found out where it can be; what is old is thrown away. The accounts of money are proved right.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from framewright.correlation import working_on
from framewright.domain.job import JobState, Phase
from framewright.errors import BusyError, StorageError
from framewright.protocols import Finds
from framewright.router.bookkeeping import Bookkeeper
from framewright.router.carried_job import carried
from framewright.router.requests import provider_key, step_of
from framewright.router.retry import pause_seconds
from framewright.router.turning_up import turns_up
from framewright.store import (
    attempts,
    dead_letters,
    health,
    inbox,
    jobs,
    leases,
    orphans,
    queue,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from framewright.domain.ids import Random
    from framewright.protocols import Clock, Provider, Working
    from framewright.router.carried_job import CarriedJob
    from framewright.router.carrier import Carrier
    from framewright.router.lateness import Watched
    from framewright.store.database import Database
    from framewright.store.orphans import Orphan

SWEEP_SECONDS = 15.0
"""How often it is looked."""
SWEEPS_IN_AN_HOUR = 240
OFFICE_MS = 45_000
"""For how long one process is the sweeper if it says nothing more."""
UNKNOWN_MS = 86_400_000
"""After so long it is a person's to say what became of a job."""
INBOX_MS = 7 * 86_400_000
"""How long a delivery is kept, so that it is known when it comes again."""
_log = logging.getLogger("framewright.router")


@dataclass(frozen=True, slots=True)
class Swept:
    """What one look did."""

    freed: int
    """Jobs of processes that are gone which wait again."""
    adopted: int
    """Jobs left at a provider that are followed further."""


class Sweeper:
    """Looks after what nobody carries; belongs to one event loop."""

    def __init__(
        self,
        database: Database,
        carrier: Carrier,
        owner: Watched,
        providers: Mapping[str, Provider],
        clock: Clock,
        chance: Random,
        keep_days: float | None,
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        """Look after a store for an owner; `keep_days` says how long jobs that are over stay."""
        self._database = database
        self._carrier = carrier
        self._owner = owner
        self._providers = providers
        self._clock = clock
        self._chance = chance
        self._keep_days = keep_days
        self._pause = pause
        self._sweeps = 0
        self._gone: set[str] = set()
        """Whose jobs waited at the last look though they had ended."""
        self._bookkeeper = Bookkeeper(database, clock)
        self._at_work: dict[str, tuple[CarriedJob, asyncio.Task[None]]] = {}

    async def sweep(self) -> Swept | None:
        """Look once; None where another process does."""
        self._owner.look(await self._database.read(leases.of_owners()))
        elected = leases.elect("sweeper", self._owner.name, OFFICE_MS)
        if not await self._database.write(elected):
            return None
        name, is_alive = self._owner.name, self._owner.is_alive
        freed = await self._database.write(queue.release_dead(name, is_alive))
        await self._lay_aside()
        found = await self._database.write(orphans.find(name, is_alive))
        adopted = [each for each in found if await self._adopt(each)]
        self._bookkeeper.prove()
        if self._sweeps % SWEEPS_IN_AN_HOUR == 0:
            self._throw_away_old()
        self._sweeps += 1
        return Swept(freed, len(adopted))

    async def _lay_aside(self) -> None:
        """Let go of what waits for those who were gone at the last look, and are now.

        Who only lost the connection to a server is back by then: it waits for its turns still.
        """
        waiting = await self._database.read(orphans.waiting_owners())
        others = waiting - {self._owner.name}
        gone = {each for each in others if await asyncio.to_thread(self._owner.is_gone, each)}
        await self._database.write(orphans.lay_aside(gone & self._gone))
        self._gone = gone

    def adopted(self) -> list[CarriedJob]:
        """Return the orphans that are followed here."""
        return [job for job, _ in list(self._at_work.values())]

    def let_go(self, job: str) -> None:
        """Follow a job no further: somebody else does."""
        if (found := self._at_work.pop(job, None)) is not None:
            found[1].cancel()

    async def close(self) -> None:
        """Let go of all that is followed; it stays at its providers for a later look."""
        tasks = [task for _, task in self._at_work.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _throw_away_old(self) -> None:
        at = self._clock.now_ms()
        self._database.post(inbox.forget(at - INBOX_MS))
        self._database.post(leases.forget(at - UNKNOWN_MS))
        if self._keep_days is not None:
            before = at - int(self._keep_days * 86_400_000)
            self._database.post(dead_letters.purge(None, before))

    async def _adopt(self, orphan: Orphan) -> bool:
        provider = self._providers.get(orphan.provider)
        if orphan.id in self._at_work or provider is None or provider.in_process:
            return False
        record = (await self._database.read(jobs.find(orphan.tenant, [orphan.key])))[orphan.key]
        if record.remote_id is None and not await self._may_turn_up(orphan, record.failures):
            return False
        if not await self._database.write(orphans.adopt(orphan.id, orphan.epoch)):
            return False
        epoch = orphan.epoch + 1
        request = await self._database.read(jobs.request(orphan.id))
        job = carried(replace(record, epoch=epoch), request, provider)
        job.begins(epoch)
        task = asyncio.get_running_loop().create_task(self._bring_home(job), name=job.id)
        self._at_work[job.id] = (job, task)
        task.add_done_callback(lambda _: self._is_done(job))
        return True

    def _is_done(self, job: CarriedJob) -> None:
        # It may have been let go, and taken up anew, before its task came to its end.
        if (found := self._at_work.get(job.id)) is not None and found[0] is job:
            del self._at_work[job.id]

    async def _may_turn_up(self, orphan: Orphan, failures: int) -> bool:
        """Tell whether anybody could say what became of an unanswered submission."""
        if self._clock.now_ms() - orphan.sent_ms > UNKNOWN_MS:
            return False
        if isinstance(self._providers[orphan.provider], Finds):
            return True
        key = provider_key(orphan.id, failures + 1)
        return await self._database.read(inbox.remote_id(orphan.provider, key)) is not None

    async def _bring_home(self, job: CarriedJob) -> None:
        request, step = job.request, step_of(job.request)
        with working_on(
            run=request.correlation, step=step, job=job.id, remote_id=job.remote_id or ""
        ):
            _log.info(
                "nobody carries %s of %s any more; it is taken up", request.key, request.model
            )
            await self._found_out(job)

    async def _found_out(self, job: CarriedJob) -> None:
        try:
            stands = job.phase
            if job.remote_id is None:
                stands = await turns_up(job, self._database, self._pause) or Phase.SUBMITTING
            if stands is Phase.SUBMITTING:
                self._carrier.leave_unknown(job)
            elif job.to_be_stopped:
                await self._carrier.call_off(job, however_long=True)
            elif stands is Phase.NONE:
                # It never arrived. Whether it is still wanted, whoever asks for it knows.
                await self._database.write(queue.give_back(job.id, job.epoch or 0))
            else:
                await self._follow(job)
        except BusyError:
            _log.info("job %s has gone on elsewhere", job.id)
        except StorageError as error:
            _log.warning("job %s: %s", job.id, error)

    async def _follow(self, job: CarriedJob) -> None:
        result = await self._carrier.attempt(job, _nobody)
        if result.state is not JobState.DEAD or result.error is None or job.epoch is None:
            return
        error = result.error
        seconds = pause_seconds(error, job.attempt, self._chance)
        place = (job.request.provider, job.request.model)
        self._database.post(health.suffered(*place, job.id, error, int((seconds or 0.0) * 1_000)))
        if seconds is None:
            await self._carrier.settle(job, result)
            return
        # Not submitted again while nobody asks for it.
        pause_ms = int(seconds * 1_000)
        await self._database.write(
            attempts.back_off(job.id, job.epoch, error, pause_ms, result.cost)
        )
        job.phase = Phase.NONE


def _nobody(status: Working) -> None:
    """Hear how a job is that nobody waits for."""
    del status
