"""Hears what people wish of the jobs at hand, and what providers say of them by themselves."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from framewright.domain.job import Wish
from framewright.store import inbox, leases, wishes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from framewright.protocols import Status
    from framewright.router.carried_job import CarriedJob
    from framewright.store.database import Database, Operation
    from framewright.store.transaction import Transaction

    Heard = tuple[dict[str, Wish], tuple[tuple[str, str, Status], ...]]

HEAR_SECONDS = 0.25
"""How often the store is asked while there are jobs at hand."""
RENEWED_EVERY = 40
"""At which of these looks this process says that it is at work."""


class Hearing:
    """Passes on what the store holds for jobs at hand; belongs to one event loop."""

    def __init__(
        self, database: Database, owner: str, at_hand: Callable[[], Iterable[CarriedJob]]
    ) -> None:
        self._database = database
        self._owner = owner
        self._at_hand = at_hand
        self._loop = asyncio.get_running_loop()
        self._later: asyncio.TimerHandle | None = None
        self._listens = False
        self._looks = 0

    def begin(self) -> None:
        """Listen from now on, until no job is at hand any more."""
        if not self._listens:
            self._listens = True
            self._looks = 0
            self._later = self._loop.call_later(HEAR_SECONDS, self._look)

    def now(self) -> None:
        """Look at once: something came in."""
        if self._listens and self._later is not None:
            self._later.cancel()
            self._look()

    def _look(self) -> None:
        self._later = None
        jobs = tuple(self._at_hand())
        if not jobs:
            self._listens = False
            # Whoever has nothing at hand owes nobody a sign of life.
            self._database.post(leases.rest(self._owner))
            return
        remote = [
            (job.request.provider, job.remote_id)
            for job in jobs
            if job.remote_id is not None and not job.provider.in_process
        ]
        renewed = self._looks % RENEWED_EVERY == 0
        ids = {job.id for job in jobs}
        asked = self._database.write(_look_into(self._owner, ids, remote, renewed=renewed))
        asked.add_done_callback(self._hear)

    def _hear(self, asked: asyncio.Future[Heard]) -> None:
        self._later = self._loop.call_later(HEAR_SECONDS, self._look)
        if asked.cancelled() or asked.exception() is not None:
            # Whoever waits for a job hears of it by its next write; it may pass.
            return
        self._looks += 1
        wished, said = asked.result()
        by_place: dict[tuple[str, str | None], CarriedJob] = {}
        for job in self._at_hand():
            by_place[job.request.provider, job.remote_id] = job
            if (wish := wished.get(job.id)) is not None:
                _heed(job, wish)
        for provider, remote_id, status in said:
            if (at_hand := by_place.get((provider, remote_id))) is not None:
                at_hand.news.put_nowait(status)


def _heed(job: CarriedJob, wish: Wish) -> None:
    if wish is Wish.NOW:
        job.hurry.set()
    elif not job.called_off and job.task is not None:
        job.called_off = True
        job.task.cancel()


def _look_into(
    owner: str, at_hand: Collection[str], remote: Sequence[tuple[str, str]], *, renewed: bool
) -> Operation[Heard]:
    renew, wished, said = leases.renew(owner), wishes.take(owner, at_hand), inbox.take(remote)

    def operation(transaction: Transaction) -> Heard:
        if renewed:
            renew(transaction)
        return wished(transaction), said(transaction)

    return operation
