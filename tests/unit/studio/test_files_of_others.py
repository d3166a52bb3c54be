"""Files of others are parsed in other processes alone, and hurt one step at most."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

import errands
from framewright import Plan, Studio
from framewright.domain.media import MediaKind
from framewright.domain.run import RunState, StepState
from framewright.errors import MediaCrashError, MediaError
from framewright.isolation import Errand, Isolation
from framewright.protocols import FakeProvider, ProviderOutput, Tell, silent
from framewright.quality.errands import ReviewFile
from hostile_files import playlists, quicktime_reference
from media_samples import photo, tone, video
from watched_file import callers, trap, watched

if TYPE_CHECKING:
    from pathlib import Path

PARSERS = ("av", "PIL", "numpy", "fontTools")

SCRIPT = """
import asyncio, json, sys
from pathlib import Path
from framewright import Plan, Studio
from framewright.domain.media import MediaKind
from framewright.protocols import FakeProvider, ProviderOutput
from framewright.studio import files
from framewright.studio.expected import Expected
from framewright.studio.installed_providers import installed_providers

folder = Path(sys.argv[1])
film, photo = folder / "film.mp4", folder / "photo.png"

class Far(FakeProvider):
    async def fetch(self, remote_id, to):
        to.mkdir(parents=True)
        return (ProviderOutput(MediaKind.IMAGE, path=Path(photo).copy_to(to / "x.png")),)

def copy_to(self, target):
    target.write_bytes(self.read_bytes())
    return target
Path.copy_to = copy_to

CARD = {"id": "far/still", "provider": "far", "kind": "image", "task": "text-to-image",
        "output": "image", "price": {"amount": 0.0},
        "inputs_schema": {"type": "object", "properties": {"prompt": {"type": "string"}}}}
LIMITED = {**CARD, "id": "far/fit", "task": "image-to-image", "inputs_schema": {
    "type": "object", "properties": {"image": {
        "type": "string", "format": "media-ref", "x-media": "image", "x-formats": ["jpeg"]}}}}

def step(id, model, kind, **inputs):
    return {"id": id, "title": id, "kind": kind, "model": model, "inputs": inputs}

PLAN = {"title": "T", "steps": [
    step("cut", "local/trim", "utility", video="$upload.film", start_seconds=0.1, end_seconds=0.4),
    step("frame", "local/extract-frame", "utility", video="$cut.output", position="last"),
    step("far", "far/still", "image", prompt="x"),
    step("fit", "far/fit", "image", image="$far.output"),
]}

async def main():
    await files.probe(film)
    await files.inspect(photo, Expected.read(()))
    await files.frames(film, folder / "out", files.Which(last=True))
    await files.merge([film, film], folder / "two.mp4")
    (folder / "cards.json").write_text(json.dumps([CARD, LIMITED]))
    far = Far(name="far", in_process=False)
    hands = {**installed_providers(), "far": far}
    catalogs = [folder / "cards.json"]
    async with Studio.open(folder / "ws", catalogs=catalogs, providers=hands) as studio:
        await studio.upload(film)
        runs = []
        for _ in range(2):
            run = await studio.start(Plan.model_validate(PLAN), reuse=False)
            async for _ in studio.watch(run):
                pass
            runs.append(run)
        view = await studio.show(runs[0])
        assert str(view.state) == "succeeded", view
        await studio.diff(*runs)
    assert far.requests[-1].inputs["image"].info.mime == "image/jpeg"

