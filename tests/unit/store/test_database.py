from __future__ import annotations

import asyncio
import multiprocessing
import sqlite3
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from framewright.domain.event import CancelRequested
from framewright.errors import InputError, StorageError, StorageFullError, StorageLockedError
from framewright.protocols import HandClock
from framewright.store import events, writer
from framewright.store.database import Database
from framewright.store.locks import FileLock
from framewright.store.sqlite_engine import SqliteEngine
from writer_process import write_many

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from framewright.store.place import Place
    from framewright.store.transaction import Transaction


def _tick(transaction: Transaction) -> None:
    transaction.record("local", "run_1", CancelRequested())


def _refuse(transaction: Transaction) -> None:
    _tick(transaction)
    raise InputError("no")


async def _count(database: Database) -> int:
    return len(await database.read(events.of_run("run_1")))


@asynccontextmanager
async def _opened(folder: Path) -> AsyncGenerator[Database]:
    database = await Database.open(folder / "workspace.db", HandClock())
    try:
        yield database
    finally:
        await database.close()


def test_a_write_that_answered_is_in_the_file(tmp_path: Path) -> None:
    async def work() -> None:
        database = await Database.open(tmp_path / "workspace.db", HandClock())
        await database.write(_tick)
        with sqlite3.connect(tmp_path / "workspace.db") as other:
            assert other.execute("SELECT COUNT(*) FROM event").fetchone() == (1,)
        other.close()
        await database.close()

    asyncio.run(work())


def test_giving_up_while_it_opens_leaves_no_thread(tmp_path: Path) -> None:
    """The check that no thread outlives its test is what this one is about."""

    async def work() -> None:
        with FileLock(tmp_path / "workspace.db-writer").held():
            opening = asyncio.ensure_future(Database.open(tmp_path / "workspace.db", HandClock()))
            await asyncio.sleep(0)
            opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening

    asyncio.run(work())


def test_a_refused_operation_is_undone_alone(place: Place) -> None:
    async def work() -> None:
        database = await Database.open(place, HandClock())
        answers = await asyncio.gather(
            *(database.write(each) for each in (_tick, _refuse, _tick)), return_exceptions=True
        )
        assert [type(each) for each in answers] == [type(None), InputError, type(None)]
        assert await _count(database) == 2
        assert database.feed.newest == await database.newest()
        await database.close()

    asyncio.run(work())


def test_posts_keep_their_place_before_later_writes(place: Place) -> None:
    async def work() -> None:
        database = await Database.open(place, HandClock())
        seen: list[str] = []
        database.post(lambda _: seen.append("posted"))
        await database.write(lambda _: seen.append("written"))
        assert seen == ["posted", "written"]
        await database.close()

    asyncio.run(work())


def test_a_post_alone_is_committed_too(place: Place) -> None:
    async def work() -> None:
        database = await Database.open(place, HandClock())
        bell = database.feed.listen()
        database.post(_tick)
        await asyncio.wait_for(bell.wait(), 5)
        assert await _count(database) == 1
        await database.close()

    asyncio.run(work())


def test_closing_commits_what_was_handed_over(place: Place) -> None:
    async def work() -> int:
        database = await Database.open(place, HandClock())
        for _ in range(700):
            database.post(_tick)
        await database.close()
        again = await Database.open(place, HandClock())
        count = await _count(again)
        await again.close()
        return count

    assert asyncio.run(work()) == 700


def _fill(transaction: Transaction) -> None:
    """Write more than fits where nothing fits any more."""
    transaction.execute("INSERT INTO event (tenant, at_ms, body) VALUES ('a', 0, zeroblob(200000))")


def _let_grow(database: Database, pages: int) -> None:
    """Let the file have so many pages, or as many as it has; SQLite then says that it is full."""
    assert isinstance(database._engine, SqliteEngine)
    assert database._engine._writing is not None
    database._engine._writing.execute(f"PRAGMA max_page_count = {pages}")


def test_on_a_full_disk_who_waits_hears_of_it_and_goes_on_when_there_is_room(
    tmp_path: Path,
) -> None:
    async def work() -> None:
        async with _opened(tmp_path) as database:
            _let_grow(database, 1)
            with pytest.raises(StorageFullError, match="full"):
                await database.write(_fill)
            assert await _count(database) == 0
            _let_grow(database, 100_000)
            await database.write(_tick)
            assert await _count(database) == 1

    asyncio.run(work())


def test_what_nobody_waits_for_is_kept_while_the_disk_is_full(tmp_path: Path) -> None:
    async def work() -> None:
        async with _opened(tmp_path) as database:
            _let_grow(database, 1)
            order: list[str] = []

            def posted(transaction: Transaction) -> None:
                _fill(transaction)
                _tick(transaction)
                order.append("posted")

            database.post(posted)
            with pytest.raises(StorageFullError):
                await database.write(_tick)
            _let_grow(database, 100_000)
            await database.write(lambda _: order.append("written"))
            assert order == ["posted", "written"]
            assert await _count(database) == 1

    asyncio.run(work())


