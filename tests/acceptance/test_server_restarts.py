"""A PostgreSQL server that is started anew in the middle of a run: the run goes on over it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from framewright import Plan, Studio
from framewright.domain.run import RunState
from framewright.errors import BusyError, StorageError, StoreUnreachableError
from framewright.protocols import FakeProvider, ProviderOutput, Status, Working
from framewright.settings import STORE_VARIABLE
from framewright.store import postgres_engine
from framewright.store.place import PostgresUrl
from postgres_server import LackingError, PostgresServer
from postgres_wire import Wire

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator
    from pathlib import Path

    from framewright.domain.event import Event
    from framewright.projection.run_view import RunView

CARD = {
    "id": "far/text",
    "provider": "far",
    "kind": "text",
    "task": "text-generation",
    "output": "text",
    "inputs_schema": {"type": "object", "properties": {"prompt": {"type": "string"}}},
}
CHAINS, LINKS = 12, 3


@dataclass
class Far(FakeProvider):
    """Works elsewhere: what it has outlives whoever asked for it. It keeps what it is told to."""

    name: str = "far"
    in_process: bool = False
    concurrency: int = 5
    going: asyncio.Event = field(default_factory=asyncio.Event)
    full: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once it has as much as it takes at once, and that is on record."""
    known: set[str] = field(default_factory=set)
    fetched: int = 0
    stopped: list[str] = field(default_factory=list)

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        if not self.going.is_set():
            self.known.add(remote_id)
            if len(self.known) == self.concurrency:
                self.full.set()
            await asyncio.wait([asyncio.ensure_future(self.going.wait())], timeout=0.05)
            return Working()
        return await super().poll(remote_id, wait_seconds)

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        self.fetched += 1
        return await super().fetch(remote_id, folder)

    async def cancel(self, remote_id: str) -> None:
        self.stopped.append(remote_id)

    @property
    def asked(self) -> list[str]:
        return sorted(each.submission for each in self.requests)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[PostgresServer]:
    """A server of the test's own, which keeps the workspace of its folder."""
    try:
        found = PostgresServer.start()
    except LackingError as why:
        pytest.skip(str(why))
    monkeypatch.setenv(STORE_VARIABLE, found.new_store().url)
    (tmp_path / "far.json").write_text(json.dumps([CARD]))
    yield found
    found.stop()


def _plan() -> Plan:
    steps: list[dict[str, Any]] = []
    for chain in range(CHAINS):
        for link in range(LINKS):
            before = f"{{{{c{chain}_{link - 1}.output}}}}" if link else f"go {chain}"
            step = {"id": f"c{chain}_{link}", "title": "", "kind": "text", "model": "far/text"}
            steps.append({**step, "inputs": {"prompt": before}})
    return Plan.model_validate({"title": "T", "steps": steps})


def _studio(folder: Path, far: Far) -> Any:
    return Studio.open(folder / "ws", catalogs=[folder / "far.json"], providers={"far": far})


async def _to_its_end(studio: Studio, run: str) -> RunView:
    async for _ in studio.watch(run):
        pass
    return await studio.show(run)


