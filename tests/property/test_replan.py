"""Edited while it runs, a run ends as one of the new plan would, and does nothing twice."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import random
import sqlite3
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framewright import Plan, Studio
from framewright.domain.media import MediaKind
from framewright.domain.run import RunState, StepState
from framewright.errors import InputError, PlanInvalidError
from framewright.protocols import FakeProvider, ProviderOutput, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

CARD = {
    "id": "fake/text",
    "provider": "fake",
    "kind": "text",
    "task": "text-generation",
    "output": "text",
    "inputs_schema": {"type": "object", "properties": {"prompt": {"type": "string"}}},
}
Prompts = dict[str, tuple[str, tuple[str, ...]]]
"""For each step its own words, and the steps it reads."""


def _plan(steps: Prompts) -> Plan:
    return Plan.model_validate(
        {
            "title": "T",
            "steps": [
                {
                    "id": name,
                    "title": name,
                    "kind": "text",
                    "model": "fake/text",
                    "inputs": {
                        "prompt": " ".join([words, *(f"{{{{{n}.output}}}}" for n in needs)])
                    },
                }
                for name, (words, needs) in steps.items()
            ],
        }
    )


@dataclass
class Slow(FakeProvider):
    """Keeps each job until it is let go; what comes out follows from what went in."""

    held: dict[str, asyncio.Event] = field(default_factory=dict)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: list[str] = field(default_factory=list)
    open: bool = False
    """Whether everything is let go from now on."""

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        if not self.open:
            self.held[remote_id] = asyncio.Event()
            self.came.set()
            await self.held[remote_id].wait()
        return await super().poll(remote_id, wait_seconds)

    async def cancel(self, remote_id: str) -> None:
        self.cancelled.append(self.step(remote_id))
        self.held.pop(remote_id, None)

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        del folder
        request = self.requests[int(remote_id)]
        said = json.dumps([request.inputs, request.seed], sort_keys=True)
        return (ProviderOutput(MediaKind.TEXT, text=hashlib.sha256(said.encode()).hexdigest()),)

    def step(self, remote_id: str) -> str:
        """Return the step a job is of."""
        return self.requests[int(remote_id)].key.split(":")[1]

    def let_go(self, step: str) -> None:
        """Let the job of a step end."""
        for remote_id in [each for each in self.held if self.step(each) == step]:
            self.held.pop(remote_id).set()

    def let_all_go(self) -> None:
        """Let everything end, now and later."""
        self.open = True
        for event in self.held.values():
            event.set()
        self.held.clear()

    async def holds(self, steps: Sequence[str]) -> None:
        """Wait until just these steps are at work."""
        while {self.step(each) for each in self.held} != set(steps):
            self.came.clear()
            await self.came.wait()


def _open(folder: Path, provider: FakeProvider) -> Any:
    (folder / "fake.json").write_text(json.dumps([CARD]))
    return Studio.open(folder / "ws", catalogs=[folder / "fake.json"], providers={"fake": provider})


async def _end(studio: Studio, run: str) -> dict[str, tuple[str, str | None]]:
    async for _ in studio.watch(run):
        pass
    view = await studio.show(run)
    assert view.state is RunState.SUCCEEDED
    return {name: (step.state, step.outputs[0].text) for name, step in view.steps.items()}


def test_what_is_done_stays_what_is_removed_stops_and_what_is_new_joins(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Slow()
        async with _open(tmp_path, provider) as studio:
            run = await studio.start(
                _plan({"a": ("a", ()), "b": ("b", ("a",)), "c": ("c", ("a",)), "k": ("k", ("a",))})
            )
            await provider.holds(["a"])
            provider.let_go("a")
            await provider.holds(["b", "c", "k"])
            await studio.replan(
                run,
                _plan(
                    {"a": ("a", ()), "c": ("other", ("a",)), "k": ("k", ("a",)), "d": ("d", ("k",))}
                ),
            )
            assert sorted(provider.cancelled) == ["b", "c"]
            provider.let_all_go()
            ends = await _end(studio, run)
            assert list(ends) == ["a", "c", "k", "d"]
        made = Counter(request.key.split(":")[1] for request in provider.requests)
        # The one that was changed at work was asked for anew, under another key.
        assert made == {"a": 1, "b": 1, "c": 2, "k": 1, "d": 1}

    asyncio.run(work())


def test_a_run_that_waits_goes_on_after_a_restart_with_the_plan_it_was_given(
    tmp_path: Path,
) -> None:
    async def work() -> None:
        provider = Slow()
        async with _open(tmp_path, provider) as studio:
            run = await studio.start(_plan({"a": ("a", ()), "b": ("b", ("a",))}))
            await provider.holds(["a"])
            await studio.replan(run, _plan({"a": ("a", ()), "x": ("x", ("a",))}))
            provider.let_go("a")
            await provider.holds(["x"])
        # The process ends in the middle of it.
        provider.let_all_go()
        async with _open(tmp_path, provider) as studio:
            async for _ in studio.resume(run):
                pass
            view = await studio.show(run)
            assert view.state is RunState.SUCCEEDED
            assert list(view.steps) == ["a", "x"]
        made = Counter(request.key.split(":")[1] for request in provider.requests)
        assert made["a"] == 1
        assert "b" not in made

    asyncio.run(work())


def test_a_run_that_is_stopped_while_it_takes_a_plan_begins_nothing_new(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Slow()
        async with _open(tmp_path, provider) as studio:
            run = await studio.start(_plan({"a": ("a", ()), "b": ("b", ())}))
            await provider.holds(["a", "b"])
            new = _plan({"a": ("a", ()), "x": ("x", ()), "y": ("y", ())})
            with contextlib.suppress(InputError):
                await asyncio.gather(studio.replan(run, new), studio.cancel(run))
            view = await studio.show(run)
            assert view.state is RunState.CANCELLED
            assert {step.state for step in view.steps.values()} == {StepState.CANCELLED}

    asyncio.run(work())


def test_a_word_about_a_step_does_not_hold_for_what_it_became(tmp_path: Path) -> None:
    def asking(words: str) -> Plan:
        plan = _plan({"a": ("a", ()), "b": (words, ("a",))})
        asks = plan.steps[1].model_copy(update={"approval": True})
        return plan.model_copy(update={"steps": (plan.steps[0], asks)})

    async def work() -> None:
        provider = Slow()
        async with _open(tmp_path, provider) as studio:
            run = await studio.start(asking("cheap"))
            await provider.holds(["a"])
            await studio.approve(run, ["b"])
            await studio.replan(run, asking("dear"))
            with sqlite3.connect(tmp_path / "ws" / "workspace.db") as stored:
                said = stored.execute("SELECT approved FROM step_run WHERE step = 'b'").fetchone()
            assert said == (None,)
            provider.let_all_go()
            async for _ in studio.watch(run):
                pass
            view = await studio.show(run)
            assert view.state is RunState.WAITING
            assert [provider.step(str(at)) for at in range(len(provider.requests))] == ["a"]

    asyncio.run(work())


def test_a_plan_from_another_process_is_taken_by_the_one_that_works_on_the_run(
    tmp_path: Path,
) -> None:
    async def work() -> None:
        provider = Slow()
        async with _open(tmp_path, provider) as studio, _open(tmp_path, Slow()) as other:
            run = await studio.start(_plan({"a": ("a", ()), "b": ("b", ("a",))}))
            await provider.holds(["a"])
            await other.replan(run, _plan({"a": ("a", ()), "x": ("x", ("a",))}))
            provider.let_all_go()
            assert list(await _end(studio, run)) == ["a", "x"]

    asyncio.run(work())


def test_a_plan_that_only_the_other_process_can_run_is_refused_there(tmp_path: Path) -> None:
    more = json.dumps([{**CARD, "id": "fake/more"}])
    (tmp_path / "more.json").write_text(more)

    async def work() -> None:
        provider = Slow()
        hands = {"fake": Slow()}
        cards = [tmp_path / "fake.json", tmp_path / "more.json"]
        async with (
            _open(tmp_path, provider) as studio,
            Studio.open(tmp_path / "ws", catalogs=cards, providers=hands) as other,
        ):
            run = await studio.start(_plan({"a": ("a", ())}))
            await provider.holds(["a"])
            new = _plan({"a": ("a", ()), "x": ("x", ())})
            far = new.steps[1].model_copy(update={"model": "fake/more"})
            with pytest.raises(InputError, match="can not take the plan"):
                await other.replan(run, new.model_copy(update={"steps": (new.steps[0], far)}))
            provider.let_all_go()
            assert list(await _end(studio, run)) == ["a"]

    asyncio.run(work())


def test_an_edit_that_is_undone_in_the_same_run_finds_what_was_made_before(
    tmp_path: Path,
) -> None:
    async def work() -> None:
        provider = Slow()
        async with _open(tmp_path, provider) as studio:
            first = _plan({"a": ("a", ()), "b": ("b", ("a",)), "k": ("k", ())})
            run = await studio.start(first)
            await provider.holds(["a", "k"])
            provider.let_go("a")
            await provider.holds(["b", "k"])
            await studio.replan(run, _plan({"a": ("z", ()), "b": ("b", ("a",)), "k": ("k", ())}))
            await provider.holds(["a", "k"])
            await studio.replan(run, first)
            await provider.holds(["b", "k"])
            provider.let_all_go()
            ends = await _end(studio, run)
        assert ends["a"][0] is StepState.REUSED
        made = Counter(request.key.split(":")[1] for request in provider.requests)
        assert made == {"a": 2, "b": 2, "k": 1}

    asyncio.run(work())


def test_a_step_that_is_dropped_before_it_began_does_not_hold_up_the_new_plan(
    tmp_path: Path,
) -> None:
    async def work() -> None:
        provider = Slow()
        async with _open(tmp_path, provider) as studio:
            plan = _plan({"a": ("a", ()), "b": ("b", ("a",))})
            run = await studio.start(plan)
            # No await in between: the tasks of its first steps have not begun.
            await studio.replan(run, _plan({"x": ("x", ())}))
            provider.let_all_go()
            assert list(await _end(studio, run)) == ["x"]

    asyncio.run(work())


def test_a_plan_that_can_not_run_or_a_run_that_ended_is_refused(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Slow()
        async with _open(tmp_path, provider) as studio:
            run = await studio.start(_plan({"a": ("a", ())}))
            await provider.holds(["a"])
            with pytest.raises(PlanInvalidError):
                await studio.replan(run, _plan({"a": ("a", ("nobody",))}))
            provider.let_all_go()
            await _end(studio, run)
            with pytest.raises(InputError, match="Nobody works"):
                await studio.replan(run, _plan({"a": ("b", ())}))

    asyncio.run(work())


def _stored(folder: Path, statement: str, *values: str) -> list[Any]:
    with contextlib.closing(sqlite3.connect(folder / "ws" / "workspace.db")) as at, at:
        return at.execute(statement, values).fetchall()


def _leave(folder: Path, body: str) -> None:
    """Leave a plan for the only run, as another process does."""
    _stored(
        folder,
        "INSERT INTO plan (id, tenant, title, body, created_ms)"
        " SELECT 'left', tenant, title, ?, created_ms FROM plan LIMIT 1",
        body,
    )
    _stored(folder, "UPDATE run SET next_plan = 'left'")


def test_a_plan_left_for_who_was_killed_is_not_taken_up_later(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Slow()
        async with _open(tmp_path, provider) as studio:
            run = await studio.start(_plan({"a": ("a", ())}))
            await provider.holds(["a"])
        _leave(tmp_path, _plan({"a": ("a", ()), "b": ("b", ())}).model_dump_json())
        provider = Slow()
        async with _open(tmp_path, provider) as studio:
            resumed = studio.resume(run)
            await anext(resumed)
            assert _stored(tmp_path, "SELECT next_plan FROM run") == [(None,)]
            provider.let_all_go()
            async for _ in resumed:
                pass
            assert set((await studio.show(run)).steps) == {"a"}

    asyncio.run(work())


def test_a_plan_in_words_nobody_here_knows_is_taken_back_and_the_run_goes_on(
    tmp_path: Path,
) -> None:
    async def work() -> None:
        provider = Slow()
        async with _open(tmp_path, provider) as studio:
            run = await studio.start(_plan({"a": ("a", ())}))
            await provider.holds(["a"])
            _leave(tmp_path, '{"acts": 3}')
            async with asyncio.timeout(10):
                while _stored(tmp_path, "SELECT next_plan FROM run") != [(None,)]:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            provider.let_all_go()
            assert set(await _end(studio, run)) == {"a"}

    asyncio.run(work())


@st.composite
def edited(draw: st.DrawFn) -> tuple[Prompts, Prompts]:
    """Draw a plan and another that shares some of its steps."""

    def graph(names: list[str]) -> Prompts:
        return {
            name: (
                draw(st.sampled_from(["x", "y"])),
                tuple(draw(st.lists(st.sampled_from(names[:at]), unique=True, max_size=2)))
                if at
                else (),
            )
            for at, name in enumerate(names)
        }

    before = graph([f"s{at}" for at in range(draw(st.integers(1, 7)))])
    after = dict(before)
    for name in draw(st.sets(st.sampled_from(sorted(before)))):
        words, needs = after[name]
        after[name] = (words + "!", needs)
    for name in draw(st.sets(st.sampled_from(sorted(before)), max_size=2)):
        if len(after) > 1:
            del after[name]
    for number in range(draw(st.integers(0, 2))):
        needs = draw(st.lists(st.sampled_from(sorted(after)), unique=True, max_size=2))
        after[f"n{number}"] = ("new", tuple(needs))
    kept = {
        name: (words, tuple(need for need in needs if need in after))
        for name, (words, needs) in after.items()
    }
    return before, kept


@settings(max_examples=40)
@given(edited(), st.data())
def test_it_ends_as_a_run_of_the_new_plan_would(
    plans: tuple[Prompts, Prompts], data: st.DataObject
) -> None:
    before, after = plans
    moments = data.draw(st.integers(0, len(before)))
    # How many jobs are at hand is a matter of time: what is drawn may not depend on it.
    chance = random.Random(data.draw(st.integers(0, 2**32)))

    async def changed() -> tuple[dict[str, str | None], list[str]]:
        provider = Slow()
        with tempfile.TemporaryDirectory() as folder:
            async with _open(Path(folder), provider) as studio:
                run = await studio.start(_plan(before))
                for _ in range(moments):
                    while not provider.held and not await _over(studio, run):
                        provider.came.clear()
                        await asyncio.wait(
                            [asyncio.ensure_future(provider.came.wait())], timeout=0.05
                        )
                    if provider.held:
                        provider.let_go(provider.step(chance.choice(sorted(provider.held))))
                try:
                    await studio.replan(run, _plan(after))
                except InputError:
                    # It had ended by then: a new run takes over what did not change.
                    provider.let_all_go()
                    run = await studio.start(_plan(after))
                provider.let_all_go()
                ends = await _end(studio, run)
        keys = [request.key for request in provider.requests]
        return {name: text for name, (_, text) in ends.items()}, keys

    async def afresh() -> dict[str, str | None]:
        provider = Slow(open=True)
        with tempfile.TemporaryDirectory() as folder:
            async with _open(Path(folder), provider) as studio:
                ends = await _end(studio, await studio.start(_plan(after)))
        return {name: text for name, (_, text) in ends.items()}

    got, keys = asyncio.run(changed())
    assert got == asyncio.run(afresh())
    assert set(Counter(keys).values()) <= {1}


async def _over(studio: Studio, run: str) -> bool:
    return (await studio.show(run)).state is not RunState.RUNNING
