"""Hands out turns: every job of this process waits here until the queue lets it begin."""

from __future__ import annotations

import asyncio
import logging
import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framewright.domain.priority import Priority
from framewright.errors import BusyError, StorageError, WorkFailedError
from framewright.router.lateness import LATE_SECONDS
from framewright.store import health, jobs, queue
from framewright.store.queue_limits import Group

if TYPE_CHECKING:
    from collections.abc import Callable

    from framewright.domain.budget import Budgets
    from framewright.domain.job import JobRequest
    from framewright.router.metrics import Metrics
    from framewright.router.owners import Owner
    from framewright.store.database import Database
    from framewright.store.jobs import JobRecord
    from framewright.store.queue import Turns
    from framewright.store.queue_limits import Limits

LOOK_SECONDS = 0.1
"""How often the store is asked for room while another process may hold what is missing."""
SELDOM_SECONDS = 1.0
"""How often where other processes tell of the room they make, and whoever holds it is asked
after: what died tells nobody."""
_log = logging.getLogger("framewright.router")


HEAD_START_MS = {Priority.LOW: -60_000, Priority.NORMAL: 0, Priority.HIGH: 60_000}
"""How much earlier a job counts as accepted: nobody is overtaken for longer than that."""


class ModelDownError(WorkFailedError):
    """A model fails every time just now, and who waits for it would rather go elsewhere."""

    code = "model-down"


@dataclass(slots=True)
class _Turn:
    """A job that waits for its turn."""

    group: Group
    epoch: asyncio.Future[int]
    """Answers once it may begin."""
    since: float
    """Time of the event loop, in seconds."""
    owned: bool
    """Whether it is this owner's on record, or will be with what is being written."""


