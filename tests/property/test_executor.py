"""Whatever the graph and whatever fails: each step ends as its needs allow, and runs once."""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from engine import engine, text_plan
from framewright.domain import refs
from framewright.domain.media import MediaKind
from framewright.domain.run import RunState, StepState
from framewright.protocols import FakeProvider, ProviderOutput, Status

if TYPE_CHECKING:
    from collections.abc import Callable


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    """Draw an acyclic graph in any order of writing."""
    size = draw(st.integers(1, 12))
    names = [f"s{at}" for at in range(size)]
    needs = {
        name: tuple(draw(st.lists(st.sampled_from(names[:at]), unique=True, max_size=3)))
        if at
        else ()
        for at, name in enumerate(names)
    }
    return {name: needs[name] for name in draw(st.permutations(names))}


@settings(max_examples=60)
@given(graphs(), st.data())
def test_each_step_ends_as_its_needs_allow(
    needs: dict[str, tuple[str, ...]], data: st.DataObject
) -> None:
    bad = data.draw(st.sets(st.sampled_from(sorted(needs))))
    plan = text_plan(needs, dict.fromkeys(bad, "fake/bad"))
    provider = FakeProvider(failing={"fake/bad"})

    async def work() -> dict[str, StepState]:
        with tempfile.TemporaryDirectory() as folder:
            async with engine(Path(folder), provider) as at:
                await at.accept(plan)
                state = await at.carry_on(plan)
                assert state is (RunState.FAILED if bad else RunState.SUCCEEDED)
                stored = await at.view()
        return {name: step.state for name, step in stored.steps.items()}

    ends = asyncio.run(work())
    assert ends == {name: _expected(name, needs, bad) for name in needs}
    submitted = Counter(request.key for request in provider.requests)
    assert set(submitted.values()) <= {1}
    order = [request.key.split(":")[1] for request in provider.requests]
    for name in order:
        assert all(order.index(need) < order.index(name) for need in needs[name])


def _expected(name: str, needs: dict[str, tuple[str, ...]], bad: set[str]) -> StepState:
    if any(_expected(need, needs, bad) is not StepState.SUCCEEDED for need in needs[name]):
        return StepState.BLOCKED
    return StepState.FAILED if name in bad else StepState.SUCCEEDED


@dataclass
class Held(FakeProvider):
    """Lets jobs end one by one, in the order that somebody chooses among those at hand."""

    open: dict[str, asyncio.Event] = field(default_factory=dict)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        self.open[remote_id] = asyncio.Event()
        self.came.set()
        await self.open[remote_id].wait()
        return await super().poll(remote_id, wait_seconds)

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        del folder
        request = self.requests[int(remote_id)]
        # What comes out follows from what went in, and from nothing else.
        said = json.dumps([request.model, request.inputs, request.seed], sort_keys=True)
        digest = hashlib.sha256(said.encode()).hexdigest()
        return (ProviderOutput(MediaKind.TEXT, text=digest),)

    async def let_go(self, choose: Callable[[int], int]) -> None:
        """Let jobs end for ever, always the one that is chosen."""
        while True:
            await self.came.wait()
            here = sorted(self.open)
            self.open.pop(here[choose(len(here))]).set()
            if not self.open:
                self.came.clear()
            await asyncio.sleep(0)


@settings(max_examples=60)
@given(graphs(), st.data())
def test_in_whatever_order_jobs_end_the_run_ends_the_same(
    needs: dict[str, tuple[str, ...]], data: st.DataObject
) -> None:
    bad = data.draw(st.sets(st.sampled_from(sorted(needs)), max_size=2))
    plan = text_plan(needs, dict.fromkeys(bad, "fake/bad"))

    def finished(choose: Callable[[int], int]) -> dict[str, tuple[str, tuple[str | None, ...]]]:
        async def work() -> dict[str, tuple[str, tuple[str | None, ...]]]:
            provider = Held(failing={"fake/bad"})
            with tempfile.TemporaryDirectory() as folder:
                async with engine(Path(folder), provider) as at, asyncio.TaskGroup() as group:
                    letting = group.create_task(provider.let_go(choose))
                    await at.accept(plan)
                    await at.carry_on(plan)
                    letting.cancel()
                    view = await at.view()
            assert set(Counter(each.key for each in provider.requests).values()) <= {1}
            return {
                name: (step.state, tuple(output.text for output in step.outputs))
                for name, step in view.steps.items()
            }

        return asyncio.run(work())

    # How many jobs are at hand is a matter of time: what is drawn may not depend on it.
    chance = random.Random(data.draw(st.integers(0, 2**32)))
    assert finished(chance.randrange) == finished(lambda _: 0)


@settings(max_examples=40)
@given(graphs(), st.data())
def test_cut_off_anywhere_a_run_ends_the_same(
    needs: dict[str, tuple[str, ...]], data: st.DataObject
) -> None:
    """The log may stop behind any commit; what goes on from there ends as if nothing happened."""
    plan = text_plan(needs)
    assert set(refs.edges(plan)) == set(needs)
    most = data.draw(st.integers(0, 4 * len(needs)))
    provider = FakeProvider()

    async def work() -> dict[str, str]:
        with tempfile.TemporaryDirectory() as folder:
            async with engine(Path(folder), provider) as at:
                await at.accept(plan)
                _stop_after(at.tools.database, most)
                cut = asyncio.ensure_future(at.carry_on(plan))
                await asyncio.gather(cut, return_exceptions=True)
            done = {
                request.key for request in provider.requests if _finished(Path(folder), request.key)
            }
            before = len(provider.requests)
            async with engine(Path(folder), provider) as at:
                assert await at.carry_on(plan) is RunState.SUCCEEDED
                view = await at.view()
            again = {request.key for request in provider.requests[before:]}
            assert not done & again
        return {name: step.outputs[0].text or "" for name, step in view.steps.items()}

    assert asyncio.run(work()) == {name: f"fake/text run_1:{name}:1" for name in needs}


def _stop_after(database: object, most: int) -> None:
    """Let the writer commit so many more batches, and then none: as if the process had died."""
    from framewright.errors import StorageError
    from framewright.store.database import Database

    assert isinstance(database, Database)
    original, count = database._writer._apply, 0

    def counted(batch: object) -> object:
        nonlocal count
        count += 1
        if count > most:
            raise StorageError("The process died here.")
        return original(batch)  # type: ignore[arg-type]

    database._writer._apply = counted  # type: ignore[method-assign, assignment]


def _finished(folder: Path, key: str) -> bool:
    import sqlite3

    connection = sqlite3.connect(folder / "workspace.db")
    row = connection.execute("SELECT state FROM job WHERE key = ?", (key,)).fetchone()
    connection.close()
    return row is not None and row[0] == "succeeded"