asyncio.run(main())
print(*sorted(name for name in sys.argv[2:] if name in sys.modules))
"""


def test_no_parser_of_media_is_even_loaded_where_files_of_others_are_used(tmp_path: Path) -> None:
    video(tmp_path / "film.mp4", 12, sound=tone(0.5))
    photo().save(tmp_path / "photo.png")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path), *PARSERS], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
    assert {each.name for each in (tmp_path / "out").iterdir()} == {"film-last.png"}
    assert (tmp_path / "two.mp4").stat().st_size
    assert not list(tmp_path.glob(".framewright-*"))


@dataclass
class Painter(FakeProvider):
    """A provider elsewhere whose results are pictures."""

    name: str = "far"
    in_process: bool = False

    async def fetch(self, remote_id: str, folder: Path) -> tuple[ProviderOutput, ...]:
        folder.mkdir(parents=True)
        photo(64 + int(remote_id), 48).save(folder / "made.png")
        return (ProviderOutput(MediaKind.IMAGE, path=folder / "made.png"),)


def _far_plan(*steps: str) -> tuple[dict[str, Any], Plan]:
    card = {
        "id": "far/still",
        "provider": "far",
        "kind": "image",
        "task": "text-to-image",
        "output": "image",
        "price": {"amount": 0.0},
        "inputs_schema": {"type": "object", "properties": {"prompt": {"type": "string"}}},
    }
    common = {"title": "", "kind": "image", "model": "far/still"}
    made = [{"id": name, "inputs": {"prompt": name}, **common} for name in steps]
    return card, Plan.model_validate({"title": "T", "steps": made})


@pytest.mark.parametrize("where", ["probe", "gate"])
def test_a_crash_in_a_codec_is_an_error_on_one_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    run = Isolation.run
    looked: list[str] = []

    def hurt(self: Isolation, errand: Errand[Any], tell: Tell = silent) -> Any:
        if isinstance(errand, ReviewFile) == (where == "gate"):
            looked.append(where)
            if len(looked) == 1:
                return run(self, errands.Crash(), tell)
        return run(self, errand, tell)

    monkeypatch.setattr(Isolation, "run", hurt)
    card, plan = _far_plan("a", "b", "c")
    (tmp_path / "far.json").write_text(json.dumps([card]))

    async def work() -> Any:
        catalogs, hands = [tmp_path / "far.json"], {"far": Painter()}
        async with Studio.open(tmp_path / "ws", catalogs=catalogs, providers=hands) as studio:
            begun = await studio.start(plan)
            async for _ in studio.watch(begun):
                pass
            return await studio.show(begun)

    view = asyncio.run(work())
    assert view.state is RunState.FAILED
    states = sorted(step.state for step in view.steps.values())
    assert states == [StepState.FAILED, StepState.SUCCEEDED, StepState.SUCCEEDED]
    (hurt_step,) = (step for step in view.steps.values() if step.state is StepState.FAILED)
    assert "SIGSEGV" in hurt_step.error.message
    assert len(looked) == 3


def test_a_file_that_names_another_is_refused_and_nothing_opened_or_called(tmp_path: Path) -> None:
    """By the readers' own guards: here they run without any fence."""
    from framewright.media.errands import Prepare, Probe, WriteFrames
    from framewright.quality.review import Expectation

    canary, bad = video(tmp_path / "canary.mp4", 4), tmp_path / "list.mp4"
    with trap() as server, watched(canary) as watch:
        texts = playlists(canary, server.getsockname()[1])
        for data in [*texts, quicktime_reference(canary)]:
            bad.write_bytes(data)
            prepare = {"source": bad, "target": tmp_path / "made"}
            for errand in (
                Probe(path=bad),
                WriteFrames(video=bad, folder=tmp_path, stem="f", last=True),
                Prepare(kind=MediaKind.VIDEO, **prepare),
                Prepare(kind=MediaKind.AUDIO, **prepare),
                Prepare(kind=MediaKind.IMAGE, **prepare),
            ):
                with pytest.raises(MediaError) as told:
                    errand.do(silent)
                assert not isinstance(told.value, MediaCrashError)
            expected = Expectation(MediaKind.VIDEO)
            found = ReviewFile(path=bad, expected=expected).do(silent).findings
            assert [finding.code for finding in found] == ["result_unreadable"]
        assert callers(server) == 0
        assert watch.times() == 0
        canary.read_bytes()
        assert watch.times() > 0, "nobody would have been seen"
