"""A world of processes, a provider and a store, in which nothing happens unless a test says so."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framewright.domain.job import ErrorCategory, JobError, JobRequest, JobResult, JobState
from framewright.protocols import Finished, HandClock
from framewright.store import ends
from framewright.store.place import PostgresUrl
from framewright.store.queue_limits import Limits
from framewright.store.sqlite_engine import SqliteEngine
from router_world.far import FAR, NEAR, Door, Far, Line, ListingDoor, Near
from router_world.laws import ENDS, Laws
from router_world.process import HERE, Ask, Killed, Process, Stall
from router_world.still_loop import StillLoop

if TYPE_CHECKING:
    from collections.abc import Collection, Coroutine

    from framewright.store.engine import Engine
    from framewright.store.place import Place

TABLES = (
    *("attempt", "job", "health", "inbox", "rate", "lease", "tenant_share", "turn"),
    *("charge", "account"),
)
MODELS = ("far/a", "far/b", "near/c")
TENANTS = ("ann", "bob")
LIMITS = Limits(
    providers={FAR: 3, NEAR: 2},
    models={"far/a": 2},
    tenants={"ann": 3},
    tenant_models={("bob", "far/b"): 1},
    weights={"ann": 2.0},
)
ALL = frozenset({"once", "stops", "P1", "P2", "P3", "P4", "P6", "P7", "P8", "P9", "P10"})
LEAP_SECONDS = 10.0
"""How far time goes at once: processes look several times while a lease lasts."""
CALM_SECONDS = (*[10.0] * 12, *[30.0] * 40, *[600.0] * 12)
"""How long it is waited for all to end once faults have stopped, look after look."""
LAST_SECONDS = 600.0
PATIENT_LOOKS = 12
"""After so many of them a person gives up what nobody can find out about."""


@dataclass
class Store:
    """A database that examples use one after the other."""

    engine: Engine

    @classmethod
    def open(cls, place: Place) -> Store:
        if isinstance(place, PostgresUrl):
            from framewright.store.postgres_engine import PostgresEngine

            engine: Engine = PostgresEngine(place)
            engine.begin_writing()
            return cls(engine)
        file = SqliteEngine(place)
        file.begin_writing()
        assert file._writing is not None
        # Nobody cuts the power.
        file._writing.execute("PRAGMA synchronous = OFF")
        return cls(file)

    def clear(self) -> None:
        with self.engine.transaction() as at:
            for table in TABLES:
                at.execute(f"DELETE FROM {table}")

    def close(self) -> None:
        self.engine.end_reading()
        self.engine.end_writing()


class World:
    """One example."""

    def __init__(
        self,
        store: Store,
        *,
        lists: bool = False,
        deduplicates: bool = False,
        laws: Collection[str] = ALL,
        limits: Limits = LIMITS,
    ) -> None:
        self.store = store
        self.limits = limits
        self.clock = HandClock()
        self.loop = StillLoop()
        self.loop.set_task_factory(_told_to_its_process)
        self.loop.set_exception_handler(self._surprised)
        self.laws = Laws(self, laws)
        self.far = Far(self, deduplicates=deduplicates, lists=lists)
        self.processes: list[Process] = []
        self.living: set[str] = set()
        self.redrives = False
        """Whether a person lets dead jobs begin anew in this example."""
        self._numbers = itertools.count()

    def count(self) -> int:
        return next(self._numbers)

    # ---- processes

    def start(self) -> Process:
        process = Process(self, f"p{len(self.processes) + 1}")
        self.processes.append(process)
        self.living.add(process.name)
        door = (ListingDoor if self.far.lists else Door)(self.far, process)
        near = Near(self.far, process)
        process.near = near
        process.run(process.start({FAR: door, NEAR: near}))
        self.still()
        self.do(process, process.router.release_dead())
        return process

    def alive(self) -> list[Process]:
        return [each for each in self.processes if not each.dead]

    def do(self, process: Process, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Begin something in a process and let it go as far as it goes by now."""
        task = process.run(work)
        self.still()
        return task

    def leave(self, process: Process) -> None:
        """Let a process end as one does that is told to: its jobs are called off."""

        async def close() -> None:
            tasks = [each.task for each in process.asks if each.task is not None]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await process.router.close()
            await process.database.close()
            process.kill()

        self.do(process, close())

    # ---- time

    def still(self) -> None:
        """Let everything happen that does at this moment; raises what did not hold."""
        self.loop.run_until_still()
        self.laws.still()
        self.check()

    def check(self) -> None:
        if self.laws.broken:
            raise AssertionError(self.laws.broken[0])

    def advance(self, seconds: float, leap: float = LEAP_SECONDS) -> None:
        while seconds > 0:
            step = min(leap, seconds)
            seconds -= step
            self.loop.now += step
            self.clock.at_ms += int(step * 1_000)
            self.far.time_goes_by()
            self.still()

    def set_clock(self, by_ms: int) -> None:
        self.clock.at_ms += by_ms
        self.laws.tell("", f"the clock is set by {by_ms} ms")
        self.laws.starve_anew()

    # ---- jobs

    def request(self, number: int, variant: int = 0) -> JobRequest:
        model = MODELS[number % len(MODELS)]
        return JobRequest(
            tenant=TENANTS[number // len(MODELS) % len(TENANTS)],
            key=f"k{number}",
            correlation="run_1",
            provider=model.partition("/")[0],
            model=model,
            task="",
            inputs={"variant": variant},
            seed=1,
            reserve=250_000,
        )

    def is_waited_for(self, row: dict[str, Any]) -> bool:
        """Tell whether a process that answers waits for the turn of a job."""
        for process in self.alive():
            if process.name == row["owner"] and process.database.stall is Stall.NO:
                return row["id"] in process.router._dispatcher._turns
        return False

    def calm(self) -> None:
        """Let all faults stop, and hold that every job then comes to its end."""
        self._stop_faults()
        last = self.start()
        for look, seconds in enumerate(CALM_SECONDS):
            self.do(last, last.router.sweep())
            if look >= PATIENT_LOOKS and not self.far.lists:
                for row in self._left():
                    if row["state"] == "unknown":
                        self.give_up(last, row)
            if not (left := self._left()):
                break
            asked = {ask.request.key for each in self.alive() for ask in each.asks if ask.is_open}
            for row in left:
                if row["key"] not in asked:
                    last.submit(JobRequest.model_validate_json(row["request"]))
            self.advance(seconds)
        self._all_is_over()
        self.laws.accounts()
        self.check()

    def _all_is_over(self) -> None:
        """Hold that all has ended, and that whoever asked has heard so."""
        for row in self._left():
            self.laws.must("P1", False, f"{row['id']} stays {row['state']}/{row['phase']}")
        if self._open():
            # What is over everywhere else is soon over for whoever asked.
            self.advance(LAST_SECONDS)
        for ask in self._open():
            row = self.laws.by_key(ask.request.tenant, ask.request.key) or {"id": ask.request.key}
            self.laws.must("P1", False, f"{ask.process.name} waits for {row['id']} for ever")

    def _stop_faults(self) -> None:
        far = self.far
        far.line, far.quick, far.unfetchable = Line.PROMPT, True, 0
        far.stubborn = False
        for process in self.alive():
            process.fuse = None
            process.database.resume()
        for call in list(far.open_calls()):
            far.answer(call)
        for work in far.running():
            work.ends(Finished(cost=0.25))
        for process in self.alive():
            for work in list(process.near.works.values()):
                work.ends(Finished())
        self.still()

    def give_up(self, process: Process, row: dict[str, Any]) -> None:
        """Let a person say that a job of an unknown outcome is over."""
        for each in (*self.far.works.values(), *self.far.calls):
            each.given_up |= each.request.job == row["id"]
        self.laws.given_up = {row["id"]}
        error = JobError(category=ErrorCategory.UNKNOWN, code="given-up", message="Given up.")
        end = JobResult(state=JobState.DEAD, error=error)
        process.database.write(ends.give_up(row["tenant"], row["key"], end))
        self.still()
        self.laws.given_up = set()

    def _open(self) -> list[Ask]:
        return [ask for each in self.alive() for ask in each.asks if ask.is_open]

    def _left(self) -> list[dict[str, Any]]:
        return [row for row in self.laws.jobs.values() if row["state"] not in ENDS]

    def close(self) -> None:
        for process in self.processes:
            process.kill()
        self.loop.run_until_still()
        self.loop.close()

    def _surprised(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        del loop
        error = context.get("exception")
        # Who was killed, or gave up, does not hear that a question failed.
        expected = (Killed, asyncio.CancelledError, ConnectionError)
        if error is not None and not isinstance(error, expected):
            self.laws.must("P1", False, f"nobody foresaw {error!r} ({context.get('message')})")


def _told_to_its_process(
    loop: asyncio.AbstractEventLoop, work: Any, **more: Any
) -> asyncio.Task[Any]:
    task: asyncio.Task[Any] = asyncio.Task(work, loop=loop, **more)
    if (process := HERE.get()) is not None:
        process.tasks[task] = None
        task.add_done_callback(lambda _: process.tasks.pop(task, None))
    return task
