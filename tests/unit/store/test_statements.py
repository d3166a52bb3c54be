"""What one kind of database takes otherwise than the other comes out the same."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from framewright.domain.job import JobRequest, JobResult, JobState, Phase
from framewright.errors import SettingsError
from framewright.protocols import HandClock
from framewright.store import ends, jobs
from framewright.store.database import Database
from framewright.store.place import PostgresUrl
from framewright.store.postgres_connection import connect
from framewright.store.postgres_statements import translated

if TYPE_CHECKING:
    from framewright.store.place import Place


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SELECT a FROM b WHERE c = ? AND d = ?", "SELECT a FROM b WHERE c = $1 AND d = $2"),
        ("SELECT '?', \"?\", 'it''s ?', ?", "SELECT '?', \"?\", 'it''s ?', $1"),
        ("SELECT ? -- what?\n, ?", "SELECT $1 -- what?\n, $2"),
        ("SELECT json_extract(r, '$.a.b')", "SELECT (r::json #>> '{a,b}')"),
    ],
)
def test_statements_are_translated(statement: str, expected: str) -> None:
    assert translated(statement) == expected


def _request(key: str, **inputs: object) -> JobRequest:
    return JobRequest(
        tenant="local",
        key=key,
        correlation="",
        provider="fake",
        model="fake/a",
        task="",
        inputs=inputs,
        seed=7,
    )


def test_what_jobs_took_is_read_from_their_json(place: Place) -> None:
    async def work() -> None:
        clock = HandClock()
        database = await Database.open(place, clock)
        for key, cost in (("free", 0.0), ("paid", 0.1)):
            await database.write(jobs.accept(key, _request(key, words=["ü", 1, None]), "hash"))
            await database.write(jobs.advance(key, JobState.LEASED, Phase.NONE))
            clock.at_ms += 1_500
            result = JobResult(state=JobState.SUCCEEDED, cost=cost)
            await database.write(ends.settle(key, result))
        found = await database.read(jobs.times("local"))
        assert sorted(found) == [
            ("fake/a", {"words": ["ü", 1, None]}, 1.5, 0.0),
            ("fake/a", {"words": ["ü", 1, None]}, 1.5, 0.1),
        ]
        await database.close()

    asyncio.run(work())


def test_a_text_may_hold_any_letter(place: Place) -> None:
    async def work() -> None:
        database = await Database.open(place, HandClock())
        await database.write(jobs.accept("j", _request("a\0b \U0001f98a"), "hash"))
        ((key,),) = await database.read(lambda at: at.execute("SELECT key FROM job").fetchall())
        assert key.replace("\0", "\ufffd") == "a\ufffdb \U0001f98a"
        # The same letters find it again.
        found = await database.write(jobs.accept("k", _request("a\0b \U0001f98a"), "hash"))
        assert found.id == "j"
        await database.close()

    asyncio.run(work())


def test_a_url_that_names_nothing_is_not_repeated(postgres_place: PostgresUrl) -> None:
    wrong = PostgresUrl("postgresql://ann:s3%cret@host/films")
    with pytest.raises(SettingsError, match="does not name a database") as refused:
        connect(wrong)
    assert "s3" not in str(refused.value)
    connect(postgres_place).close()
