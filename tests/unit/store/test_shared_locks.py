"""Locks by name that processes share: files of a folder, or a server's."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from framewright.store import postgres_locks
from framewright.store.locks import FileLocks, Locks
from framewright.store.postgres_locks import PostgresLocks
from postgres_wire import Wire

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable
    from pathlib import Path

    from framewright.store.place import PostgresUrl
    from postgres_server import PostgresServer


@asynccontextmanager
async def _processes(
    folder: Path, place: PostgresUrl | None
) -> AsyncGenerator[tuple[Locks, Locks]]:
    """Open the same locks as two processes would."""
    locks: list[Locks] = []
    try:
        for _ in range(2):
            one = await PostgresLocks.open(place) if place else FileLocks(folder)
            locks.append(one)
        yield locks[0], locks[1]
    finally:
        for each in locks:
            await each.close()


@pytest.fixture(params=["files", "postgres"])
def server(request: pytest.FixtureRequest) -> PostgresUrl | None:
    if request.param == "files":
        return None
    place: PostgresUrl = request.getfixturevalue("postgres_place")
    return place


def test_one_holds_it_and_all_see_that(tmp_path: Path, server: PostgresUrl | None) -> None:
    async def work() -> None:
        async with _processes(tmp_path, server) as (one, other):
            mine, same = one.lock("a"), other.lock("a")
            assert not same.is_held()
            assert mine.try_acquire()
            assert not same.try_acquire()
            assert mine.is_held()
            assert same.is_held()
            assert other.lock("b").try_acquire()
            mine.release(remove=True)
            assert not mine.is_held()
            assert same.try_acquire()
            assert mine.is_held()
            same.release()

    asyncio.run(work())


def test_within_a_process_it_is_taken_once(tmp_path: Path, postgres_place: PostgresUrl) -> None:
    async def work() -> None:
        async with _processes(tmp_path, postgres_place) as (one, _):
            first, second = one.lock("a"), one.lock("a")
            assert first.try_acquire()
            assert not second.try_acquire()
            first.release()
            assert second.try_acquire()

    asyncio.run(work())


def test_whoever_is_gone_holds_nothing(postgres_place: PostgresUrl) -> None:
    async def work() -> None:
        one, other = [await PostgresLocks.open(postgres_place) for _ in range(2)]
        assert one.lock("a").try_acquire()
        await one.close()
        await _until(lambda: not other.lock("a").is_held())
        await other.close()

    asyncio.run(work())


def test_schemas_of_a_server_share_no_locks(postgres: PostgresServer) -> None:
    async def work() -> None:
        one, other = [await PostgresLocks.open(postgres.new_schema()) for _ in range(2)]
        assert one.lock("a").try_acquire()
        assert other.lock("a").try_acquire()
        await one.close()
        await other.close()

    asyncio.run(work())


def test_a_cut_connection_takes_its_locks_again(postgres: PostgresServer) -> None:
    async def work(wire: Wire, one: PostgresLocks, other: PostgresLocks) -> None:
        kept, given_back = one.lock("kept"), one.lock("given back")
        assert kept.try_acquire()
        assert given_back.try_acquire()
        wire.down()
        given_back.release()
        # Nobody can say who holds what; better to wait than to take what is somebody's.
        assert one.lock("unknown").is_held()
        wire.up()
        await _until(lambda: not other.lock("given back").is_held())
        await _until(other.lock("kept").is_held)
        assert not other.lock("kept").try_acquire()

    _over_a_wire(postgres, work)


def test_locks_of_a_session_that_the_server_still_believes_in_are_taken_over(
    postgres: PostgresServer,
) -> None:
    async def work(wire: Wire, one: PostgresLocks, other: PostgresLocks) -> None:
        assert one.lock("kept").try_acquire()
        (before,) = _holders(postgres)
        wire.vanish()
        await _until(lambda: _holders(postgres) not in ([], [before]))
        assert other.lock("kept").is_held()
        one.lock("kept").release()
        await _until(lambda: not other.lock("kept").is_held())

    _over_a_wire(postgres, work)


def _holders(server: PostgresServer) -> list[int]:
    found = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock'"
    return [pid for (pid,) in server.run(found)]


def test_a_server_that_started_anew_is_not_believed_at_once(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(_: Wire, one: PostgresLocks, other: PostgresLocks) -> None:
        assert not one.lock("a").is_held()
        # As if the server had been another one when this process began.
        started = "SELECT pg_postmaster_start_time() - interval '1 day'"
        with_line = other._line
        assert with_line is not None
        other._server_since = with_line.ask(started, ())[0]
        monkeypatch.setattr(postgres_locks, "GRACE_SECONDS", 86_400.0)
        assert other.lock("a").is_held()
        assert not one.lock("a").is_held()
        monkeypatch.setattr(postgres_locks, "GRACE_SECONDS", 0.0)
        assert not other.lock("a").is_held()

    _over_a_wire(postgres, work)


def _over_a_wire(
    server: PostgresServer, work: Callable[[Wire, PostgresLocks, PostgresLocks], Awaitable[None]]
) -> None:
    place = server.new_store()

    async def whole() -> None:
        with Wire(server) as wire:
            one = await PostgresLocks.open(wire.through(place))
            other = await PostgresLocks.open(place)
            try:
                await work(wire, one, other)
            finally:
                await one.close()
                await other.close()

    asyncio.run(asyncio.wait_for(whole(), 30))


async def _until(true: Callable[[], bool]) -> None:
    while not true():  # noqa: ASYNC110 - a server has no event to wait for
        await asyncio.sleep(0.01)
