"""Whoever gives up waiting for work on a thread has seen the end of it."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from framewright.errors import CancelledByUserError
from framewright.isolation import Isolation
from framewright.isolation.stoppable import in_thread
from framewright.studio import files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from framewright.protocols import Tell


def test_nothing_of_the_work_happens_behind_a_cancellation() -> None:
    begun, goes_on = threading.Event(), threading.Event()
    did: list[str] = []

    def work(tell: Tell) -> None:
        begun.set()
        goes_on.wait(10)
        try:
            tell(0.5)
        except CancelledByUserError:
            did.append("stopped")
            raise
        did.append("went on")

    async def give_up() -> None:
        task = asyncio.ensure_future(in_thread(work))
        await asyncio.to_thread(begun.wait, 10)
        task.cancel()
        await asyncio.sleep(0)
        # Once more, as who is in a hurry does.
        task.cancel()
        goes_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert did == ["stopped"]

    asyncio.run(give_up())


def test_what_is_told_may_stop_the_work() -> None:
    def stop(fraction: float) -> None:
        raise CancelledByUserError("It was stopped.")

    async def work() -> int:
        return await in_thread(lambda tell: tell(0.1) or 1, stop)  # type: ignore[func-returns-value]

    with pytest.raises(CancelledByUserError):
        asyncio.run(work())


def test_a_merge_that_is_stopped_at_its_end_leaves_no_film(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, goes_on = threading.Event(), threading.Event()

    def run(self: Isolation, errand: files.MergeClips, tell: Callable[[float], None]) -> None:
        errand.target.write_bytes(b"a film")
        made.set()
        goes_on.wait(10)

    monkeypatch.setattr(Isolation, "run", run)
    clips = [tmp_path / "a.mp4", tmp_path / "b.mp4"]

    async def give_up() -> None:
        task = asyncio.ensure_future(files.merge(clips, tmp_path / "film.mp4"))
        await asyncio.to_thread(made.wait, 10)
        task.cancel()
        await asyncio.sleep(0)
        goes_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(give_up())
    assert list(tmp_path.iterdir()) == []
