"""A PostgreSQL server that goes away: nothing is lost in silence, and nothing is done twice."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from framewright.errors import CommitInDoubtError, StoreUnreachableError
from framewright.protocols import HandClock
from framewright.store import postgres_engine, writer
from framewright.store.database import Database
from postgres_wire import Wire

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from framewright.store.transaction import Transaction
    from postgres_server import PostgresServer

_ADD = """INSERT INTO tenant_share (tenant, finish) VALUES (?, 1)
    ON CONFLICT (tenant) DO UPDATE SET finish = tenant_share.finish + 1"""


def _add(name: str) -> Callable[[Transaction], int]:
    """Count one up, and say how often a row changed."""
    return lambda transaction: transaction.execute(_ADD, (name,)).rowcount


async def _counts(database: Database) -> dict[str, float]:
    found = "SELECT tenant, finish FROM tenant_share"
    return dict(await database.read(lambda at: at.execute(found).fetchall()))


def _over_a_wire(server: PostgresServer, work: Callable[[Wire, Database], Awaitable[None]]) -> None:
    place = server.new_store()

    async def whole() -> None:
        with Wire(server) as wire:
            database = await Database.open(wire.through(place), HandClock())
            try:
                await work(wire, database)
            finally:
                await database.close()

    asyncio.run(asyncio.wait_for(whole(), 30))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let writes fail soon where the server is away."""
    monkeypatch.setattr(postgres_engine, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(writer, "LATE_SECONDS", 0.05)


def test_what_is_cut_between_writes_is_joined_again(postgres: PostgresServer) -> None:
    async def work(wire: Wire, database: Database) -> None:
        await database.write(_add("a"))
        assert await _counts(database) == {"a": 1}
        wire.cut()
        await database.write(_add("a"))
        wire.cut()
        assert await _counts(database) == {"a": 2}

    _over_a_wire(postgres, work)


@pytest.mark.parametrize("lost", ["cut_before_commit", "cut_after_commit"])
def test_a_commit_whose_connection_is_lost_is_made_once(
    postgres: PostgresServer, lost: str
) -> None:
    async def work(wire: Wire, database: Database) -> None:
        setattr(wire, lost, True)
        assert await database.write(_add("a")) == 1
        assert not getattr(wire, lost)
        assert await _counts(database) == {"a": 1}

    _over_a_wire(postgres, work)


def test_a_server_that_comes_back_soon_is_waited_for(postgres: PostgresServer) -> None:
    async def work(wire: Wire, database: Database) -> None:
        wire.down()
        written = asyncio.ensure_future(database.write(_add("a")))
        asked = asyncio.ensure_future(_counts(database))
        done, _ = await asyncio.wait([asked, written], timeout=0.3)
        assert not done
        wire.up()
        assert await written == 1
        assert await asked in ({}, {"a": 1})

    _over_a_wire(postgres, work)


def test_a_transaction_whose_client_vanished_holds_nobody_up(postgres: PostgresServer) -> None:
    async def work(wire: Wire, database: Database) -> None:
        tried = 0

        def vanishing(transaction: Transaction) -> int:
            nonlocal tried
            tried += 1
            if tried == 1:
                # The server keeps the lock for whoever it believes to be there still.
                wire.vanish()
            return _add("a")(transaction)

        assert await asyncio.wait_for(database.write(vanishing), 15) == 1
        assert tried == 2
        assert await _counts(database) == {"a": 1}

    _over_a_wire(postgres, work)


@pytest.mark.usefixtures("impatient")
def test_where_the_server_stays_away_writes_fail_and_posts_wait(postgres: PostgresServer) -> None:
    async def work(wire: Wire, database: Database) -> None:
        wire.down()
        database.post(_add("posted"))
        with pytest.raises(StoreUnreachableError):
            await database.write(_add("waited for"))
        database.post(_add("posted"))
        with pytest.raises(StoreUnreachableError):
            await database.write(_add("waited for"))
        wire.up()
        await _until(database, {"posted": 2})
        await database.write(_add("waited for"))
        assert await _counts(database) == {"posted": 2, "waited for": 1}

    _over_a_wire(postgres, work)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("lost", "stored"), [("cut_before_commit", 0), ("cut_after_commit", 1)])
def test_a_commit_in_doubt_is_looked_up_once_the_server_is_back(
    postgres: PostgresServer, lost: str, stored: int
) -> None:
    async def work(wire: Wire, database: Database) -> None:
        setattr(wire, lost, True)
        wire.then_down = True
        database.post(_add("posted"))
        with pytest.raises(CommitInDoubtError):
            await database.write(_add("waited for"))
        database.post(_add("posted later"))
        wire.up()
        wanted: dict[str, Any] = {"posted": 1, "posted later": 1}
        await _until(database, wanted | ({"waited for": 1} if stored else {}))

    _over_a_wire(postgres, work)


@pytest.mark.usefixtures("impatient")
def test_where_the_server_stays_away_questions_fail_and_then_are_answered(
    postgres: PostgresServer,
) -> None:
    async def work(wire: Wire, database: Database) -> None:
        assert await _counts(database) == {}
        wire.down()
        for _ in range(2):
            with pytest.raises(StoreUnreachableError) as told:
                await _counts(database)
            assert told.value.action
        wire.up()
        assert await _counts(database) == {}

    _over_a_wire(postgres, work)


async def _until(database: Database, counts: dict[str, float]) -> None:
    """Wait until this is stored, and see that it stays."""
    while True:
        try:
            if await _counts(database) == counts:
                break
        except StoreUnreachableError:
            pass
        await asyncio.sleep(0.01)
    await database.write(lambda _: None)
    assert await _counts(database) == counts
