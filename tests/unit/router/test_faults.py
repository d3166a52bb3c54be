"""What goes wrong around the router: nothing is lost, nothing is paid twice, and it goes on."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from framewright.domain.job import ErrorCategory, JobError, JobRequest, JobResult, JobState, Phase
from framewright.errors import BusyError, StorageFullError, StorageLockedError
from framewright.protocols import FakeProvider, HandClock, ProviderRequest, Status
from framewright.router.router import Router, request_hash
from framewright.store import attempts, ends, health, jobs, queue
from framewright.store.blobs import Blobs
from framewright.store.database import Database
from framewright.store.sqlite_engine import SqliteEngine

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from framewright.router.owners import Owner

HOUR_MS = 3_600_000


@dataclass
class Remote(FakeProvider):
    """A provider elsewhere, whose answers can be held up."""

    in_process: bool = False
    submitting: asyncio.Event = field(default_factory=asyncio.Event)
    let_submit: asyncio.Event = field(default_factory=asyncio.Event)
    polling: asyncio.Event = field(default_factory=asyncio.Event)
    let_finish: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.let_submit.set()
        self.let_finish.set()

    async def submit(self, request: ProviderRequest) -> str:
        remote_id = await super().submit(request)
        self.submitting.set()
        await self.let_submit.wait()
        return remote_id

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        self.polling.set()
        await self.let_finish.wait()
        return await super().poll(remote_id, wait_seconds)


@dataclass
class Desk:
    """A router, and what it stands on."""

    router: Router
    database: Database
    provider: Remote
    clock: HandClock

    def submit(self, key: str = "k", prompt: str = "go") -> asyncio.Future[JobResult]:
        return asyncio.ensure_future(self.router.submit(_request(key, prompt), lambda _: None))

    async def job(self, key: str = "k") -> jobs.JobRecord:
        # Behind whatever tasks that just began hand over, and whatever is still being written.
        await asyncio.sleep(0)
        await self.database.write(lambda _: None)
        return (await self.database.read(jobs.find("local", [key])))[key]

    def connection(self) -> sqlite3.Connection:
        """The writer's connection; to be used only while it has nothing to do."""
        assert isinstance(self.database._engine, SqliteEngine)
        assert self.database._engine._writing is not None
        return self.database._engine._writing

    async def fill_the_disk(self) -> None:
        """Let SQLite find no room for another page, nor in those it has."""
        await self.database.write(lambda _: None)
        self.connection().execute("PRAGMA max_page_count = 1")

    def make_room(self) -> None:
        self.connection().execute("PRAGMA max_page_count = 1000000")


@asynccontextmanager
async def _desk(
    folder: Path, provider: Remote | None = None, owner: Owner | None = None
) -> AsyncGenerator[Desk]:
    clock, provider = HandClock(), provider or Remote()
    database = await Database.open(folder / "workspace.db", clock)
    try:
        blobs, chance = Blobs(folder / "assets"), random.Random(1)
        router = Router(database, blobs, {"fake": provider}, clock, chance, owner)
        yield Desk(router, database, provider, clock)
    finally:
        await database.close()


def _request(key: str, prompt: str = "go") -> JobRequest:
    return JobRequest(
        tenant="local",
        key=key,
        correlation="",
        provider="fake",
        model="fake/a",
        task="",
        inputs={"prompt": prompt},
        seed=1,
    )


def _run(work: object) -> None:
    asyncio.run(asyncio.wait_for(work, 30))  # type: ignore[arg-type]


MUCH = "much " * 40_000


def test_where_the_disk_is_full_nothing_is_accepted_and_later_all_is(tmp_path: Path) -> None:
    async def work() -> None:
        async with _desk(tmp_path) as desk:
            await desk.fill_the_disk()
            with pytest.raises(StorageFullError, match="full"):
                await desk.submit(prompt=MUCH)
            assert desk.provider.requests == []
            desk.make_room()
            assert (await desk.submit(prompt=MUCH)).state is JobState.SUCCEEDED
            assert len(desk.provider.requests) == 1

    _run(work())


