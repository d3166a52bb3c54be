"""A remote provider under a test's control, and one that works in the process that asks it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from framewright.domain.job import ErrorCategory
from framewright.domain.media import MediaKind
from framewright.protocols import (
    Finished,
    ProviderFailure,
    ProviderOutput,
    ProviderRequest,
    Status,
    SubmitError,
    Working,
)

if TYPE_CHECKING:
    from pathlib import Path

    from router_world.process import Process
    from router_world.world import World

FAR, NEAR = "far", "near"
UNDER_WAY_SECONDS = 100.0
"""How long a submission may be on its way: less than after which its absence is believed."""


class Line(StrEnum):
    """What becomes of submissions."""

    PROMPT = "prompt"
    SLOW = "slow"
    """They arrive, and are answered, when the test says so."""
    CUT_BEFORE = "cut before they arrive"
    CUT_BEHIND = "cut before they are answered"
    REFUSED = "refused"
    DOWN = "down"
    """Nothing gets through, questions neither."""


@dataclass(eq=False)
class Call:
    """A submission on its way."""

    process: Process
    request: ProviderRequest
    sent: float
    answer: asyncio.Future[str]
    work: Work | None = None
    given_up: bool = False
    """As of a work."""

    @property
    def is_open(self) -> bool:
        return not self.answer.done()


@dataclass(eq=False)
class Work:
    """What the provider has of a job."""

    id: str
    request: ProviderRequest
    status: Status = field(default_factory=Working)
    cancelled: bool = False
    told_failed: bool = False
    """Whether it said, truly or not, that this failed."""
    given_up: bool = False
    """Whether a person said that it shall not be asked after any more."""
    waiters: list[asyncio.Future[Status]] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return not isinstance(self.status, Working)

    def ends(self, status: Status) -> None:
        if not self.is_over:
            self.status = status
            for waiter in self.waiters:
                if not waiter.done():
                    waiter.set_result(status)


@dataclass(eq=False)
class Far:
    """The provider itself, which outlives all processes."""

    world: World
    deduplicates: bool = False
    """Whether the same key gives the same work."""
    lists: bool = False
    """Whether it can be asked what it has under a key."""
    line: Line = Line.PROMPT
    refusal: ErrorCategory = ErrorCategory.OUTAGE
    unfetchable: int = 0
    stubborn: bool = False
    """Whether it goes on for a while with what it is told to stop."""
    quick: bool = False
    """Whether all work is done as soon as it comes."""
    calls: list[Call] = field(default_factory=list)
    works: dict[str, Work] = field(default_factory=dict)

    def open_calls(self) -> list[Call]:
        return [each for each in self.calls if each.is_open or each.work is None]

    def running(self) -> list[Work]:
        return [each for each in self.works.values() if not each.is_over]

    def under(self, key: str) -> list[Work]:
        return [each for each in self.works.values() if each.request.submission == key]

    def arrive(self, call: Call) -> None:
        """Let a submission reach the provider, whoever still waits for its answer."""
        if call.work is not None:
            return
        known = self.under(call.request.submission)
        if known and self.deduplicates:
            call.work = known[0]
            return
        self.world.laws.arrived(call, self.works.values())
        call.work = Work(f"r{len(self.works) + 1}", call.request, given_up=call.given_up)
        self.works[call.work.id] = call.work
        if self.quick:
            call.work.ends(Finished(cost=0.25))

    def answer(self, call: Call) -> None:
        self.arrive(call)
        if call.is_open and call.work is not None:
            call.answer.set_result(call.work.id)

    def lose(self, call: Call) -> None:
        """Let whoever waits for an answer wait no more; what has not arrived never does."""
        if call.is_open:
            call.answer.set_exception(ConnectionError("cut"))
        if call.work is None:
            self.calls.remove(call)

    def time_goes_by(self) -> None:
        for call in self.open_calls():
            if call.work is None and self.world.loop.now - call.sent > UNDER_WAY_SECONDS:
                # It got lost on its way, and nobody hears so.
                self.calls.remove(call)


class Door:
    """One process's way to the provider."""

    name = FAR
    in_process = False
    concurrency = 100

    def __init__(self, far: Far, process: Process) -> None:
        self._far = far
        self._process = process
        self._loop = far.world.loop

    async def submit(self, request: ProviderRequest) -> str:
        self._process.lives()
        far = self._far
        if far.line is Line.DOWN:
            raise ConnectionError("down")
        call = Call(self._process, request, self._loop.time(), self._loop.create_future())
        far.world.laws.submitted(call)
        if far.line is Line.REFUSED:
            raise SubmitError(ProviderFailure(far.refusal, "It was refused."))
        far.calls.append(call)
        if far.line is Line.PROMPT:
            far.answer(call)
        elif far.line is Line.CUT_BEHIND:
            far.arrive(call)
            far.lose(call)
        elif far.line is Line.CUT_BEFORE:
            far.lose(call)
        return await call.answer

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        self._reach()
        work = self._far.works[remote_id]
        if work.is_over:
            return work.status
        waiter: asyncio.Future[Status] = self._loop.create_future()
        work.waiters.append(waiter)
        timer = self._loop.call_later(wait_seconds, _still_working, waiter)
        try:
            return await waiter
        finally:
            timer.cancel()

    async def cancel(self, remote_id: str) -> None:
        self._reach()
        work = self._far.works[remote_id]
        work.cancelled = True
        if not self._far.stubborn:
            work.ends(ProviderFailure(ErrorCategory.UNKNOWN, "It was called off."))

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        del folder
        self._reach()
        far, work = self._far, self._far.works[remote_id]
        if far.unfetchable:
            far.unfetchable -= 1
            raise SubmitError(ProviderFailure(ErrorCategory.OUTAGE, "It does not answer."))
        if not isinstance(work.status, Finished):
            raise SubmitError(ProviderFailure(ErrorCategory.UNKNOWN, "It is not there."))
        return (ProviderOutput(MediaKind.TEXT, text=f"{work.id} of {work.request.key}"),)

    async def close(self) -> None:
        pass

    def _reach(self) -> None:
        self._process.lives()
        if self._far.line is Line.DOWN:
            raise ConnectionError("down")


class ListingDoor(Door):
    """One that can also be asked by key."""

    async def find(self, key: str) -> str | None:
        self._reach()
        found = self._far.under(key)
        return found[0].id if found else None


class Near:
    """Works in the process that asks, and ends with it."""

    name = NEAR
    in_process = True
    concurrency = 2

    def __init__(self, far: Far, process: Process) -> None:
        self._far = far
        self._process = process
        self.works: dict[str, Work] = {}

    async def submit(self, request: ProviderRequest) -> str:
        self._process.lives()
        work = Work(f"n{len(self.works) + 1}", request)
        self.works[work.id] = work
        if self._far.quick:
            work.ends(Finished())
        return work.id

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        del wait_seconds
        self._process.lives()
        work = self.works[remote_id]
        if work.is_over:
            return work.status
        waiter: asyncio.Future[Status] = asyncio.get_running_loop().create_future()
        work.waiters.append(waiter)
        return await waiter

    async def cancel(self, remote_id: str) -> None:
        self._process.lives()
        self.works[remote_id].ends(ProviderFailure(ErrorCategory.UNKNOWN, "It was called off."))

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        del folder
        self._process.lives()
        text = f"{self._process.name} {remote_id} of {self.works[remote_id].request.key}"
        return (ProviderOutput(MediaKind.TEXT, text=text),)

    async def close(self) -> None:
        pass


def _still_working(waiter: asyncio.Future[Status]) -> None:
    if not waiter.done():
        waiter.set_result(Working())
