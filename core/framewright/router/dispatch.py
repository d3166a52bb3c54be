"""Hands out turns: every job of this process waits here until the queue lets it begin."""

from __future__ import annotations

import asyncio
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
    from framewright.store.queue import Granted
    from framewright.store.queue_limits import Limits

LOOK_SECONDS = 0.1
"""How often the store is asked for room while another process may hold what is missing."""
LOOKS_FOR_THE_DEAD = 10
"""At which of these looks it is asked whether who holds it still lives."""


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
        """Tell whether another owner still works; called on the writer's thread."""
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
        self._turns: dict[str, asyncio.Future[int]] = {}
        self._asked = False
        self._later: asyncio.TimerHandle | None = None
        self._looks = 0
        self._loop = asyncio.get_running_loop()

    async def release_dead(self) -> None:
        """Give back the places of processes that are gone."""
        await self._database.write(queue.release_dead(self._owner.name, self._owner.is_alive))

    async def accept(
        self, identity: str, request: JobRequest, request_hash: str, priority: Priority
    ) -> tuple[JobRecord, asyncio.Future[int] | None]:
        """Accept a job durably, or find the one its key stands for.

        A new job's turn is asked for in the same breath: the future answers with its epoch.
        """
        operation = jobs.accept(identity, request, request_hash, self._owner.name, int(priority))
        accepted = self._database.add(operation)
        # Accepted and begun in one commit, where there is room.
        turn = self._expect(identity)
        try:
            record = await accepted
        except BaseException:
            self.forget(identity)
            raise
        if record.id == identity:
            return record, turn
        self.forget(identity)
        return record, None

    async def turn(self, record: JobRecord, key: str) -> int:
        """Take over a job that was accepted before, wait for its turn, and return its epoch.

        Raises `BusyError` for a job that a living process carries, or took just now.
        """
        other = record.owner not in {None, self._owner.name}
        alive = other and await asyncio.to_thread(self._owner.is_alive, record.owner or "")
        taken = not alive and await self._database.write(
            queue.take_over(record.id, record.epoch, self._owner.name)
        )
        if not taken:
            message = f"Another process carries {key}."
            raise BusyError(message, action="Wait until it has ended.")
        if record.state is not JobState.QUEUED:
            # It is live already: it has its place.
            return record.epoch + 1
        return await self._expect(record.id)

    def forget(self, job: str) -> None:
        """Wait for a job's turn no longer."""
        if (turn := self._turns.pop(job, None)) is not None:
            turn.cancel()

    def freed(self) -> None:
        """Hear that a job has ended: another may begin."""
        if self._turns:
            self._ask()

    def _expect(self, job: str) -> asyncio.Future[int]:
        turn: asyncio.Future[int] = self._loop.create_future()
        self._turns[job] = turn
        self._ask()
        return turn

    def _ask(self) -> None:
        """Claim once at the end of this turn of the loop, however many ask for it."""
        if not self._asked:
            self._asked = True
            self._loop.call_soon(self._claim)

    def _look(self) -> None:
        """Look whether another process has made room, now and then by dying."""
        self._later = None
        if not self._turns:
            return
        self._looks += 1
        if self._looks % LOOKS_FOR_THE_DEAD == 0:
            self._database.add(queue.release_dead(self._owner.name, self._owner.is_alive))
        self._ask()

    def _claim(self) -> None:
        self._asked = False
        if self._later is not None:
            self._later.cancel()
            self._later = None
        operation = queue.claim(self._owner.name, self.limits, self._owner.is_alive)
        self._database.write(operation).add_done_callback(self._hand_out)

    def _hand_out(self, claimed: asyncio.Future[tuple[Granted, ...]]) -> None:
        if claimed.cancelled():
            return
        if (problem := claimed.exception()) is not None:
            for turn in self._turns.values():
                if not turn.done():
                    turn.set_exception(problem)
            return
        for each in claimed.result():
            waiting = self._turns.pop(each.job, None)
            if waiting is not None and not waiting.done():
                waiting.set_result(each.epoch)
            else:
                # Nobody waits for it any more: who called it off ends it where it stands.
                self._database.post(queue.give_back(each.job, each.epoch))
        if self._turns and self._later is None and not self._asked:
            # What is missing may be held by another process, which nobody tells us of.
            self._later = self._loop.call_later(LOOK_SECONDS, self._look)
