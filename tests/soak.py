"""What takes too long for every test run: 200 rounds of kills over 20,000 jobs, and a flood.

Exit codes: 0 nothing went wrong, 1 something did.
"""
# ruff: noqa: T201 - a program of its own, which prints

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from itertools import product
from pathlib import Path

import fair_rounds
import kill_rounds
from postgres_server import PostgresServer

PLACES = 8
SHARES = {
    f"{desks.__name__} on {places}": (places, desks)
    for places, desks in product((1, PLACES), (fair_rounds.together, fair_rounds.apart))
}
"""How many places there are, and on which desks the jobs of each tenant lie."""
MOST_TURNS = 200
"""How many turns others may have while a job waits: those that last as long as a look is away."""


def _kills(folder: Path, seed: int, rounds: int, jobs: int) -> list[str]:
    began = time.monotonic()
    outcome, tally = kill_rounds.kill_rounds(folder, seed, rounds, jobs, _say)
    found = kill_rounds.problems(folder, outcome, tally)
    twice = sum(count > 1 for count in tally.asked.values())
    print(f"{rounds} rounds in {time.monotonic() - began:.0f} s, seed {seed}")
    print(f"{kill_rounds.account(folder, outcome, tally)}; {twice} submitted twice")
    return found


def _shares(folder: Path, jobs: int) -> list[str]:
    found = []
    for name, (places, desks) in SHARES.items():
        order, tally = fair_rounds.served(folder / name, desks(jobs), places)
        apart = fair_rounds.furthest_apart(order, fair_rounds.WEIGHTS)
        most = tally.most[f"model {fair_rounds.MODEL}"]
        print(f"{name}: {len(order)} turns, {apart:.2f} jobs beyond a job apart")
        if apart > 1e-9 or most > places:
            found.append(f"{name}: {apart:.2f} jobs too far apart, {most} at once")
    return found


def _flood(folder: Path, jobs: int) -> list[str]:
    came = fair_rounds.flood(folder, jobs, 100, PLACES)
    most = came.tally.most[f"model {fair_rounds.MODEL}"]
    print(
        f"beside {jobs:,} jobs of one tenant another waited for {max(came.waited)} turns at most,"
        f" {sum(came.waited) / len(came.waited):.1f} in the mean; {came.left:,} were left;"
        f" {most} of {PLACES} places taken at most"
    )
    starved = max(came.waited) > MOST_TURNS
    return ["somebody waited for too long"] * starved + ["too many at once"] * (most > PLACES)


def _say(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{text}\033[K", end="", file=sys.stderr, flush=True)


def main() -> int:
    """Run it all and return the exit code."""
    parser = argparse.ArgumentParser(description="Run what is too long for every test run.")
    parser.add_argument("--seed", type=int, default=1, help="chooses whom is killed, and when")
    parser.add_argument("--rounds", type=int, default=200, help="how often some are killed")
    parser.add_argument("--jobs", type=int, default=20_000, help="how many jobs are carried")
    parser.add_argument("--flood", type=int, default=50_000, help="how many one tenant has")
    parser.add_argument("--postgres", action="store_true", help="as replicas on a server")
    options = parser.parse_args()
    with ExitStack() as closing:
        name = closing.enter_context(tempfile.TemporaryDirectory(prefix="framewright-soak-"))
        folder = Path(name)
        server = PostgresServer.start() if options.postgres else None
        if server is not None:
            closing.callback(server.stop)
        for each in ("kills", "flood", *SHARES):
            (folder / each).mkdir()
            if server is not None:
                told = f'[store]\nurl = "{server.new_store().url}"\n'
                (folder / each / "settings.toml").write_text(told, "utf-8")
        found = _kills(folder / "kills", options.seed, options.rounds, options.jobs)
        found += _shares(folder, 100)
        found += _flood(folder / "flood", options.flood)
    print(*found[:50], sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
