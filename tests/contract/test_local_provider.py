"""What every provider must do, held against the local one with real, quick jobs."""

from __future__ import annotations

import asyncio
import errno
import json
import subprocess
import sys
import tempfile
import threading
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from framewright.domain.job import ErrorCategory
from framewright.domain.media import MediaKind
from framewright.errors import InputError, MediaError
from framewright.media.probe import probe
from framewright.protocols import (
    Finished,
    MediaFile,
    ProviderFailure,
    ProviderRequest,
    Status,
    SubmitError,
    Tell,
    Working,
)
from framewright_providers.local import adapter, models
from framewright_providers.local.adapter import LocalProvider

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path


def _request(model: str, job: str = "job_1", **inputs: Any) -> ProviderRequest:
    return ProviderRequest(job, job, model, "", inputs, seed=5)


async def _end(provider: LocalProvider, job: str) -> Status:
    while isinstance(status := await provider.poll(job, 20), Working):
        pass
    return status


@asynccontextmanager
async def _local(folder: Path) -> AsyncGenerator[LocalProvider]:
    provider = LocalProvider(concurrency=2)
    try:
        yield provider
    finally:
        await provider.close()


@pytest.fixture(autouse=True)
def own_temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


class Gate:
    """A model that works until it is let through."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.open, self.running, self.most = threading.Event(), threading.Event(), 0, 0
        self._count = threading.Lock()

        def work(request: ProviderRequest, folder: Path, tell: Tell) -> tuple[()]:
            with self._count:
                self.running += 1
                self.most = max(self.most, self.running)
            self.begun.set()
            try:
                while not self.open.wait(0.01):
                    tell(0.5)
            finally:
                with self._count:
                    self.running -= 1
            return ()

        monkeypatch.setattr(adapter, "work_for", lambda model: work)


def test_a_job_is_done_and_its_file_handed_over(tmp_path: Path, own_temp: Path) -> None:
    async def work() -> None:
        async with _local(tmp_path) as provider:
            job = await provider.submit(_request("local/sound", prompt="rain", duration_seconds=1))
            assert await _end(provider, job) == Finished()
            (output,) = await provider.fetch(job, tmp_path / "new" / "folder")
            assert output.kind is MediaKind.AUDIO
            assert output.path is not None
            assert probe(output.path).duration is not None
            assert [each.name for each in own_temp.glob("framewright-*/*")] == ["in-use"]
            assert isinstance(await provider.poll(job, 0), ProviderFailure)

    asyncio.run(work())


def test_unknown_models_and_jobs(tmp_path: Path) -> None:
    async def work() -> None:
        async with _local(tmp_path) as provider:
            with pytest.raises(SubmitError, match="no model"):
                await provider.submit(_request("local/nothing"))
            assert isinstance(await provider.poll("nobody", 0), ProviderFailure)
            await provider.cancel("nobody")
            with pytest.raises(SubmitError):
                await provider.fetch("nobody", tmp_path / "x")

    asyncio.run(work())


def test_running_and_queued_jobs_can_be_cancelled(
    tmp_path: Path, own_temp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)

    async def work() -> None:
        async with _local(tmp_path) as provider:
            for number in range(5):
                await provider.submit(_request("local/sound", f"job_{number}", prompt="rain"))
            await asyncio.to_thread(gate.begun.wait, 10)
            await provider.cancel("job_4")
            await provider.cancel("job_0")
            gate.open.set()
            for number in (1, 2, 3):
                assert await _end(provider, f"job_{number}") == Finished()
        assert gate.most <= 2
        assert list(own_temp.iterdir()) == []

    asyncio.run(work())


def test_closing_stops_everything(
    tmp_path: Path, own_temp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)

    async def work() -> None:
        async with _local(tmp_path) as provider:
            for number in range(4):
                await provider.submit(_request("local/sound", f"job_{number}", prompt="rain"))
            await asyncio.to_thread(gate.begun.wait, 10)
        assert list(own_temp.iterdir()) == []

    asyncio.run(work())


def test_a_poll_returns_when_its_time_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    monkeypatch.setattr(
        adapter, "work_for", lambda model: lambda *_: (gate.begun.set(), gate.open.wait(20), ())[2]
    )

    async def work() -> None:
        async with _local(tmp_path) as provider:
            job = await provider.submit(_request("local/sound", prompt="rain"))
            await asyncio.to_thread(gate.begun.wait, 10)
            await provider.poll(job, 0.05)
            assert isinstance(await provider.poll(job, 0.05), Working)
            gate.open.set()
            assert await _end(provider, job) == Finished()

    asyncio.run(work())


@pytest.mark.parametrize(
    ("error", "category"),
    [
        (MediaError("The clip is broken."), ErrorCategory.INPUT_MEDIA),
        (InputError("That is no length."), ErrorCategory.INVALID_PARAMETERS),
        (OSError(errno.ENOSPC, "No space left"), ErrorCategory.OUTAGE),
        (MemoryError(), ErrorCategory.CAPACITY),
        (ZeroDivisionError("secret detail"), ErrorCategory.UNKNOWN),
    ],
)
def test_every_failure_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, category: ErrorCategory
) -> None:
    def work_for(model: str) -> Any:
        def fail(*_: Any) -> Any:
            raise error

        return fail

    monkeypatch.setattr(adapter, "work_for", work_for)

    async def work() -> None:
        async with _local(tmp_path) as provider:
            status = await _end(
                provider, await provider.submit(_request("local/sound", prompt="rain"))
            )
            assert isinstance(status, ProviderFailure)
            assert status.category is category
            assert "secret" not in status.message
            assert "\n" not in status.message

    asyncio.run(work())


def _catalog() -> list[dict[str, Any]]:
    folder = files("framewright_assets") / "catalog"
    shipped = sorted(each.name for each in folder.iterdir() if each.name.startswith("local"))
    return [card for name in shipped for card in json.loads((folder / name).read_text())["models"]]


def test_the_catalog_and_the_models_agree() -> None:
    assert {card["id"]: card["output"] for card in _catalog()} == {
        name: kind.value for name, (_, _, kind) in models.MODELS.items()
    }


def test_every_model_makes_what_its_card_says(tmp_path: Path) -> None:
    """One after the other, each fed with what those before it made."""

    async def work() -> None:
        made: dict[str, MediaFile] = {}
        async with _local(tmp_path) as provider:

            async def make(name: str, **inputs: Any) -> None:
                job = await provider.submit(_request(f"local/{name}", name, **inputs))
                assert await _end(provider, job) == Finished(), name
                (output,) = await provider.fetch(job, tmp_path / name)
                assert output.path is not None
                info = probe(output.path)
                assert info.kind is output.kind, name
                made[name] = MediaFile(output.path, info, name)

            await make("previz-still", prompt="a red kite")
            await make("previz-edit", image=made["previz-still"], prompt="make it night")
            await make("previz-character", prompt="Mara in a green coat")
            await make("upscale", image=made["previz-still"], scale=1.5)
            await make("resize-image", image=made["previz-still"], width=160, height=90)
            small = made["resize-image"]
            await make("previz-camera", first_frame=small, duration=1)
            await make("previz-scene", prompt="a boat", duration=1, fps=24)
            await make("extract-frame", video=made["previz-camera"], position="last")
            clip = made["previz-camera"]
            await make("merge-videos", videos=[clip, clip], transition="crossfade")
            await make("trim", video=clip, start_seconds=0.25, end_seconds=0.75)
            await make("resize", video=clip, aspect_ratio="1:1")
            await make("caption", video=clip, text="Hello")
            cues = "1\n00:00:00,100 --> 00:00:00,800\nHello\n"
            await make("subtitle", video=clip, text=cues)
            await make("best-frame", video=clip, rank=2)
            await make("reverse", video=clip)
            await make("change-speed", video=clip, factor=2)
            await make("loop", video=clip, seconds=1.5)
            await make("compress-image", image=small, format="avif", max_bytes=9000)
            await make("filmstrip", video=clip, count=3)
            await make("proxy", video=clip, rows=64)
            await make("speech", text="Hello there")
            await make("text-to-3d", prompt="a mug")
            await make("image-to-3d", image=small)
            await make("lip-sync", audio=made["speech"], prompt="a woman")
            await make("music", prompt="calm", duration_seconds=2)
            await make("sound", prompt="wind", duration_seconds=1)
            await make("animatic", images=[small], clips=[clip], lengths=[0.5, 0.5])
            await make("mix-audio", tracks=[made["speech"], made["music"]], duck=True)
            await make("normalize-loudness", audio=made["mix-audio"], lufs=-20)
            await make("waveform", audio=made["mix-audio"])
            await make("mux-audio", video=clip, audio=made["mix-audio"])
            await make("normalize-video-loudness", video=made["mux-audio"])
        assert {f"local/{name}" for name in made} == set(models.MODELS)

    asyncio.run(work())


def test_nothing_heavy_is_imported_before_a_job() -> None:
    code = (
        "import sys, framewright_providers.local as local; local.provider();"
        "print([m for m in ('numpy', 'av', 'PIL') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
