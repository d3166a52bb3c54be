"""Whatever an errand does to its process, its owner hears an error and goes on."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import errands
from framewright.errors import (
    CancelledByUserError,
    FramewrightError,
    MediaCrashError,
    MediaMemoryError,
    MediaSlowError,
    NotFoundError,
)
from framewright.isolation import Isolation, landlock

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

MODES = {"copies": (), "alone": ("--no-fork",)}
PATIENCE_SECONDS = 30.0


@pytest.fixture(params=MODES)
def isolation(request: pytest.FixtureRequest) -> Generator[Isolation]:
    with Isolation(1, MODES[request.param]) as opened:
        yield opened


@pytest.fixture
def copies() -> Generator[Isolation]:
    with Isolation(1) as opened:
        yield opened


def until(fact: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not fact():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def is_there(pid: int) -> bool:
    """Whether a process runs; one that ended and was not fetched does not."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_an_answer_comes_back_as_its_type_and_progress_is_told(isolation: Isolation) -> None:
    told: list[float] = []
    assert isolation.run(errands.Add(one=1, other=2), told.append) == 3
    assert 0.5 in told


def test_nothing_is_started_before_the_first_errand_and_nothing_stays() -> None:
    with Isolation() as isolation:
        assert isolation.workers() == ()
        isolation.run(errands.Add(one=1, other=2))
        (pid,) = isolation.workers()
        isolation.run(errands.Add(one=1, other=2))
        assert isolation.workers() == (pid,), "it is used again"
        assert is_there(pid)
    assert not is_there(pid)
    with pytest.raises(CancelledByUserError):
        isolation.run(errands.Add(one=1, other=2))


def test_an_error_is_the_same_error_without_commands_for_a_terminal(isolation: Isolation) -> None:
    with pytest.raises(NotFoundError, match=r"There is no\[31m such file\.") as told:
        isolation.run(errands.Fail())
    assert told.value.action == "Look elsewhere."
    assert isolation.run(errands.Add(one=2, other=2)) == 4


@pytest.mark.parametrize(
    ("errand", "kind", "words"),
    [
        (errands.Surprise(), MediaCrashError, "ZeroDivisionError"),
        (errands.Eat(), MediaMemoryError, "more than 1 GiB"),
        (errands.Hang(), MediaSlowError, "longer than"),
        (errands.Lie(body='{"kind": 3}'), MediaCrashError, "nobody understands"),
        (errands.Lie(body="[" * 100_000), MediaCrashError, "nobody understands"),
        (errands.Lie(body="9" * 10_000), MediaCrashError, "nobody understands"),
    ],
    ids=lambda each: type(each).__name__ if hasattr(each, "do") else None,
)
def test_what_goes_wrong_is_one_error_and_the_next_errand_is_done(
    isolation: Isolation, errand: errands.Errand[object], kind: type[FramewrightError], words: str
) -> None:
    with pytest.raises(kind, match=words) as told:
        isolation.run(errand)
    assert told.value.code in {"media-crash", "media-memory", "media-slow"}
    assert told.value.action
    if not isinstance(errand, errands.Lie) or "--no-fork" not in isolation._options:
        assert isolation.run(errands.Add(one=2, other=2)) == 4


@pytest.mark.parametrize(
    ("errand", "kind", "words"),
    [
        (errands.Crash(), MediaCrashError, "SIGSEGV"),
        (errands.Kill(number=int(signal.SIGABRT)), MediaCrashError, "SIGABRT"),
        (errands.Kill(), MediaMemoryError, "memory"),
        (errands.Spin(), MediaSlowError, "longer than"),
        (errands.Babble(body="zzzzzzzzz"), MediaCrashError, "without an answer"),
        (errands.Babble(body="a\xff\xff\xff\xff"), MediaCrashError, "without an answer"),
        (errands.Babble(body="e\0\0\0\2{}"), MediaCrashError, "without an answer"),
    ],
)
def test_a_copy_that_ends_leaves_its_worker_as_it_was(
    copies: Isolation, errand: errands.Errand[object], kind: type[FramewrightError], words: str
) -> None:
    copies.run(errands.Add(one=1, other=1))
    before = copies.workers()
    with pytest.raises(kind, match=words):
        copies.run(errand)
    assert copies.run(errands.Add(one=2, other=2)) == 4
    assert copies.workers() == before


