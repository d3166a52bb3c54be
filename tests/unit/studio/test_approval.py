"""Steps that wait for a person, and steps that run only under a condition."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from framewright import Plan, Studio
from framewright.domain.media import MediaKind
from framewright.domain.run import RunState, StepState
from framewright.errors import InputError, NotFoundError, PlanInvalidError
from framewright.protocols import FakeProvider, ProviderOutput, Status, Working

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.projection.run_view import RunView

pytestmark = pytest.mark.usefixtures("each_workspace")
CARDS: list[dict[str, Any]] = [
    {
        "id": f"fake/{name}",
        "provider": "fake",
        "kind": name,
        "task": "text-generation" if name == "text" else "text-to-image",
        "output": name,
        "inputs_schema": {"type": "object", "properties": {"prompt": {"type": "string"}}},
    }
    for name in ("text", "image")
]


@dataclass
class Answers(FakeProvider):
    """Answers with the prompt; a prompt of `slow` waits until it is let go."""

    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        if self.requests[int(remote_id)].inputs["prompt"] == "slow" and not self.go.is_set():
            await asyncio.wait({asyncio.ensure_future(self.go.wait())}, timeout=wait_seconds)
            return Working()
        return await super().poll(remote_id, wait_seconds)

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        del folder
        said = self.requests[int(remote_id)].inputs["prompt"]
        return (ProviderOutput(MediaKind.TEXT, text=said),)

    @property
    def made(self) -> list[str]:
        return [request.key.split(":")[1] for request in self.requests]


def _step(name: str, prompt: str, **more: Any) -> dict[str, Any]:
    inputs = {"prompt": prompt}
    return {
        "id": name,
        "title": name,
        "kind": "text",
        "model": "fake/text",
        "inputs": inputs,
        "depends_on": [],
        **more,
    }


def _plan(*steps: dict[str, Any]) -> Plan:
    return Plan.model_validate({"title": "T", "steps": steps})


DRAFT_AND_FINAL = (
    _step("draft", "a draft"),
    _step("final", "{{draft.output}}", approval=True),
    _step("poster", "{{final.output}}"),
    _step("note", "apart"),
)


def _open(folder: Path, provider: FakeProvider) -> Any:
    (folder / "fake.json").write_text(json.dumps(CARDS))
    return Studio.open(folder / "ws", catalogs=[folder / "fake.json"], providers={"fake": provider})


async def _run(studio: Studio, plan: Plan, **how: Any) -> RunView:
    run = await studio.start(plan, **how)
    async for _ in studio.watch(run):
        pass
    return await studio.show(run)


async def _resumed(studio: Studio, run: str) -> RunView:
    async for _ in studio.resume(run):
        pass
    return await studio.show(run)


def _states(view: RunView) -> dict[str, str]:
    return {name: step.state.value for name, step in view.steps.items()}


def test_everything_else_runs_and_the_rest_waits_until_somebody_says_yes(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Answers()
        async with _open(tmp_path, provider) as studio:
            view = await _run(studio, _plan(*DRAFT_AND_FINAL))
            assert view.state is RunState.WAITING
            assert sorted(provider.made) == ["draft", "note"]
            assert _states(view)["final"] == "waiting-approval"
            assert _states(view)["poster"] == "pending"
            # Going on without a word changes nothing.
            assert (await _resumed(studio, view.run)).state is RunState.WAITING
            await studio.approve(view.run)
        # The word outlives the process.
        async with _open(tmp_path, provider) as studio:
            view = await _resumed(studio, view.run)
            assert view.state is RunState.SUCCEEDED
            assert sorted(provider.made) == ["draft", "final", "note", "poster"]

    asyncio.run(work())


def test_what_is_declined_is_left_out_with_what_takes_from_it(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Answers()
        async with _open(tmp_path, provider) as studio:
            view = await _run(studio, _plan(*DRAFT_AND_FINAL))
            await studio.approve(view.run, ["final"], approved=False)
            view = await _resumed(studio, view.run)
            assert view.state is RunState.SUCCEEDED
            assert sorted(provider.made) == ["draft", "note"]
            assert _states(view) == {
                "draft": "succeeded",
                "final": "skipped",
                "poster": "skipped",
                "note": "succeeded",
            }

    asyncio.run(work())


def test_a_yes_that_comes_while_others_run_is_heard_at_once(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Answers()
        steps = (_step("gate", "go", approval=True), _step("other", "slow"))
        async with _open(tmp_path, provider) as studio:
            run = await studio.start(_plan(*steps))
            async for event in studio.watch(run):
                body = event.body
                if getattr(body, "state", None) is StepState.WAITING_APPROVAL:
                    # Another process would do just this.
                    await studio.approve(run, ["gate"])
                if (getattr(body, "step", ""), getattr(body, "state", "")) == ("gate", "succeeded"):
                    provider.go.set()
            assert (await studio.show(run)).state is RunState.SUCCEEDED
            assert sorted(provider.made) == ["gate", "other"]

    asyncio.run(work())


def test_a_yes_beforehand_lets_all_run(tmp_path: Path) -> None:
    async def work() -> None:
        provider = Answers()
        async with _open(tmp_path, provider) as studio:
            view = await _run(studio, _plan(*DRAFT_AND_FINAL), approve=True)
            assert view.state is RunState.SUCCEEDED
            assert len(provider.made) == 4

    asyncio.run(work())


def test_a_waiting_run_can_be_cancelled(tmp_path: Path) -> None:
    async def work() -> None:
        async with _open(tmp_path, Answers()) as studio:
            view = await _run(studio, _plan(*DRAFT_AND_FINAL))
            view = await studio.cancel(view.run)
            assert view.state is RunState.CANCELLED
            assert _states(view)["final"] == "cancelled"

    asyncio.run(work())


def test_a_word_about_the_wrong_step_is_refused(tmp_path: Path) -> None:
    async def work() -> None:
        async with _open(tmp_path, Answers()) as studio:
            view = await _run(studio, _plan(*DRAFT_AND_FINAL))
            with pytest.raises(InputError, match="draft does not wait"):
                await studio.approve(view.run, ["draft"])
            with pytest.raises(NotFoundError, match="no step nope"):
                await studio.approve(view.run, ["nope"])
            await studio.approve(view.run)
            view = await _resumed(studio, view.run)
            with pytest.raises(InputError, match="Nothing in"):
                await studio.approve(view.run)

    asyncio.run(work())


@pytest.mark.parametrize(
    ("verdict", "made"), [("yes", {"review", "more", "last"}), ("no", {"review", "last"})]
)
def test_a_condition_decides_whether_a_step_runs(
    tmp_path: Path, verdict: str, made: set[str]
) -> None:
    async def work() -> None:
        provider = Answers()
        steps = (
            _step("review", verdict),
            _step("more", "go", when={"ref": "$review.output", "equals": "yes"}),
            _step("from_more", "{{more.output}}!") if verdict == "no" else _step("review2", "x"),
            _step("last", "end", depends_on=["more"]),
        )
        async with _open(tmp_path, provider) as studio:
            view = await _run(studio, _plan(*steps))
            assert view.state is RunState.SUCCEEDED
            assert set(provider.made) - {"review2"} == made
            again = len(provider.requests)
            # Nothing is made twice: what ran is reused, and the condition is judged anew.
            assert (await _run(studio, _plan(*steps))).state is RunState.SUCCEEDED
            assert len(provider.requests) == again

    asyncio.run(work())


def test_a_condition_that_can_not_be_judged_is_refused_before_anything_runs(tmp_path: Path) -> None:
    async def work() -> None:
        picture = {**_step("still", "a fox"), "kind": "image", "model": "fake/image"}
        unjudged = _step("more", "go", when={"ref": "$still.output", "contains": "fox"})
        nothing = _step("more", "go", when={"ref": "yes", "contains": "fox"})
        async with _open(tmp_path, Answers()) as studio:
            with pytest.raises(PlanInvalidError, match="compares words"):
                await studio.start(_plan(picture, unjudged))
            with pytest.raises(PlanInvalidError, match="not at a result"):
                await studio.start(_plan(nothing))

    asyncio.run(work())