def test_what_a_provider_took_while_the_disk_filled_up_is_known_behind_that(
    tmp_path: Path,
) -> None:
    async def work() -> None:
        provider = Remote()
        provider.let_submit.clear()
        async with _desk(tmp_path, provider) as desk:
            task = desk.submit()
            await provider.submitting.wait()
            await desk.fill_the_disk()
            # It goes before the answer of the provider, and together with it does not fit.
            desk.database.post(_fill)
            provider.let_submit.set()
            with pytest.raises(StorageFullError, match="full"):
                await task
            desk.make_room()
            record = await desk.job()
            assert (record.phase, record.remote_id) == (Phase.SUBMITTED, "0")
            assert (await desk.submit()).state is JobState.SUCCEEDED
            assert len(provider.requests) == 1

    _run(work())


def _fill(transaction: object) -> None:
    insert = "INSERT INTO event (tenant, at_ms, body) VALUES ('a', 0, zeroblob(200000))"
    transaction.execute(insert)  # type: ignore[attr-defined]


@pytest.mark.parametrize("where", ["accepting", "submitting", "ending"])
def test_a_foreign_writer_that_keeps_the_database_ends_no_job(tmp_path: Path, where: str) -> None:
    async def work() -> None:
        provider = Remote()
        async with _desk(tmp_path, provider) as desk:
            desk.connection().execute("PRAGMA busy_timeout = 20")
            foreign = sqlite3.connect(tmp_path / "workspace.db", isolation_level=None)
            (provider.let_submit if where == "submitting" else provider.let_finish).clear()
            task = None
            if where != "accepting":
                task = desk.submit()
                await (provider.submitting if where == "submitting" else provider.polling).wait()
                await desk.database.write(lambda _: None)
            foreign.execute("BEGIN IMMEDIATE")
            provider.let_submit.set()
            provider.let_finish.set()
            with pytest.raises(StorageLockedError, match="Another program"):
                await (task or desk.submit())
            foreign.execute("ROLLBACK")
            foreign.close()
            assert (await desk.submit()).state is JobState.SUCCEEDED
            assert len(provider.requests) == 1

    _run(work())