def test_a_run_that_has_nothing_to_write_goes_on_over_any_outage(
    tmp_path: Path,
    server: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(postgres_engine, "PATIENCE_SECONDS", 0.1)

    async def work() -> None:
        far = Far(concurrency=CHAINS)
        async with _studio(tmp_path, far) as studio:
            runs: set[str] = set()
            watching = asyncio.ensure_future(_watch(studio.run(_plan()), runs))
            await far.full.wait()
            await asyncio.to_thread(server.go_away)
            # Whoever watches has to look into the store.
            studio._database.feed.stir()
            told = caplog.records
            while sum(each.name == "framewright.studio" for each in told) < 3:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            assert not watching.done()
            await asyncio.to_thread(server.come_back)
            far.going.set()
            await watching
            (run,) = runs
            assert (await studio.show(run)).state is RunState.SUCCEEDED
        assert len(far.asked) == len(set(far.asked)) == CHAINS * LINKS
        assert far.stopped == []

    asyncio.run(asyncio.wait_for(work(), 60))


async def _watch(events: AsyncGenerator[Event], runs: set[str]) -> None:
    async for event in events:
        runs.add(event.run)


async def _owners(studio: Studio) -> set[str]:
    """Return who carries jobs that have not ended."""
    found = "SELECT DISTINCT owner FROM job WHERE state IN ('queued', 'leased')"
    rows = await studio._database.read(lambda at: at.execute(found).fetchall())
    return {owner for (owner,) in rows}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
def test_a_run_goes_on_over_a_restart(
    tmp_path: Path, server: PostgresServer, how: signal.Signals
) -> None:
    async def work() -> None:
        far = Far()
        async with _studio(tmp_path, far) as studio:
            run = await studio.start(_plan())
            await far.full.wait()
            await asyncio.to_thread(server.go_away, how)
            # What ends while nobody can write it down.
            far.going.set()
            while far.fetched < far.concurrency:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.02)
            await asyncio.to_thread(server.come_back)
            view = await _to_its_end(studio, run)
        assert view.state is RunState.SUCCEEDED
        assert len(far.asked) == len(set(far.asked)) == CHAINS * LINKS
        assert far.stopped == []

    asyncio.run(asyncio.wait_for(work(), 60))


@pytest.mark.parametrize("ends", [True, False])
def test_a_run_whose_server_stays_away_is_resumed(
    tmp_path: Path, server: PostgresServer, ends: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_engine, "PATIENCE_SECONDS", 0.3)
    far = Far()

    async def until_it_is_gone() -> str:
        runs: set[str] = set()
        async with _studio(tmp_path, far) as studio:
            watching = asyncio.ensure_future(_watch(studio.run(_plan()), runs))
            await far.full.wait()
            await asyncio.to_thread(server.go_away)
            if ends:
                far.going.set()
            with pytest.raises(StoreUnreachableError, match="can not be reached") as told:
                await watching
            assert "resume" in told.value.action
        (run,) = runs
        return run

    async def go_on(run: str) -> RunView:
        async with _studio(tmp_path, far) as studio:
            await _watch(studio.resume(run), set())
            return await studio.show(run)

    async def work() -> None:
        run = await until_it_is_gone()
        # It is paid for: it is not to be thrown away because nobody can write that down.
        assert far.stopped == []
        with pytest.raises(StorageError):
            await go_on(run)
        await asyncio.to_thread(server.come_back)
        far.going.set()
        view = await go_on(run)
        assert view.state is RunState.SUCCEEDED
        assert len(far.asked) == len(set(far.asked)) == CHAINS * LINKS
        assert far.stopped == []

    asyncio.run(asyncio.wait_for(work(), 60))


def test_a_run_that_was_taken_over_meanwhile_is_let_go(
    tmp_path: Path, server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    far, place = Far(), PostgresUrl(os.environ[STORE_VARIABLE])
    # However slow the machine is, the first of them does not give up.
    monkeypatch.setattr(postgres_engine, "PATIENCE_SECONDS", 60.0)

    async def work() -> None:
        with Wire(server) as wire:
            monkeypatch.setenv(STORE_VARIABLE, wire.through(place).url)
            async with _studio(tmp_path, far) as first:
                runs: set[str] = set()
                watching = asyncio.ensure_future(_watch(first.run(_plan()), runs))
                await far.full.wait()
                await asyncio.to_thread(wire.down)
                monkeypatch.setenv(STORE_VARIABLE, place.url)
                (run,) = runs
                async with _studio(tmp_path, far) as second:
                    owners = await _owners(second)
                    going_on = asyncio.ensure_future(_watch(second.resume(run), runs))
                    while await _owners(second) & owners:  # noqa: ASYNC110 - nobody tells
                        await asyncio.sleep(0.02)
                    await asyncio.to_thread(wire.up)
                    with pytest.raises(BusyError, match=run):
                        await watching
                    far.going.set()
                    await going_on
                    assert (await second.show(run)).state is RunState.SUCCEEDED
        assert len(far.asked) == len(set(far.asked)) == CHAINS * LINKS
        assert far.stopped == []

    asyncio.run(asyncio.wait_for(work(), 60))
