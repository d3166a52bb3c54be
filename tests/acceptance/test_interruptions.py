"""Killed, cancelled, shared: nothing finished is done twice and nothing is lost."""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from command import run, start
from plans import sounds, twelve_steps, write

if TYPE_CHECKING:
    from pathlib import Path


def _ask(workspace: Path, question: str) -> list[tuple[object, ...]]:
    if not (workspace / "workspace.db").exists():
        return []
    connection = sqlite3.connect(f"file:{workspace / 'workspace.db'}?mode=ro", uri=True, timeout=10)
    try:
        return connection.execute(question).fetchall()
    except sqlite3.OperationalError:
        return []
    finally:
        connection.close()


def _wait_for(workspace: Path, question: str, least: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until a question has so many rows, or the process has ended."""
    until = time.monotonic() + 60
    while len(_ask(workspace, question)) < least and process.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.005)


DONE = "SELECT step FROM step_run WHERE state = 'succeeded'"
JOBS = "SELECT key, state FROM job"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_killed_anywhere_it_ends_the_same(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    plan = write(twelve_steps(), tmp_path / "plan.json")
    whole = run("run", plan, "-w", "whole", "--json", cwd=tmp_path)
    assert whole.code == 0
    expected = {each["id"]: each["outputs"][0]["asset"] for each in whole.data["steps"]}

    process = start("run", plan, "-w", "cut", cwd=tmp_path)
    _wait_for(tmp_path / "cut", "SELECT id FROM run", 1, process)
    _wait_for(tmp_path / "cut", DONE, chance.randint(0, 10), process)
    time.sleep(chance.random() * 0.2)
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()
    before = dict(_ask(tmp_path / "cut", JOBS))
    finished = {key for key, state in before.items() if state == "succeeded"}
    updated = "SELECT key, updated_ms FROM job WHERE state = 'succeeded'"
    touched = dict(_ask(tmp_path / "cut", updated))

    (listed,) = run("runs", "-w", "cut", "--json", cwd=tmp_path).data["runs"]
    resumed = run("resume", listed["id"], "-w", "cut", "--json", cwd=tmp_path)
    assert resumed.code == 0, resumed.err
    found = {each["id"]: each["outputs"][0]["asset"] for each in resumed.data["steps"]}
    assert found == expected
    after = dict(_ask(tmp_path / "cut", updated))
    assert {key: after[key] for key in finished} == {key: touched[key] for key in finished}
    assert len(after) == 12


def test_interrupting_stops_cleanly_and_can_be_resumed(tmp_path: Path) -> None:
    plan = write(sounds(40, 3), tmp_path / "plan.json")
    process = start("run", plan, "-w", "ws", cwd=tmp_path)
    _wait_for(tmp_path / "ws", DONE, 2, process)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 130, out
    assert b"Traceback" not in out
    assert b"framewright resume run_" in out
    (listed,) = run("runs", "-w", "ws", "--json", cwd=tmp_path).data["runs"]
    assert listed["state"] == "cancelled"
    states = dict(_ask(tmp_path / "ws", "SELECT step, state FROM step_run"))
    assert set(states.values()) == {"succeeded", "cancelled"}


def test_another_process_can_cancel(tmp_path: Path) -> None:
    plan = write(sounds(60, 3), tmp_path / "plan.json")
    process = start("run", plan, "-w", "ws", cwd=tmp_path)
    _wait_for(tmp_path / "ws", DONE, 1, process)
    ((run_id,),) = _ask(tmp_path / "ws", "SELECT id FROM run")
    busy = run("resume", str(run_id), "-w", "ws", cwd=tmp_path)
    assert busy.code == 2
    assert "working on" in busy.err
    cancelled = run("cancel", str(run_id), "-w", "ws", "--json", cwd=tmp_path)
    assert cancelled.data["state"] == "cancelled"
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 130, out


def test_another_process_can_give_a_new_plan(tmp_path: Path) -> None:
    plan = write(sounds(30, 3), tmp_path / "plan.json")
    process = start("run", plan, "-w", "ws", cwd=tmp_path)
    _wait_for(tmp_path / "ws", DONE, 1, process)
    ((run_id,),) = _ask(tmp_path / "ws", "SELECT id FROM run")
    # Only the first three of them, and one that is new.
    short = sounds(3, 3)
    short["steps"].append({**short["steps"][0], "id": "new", "depends_on": ["s2"]})
    edited = write(short, tmp_path / "short.json")
    told = run("replan", str(run_id), edited, "-w", "ws", cwd=tmp_path)
    assert told.code == 0, told.err
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0, out
    shown = run("show", str(run_id), "-w", "ws", "--json", cwd=tmp_path).data
    assert [step["id"] for step in shown["steps"]] == ["s0", "s1", "s2", "new"]
    late = run("replan", str(run_id), edited, "-w", "ws", cwd=tmp_path)
    assert late.code == 2
    assert "Nobody works on" in late.err


def test_a_workspace_that_moved_in_the_middle_of_a_run_goes_on_where_it_lies(
    tmp_path: Path,
) -> None:
    plan = write(twelve_steps(), tmp_path / "plan.json")
    whole = run("run", plan, "-w", "whole", "--json", cwd=tmp_path)
    expected = {each["id"]: each["outputs"][0]["asset"] for each in whole.data["steps"]}
    process = start("run", plan, "-w", "cut", cwd=tmp_path)
    _wait_for(tmp_path / "cut", DONE, 4, process)
    process.kill()
    process.communicate()
    # Copied as a disk image would be, with its write-ahead log; the plan file stays behind.
    shutil.copytree(tmp_path / "cut", tmp_path / "elsewhere" / "deep")
    shutil.rmtree(tmp_path / "cut")
    plan.unlink()
    moved = tmp_path / "elsewhere" / "deep"
    (listed,) = run("runs", "-w", moved, "--json", cwd=tmp_path).data["runs"]
    assert listed["interrupted"]
    shown = run("show", listed["id"], "-w", moved, cwd=tmp_path)
    assert shown.out.lstrip().startswith("Interrupted")
    assert "running" not in shown.out
    resumed = run("resume", listed["id"], "-w", moved, "--json", cwd=tmp_path)
    assert resumed.code == 0, resumed.err
    assert {each["id"]: each["outputs"][0]["asset"] for each in resumed.data["steps"]} == expected


def test_who_waits_for_a_process_that_is_killed_goes_on(tmp_path: Path) -> None:
    (tmp_path / "ws").mkdir()
    (tmp_path / "ws" / "settings.toml").write_text("[limits]\nproviders = { local = 1 }\n")
    long = write(sounds(6, 50), tmp_path / "long.json")
    short = write(sounds(1, 1), tmp_path / "short.json")
    holds = start("run", long, "-w", "ws", cwd=tmp_path)
    leased = "SELECT id FROM job WHERE state = 'leased'"
    _wait_for(tmp_path / "ws", leased, 1, holds)
    waits = start("run", short, "-w", "ws", "--no-reuse", cwd=tmp_path)
    _wait_for(tmp_path / "ws", "SELECT id FROM job WHERE state = 'queued'", 1, waits)
    holds.kill()
    holds.communicate()
    out, _ = waits.communicate(timeout=60)
    assert waits.returncode == 0, out


def test_two_processes_share_a_workspace(tmp_path: Path) -> None:
    plan = write(sounds(6), tmp_path / "plan.json")
    run("init", "ws", cwd=tmp_path)
    processes = [start("run", plan, "-w", "ws", cwd=tmp_path) for _ in range(2)]
    for process in processes:
        out, _ = process.communicate(timeout=60)
        assert process.returncode == 0, out
    assert len(run("runs", "-w", "ws", "--json", cwd=tmp_path).data["runs"]) == 2


def test_a_full_disk_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("this machine lets nobody mount a small disk")
    try:
        plan = write(sounds(12, 2), tmp_path / "plan.json")
        answer = run("run", plan, "-w", disk / "ws", cwd=tmp_path)
        assert answer.code == 1
        assert "full" in answer.err
        assert "Free some space" in answer.err
        done = len(_ask(disk / "ws", DONE))
        assert done > 0
        subprocess.run(["mount", "-o", "remount,size=60m", str(disk)], check=True)
        (listed,) = run("runs", "-w", disk / "ws", "--json", cwd=tmp_path).data["runs"]
        resumed = run("resume", listed["id"], "-w", disk / "ws", "--json", cwd=tmp_path)
        assert resumed.code == 0, resumed.err
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
