"""A request's own key: one run for it, whoever asks, and whatever died in between."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from framewright import Plan, Studio
from framewright.errors import BusyError
from framewright.protocols import FakeProvider
from framewright.store import submissions
from framewright.studio.submissions import KeyReusedError
from served import CARDS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("each_workspace")
STEP = {"id": "a", "title": "", "kind": "text", "model": "fake/text", "inputs": {"prompt": "x"}}
PLAN = Plan.model_validate({"title": "T", "steps": [STEP]})


def test_a_key_is_taken_over_only_from_who_is_gone(tmp_path: Path) -> None:
    (tmp_path / "cards.json").write_text(json.dumps(CARDS))

    async def work() -> None:
        provider = FakeProvider()
        opening = Studio.open(
            tmp_path / "ws", catalogs=[tmp_path / "cards.json"], providers={"fake": provider}
        )
        async with opening as studio:
            # Somebody claims the key, and is about to accept the run.
            lock = studio._conductor._locks.lock("run_1")
            assert lock.try_acquire()
            claim = submissions.claim(studio.tenant, "k", "d", "run_1")
            assert await studio._database.write(claim)
            with pytest.raises(BusyError):
                await studio.submit(PLAN, "k", "d")
            assert await studio.runs() == ()
            # They died before they could.
            lock.release(remove=True)
            run, new = await studio.submit(PLAN, "k", "other")
            assert (run != "run_1", new) == (True, True)
            assert await studio.submit(PLAN, "k", "other") == (run, False)
            with pytest.raises(KeyReusedError):
                await studio.submit(PLAN, "k", "d")
            # Who claims too late, over what is accepted, is told so.
            late = submissions.claim(studio.tenant, "k", "d", "run_2", run)
            assert not await studio._database.write(late)
            [_ async for _ in studio.events(0, run)]
            assert len(await studio.runs()) == 1
        assert len(provider.requests) == 1

    asyncio.run(work())


def test_two_who_claim_at_once_are_one(tmp_path: Path) -> None:
    async def work() -> None:
        async with Studio.open(tmp_path / "ws", providers={"fake": FakeProvider()}) as studio:
            claims = [submissions.claim(studio.tenant, "k", "d", f"run_{at}") for at in range(5)]
            taken = await asyncio.gather(*(studio._database.write(each) for each in claims))
            assert taken == [True, False, False, False, False]
            found = await studio._database.read(submissions.find(studio.tenant, "k"))
            assert found is not None
            assert (found.run, found.accepted) == ("run_0", False)
            # The same key of another tenant is another one.
            other = submissions.claim("bob", "k", "d", "run_9")
            assert await studio._database.write(other)

    asyncio.run(work())
