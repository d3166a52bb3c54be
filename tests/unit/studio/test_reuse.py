"""What was made once is not made again, and what a change reaches is."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framewright import Plan, Studio
from framewright.domain.run import RunState, StepState
from framewright.edits.apply import apply
from framewright.edits.operation import OPERATIONS
from framewright.errors import NotFoundError
from framewright.protocols import FakeProvider

if TYPE_CHECKING:
    from collections.abc import Mapping
CARD = {
    "id": "fake/text",
    "provider": "fake",
    "kind": "text",
    "task": "text-generation",
    "output": "text",
    "inputs_schema": {
        "type": "object",
        "properties": {"prompt": {"type": "string"}, "words": {"type": "integer", "default": 9}},
    },
}
DIAMOND = {"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c"), "e": ()}


def _plan(needs: Mapping[str, tuple[str, ...]]) -> Plan:
    steps = [
        {
            "id": name,
            "title": name,
            "kind": "text",
            "model": "fake/text",
            "inputs": {"prompt": " ".join(f"{{{{{need}.output}}}}" for need in before) or "go"},
            "depends_on": list(before),
        }
        for name, before in needs.items()
    ]
    return Plan.model_validate({"title": "T", "steps": steps})


def _open(folder: Path, provider: FakeProvider) -> Any:
    (folder / "fake.json").write_text(json.dumps([CARD]))
    return Studio.open(folder / "ws", catalogs=[folder / "fake.json"], providers={"fake": provider})


async def _made(studio: Studio, provider: FakeProvider, plan: Plan, **how: Any) -> set[str]:
    """Run a plan and return the steps that were really made; the others were reused."""
    before = len(provider.requests)
    run = await studio.start(plan, **how)
    async for _ in studio.watch(run):
        pass
    view = await studio.show(run)
    assert view.state is RunState.SUCCEEDED
    made = {request.key.split(":")[1] for request in provider.requests[before:]}
    reused = {name for name, step in view.steps.items() if step.state is StepState.REUSED}
    assert made | reused == set(view.steps)
    assert not made & reused
    return made


@pytest.mark.usefixtures("each_workspace")
def test_only_what_a_change_reaches_is_made_again(tmp_path: Path) -> None:
    async def work() -> None:
        provider = FakeProvider()
        async with _open(tmp_path, provider) as studio:
            plan = _plan(DIAMOND)
            assert await _made(studio, provider, plan) == set(DIAMOND)
            assert await _made(studio, provider, plan) == set()
            edit = {"op": "set-input", "step": "b", "field": "prompt", "value": "new {{a.output}}"}
            changed = apply(plan, OPERATIONS.validate_python(edit))
            assert await _made(studio, provider, changed) == {"b", "d"}
            assert await _made(studio, provider, plan) == set()
            assert await _made(studio, provider, plan, again=["c"]) == {"c", "d"}
            assert await _made(studio, provider, plan, reuse=False) == set(DIAMOND)
            default = {"op": "set-input", "step": "a", "field": "words", "value": 9}
            same = apply(plan, OPERATIONS.validate_python(default))
            assert await _made(studio, provider, same) == set()
            with pytest.raises(NotFoundError):
                await studio.start(plan, again=["nobody"])

    asyncio.run(work())


@pytest.mark.usefixtures("each_workspace")
def test_a_failed_step_is_never_reused(tmp_path: Path) -> None:
    async def work() -> None:
        provider = FakeProvider(failing={"fake/text"})
        async with _open(tmp_path, provider) as studio:
            run = await studio.start(_plan({"a": ()}))
            async for _ in studio.watch(run):
                pass
            provider.failing.clear()
            assert await _made(studio, provider, _plan({"a": ()})) == {"a"}

    asyncio.run(work())


@pytest.mark.usefixtures("each_workspace")
def test_a_result_whose_file_is_gone_is_made_again(tmp_path: Path) -> None:
    step = {
        "id": "s", "title": "s", "kind": "audio", "model": "local/sound",
        "inputs": {"prompt": "rain", "duration_seconds": 0.5},
    }  # fmt: skip
    plan = Plan.model_validate({"title": "T", "steps": [step]})

    async def run() -> StepState:
        async with Studio.open(tmp_path / "ws") as studio:
            name = await studio.start(plan)
            async for _ in studio.watch(name):
                pass
            return (await studio.show(name)).steps["s"].state

    assert asyncio.run(run()) is StepState.SUCCEEDED
    assert asyncio.run(run()) is StepState.REUSED
    # The workspace may have moved to another folder.
    shutil.move(tmp_path / "ws", tmp_path / "elsewhere")
    shutil.move(tmp_path / "elsewhere", tmp_path / "ws")
    for file in (tmp_path / "ws" / "assets").rglob("*.wav"):
        file.unlink()
    assert asyncio.run(run()) is StepState.SUCCEEDED


@settings(max_examples=25)
@given(st.data())
def test_any_graph_reuses_all_but_what_a_change_reaches(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 9))
    names = [f"s{at}" for at in range(size)]
    needs = {
        name: tuple(data.draw(st.lists(st.sampled_from(names[:at]), unique=True, max_size=3)))
        if at
        else ()
        for at, name in enumerate(names)
    }
    chosen = data.draw(st.sampled_from(names))
    reached = {chosen}
    for name in names:
        if reached.intersection(needs[name]):
            reached.add(name)

    async def work() -> None:
        provider = FakeProvider()
        with tempfile.TemporaryDirectory() as folder:
            async with _open(Path(folder), provider) as studio:
                plan = _plan(needs)
                await _made(studio, provider, plan)
                edit = {"op": "set-input", "step": chosen, "field": "words", "value": 5}
                changed = apply(plan, OPERATIONS.validate_python(edit))
                assert await _made(studio, provider, changed) == reached
                assert await _made(studio, provider, changed, again=[chosen]) == reached

    asyncio.run(work())


@pytest.mark.usefixtures("each_workspace")
def test_a_step_alone_is_made_anew_and_what_follows_keeps_its_results(tmp_path: Path) -> None:
    async def work() -> None:
        provider = FakeProvider()
        async with _open(tmp_path, provider) as studio:
            plan = _plan(DIAMOND)
            await _made(studio, provider, plan)
            assert await _made(studio, provider, plan, again=["b"], alone=True) == {"b"}
            assert await _made(studio, provider, plan, again=["b"]) == {"b", "d"}
            assert await _made(studio, provider, plan, reuse=False) == set(DIAMOND)

    asyncio.run(work())
