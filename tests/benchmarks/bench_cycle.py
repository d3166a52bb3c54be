"""A job's whole way, accepted, begun and ended, 64 at a time, against queues that others build.

All are durable with every commit, in the same run and in turns. Ours has caps, shares, the breaker
and accounts at work; theirs have the one cap. What they need is in an environment of their own,
made from `peers/requirements.txt` at the first run. Without PostgreSQL its rows are left out.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

# The server that the tests have.
sys.path.append(str(Path(__file__).parents[1]))

from peer_environment import PEERS, python_with
from store_cycle import AT_ONCE, TENANTS, Taken, cycle, side_by_side

import postgres_server
from framewright.domain.job import JobRequest, JobResult, JobState
from framewright.protocols import FakeProvider, SystemClock
from framewright.router.router import Router
from framewright.store import schema
from framewright.store.blobs import Blobs
from framewright.store.database import Database
from framewright.store.queue_limits import Limits
from postgres_server import LackingError, PostgresServer

JOBS = {
    "ours": 5_000,
    "router": 2_000,
    "huey": 2_000,
    "dbos": 200,
    "ours on PostgreSQL": 1_500,
    "procrastinate": 500,
}
ON_POSTGRES = ("ours on PostgreSQL", "procrastinate")
ROUNDS = 3
LIMITS = (
    ("ours", "huey", 1.5),
    ("ours", "dbos", 15.0),
    ("ours", "procrastinate", 5.0),
    ("ours on PostgreSQL", "procrastinate", 2.0),
)
"""How many times as many a second ours has to do at least."""
OVER = 1_000_000
SLOWER = 1.2
_INSERT = """INSERT INTO job (id, tenant, key, request_hash, correlation, provider, model, owner,
        state, phase, request, rank, created_ms, updated_ms, result)
    VALUES (?, ?, ?, '', '', 'fake', 'fake/a', 'me', 'succeeded', 'none', '{}', ?, 0, 0, ?)"""


def measure() -> list[dict[str, Any]]:
    """Return the rows: against each peer, through the whole router, and beside a long history."""
    python, server = python_with("requirements.txt"), _server()
    names = [name for name in JOBS if server is not None or name not in ON_POSTGRES]
    found: dict[str, list[float]] = {name: [] for name in names}
    try:
        for _ in range(ROUNDS):
            for name in names:
                with tempfile.TemporaryDirectory() as folder:
                    found[name].append(_once(name, Path(folder), python, server))
    finally:
        if server is not None:
            server.stop()
    took = {name: statistics.median(each) for name, each in found.items()}
    rows = [
        {
            "name": f"accepted, begun and ended, {AT_ONCE} at once: {ours} beside {name}",
            "value": round(took[ours]),
            "unit": "jobs/s",
            "peer": f"{took[name]:,.0f} jobs/s; {least:g} times that is asked for",
            "ratio": round(took[name] / took[ours], 4),
            "limit": round(1 / least, 4),
            "n": ROUNDS,
        }
        for ours, name, least in LIMITS
        if name in took
    ]
    rows.append(
        {
            "name": "the same through the router, with a provider of this process, beside huey",
            "value": round(took["router"]),
            "unit": "jobs/s",
            "peer": f"{took['huey']:,.0f} jobs/s: huey on SQLite",
            "ratio": round(took["huey"] / took["router"], 4),
            "n": ROUNDS,
        }
    )
    return [*rows, _beside_a_history()]


def _once(name: str, folder: Path, python: Path, server: PostgresServer | None) -> float:
    """Return how many jobs a second went all the way."""
    count = JOBS[name]
    if name == "ours":
        return asyncio.run(cycle(folder / "workspace.db", count)).per_second
    if name == "router":
        return asyncio.run(_through_the_router(folder, count)).per_second
    where = str(folder)
    if name in ON_POSTGRES:
        assert server is not None
        if name != "procrastinate":
            return asyncio.run(cycle(server.new_store(), count)).per_second
        where = server.new_schema().url
    script = [python, PEERS / f"{name}_cycle.py", where, str(count)]
    told = subprocess.run(script, capture_output=True, text=True, timeout=300)
    if told.returncode != 0:
        raise RuntimeError(told.stderr)
    return Taken(count, *map(float, told.stdout.split())).per_second


def _server() -> PostgresServer | None:
    """Return a PostgreSQL server that syncs to the disk; None where there can be none."""
    postgres_server.OPTIONS |= {"fsync": "on", "full_page_writes": "on"}
    try:
        return PostgresServer.start()
    except LackingError as why:
        sys.stderr.write(f"{why}\n")
        return None


async def _through_the_router(folder: Path, count: int) -> Taken:
    """Submit so many jobs, 64 at a time, to a provider that answers at once."""
    database = await Database.open(folder / "workspace.db", SystemClock())
    try:
        hands, limits = {"fake": FakeProvider()}, Limits(models={"fake/a": AT_ONCE})
        chance, blobs = random.SystemRandom(), Blobs(folder / "assets")
        router = Router(database, blobs, hands, SystemClock(), chance, limits=limits)

        async def submit(number: int) -> JobResult:
            tenant, key = f"t{number % TENANTS}", f"k{number}"
            request = JobRequest(
                tenant=tenant,
                key=key,
                correlation="",
                provider="fake",
                model="fake/a",
                task="",
                inputs={"prompt": "go"},
                seed=1,
            )
            return await router.submit(request, lambda _: None)

        began = time.perf_counter()
        await side_by_side(lambda number=number: submit(number) for number in range(count))
        # Their ends travel with the next commit.
        await database.write(lambda _: None)
        return Taken(count, 0.0, time.perf_counter() - began)
    finally:
        await database.close()


def _beside_a_history() -> dict[str, Any]:
    """Return the row of a table that holds very many jobs that are over."""
    plain, old, count = [], [], JOBS["ours"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        places = {"few": folder / "few.db", "old": folder / "old.db"}
        for each, over in (("few", 0), ("old", OVER)):
            _fill(places[each], over)
        for number in range(ROUNDS):
            for each, taken in (("few", plain), ("old", old)):
                ran = asyncio.run(cycle(places[each], count, f"k{number}_"))
                taken.append(ran.per_second)
    few, long = statistics.median(plain), statistics.median(old)
    return {
        "name": f"accepted, begun and ended beside {OVER:,} jobs that are over",
        "value": round(long),
        "unit": "jobs/s",
        "peer": f"{few:,.0f} jobs/s beside none",
        "ratio": round(few / long, 3),
        "limit": SLOWER,
        "n": ROUNDS,
    }


def _fill(path: Path, over: int) -> None:
    done = JobResult(state=JobState.SUCCEEDED).model_dump_json()
    at = sqlite3.connect(path, isolation_level=None)
    at.execute("PRAGMA journal_mode = WAL")
    schema.bring_up_to_date(at)
    at.execute("BEGIN")
    rows = ((f"o{each:08}", f"t{each % TENANTS}", f"o{each}", each, done) for each in range(over))
    at.executemany(_INSERT, rows)
    at.execute("COMMIT")
    at.close()