def test_a_worker_that_ends_is_replaced() -> None:
    with Isolation(1, MODES["alone"]) as isolation:
        isolation.run(errands.Add(one=1, other=1))
        before = isolation.workers()
        with pytest.raises(MediaCrashError):
            isolation.run(errands.Crash())
        assert isolation.run(errands.Add(one=2, other=2)) == 4
        assert isolation.workers() != before


def test_a_worker_killed_while_it_waits_is_replaced_and_no_file_blamed(copies: Isolation) -> None:
    copies.run(errands.Add(one=1, other=1))
    (pid,) = copies.workers()
    os.kill(pid, signal.SIGKILL)
    until(lambda: not is_there(pid))
    assert copies.run(errands.Add(one=2, other=2)) == 4


def test_what_tell_raises_ends_the_errand(isolation: Isolation, tmp_path: Path) -> None:
    report = tmp_path / "begun"

    def tell(fraction: float) -> None:
        if report.exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        isolation.run(errands.Endless(report=report), tell)
    assert isolation.run(errands.Add(one=2, other=2)) == 4


def test_a_cancelled_task_ends_its_errand(copies: Isolation, tmp_path: Path) -> None:
    report = tmp_path / "begun"

    async def work() -> None:
        task = asyncio.ensure_future(copies.wait_for(errands.Endless(report=report)))
        await asyncio.to_thread(until, report.exists)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await copies.wait_for(errands.Add(one=2, other=2)) == 4

    asyncio.run(work())


def test_more_errands_than_workers_take_turns() -> None:
    with Isolation(2) as isolation:
        found: list[int] = []
        threads = [
            threading.Thread(target=lambda: found.append(isolation.run(errands.Where())))
            for _ in range(12)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(found)) == 12, "each has a process of its own"
        assert len(isolation.workers()) <= 2


def test_a_copy_opens_nothing_but_its_own_files_and_no_connection(
    copies: Isolation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if landlock.version() < 4:
        pytest.skip("this kernel has no Landlock that knows networks")
    monkeypatch.setenv("SOME_API_KEY", "secret")
    given, canary = tmp_path / "given" / "a", tmp_path / "other" / "canary"
    desk = tmp_path / "desk"
    for folder in (given.parent, canary.parent, desk):
        folder.mkdir()
    given.write_text("mine")
    canary.write_text("not mine")
    with socket.create_server(("127.0.0.1", 0)) as trap:
        port = trap.getsockname()[1]
        found = copies.run(errands.Look(given=given, canary=canary, desk=desk, port=port))
        trap.settimeout(0)
        with pytest.raises(BlockingIOError):
            trap.accept()
    allowed = {name for name, outcome in found.items() if outcome == "done"}
    assert allowed == {"read what was given", "write beside"}
    assert found["write much"] == "OSError"
    assert canary.read_text() == "not mine"
    assert [each.name for each in canary.parent.iterdir()] == ["canary"]


@pytest.mark.parametrize("mode", MODES)
def test_workers_end_with_an_owner_that_was_killed(tmp_path: Path, mode: str) -> None:
    report = tmp_path / "begun"
    script = (
        "import sys, json, threading, pathlib, errands, time\n"
        "from framewright.isolation import Isolation\n"
        "isolation = Isolation(1, json.loads(sys.argv[1]))\n"
        "isolation.run(errands.Add(one=1, other=1))\n"
        "print(*isolation.workers(), flush=True)\n"
        "isolation.run(errands.Endless(report=pathlib.Path(sys.argv[2])))\n"
    )
    tests = Path(__file__).parents[2]
    owner = subprocess.Popen(
        [sys.executable, "-c", script, json.dumps(MODES[mode]), str(report)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tests)},
    )
    assert owner.stdout is not None
    worker = int(owner.stdout.readline())
    until(report.exists)
    family = [worker, *children(worker)]
    assert len(family) == (2 if mode == "copies" else 1)
    owner.kill()
    owner.wait()
    owner.stdout.close()
    until(lambda: not any(map(is_there, family)))


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
