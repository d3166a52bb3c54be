"""Replicas on one PostgreSQL server: caps and shares are kept, and the dead hold no place."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

import fair_rounds
import kill_rounds
from framewright.domain.job import JobState
from framewright.protocols import FakeProvider
from framewright.store.queue_limits import Limits
from holding_process import hold, replica
from remote_provider import PROCESSES
from remote_provider import request as job

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.store.place import PostgresUrl

MODEL = "far/a"


@pytest.fixture
def folder(tmp_path: Path, postgres_place: PostgresUrl) -> Path:
    """The folder of a workspace whose jobs are kept by a server."""
    (tmp_path / "settings.toml").write_text(f'[store]\nurl = "{postgres_place.url}"\n', "utf-8")
    return tmp_path


def test_killed_at_any_moment_replicas_end_every_job_once(folder: Path) -> None:
    outcome, tally = kill_rounds.kill_rounds(folder, seed=3, rounds=8, jobs=400)
    told = kill_rounds.account(folder, outcome, tally)
    assert kill_rounds.problems(folder, outcome, tally) == [], told
    assert outcome.kills >= 8
    assert not (folder / "workspace.db").exists()


@pytest.mark.parametrize(("replicas", "places"), [(2, 1), (2, 8), (3, 1), (3, 8)])
def test_replicas_share_by_weight(folder: Path, replicas: int, places: int) -> None:
    order, tally = fair_rounds.served(folder, fair_rounds.together(30, replicas), places)
    assert len(order) > 20
    assert fair_rounds.furthest_apart(order, fair_rounds.WEIGHTS) <= 1e-9, order
    assert 0 < tally.most[f"model {MODEL}"] <= places


@pytest.mark.parametrize("replicas", [2, 3])
def test_replicas_together_stay_under_a_cap(folder: Path, replicas: int) -> None:
    desks = fair_rounds.together(120, replicas)
    _, tally = fair_rounds.served(folder, desks, places=8)
    assert tally.most[f"model {MODEL}"] == 8
    # Each was done once, by whichever replica.
    assert set(tally.asked.values()) == {1}
    assert len(tally.asked) == sum(len(chains) for chains in desks)


@pytest.mark.parametrize("store", ["sqlite", "postgres"])
def test_a_process_that_is_killed_frees_its_places(
    tmp_path: Path, store: str, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue("folder") if store == "postgres" else tmp_path
    limits = Limits(models={"fake/a": 2})
    listens, tells = PROCESSES.Pipe(duplex=False)
    held = [job("ann", f"a{number}", "fake/a") for number in range(3)]
    dies = PROCESSES.Process(target=hold, args=(folder, limits, held, 2, tells))
    dies.start()

    async def work() -> None:
        provider = FakeProvider()
        async with replica(folder, limits, provider) as (router, _):
            wanted = job("bob", "b", "fake/a")
            waits = asyncio.ensure_future(router.submit(wanted, lambda _: None))
            done, _ = await asyncio.wait({waits}, timeout=1.5)
            # As long as it lives, its places are its own.
            assert not done
            dies.kill()
            await asyncio.wait_for(waits, 10)
            assert [each.key for each in provider.requests] == ["b"]
            # What it had begun may be done by whoever asks for it.
            taken = await router.submit(held[0], lambda _: None)
            assert taken.state is JobState.SUCCEEDED

    try:
        assert listens.poll(60)
        asyncio.run(work())
    finally:
        dies.kill()
        dies.join()
