"""Vendors that answer with the result itself: what is paid for comes home, whatever dies meanwhile.

Such a vendor can not be asked again for what it answered. So the answer is on disk before anybody
is told, and is found there by whoever comes after a crash; where it never came whole, the job is
left open, and is not asked for a second time.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from typing import TYPE_CHECKING

import pytest

from answered_process import DIED, Place, dies_between, opened, plan
from emulator.server import serving
from emulator.world import Fault, World
from framewright.domain.run import RunState
from framewright.media.probe import probe
from remote_vendors import CASES, KEY, Case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ANSWERING = pytest.mark.parametrize(
    "case", [case for case in CASES if case.at_once], ids=lambda case: case.name
)


def ended(place: Place) -> tuple[RunState, list[str]]:
    """Resume the one run there is, or begin it; return its state and the kinds of its files."""

    async def work() -> tuple[RunState, list[str]]:
        async with opened(place, place.provider()) as studio:
            runs = await studio.runs()
            events = studio.resume(runs[0].id) if runs else studio.run(plan(place.found))
            async for _ in events:
                pass
            run = (await studio.runs())[0]
            if run.state is not RunState.SUCCEEDED:
                return run.state, []
            export = place.folder / "out"
            await studio.export(run.id, export)
            files = [each for each in sorted(export.iterdir()) if each.suffix != ".json"]
            return run.state, [str(probe(each).kind) for each in files]

    return asyncio.run(work())


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def address(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("FRAMEWRIGHT_RESULTS", str(tmp_path / "results"))
    with serving(world) as url:
        yield url


@ANSWERING
def test_what_was_answered_before_a_crash_comes_home_and_is_asked_for_once(
    case: Case, world: World, address: str, tmp_path: Path
) -> None:
    place = Place(tmp_path, case.name, address)
    process = multiprocessing.get_context("spawn").Process(target=dies_between, args=(place,))
    process.start()
    process.join()
    assert process.exitcode == DIED
    assert world.submitted[case.name] == 1
    state, kinds = ended(place)
    assert state is RunState.SUCCEEDED
    assert kinds == [plan(case).steps[0].kind]
    assert world.submitted[case.name] == 1


@ANSWERING
def test_what_was_never_answered_is_left_open_and_not_asked_for_again(
    case: Case, world: World, address: str, tmp_path: Path
) -> None:
    place = Place(tmp_path, case.name, address)
    world.plan(case.name, Fault.LOST_AFTER)
    assert ended(place)[0] is not RunState.SUCCEEDED
    assert ended(place)[0] is not RunState.SUCCEEDED
    assert world.submitted[case.name] == 1


@ANSWERING
def test_no_key_is_kept_with_a_result(
    case: Case, world: World, address: str, tmp_path: Path
) -> None:
    del world
    assert ended(Place(tmp_path, case.name, address))[0] is RunState.SUCCEEDED
    files = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert files
    assert not [each for each in files if KEY.encode() in each.read_bytes()]