def test_the_answer_to_a_submission_is_kept_though_the_job_was_taken_over(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Remote()
        provider.let_submit.clear()
        async with _desk(tmp_path, provider) as desk:
            task = desk.submit()
            await provider.submitting.wait()
            record = await desk.job()
            assert await desk.database.write(queue.take_over(record.id, record.epoch, "other"))
            await desk.database.write(jobs.leave_unknown(record.id, record.epoch + 1))
            provider.let_submit.set()
            with pytest.raises(BusyError, match="Another process"):
                await task
            record = await desk.job()
            assert (record.state, record.remote_id) == (JobState.UNKNOWN, "0")
            assert (await desk.submit()).state is JobState.SUCCEEDED
            assert len(provider.requests) == 1

    _run(work())


def test_a_late_answer_says_nothing_of_a_later_attempt(tmp_path: Path) -> None:
    async def work() -> None:
        async with _desk(tmp_path) as desk:
            await desk.database.write(jobs.accept("job_1", _request("k"), "", "other"))
            await desk.database.write(
                jobs.advance("job_1", JobState.LEASED, Phase.SUBMITTING, epoch=0)
            )
            error = JobError(category=ErrorCategory.OUTAGE, code="outage", message="Away.")
            assert await desk.database.write(attempts.back_off("job_1", 0, error, 0))
            assert await desk.database.write(attempts.try_again("job_1", 0))
            assert await desk.database.write(queue.take_over("job_1", 0, "next"))
            await desk.database.write(
                jobs.advance("job_1", JobState.LEASED, Phase.SUBMITTING, epoch=1)
            )
            await desk.database.write(jobs.submitted("job_1", "late", 0, attempt=1))
            assert (await desk.job()).remote_id is None

    _run(work())


@dataclass(frozen=True)
class Late:
    """An owner who, just when it finds another dead, is forestalled by a third."""

    path: Path
    name: str = "me"
    asked: list[str] = field(default_factory=list)

    def is_alive(self, name: str) -> bool:
        if name == "gone" and not self.asked:
            self.asked.append(name)
            at = sqlite3.connect(self.path, isolation_level=None)
            at.execute("UPDATE job SET state = 'queued', epoch = epoch + 1 WHERE state = 'leased'")
            at.close()
        return name == self.name


def test_a_job_that_was_made_to_wait_in_between_is_taken_up_all_the_same(tmp_path: Path) -> None:
    async def work() -> None:
        async with _desk(tmp_path, owner=Late(tmp_path / "workspace.db")) as desk:
            request = _request("k")
            accepted = jobs.accept("job_1", request, request_hash(request), "gone")
            await desk.database.write(accepted)
            await desk.database.write(jobs.advance("job_1", JobState.LEASED, Phase.NONE))
            assert (await desk.submit()).state is JobState.SUCCEEDED

    _run(work())


def test_who_lost_a_job_does_not_tell_how_it_ended(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Remote()
        provider.let_finish.clear()
        async with _desk(tmp_path, provider) as desk:
            task = desk.submit()
            await provider.polling.wait()
            record = await desk.job()
            assert await desk.database.write(queue.take_over(record.id, record.epoch, "other"))
            provider.let_finish.set()
            with pytest.raises(BusyError, match="Another process"):
                await task
            assert (await desk.job()).result is None

    _run(work())


def test_a_job_that_was_given_up_stays_so_when_its_provider_answers(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Remote()
        provider.let_finish.clear()
        async with _desk(tmp_path, provider) as desk:
            task = desk.submit()
            await provider.polling.wait()
            gone = JobResult(state=JobState.DEAD)
            assert await desk.database.write(ends.give_up("local", "k", gone))
            provider.let_finish.set()
            assert await task == gone
            assert await desk.submit() == gone
            assert len(provider.requests) == 1

    _run(work())


def test_put_back_an_hour_the_clock_lets_no_job_overtake_another(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Remote(concurrency=1)
        provider.let_finish.clear()
        async with _desk(tmp_path, provider) as desk:
            tasks = []
            for number in range(6):
                tasks.append(desk.submit(f"k{number}"))
                await desk.job(f"k{number}")
                desk.clock.at_ms += -HOUR_MS if number == 2 else 5
            provider.let_finish.set()
            ended = await asyncio.gather(*tasks)
            assert {each.state for each in ended} == {JobState.SUCCEEDED}
            assert [each.key for each in provider.requests] == [f"k{n}" for n in range(6)]

    _run(work())


def test_put_back_an_hour_the_clock_makes_no_pause_longer(tmp_path: Path) -> None:
    async def work() -> None:
        async with _desk(tmp_path) as desk:
            request = _request("k")
            digest = request_hash(request)
            await desk.database.write(jobs.accept("job_1", request, digest, "gone"))
            error = JobError(category=ErrorCategory.OUTAGE, code="outage", message="Away.")
            await desk.database.write(jobs.advance("job_1", JobState.LEASED, Phase.SUBMITTED))
            assert await desk.database.write(attempts.back_off("job_1", 0, error, 10))
            desk.clock.at_ms -= HOUR_MS
            assert (await desk.submit()).state is JobState.SUCCEEDED

    _run(work())


def test_put_back_an_hour_the_clock_keeps_no_breaker_open(tmp_path: Path) -> None:
    async def work() -> None:
        async with _desk(tmp_path) as desk:
            error = JobError(category=ErrorCategory.OUTAGE, code="outage", message="Away.")
            for number in range(health.FAILURES):
                failed = health.suffered("fake", "fake/a", f"job_{number}", error, 0)
                await desk.database.write(failed)
            (ill,) = await desk.database.read(health.ailing())
            assert ill.is_closed_to_all(desk.clock.now_ms())
            assert ill.is_closed_to_all(desk.clock.now_ms() + health.FIRST_OPEN_MS - 1)
            desk.clock.at_ms -= HOUR_MS
            assert (await desk.submit()).state is JobState.SUCCEEDED

    _run(work())