def test_what_is_kept_needs_no_other_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        async with _opened(tmp_path) as database:
            bell = database.feed.listen()
            _let_grow(database, 1)
            database.post(_fill)
            database.post(_tick)
            with pytest.raises(StorageFullError):
                await database.write(_tick)
            _let_grow(database, 100_000)
            async with asyncio.timeout(10):
                while not await _count(database):
                    await bell.wait()
                    bell.clear()

    monkeypatch.setattr(writer, "LATE_SECONDS", 0.01)
    asyncio.run(work())


def test_closing_does_not_wait_for_room(tmp_path: Path) -> None:
    async def work() -> int:
        database = await Database.open(tmp_path / "workspace.db", HandClock())
        _let_grow(database, 1)
        database.post(_fill)
        with pytest.raises(StorageFullError):
            await database.write(_tick)
        database.post(_tick)
        await asyncio.wait_for(database.close(), 10)
        again = await Database.open(tmp_path / "workspace.db", HandClock())
        count = await _count(again)
        await again.close()
        return count

    # What came behind it is not there without it.
    assert asyncio.run(work()) == 0


def test_a_foreign_writer_that_does_not_let_go_is_named_and_nothing_breaks(tmp_path: Path) -> None:
    async def work() -> None:
        async with _opened(tmp_path) as database:
            await database.write(lambda at: at.execute("PRAGMA busy_timeout = 20"))
            foreign = sqlite3.connect(tmp_path / "workspace.db", isolation_level=None)
            foreign.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageLockedError, match="Another program"):
                await database.write(_tick)
            foreign.execute("ROLLBACK")
            foreign.close()
            await database.write(_tick)
            assert await _count(database) == 1

    asyncio.run(work())


def test_what_is_wrong_for_good_fails_every_later_write(tmp_path: Path) -> None:
    async def work() -> None:
        async with _opened(tmp_path) as database:
            database.post(lambda at: at.execute("INSERT INTO nothing VALUES (1)"))
            for _ in range(2):
                with pytest.raises(StorageError, match="nothing"):
                    await database.write(_tick)
            assert await _count(database) == 0

    asyncio.run(work())


@pytest.mark.parametrize("content", [b"this is no database, but it is long enough" * 200])
def test_a_file_that_is_no_database_is_said_to_be_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "workspace.db").write_bytes(content)
    with pytest.raises(StorageError, match="damaged or not a workspace"):
        asyncio.run(Database.open(tmp_path / "workspace.db", HandClock()))
    assert (tmp_path / "workspace.db").read_bytes() == content


def test_a_database_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "workspace.db") as newer:
        newer.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        newer.execute("INSERT INTO alembic_version VALUES ('9999')")
    newer.close()
    with pytest.raises(StorageError, match="newer Framewright"):
        asyncio.run(Database.open(tmp_path / "workspace.db", HandClock()))


def test_processes_that_write_at_once_lose_nothing(place: Place) -> None:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(3)
    workers = [context.Process(target=write_many, args=(place, barrier, 100)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]

    async def work() -> None:
        database = await Database.open(place, HandClock())
        assert await _count(database) == 300
        await database.close()

    asyncio.run(work())
    if isinstance(place, Path):
        with sqlite3.connect(place) as at:
            assert at.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        at.close()


def test_another_process_is_heard_of_by_the_feed(place: Place) -> None:
    async def work() -> None:
        one = await Database.open(place, HandClock())
        other = await Database.open(place, HandClock())
        bell = one.feed.listen()
        await other.write(_tick)
        if one.hears:
            await asyncio.wait_for(bell.wait(), 10)
            assert bell.elsewhere
        await one.write(_tick)
        # What the other wrote in between is not in the memory: the store is to be asked.
        assert one.feed.since(0) is None
        assert len(await one.read(events.of_run("run_1", 0))) == 2
        await other.close()
        await one.close()

    asyncio.run(work())


def test_the_feed_remembers_only_so_much_and_says_so(place: Place) -> None:
    async def work() -> None:
        database = await Database.open(place, HandClock())
        await asyncio.gather(*(database.write(_tick) for _ in range(5_000)))
        assert database.feed.since(0) is None
        recent = database.feed.since(4_990)
        assert recent is not None
        assert [event.seq for event in recent] == list(range(4_991, 5_001))
        assert database.feed.since(5_000) == ()
        await database.close()

    asyncio.run(work())


def test_synchronous_is_full_and_the_journal_is_a_wal(tmp_path: Path) -> None:
    async def work() -> tuple[object, object]:
        database = await Database.open(tmp_path / "workspace.db", HandClock())
        found = await database.write(
            lambda at: (
                at.execute("PRAGMA synchronous").fetchone()[0],
                at.execute("PRAGMA journal_mode").fetchone()[0],
            )
        )
        await database.close()
        return found

    assert asyncio.run(work()) == (2, "wal")
