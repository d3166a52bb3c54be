"""A process that carries jobs of a shared workspace; it stands alone so that it can be spawned.

All such processes write into one journal, a line with one system call, so that what they saw is
known when they are killed.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
import sqlite3
from contextlib import AsyncExitStack, closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from framewright.domain.ids import new_id
from framewright.domain.job import JobState
from framewright.errors import FramewrightError
from framewright.protocols import SystemClock
from framewright.router import outcomes
from framewright.router.router import Router
from framewright.settings import store_url
from framewright.store import ends
from framewright.store.blobs import Blobs
from framewright.store.database import Database
from framewright.store.jobs import JobRecord
from framewright.store.queue import Turns
from framewright.studio.owner import ProcessOwner
from framewright.studio.workspace import prepare
from remote_provider import RemoteProvider

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.domain.job import JobRequest
    from framewright.store.database import Operation
    from framewright.store.queue_limits import Limits
    from framewright.store.transaction import Transaction

GIVEN_UP = "A person looked at the provider's list and gave this job up."


@dataclass(frozen=True, slots=True)
class Shift:
    """What one process is to do."""

    folder: Path
    """The workspace."""
    address: str
    """Where the provider is."""
    limits: Limits
    chains: tuple[tuple[JobRequest, ...], ...]
    """Jobs of a chain follow each other; chains go side by side."""
    give_up: tuple[JobRequest, ...] = ()

    @property
    def journal(self) -> Path:
        """What happened, in the order of it; one JSON list a line."""
        return self.folder / "journal"


@dataclass(frozen=True)
class _Journal:
    handle: int

    def note(self, *line: object) -> None:
        os.write(self.handle, json.dumps(line).encode() + b"\n")

    def watched(self, operation: Operation[Any]) -> Operation[Any]:
        """Note what an operation lets begin, while no other process can write."""

        def noting(transaction: Transaction) -> Any:
            result = operation(transaction)
            if isinstance(result, JobRecord):
                self.note("found", result.id)
            elif isinstance(result, Turns):
                for each in result.begun:
                    self.note("began", each.job, each.epoch)
            return result

        return noting


class _Watched(Database):
    """A database whose acceptances and turns are noted."""

    journal: _Journal

    def write(self, operation: Operation[Any]) -> asyncio.Future[Any]:
        return super().write(self.journal.watched(operation))

    def add(self, operation: Operation[Any]) -> asyncio.Future[Any]:
        answer = super().add(self.journal.watched(operation))
        answer.add_done_callback(self._note_acceptance)
        return answer

    def _note_acceptance(self, answer: asyncio.Future[Any]) -> None:
        if answer.cancelled() or answer.exception() is not None:
            return
        if isinstance(found := answer.result(), JobRecord):
            self.journal.note("accepted", found.id)


@dataclass(frozen=True)
class _Process:
    shift: Shift
    journal: _Journal
    database: Database
    router: Router

    async def work(self) -> None:
        await self.router.release_dead()
        for each in self.shift.give_up:
            result = outcomes.broken(GIVEN_UP)
            await self.database.write(ends.give_up(each.tenant, each.key, result))
        async with asyncio.TaskGroup() as group:
            for chain in self.shift.chains:
                group.create_task(self._follow(chain))

    async def _follow(self, chain: tuple[JobRequest, ...]) -> None:
        for each in chain:
            try:
                result = await self.router.submit(each, lambda _: None)
                if result.state is JobState.UNKNOWN:
                    # Where its id is known it is followed further; otherwise it stays unknown.
                    result = await self.router.submit(each, lambda _: None)
            except FramewrightError as error:
                self.journal.note("trouble", each.key, repr(error))
                continue
            texts = [output.text for output in result.outputs]
            self.journal.note("ended", each.key, result.state, *texts)


def carry(shift: Shift) -> None:
    """Carry the jobs of a shift to their ends."""

    async def work() -> None:
        workspace, clock, chance = prepare(shift.folder), SystemClock(), random.SystemRandom()
        handle = os.open(shift.journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        journal = _Journal(handle)
        names = {each.provider for chain in shift.chains for each in chain}
        providers = {name: RemoteProvider(name, 1_000, shift.address) for name in names}
        async with AsyncExitStack() as closing:
            locks = await workspace.locks()
            closing.push_async_callback(locks.close)
            owner = ProcessOwner(new_id("owner", clock.now_ms(), chance), locks)
            closing.enter_context(contextmanager(owner.living)())
            database = await _Watched.open(workspace.place, clock)
            closing.push_async_callback(database.close)
            assert isinstance(database, _Watched)
            database.journal = journal
            blobs = Blobs(workspace.assets)
            router = Router(database, blobs, providers, clock, chance, owner, shift.limits)
            await _Process(shift, journal, database, router).work()
        os.close(handle)

    # That connections are cut is known; a traceback of each would hide what is not.
    logging.getLogger("framewright").setLevel(logging.CRITICAL)
    asyncio.run(work())


def ask(folder: Path, question: str) -> list[tuple[Any, ...]]:
    """Return what a workspace's database answers; nothing before it has its tables."""
    if url := store_url(folder):
        return _ask_server(url, question)
    path = folder / "workspace.db"
    if not path.exists():
        return []
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=60)) as at:
        if not at.execute("SELECT 1 FROM sqlite_master WHERE name = 'tenant_share'").fetchone():
            return []
        return at.execute(question).fetchall()


def _ask_server(url: str, question: str) -> list[tuple[Any, ...]]:
    import psycopg

    if question.startswith("PRAGMA"):
        # A server looks after its files itself.
        return []
    with psycopg.connect(url) as at:
        if at.execute("SELECT to_regclass('tenant_share')").fetchone() == (None,):
            return []
        return at.execute(question).fetchall()


@dataclass
class Story:
    """What the journal tells."""

    found: list[str] = field(default_factory=list)
    """Ids of jobs in the order in which they came into the store, or were found there."""
    began: list[str] = field(default_factory=list)
    """Ids of jobs in the order of their turns."""
    waited: dict[str, int] = field(default_factory=dict)
    """How many turns there were before a job first came into the store."""
    accepted: set[str] = field(default_factory=set)
    """Ids of jobs of which somebody heard that they are accepted."""
    ended: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)
    """What was said of each key's end: its state and texts."""
    trouble: list[str] = field(default_factory=list)


def read(journal: Path) -> Story:
    """Return what a journal tells; a turn that was taken twice counts where it was last."""
    story, turns = Story(), {}
    for line in journal.read_text("utf-8").splitlines():
        match json.loads(line):
            case ["found", job]:
                story.found.append(job)
                story.waited.setdefault(job, len(turns))
            case ["began", job, _]:
                turns.pop(job, None)
                turns[job] = True
            case ["accepted", job]:
                story.accepted.add(job)
            case ["ended", key, *how]:
                story.ended.setdefault(key, set()).add(tuple(how))
            case ["trouble", *what]:
                story.trouble.append(" ".join(what))
    story.began = list(turns)
    return story
