"""A provider in a process of its own, which counts from its side what it is asked.

It never looks whether it knows a key: who submits twice is counted twice. It lives on when those
who ask it are killed. One connection carries one question and its answer, each a line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import shutil
import socket
import tempfile
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framewright.domain.job import ErrorCategory, JobRequest
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
    from collections.abc import Generator
    from multiprocessing.connection import Connection

PROCESSES = multiprocessing.get_context("forkserver")
"""Begins a process in milliseconds: what it needs is imported once for all."""
PROCESSES.set_forkserver_preload(
    ["framewright.router.router", "framewright.studio.owner", "framewright.store.schema"]
)


class Manner(StrEnum):
    """How a job is to go; a request names it in its inputs."""

    PLAIN = "plain"
    SLOW = "slow"
    """The answer to its submission takes a while."""
    REFUSED = "refused"
    """Nothing is begun, and that is said."""
    LOST = "lost"
    """It is begun, and the connection is cut before that is said."""
    FAILS = "fails"
    """It is begun, and ends with a failure."""
    DROPPED = "dropped"
    """The connection is cut once while it is looked after."""


def request(
    tenant: str, key: str, model: str, *, lasts: float = 0.0, manner: Manner = Manner.PLAIN
) -> JobRequest:
    """Return a job for the provider its model is named after, which lasts so many seconds."""
    return JobRequest(
        tenant=tenant,
        key=key,
        correlation="",
        provider=model.partition("/")[0],
        model=model,
        task="",
        inputs={"tenant": tenant, "lasts": lasts, "manner": manner},
        seed=1,
    )


# ---- the process


@dataclass(slots=True)
class _Work:
    """One submission."""

    key: str
    manner: Manner
    held_by: tuple[str, ...]
    """What it takes a place of."""
    over: asyncio.Event = field(default_factory=asyncio.Event)
    polled: int = 0
    cancelled: bool = False


class _Server:
    """Answers questions and counts; belongs to one event loop."""

    _ANSWER_SECONDS = 0.02

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.works: list[_Work] = []
        self.running: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.news = asyncio.Condition()
        self.going = asyncio.Event()
        self.going.set()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the one question of a connection; an empty answer stands for a cut."""
        with suppress(ConnectionError):
            if line := await reader.readline():
                question = json.loads(line)
                told = await getattr(self, f"_{question.pop('do')}")(**question)
                if told is not None:
                    writer.write(json.dumps(told).encode() + b"\n")
                    await writer.drain()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def _submit(
        self, key: str, model: str, tenant: str, lasts: float, manner: str
    ) -> dict[str, Any] | None:
        self.asked[key] += 1
        if manner == Manner.REFUSED:
            await self._tell_all()
            return {"refused": True}
        provider = model.partition("/")[0]
        places = (f"provider {provider}", f"model {model}", tenant, f"{tenant} {model}")
        work = _Work(key, Manner(manner), places)
        self.works.append(work)
        identity = len(self.works) - 1
        for name in work.held_by:
            self.running[name] += 1
            self.most[name] = max(self.most[name], self.running[name])
        asyncio.get_running_loop().call_later(lasts, self._let_end, work)
        await self._tell_all()
        if manner == Manner.SLOW:
            await asyncio.sleep(self._ANSWER_SECONDS)
        return None if manner == Manner.LOST else {"id": str(identity)}

    def _let_end(self, work: _Work) -> None:
        if self.going.is_set():
            self._end(work)
        elif not work.over.is_set():
            asyncio.get_running_loop().call_later(0.01, self._let_end, work)

    def _end(self, work: _Work) -> None:
        if not work.over.is_set():
            self.running.subtract(work.held_by)
            work.over.set()

    async def _poll(self, job: str, wait: float) -> dict[str, Any] | None:
        work = self.works[int(job)]
        work.polled += 1
        if work.manner is Manner.DROPPED and work.polled == 1:
            return None
        with suppress(TimeoutError):
            await asyncio.wait_for(work.over.wait(), wait)
        return {"over": work.over.is_set(), "fails": work.manner is Manner.FAILS, "text": work.key}

    async def _cancel(self, job: str) -> dict[str, Any]:
        work = self.works[int(job)]
        work.cancelled = not work.over.is_set()
        self._end(work)
        await self._tell_all()
        return {}

    async def _hold(self, going: bool) -> dict[str, Any]:
        """Let nothing end, or everything again."""
        (self.going.set if going else self.going.clear)()
        return {}

    async def _reach(self, asked: int, seconds: float) -> dict[str, Any]:
        """Answer once so many submissions have come, or that long after."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), self.news:
                await self.news.wait_for(lambda: self.asked.total() >= asked)
        return {"asked": self.asked.total()}

    async def _tally(self) -> dict[str, Any]:
        return {
            "asked": self.asked,
            "order": [each.key for each in self.works],
            "polled": [each.key for each in self.works if each.polled],
            "running": [each.key for each in self.works if not each.over.is_set()],
            "cancelled": [each.key for each in self.works if each.cancelled],
            "most": self.most,
        }

    async def _tell_all(self) -> None:
        async with self.news:
            self.news.notify_all()


def _serve(address: str, ready: Connection) -> None:
    async def serve() -> None:
        server = await asyncio.start_unix_server(_Server().answer, address, backlog=4096)
        ready.send(True)
        async with server:
            await server.serve_forever()

    asyncio.run(serve())


# ---- as who asks it sees it


@dataclass(frozen=True, slots=True)
class Tally:
    """What the provider counted."""

    asked: dict[str, int]
    """How often each key was submitted."""
    order: list[str]
    """The keys of what was begun, as it came."""
    polled: set[str]
    """Keys whose id reached somebody who asked after it."""
    running: set[str]
    cancelled: set[str]
    """Keys that were stopped before they were over."""
    most: dict[str, int]
    """The most that ran at once, by `provider <name>`, `model <name>` and tenant."""


@dataclass(frozen=True, slots=True)
class Remote:
    """The provider's process, for whoever directs it; every call waits for its answer."""

    address: str

    def tally(self) -> Tally:
        """Return what was counted up to now."""
        told = self._ask(do="tally")
        sets = {name: set(told[name]) for name in ("polled", "running", "cancelled")}
        return Tally(asked=told["asked"], order=told["order"], most=told["most"], **sets)

    def reach(self, asked: int, seconds: float = 30.0) -> int:
        """Wait until so many submissions have come, or so long; return how many there are."""
        count: int = self._ask(do="reach", asked=asked, seconds=seconds)["asked"]
        return count

    def hold(self) -> None:
        """Let no job end until it may go on."""
        self._ask(do="hold", going=False)

    def go_on(self) -> None:
        """Let jobs end again."""
        self._ask(do="hold", going=True)

    def _ask(self, **question: object) -> dict[str, Any]:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(60)
            line.connect(self.address)
            line.sendall(json.dumps(question).encode() + b"\n")
            with line.makefile() as answer:
                told: dict[str, Any] = json.loads(answer.readline())
        return told


