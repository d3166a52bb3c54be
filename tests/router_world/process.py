"""One process of a simulated world: a real router on a database that a test can stop anywhere.

All processes share one connection to the store: their transactions never overlap in the real
world either, they only change in order. Killed, a process writes and asks nothing more.
"""

from __future__ import annotations

import asyncio
import contextvars
import random
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from typing_extensions import override

from framewright.router.dispatch import Priority
from framewright.router.router import Router
from framewright.store.blobs import Blobs
from framewright.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence

    from framewright.domain.job import JobRequest, JobResult
    from framewright.protocols import Provider
    from framewright.store.engine import Answer, Connection, Engine
    from framewright.store.writer import Waiting
    from router_world.far import Near
    from router_world.world import World

T = TypeVar("T")

HERE: contextvars.ContextVar[Process | None] = contextvars.ContextVar("HERE", default=None)
"""The process that what runs now belongs to."""
ABOUT_JOBS = ("job", "attempt", "health", "lease")


class Killed(BaseException):
    """The process is gone: nothing of it happens any more."""


class Stall(Enum):
    """How the store answers a process."""

    NO = auto()
    BEFORE = auto()
    """What is written waits, as for a lock that another holds."""
    BEHIND = auto()
    """It is on disk, and the process does not hear so: it is suspended."""


@dataclass(eq=False)
class Ask:
    """One call of `submit`."""

    process: Process
    request: JobRequest
    task: asyncio.Task[JobResult] | None = None

    @property
    def is_open(self) -> bool:
        return self.task is not None and not self.task.done()


@dataclass(eq=False)
class _Counted:
    """A connection on which each statement may be a process's last."""

    connection: Connection
    process: Process
    changed: bool = False

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Answer:
        answer = self.connection.execute(statement, values)
        self._note(statement)
        return answer

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> object:
        answer = self.connection.executemany(statement, rows)
        self._note(statement)
        return answer

    def _note(self, statement: str) -> None:
        words = statement.split(None, 3)
        if words[0] != "SELECT":
            table = words[2] if words[0] in {"INSERT", "DELETE"} else words[1]
            self.changed |= table in ABOUT_JOBS
        self.process.tick()


class _HandEngine:
    """The one store of all processes, as one of them sees it."""

    def __init__(self, world: World, process: Process) -> None:
        self.place = world.store.engine.place
        self.told = world.store.engine.told
        self._real: Engine = world.store.engine
        self._world = world
        self._process = process

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        with self._real.transaction() as connection:
            counted = _Counted(connection, self._process)
            yield counted
        if counted.changed:
            self._world.laws.committed(self._process)
        self._process.tick()

    def ask(self, question: Callable[[Connection], T]) -> T:
        # Not in the middle: others read on the same connection.
        self._process.tick()
        return self._real.ask(question)

    def end_listening(self) -> None:
        pass


class _HandDatabase(Database):
    """Writes on the event loop, once the test lets it."""

    def __init__(self, engine: Any, world: World, process: Process) -> None:
        super().__init__(engine, world.clock)
        self._opened.cancel()
        self.process = process
        self.stall = Stall.NO
        self._unsaid: deque[tuple[Callable[..., None], tuple[object, ...]]] = deque()
        self._batch: list[Waiting] = []
        self._waits: dict[asyncio.Future[Any], None] = {}
        """In the order they began to wait: what happens must not depend on where they lie."""

    @override
    def _add(self, operation: Any, *, posted: bool = False) -> asyncio.Future[Any]:
        self.process.lives()
        future = super()._add(operation, posted=posted)
        self._wait_for(future)
        return future

    def _wait_for(self, future: asyncio.Future[Any]) -> None:
        self._waits[future] = None
        future.add_done_callback(lambda _: self._waits.pop(future, None))

    @override
    def _hand_over(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._batch += self._posted
        self._posted = []
        self._loop.call_soon(self._work)

    def _work(self) -> None:
        if self.process.dead or not self._batch or self.stall is Stall.BEFORE:
            return
        batch, self._batch = self._batch, []
        try:
            self._writer._commit(batch)
        except Killed:
            self.process.kill()

    @override
    def _tell(self, listener: Callable[..., None], *news: object) -> None:
        if self.stall is Stall.BEHIND:
            self._unsaid.append((listener, news))
        else:
            self._loop.call_soon(listener, *news)

    @override
    async def read(self, question: Any) -> Any:
        self.process.lives()
        while self.stall is not Stall.NO:
            resumed = self._loop.create_future()
            self._wait_for(resumed)
            self._unsaid.append((self._answer, (resumed, None, None)))
            await resumed
        try:
            answer = self._ask(question)
        except Killed:
            self.process.kill()
            raise
        # Others may write before it is heard.
        await asyncio.sleep(0)
        return answer

    def resume(self) -> None:
        self.stall = Stall.NO
        while self._unsaid:
            listener, news = self._unsaid.popleft()
            self._loop.call_soon(listener, *news)
        self._loop.call_soon(self._work)

    def cut(self) -> None:
        """Let everybody who waits for it know that there is nobody any more."""
        if self._timer is not None:
            self._timer.cancel()
        self._posted, self._batch = [], []
        for future in list(self._waits):
            if not future.done():
                future.set_exception(Killed())

    @override
    async def close(self) -> None:
        self.resume()
        self._hand_over()
        await self.write(lambda _: None)
        self._readers.shutdown()


@dataclass(frozen=True)
class _Named:
    name: str
    world: World = field(repr=False)

    def is_alive(self, name: str) -> bool:
        return name in self.world.living


class Process:
    """A router with a name; everything it does begins in its own context."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.name = name
        self.dead = False
        self.fuse: int | None = None
        """After how many statements it is killed."""
        self.asks: list[Ask] = []
        self.tasks: dict[asyncio.Task[Any], None] = {}
        self._context = contextvars.copy_context()
        self._context.run(HERE.set, self)
        self.database: _HandDatabase
        self.router: Router
        self.near: Near

    async def start(self, providers: dict[str, Provider]) -> None:
        world = self.world
        self.database = _HandDatabase(_HandEngine(world, self), world, self)
        self.router = Router(
            self.database,
            # Its jobs are texts: no file is ever written.
            Blobs(Path("assets")),
            providers,
            world.clock,
            random.Random(world.count()),
            _Named(self.name, world),
            world.limits,
            seconds=world.loop.time,
        )

    def run(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin something in this process."""
        return self._context.run(self.world.loop.create_task, work)

    def submit(self, request: JobRequest, priority: Priority = Priority.NORMAL) -> Ask:
        ask = Ask(self, request)
        self.asks.append(ask)
        ask.task = self.run(self.router.submit(request, lambda _: None, priority))
        ask.task.add_done_callback(lambda _: self.world.laws.answered(ask))
        return ask

    def lives(self) -> None:
        """Raise `Killed` where it does not."""
        if self.dead:
            raise Killed

    def tick(self) -> None:
        """Count a statement; it may be the last."""
        self.lives()
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse < 0:
                self.fuse = None
                raise Killed

    def kill(self) -> None:
        """End it where it stands."""
        if not self.dead:
            self.dead = True
            self.world.living.discard(self.name)
            self.world.laws.tell("", f"{self.name} is gone")
            self.database.cut()
            for task in list(self.tasks):
                task.cancel()