class Dispatcher:
    """The waiting jobs of one process; belongs to one event loop."""

    def __init__(
        self,
        database: Database,
        owner: Owner,
        limits: Limits,
        budgets: Budgets,
        metrics: Metrics,
    ) -> None:
        self.limits = limits
        self.budgets = budgets
        self._metrics = metrics
        self._database = database
        self._owner = owner
        self._turns: dict[str, _Turn] = {}
        self._groups: Counter[Group] = Counter()
        self._leaving: dict[str, Callable[[], bool]] = {}
        self._turning: asyncio.Task[None] | None = None
        self._asked = False
        self._later: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._asked_after = self._heard_at = self._loop.time()
        self._doubts_until = self._doubted_at = -math.inf
        self._missed: dict[str, float] = {}
        """Since when owners seem to be gone; belongs to the writer's thread."""
        database.on_woken(self.freed)

    async def release_dead(self) -> None:
        """Give back the places of processes that are gone."""
        await self._database.write(queue.release_dead(self._owner.name, self._owner.is_alive))

    def accept(
        self, identity: str, request: JobRequest, request_hash: str, priority: Priority
    ) -> tuple[asyncio.Future[JobRecord], asyncio.Future[int]]:
        """Accept a job durably, or find the one its key stands for.

        A new job's turn is asked for in the same breath: the second future answers with its
        epoch. It is to be forgotten where another job is found, or none.
        """
        operation = jobs.accept(
            identity, request, request_hash, self._owner.name, HEAD_START_MS[priority], self.budgets
        )
        accepted = self._database.add(operation)
        # Accepted and begun in one commit, where there is room.
        return accepted, self._expect(identity, _group(request), owned=True)

    async def take_over(self, record: JobRecord) -> int | None:
        """Take over a job that was accepted before, and return its epoch.

        None where it no longer stands as recorded.
        """
        operation = queue.take_over(record.id, record.epoch, self._owner.name)
        if not await self._database.write(operation):
            return None
        if (turn := self._turns.get(record.id)) is not None:
            turn.owned = True
        return record.epoch + 1

    async def again(self, request: JobRequest) -> JobRecord | None:
        """Find a job as it stands now, with its reservation made; None where there is none."""
        operation = jobs.again(request.tenant, request.key, self.budgets)
        return await self._database.write(operation)

    async def refuse_carried(self, record: JobRecord, request: JobRequest) -> None:
        """Raise `BusyError` for a job that another living process carries."""
        other = record.owner not in {None, self._owner.name}
        if other and await self.is_at_work(record.owner or ""):
            message = f"Another process carries {request.key}."
            raise BusyError(message, action="Wait until it has ended.")

    async def is_at_work(self, owner: str) -> bool:
        """Tell whether another owner lives, and does not hang."""
        return await asyncio.to_thread(self._owner.is_alive, owner)

    def may_leave(self, job: str, leaves: Callable[[], bool]) -> None:
        """Let a job wait no longer once its model's breaker opens, where `leaves` says so.

        Its turn then raises `ModelDownError`.
        """
        self._leaving[job] = leaves

    def turn(self, job: str, request: JobRequest, *, owned: bool) -> asyncio.Future[int]:
        """Ask for the turn of a job that is this owner's, or will be; answers with its epoch.

        To be asked before the job is made to wait: a turn that comes to one that nobody waits
        for is given back. It is to be forgotten where it is not awaited. Raises `BusyError`
        where another process took over what was `owned`, because this one hung.
        """
        return self._expect(job, _group(request), owned=owned)

    def forget(self, job: str) -> None:
        """Wait for a job's turn no longer."""
        self._leaving.pop(job, None)
        if (turn := self._drop(job)) is not None:
            turn.epoch.cancel()

    def waiting(self) -> list[Group]:
        """Return the kind of each job that waits for its turn here; for any thread."""
        return [each.group for each in list(self._turns.values())]

    def freed(self) -> None:
        """Hear that a job has ended, here or elsewhere: another may begin."""
        if self._turns:
            self._ask()

    def look_for_lost(self) -> None:
        """Wait no longer for what has ended, or was taken over by who took this for dead."""
        if self._turns:
            lost = self._database.write(queue.lost(self._owner.name, tuple(self._turns)))
            lost.add_done_callback(self._lose)

    def _expect(self, job: str, group: Group, *, owned: bool) -> asyncio.Future[int]:
        turn: asyncio.Future[int] = self._loop.create_future()
        turn.add_done_callback(_look_away)
        self._turns[job] = _Turn(group, turn, self._loop.time(), owned)
        self._groups[group] += 1
        self._ask()
        return turn

    def _drop(self, job: str) -> _Turn | None:
        """Take a job out of those that wait; return its turn."""
        found = self._turns.pop(job, None)
        if found is None:
            return None
        self._groups[found.group] -= 1
        if not self._groups[found.group]:
            del self._groups[found.group]
        return found

    def _ask(self) -> None:
        """Claim once at the end of this turn of the loop, however many ask for it."""
        if not self._asked:
            self._asked = True
            self._loop.call_soon(self._claim)

    def _look(self) -> None:
        """Look whether another process has made room."""
        self._later = None
        if not self._turns:
            return
        if self._leaving and (self._turning is None or self._turning.done()):
            self._turning = self._loop.create_task(self._turn_away())
        self._ask()

    def _lives_still(self, name: str) -> bool:
        """Tell whether an owner works; who only lost a connection has until the next look."""
        if self._owner.is_alive(name):
            self._missed.pop(name, None)
            return True
        if not self._database.hears:
            return False
        now = self._loop.time()
        return now - self._missed.setdefault(name, now) < SELDOM_SECONDS / 2

    def _claim(self) -> None:
        self._asked = False
        if self._later is not None:
            self._later.cancel()
            self._later = None
        # Here, because where others end many jobs there is never the time for a look.
        if (now := self._loop.time()) - self._asked_after >= SELDOM_SECONDS:
            self._asked_after = now
            freed = self._database.add(queue.release_dead(self._owner.name, self._lives_still))
            freed.add_done_callback(_look_away)
        groups, alive = tuple(self._groups), self._owner.is_alive
        known = self.limits.providers
        operation = queue.claim(self._owner.name, groups, self.limits, alive, providers=known)
        self._database.write(operation).add_done_callback(self._hand_out)

    def _hand_out(self, claimed: asyncio.Future[Turns]) -> None:
        if claimed.cancelled():
            return
        if (problem := claimed.exception()) is not None:
            for turn in self._turns.values():
                if not turn.epoch.done():
                    turn.epoch.set_exception(problem)
            return
        now, before = self._loop.time(), self._heard_at
        self._heard_at = now
        if now - before >= LATE_SECONDS / 2:
            # Others may take it for dead until they have seen that it is back, and looked again.
            self._doubts_until = now + LATE_SECONDS
        if now < self._doubts_until and now - self._doubted_at >= SELDOM_SECONDS:
            self._doubted_at = now
            self.look_for_lost()
        for each in claimed.result().of(self._owner.name):
            waiting = self._drop(each.job)
            if waiting is not None and not waiting.epoch.done():
                waiting.epoch.set_result(each.epoch)
                self._metrics.waited(waiting.group, self._loop.time() - waiting.since)
            else:
                # Nobody waits for it any more: who called it off ends it where it stands.
                self._database.post(queue.give_back(each.job, each.epoch))
        if self._turns and self._later is None and not self._asked:
            # Another process may make room, or give a job its turn, and tell nobody.
            pause = SELDOM_SECONDS if self._database.hears else LOOK_SECONDS
            self._later = self._loop.call_later(pause, self._look)

    def _lose(self, lost: asyncio.Future[tuple[str, ...]]) -> None:
        if lost.cancelled() or lost.exception() is not None:
            return
        for job in lost.result():
            turn = self._turns.get(job)
            # What is to be taken over just now need not be its own yet.
            if turn is not None and turn.owned and not turn.epoch.done():
                self._drop(job)
                message = "Another process took a job over while this one hung."
                action = "`framewright resume` the run when it has ended."
                turn.epoch.set_exception(BusyError(message, action=action))

    async def _turn_away(self) -> None:
        """Let those go elsewhere whose model goes on failing."""
        try:
            found = await self._database.read(health.ailing())
        except StorageError as error:
            # Whoever has something to write hears of it.
            _log.warning("nobody knows which models are down: %s", error)
            return
        down = {(each.provider, each.model) for each in found if each.lets_one_through}
        for job, leaves in tuple(self._leaving.items()) if down else ():
            waiting = self._turns.get(job)
            if waiting is None or (waiting.group.provider, waiting.group.model) not in down:
                continue
            if leaves() and self._drop(job) is not None and not waiting.epoch.done():
                problem = ModelDownError(f"{waiting.group.model} fails every time just now.")
                waiting.epoch.set_exception(problem)


def _look_away(future: asyncio.Future[Any]) -> None:
    """Take note of a failure that somebody else hears of too."""
    if not future.cancelled():
        future.exception()


def _group(request: JobRequest) -> Group:
    return Group(request.tenant, request.provider, request.model)