@contextmanager
def remote() -> Generator[Remote]:
    """Begin the provider's process, and end it behind the block."""
    # A socket's path may have no more than 107 characters.
    folder = tempfile.mkdtemp(prefix="framewright-")
    address = str(Path(folder) / "provider")
    ready, told = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=_serve, args=(address, told))
    process.start()
    try:
        with ready, told:
            assert ready.poll(60)
        yield Remote(address)
    finally:
        process.kill()
        process.join()
        process.close()
        shutil.rmtree(folder)


@dataclass
class RemoteProvider:
    """The provider as the router knows it."""

    name: str
    concurrency: int
    address: str
    in_process: bool = False
    _texts: dict[str, str] = field(default_factory=dict)

    async def submit(self, request: ProviderRequest) -> str:
        again = request.submission.removeprefix(request.job)
        told = await self._ask(
            do="submit", key=request.key + again, model=request.model, **request.inputs
        )
        if "refused" in told:
            raise SubmitError(ProviderFailure(ErrorCategory.INVALID_PARAMETERS, "It refuses."))
        identity: str = told["id"]
        return identity

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        told = await self._ask(do="poll", job=remote_id, wait=wait_seconds)
        if not told["over"]:
            return Working()
        if told["fails"]:
            return ProviderFailure(ErrorCategory.INVALID_PARAMETERS, "It failed.")
        self._texts[remote_id] = told["text"]
        return Finished()

    async def cancel(self, remote_id: str) -> None:
        await self._ask(do="cancel", job=remote_id)

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        del folder
        return (ProviderOutput(MediaKind.TEXT, text=self._texts.pop(remote_id)),)

    async def close(self) -> None:
        """Nothing is kept open."""

    async def _ask(self, **question: object) -> dict[str, Any]:
        reader, writer = await asyncio.open_unix_connection(self.address)
        try:
            writer.write(json.dumps(question).encode() + b"\n")
            if not (line := await reader.readline()):
                raise ConnectionResetError("The connection was cut.")
        finally:
            writer.close()
        told: dict[str, Any] = json.loads(line)
        return told
