"""Studio in Python: the same service as the command line, in both forms."""

from __future__ import annotations

import asyncio
import inspect
import json
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from framewright import Plan, Studio, StudioSync
from framewright.domain.event import RunEnded
from framewright.domain.run import RunState
from framewright.errors import BusyError, NotFoundError, PlanInvalidError, SettingsError
from framewright.protocols import FakeProvider
from framewright.studio.uploads import upload_id

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("each_workspace")
CARD = {
    "id": "fake/text",
    "provider": "fake",
    "kind": "text",
    "task": "text-generation",
    "output": "text",
    "inputs_schema": {"type": "object", "properties": {"prompt": {"type": "string"}}},
}


def _plan(count: int = 3) -> Plan:
    steps: list[dict[str, Any]] = [
        {
            "id": f"s{at}",
            "title": "",
            "kind": "text",
            "model": "fake/text",
            "inputs": {"prompt": "x"},
        }
        for at in range(count)
    ]
    for at in range(1, count):
        steps[at]["depends_on"] = [f"s{at - 1}"]
    return Plan.model_validate({"title": "T", "steps": steps})


def _options(folder: Path, provider: FakeProvider | None = None) -> dict[str, Any]:
    (folder / "fake.json").write_text(json.dumps([CARD]))
    return {
        "catalogs": [folder / "fake.json"],
        "providers": {"fake": provider or FakeProvider()},
    }


def test_a_plan_runs_and_tells_its_events(tmp_path: Path) -> None:
    async def work() -> None:
        async with Studio.open(tmp_path / "ws", **_options(tmp_path)) as studio:
            kinds = [event.body.type async for event in studio.run(_plan())]
            assert kinds[0] == "run-created"
            assert kinds[-1] == "run-ended"
            assert kinds.count("step-changed") == 9
            (listed,) = await studio.runs()
            assert listed.state is RunState.SUCCEEDED
            view = await studio.show(listed.id)
            assert [step.outputs[0].text for step in view.steps.values()]

    asyncio.run(work())


def test_leaving_the_loop_early_cancels_the_run(tmp_path: Path) -> None:
    async def work() -> None:
        async with Studio.open(tmp_path / "ws", **_options(tmp_path)) as studio:
            async with aclosing(studio.run(_plan(400))) as events:
                async for _ in events:
                    break
            (listed,) = await studio.runs()
            assert listed.state is RunState.CANCELLED
            resumed = [event.body async for event in studio.resume(listed.id)]
            assert resumed[-1] == RunEnded(state=RunState.SUCCEEDED)

    asyncio.run(work())


def test_a_run_can_go_on_in_the_background(tmp_path: Path) -> None:
    async def work() -> None:
        async with Studio.open(tmp_path / "ws", **_options(tmp_path)) as studio:
            run = await studio.start(_plan(50))
            with pytest.raises(BusyError):
                async for _ in studio.resume(run):
                    pass
            last = None
            async for event in studio.watch(run):
                last = event
            assert last is not None
            assert isinstance(last.body, RunEnded)

    asyncio.run(work())


def test_a_plan_that_can_not_run_is_refused_before_anything_happens(tmp_path: Path) -> None:
    async def work() -> None:
        async with Studio.open(tmp_path / "ws", **_options(tmp_path)) as studio:
            bad = Plan.model_validate(
                {"title": "T", "steps": [{"id": "a", "title": "", "kind": "text", "model": "no"}]}
            )
            with pytest.raises(PlanInvalidError, match="no model"):
                await studio.start(bad)
            assert await studio.runs() == ()

    asyncio.run(work())


def test_an_upload_is_copied_named_and_known_again(tmp_path: Path) -> None:
    Image.new("RGB", (64, 64), "red").save(tmp_path / "Mein Bild!.png")

    async def work() -> None:
        async with Studio.open(tmp_path / "ws", **_options(tmp_path)) as studio:
            one = await studio.upload(tmp_path / "Mein Bild!.png")
            other = await studio.upload(tmp_path / "Mein Bild!.png")
            assert one.id == other.id == "mein_bild"
            (stored,) = await studio.assets()
            assert stored.path.is_file()
            assert stored.asset.provenance[0].source == "Mein Bild!.png"

    asyncio.run(work())


def test_upload_ids_are_plain_and_never_taken() -> None:
    assert upload_id("Été à la plage (1)", ()) == "ete_a_la_plage_1"
    assert upload_id("图片", ()) == "upload"
    assert upload_id("a", {"a", "a_2"}) == "a_3"


def test_wrong_settings_are_said(tmp_path: Path) -> None:
    (tmp_path / "ws").mkdir()
    (tmp_path / "ws" / "settings.toml").write_text("max_parallel_steps = 0")

    async def work() -> None:
        async with Studio.open(tmp_path / "ws", **_options(tmp_path)):
            pass

    with pytest.raises(SettingsError, match="max_parallel_steps"):
        asyncio.run(work())


def test_an_error_of_the_caller_comes_out_as_itself(tmp_path: Path) -> None:
    async def work() -> None:
        async with Studio.open(tmp_path / "ws", **_options(tmp_path)) as studio:
            await studio.start(_plan(500))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(work())


def test_a_provider_that_can_not_be_closed_keeps_nobody(tmp_path: Path) -> None:
    class Stuck(FakeProvider):
        async def close(self) -> None:
            raise OSError("no")

    async def work() -> None:
        async with Studio.open(tmp_path / "ws", **_options(tmp_path, Stuck())) as studio:
            assert await studio.runs() == ()

    asyncio.run(work())


def test_only_steps_of_the_run_can_be_asked_for_again(tmp_path: Path) -> None:
    async def work() -> None:
        provider = FakeProvider(failing={"fake/text"})
        async with Studio.open(tmp_path / "ws", **_options(tmp_path, provider)) as studio:
            run = await studio.start(_plan())
            async for _ in studio.watch(run):
                pass
            with pytest.raises(NotFoundError, match="s9"):
                async for _ in studio.resume(run, again=["s9"]):
                    pass
            # It was let go of: the right name works.
            provider.failing.clear()
            async for _ in studio.resume(run, again=["s0"]):
                pass
            assert (await studio.show(run)).state is RunState.SUCCEEDED

    asyncio.run(work())


def test_the_synchronous_form_does_the_same(tmp_path: Path) -> None:
    with StudioSync.open(tmp_path / "ws", **_options(tmp_path)) as studio:
        events = list(studio.run(_plan()))
        assert isinstance(events[-1].body, RunEnded)
        (listed,) = studio.runs()
        made = studio.export(listed.id, str(tmp_path / "out"))
        assert {file.name for file in made.files} == {"plan.json", "s0.txt", "s1.txt", "s2.txt"}
        for _ in studio.run(_plan(400)):
            break
        assert studio.runs()[0].state is RunState.CANCELLED


def test_the_synchronous_form_passes_errors_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(Exception, match="file"),
        StudioSync.open(tmp_path / "file", **_options(tmp_path)),
    ):
        pass


def test_both_forms_have_the_same_methods() -> None:
    def public(form: type) -> dict[str, list[str]]:
        return {
            name: list(inspect.signature(member).parameters)
            for name, member in inspect.getmembers(form, inspect.isfunction)
            if not name.startswith("_")
        }

    assert public(Studio) == public(StudioSync)
