"""Hands out turns: every job of this process waits here until the queue lets it begin."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

from framewright.domain.job import JobState
from framewright.errors import BusyError
from framewright.store import jobs, queue

if TYPE_CHECKING:
    from framewright.domain.job import JobRequest
    from framewright.store.database import Database
    from framewright.store.jobs import JobRecord
    from framewright.store.queue import Granted, Group, Limits

LOOK_SECONDS = 0.1
"""How often the store is asked for room while another process may hold what is missing."""


class Priority(IntEnum):
    """How many milliseconds earlier a job counts as accepted.

    So nobody is overtaken for longer than that.
    """

    LOW = -60_000
    NORMAL = 0
    HIGH = 60_000


class Owner(Protocol):
    """This process, as the store knows it."""

    @property
    def name(self) -> str:
        """What its jobs carry as owner."""
        ...

    def is_alive(self, name: str) -> bool:
        """Tell whether another owner still works."""
        ...


@dataclass(frozen=True, slots=True)
class SoleOwner:
    """A process beside which there is no other: whoever owned jobs before is gone."""

    name: str

    def is_alive(self, name: str) -> bool:
        """Tell whether this is the one."""
        return name == self.name


class Dispatcher:
    """The waiting jobs of one process; belongs to one event loop."""

    def __init__(self, database: Database, owner: Owner, limits: Limits) -> None:
        self.limits = limits
        self._database = database
        self._owner = owner
        self._turns: dict[str, tuple[Group, asyncio.Future[int]]] = {}
        self._groups: Counter[Group] = Counter()
        self._asked = False
        self._later: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()

    async def release_dead(self) -> None:
        """Give back the places of processes that are gone."""
        found = await self._database.read(queue.owners())
        if dead := [name for name in found if not self._owner.is_alive(name)]:
            await self._database.write(queue.requeue_of(dead))

    async def accept(
        self, identity: str, request: JobRequest, request_hash: str, priority: Priority
    ) -> tuple[JobRecord, asyncio.Future[int] | None]:
        """Accept a job durably, or find the one its key stands for.

        A new job's turn is asked for in the same breath: the future answers with its epoch.
        """
        group = queue.Group(request.tenant, request.provider, request.model)
        operation = jobs.accept(identity, request, request_hash, self._owner.name, int(priority))
        accepted = self._database.add(operation)
        # Accepted and begun in one commit, where there is room.
        turn = self._expect(identity, group)
        try:
            record = await accepted
        except BaseException:
            self.forget(identity)
            raise
        if record.id == identity:
            return record, turn
        self.forget(identity)
        return record, None

    async def turn(self, record: JobRecord, request: JobRequest) -> int:
        """Take over a job that was accepted before, wait for its turn, and return its epoch.

        Raises `BusyError` for a job that a living process carries.
        """
        other = record.owner not in {None, self._owner.name}
        if other and self._owner.is_alive(record.owner or ""):
            message = f"Another process carries {request.key}."
            raise BusyError(message, action="Wait until it has ended.")
        epoch = record.epoch
        if await self._database.write(queue.take_over(record.id, epoch, self._owner.name)):
            epoch += 1
        if record.state is not JobState.QUEUED:
            # It is live already: it has its place.
            return epoch
        group = queue.Group(request.tenant, request.provider, request.model)
        return await self._expect(record.id, group)

    def forget(self, job: str) -> None:
        """Wait for a job's turn no longer."""
        if (found := self._turns.pop(job, None)) is not None:
            group, turn = found
            turn.cancel()
            self._count_out(group)

    def freed(self) -> None:
        """Hear that a job has ended: another may begin."""
        if self._turns:
            self._ask()

    def _expect(self, job: str, group: Group) -> asyncio.Future[int]:
        turn: asyncio.Future[int] = self._loop.create_future()
        self._turns[job] = (group, turn)
        self._groups[group] += 1
        self._ask()
        return turn

    def _count_out(self, group: Group) -> None:
        self._groups[group] -= 1
        if not self._groups[group]:
            del self._groups[group]

    def _ask(self) -> None:
        """Claim once at the end of this turn of the loop, however many ask for it."""
        if not self._asked:
            self._asked = True
            self._loop.call_soon(self._claim)

    def _claim(self) -> None:
        self._asked = False
        if self._later is not None:
            self._later.cancel()
            self._later = None
        claimed = self._database.write(
            queue.claim(self._owner.name, tuple(self._groups), self.limits)
        )
        claimed.add_done_callback(self._hand_out)

    def _hand_out(self, claimed: asyncio.Future[tuple[Granted, ...]]) -> None:
        if claimed.cancelled():
            return
        if (problem := claimed.exception()) is not None:
            for _, turn in self._turns.values():
                if not turn.done():
                    turn.set_exception(problem)
            return
        for each in claimed.result():
            # One whose turn nobody waits for any more is being called off.
            if (found := self._turns.pop(each.job, None)) is not None:
                self._count_out(found[0])
                if not found[1].done():
                    found[1].set_result(each.epoch)
        if self._turns and self._later is None and not self._asked:
            # What is missing may be held by another process, which nobody tells us of.
            self._later = self._loop.call_later(LOOK_SECONDS, self._ask)
