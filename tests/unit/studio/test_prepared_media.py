"""A run makes sound and video fit its models' cards, says so, and refuses what it can not."""

from __future__ import annotations

import asyncio
import json
import threading
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from framewright import Plan, Studio
from framewright.catalog.limits import MediaLimits, media_limits, plain_format
from framewright.domain.media import MediaKind
from framewright.domain.model_card import ModelCard
from framewright.domain.run import RunState
from framewright.isolation import Errand, Isolation
from framewright.media.errands import Prepare
from framewright.media.probe import probe
from framewright.media.sound import write_wav
from framewright.media.write import VideoWriter
from framewright.protocols import FakeProvider, MediaFile, Tell, silent
from media_samples import tone, video

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _card(**limits: Any) -> dict[str, Any]:
    media = {
        name: {"type": "string", "format": "media-ref", "x-media": name, **limits}
        for name in ("audio", "video")
    }
    return {
        "id": "fake/lips",
        "provider": "fake",
        "kind": "text",
        "task": "text-generation",
        "output": "text",
        "inputs_schema": {"type": "object", "properties": media},
    }


@dataclass
class Looking(FakeProvider):
    """Looks at what it is given while it is there."""

    given: dict[str, MediaFile] = field(default_factory=dict)

    async def submit(self, request: Any) -> str:
        for name, each in request.inputs.items():
            assert probe(each.path) == each.info
            self.given[name] = each
        return await super().submit(request)


def _run(folder: Path, limits: dict[str, Any], **files: Path) -> tuple[Any, Looking]:
    provider = Looking()
    (folder / "fake.json").write_text(json.dumps([_card(**limits)]))
    inputs = {name: f"$upload.{path.stem}" for name, path in files.items()}
    step = {"id": "lips", "title": "L", "kind": "text", "model": "fake/lips", "inputs": inputs}
    plan = Plan.model_validate({"title": "T", "steps": [step]})

    async def work() -> Any:
        opened = Studio.open(
            folder / "ws", catalogs=[folder / "fake.json"], providers={"fake": provider}
        )
        async with opened as studio:
            for path in files.values():
                await studio.upload(path)
            run = await studio.start(plan)
            async for _ in studio.watch(run):
                pass
            lying = [each.asset for each in await studio.assets()]
            return await studio.show(run), {each.hash: each for each in lying}

    (view, stored) = asyncio.run(work())
    assert not list((folder / "ws" / "assets" / ".incoming").glob("*")), "left behind"
    assert all(each.hash in stored for each in provider.given.values())
    return view.steps["lips"], provider


def _voice(folder: Path, seconds: float = 2) -> Path:
    write_wav(folder / "voice.wav", tone(seconds), 48_000)
    return folder / "voice.wav"


def test_a_voice_and_a_clip_are_made_to_fit_and_that_is_said(tmp_path: Path) -> None:
    clip = video(tmp_path / "clip.mp4", 24, size=(320, 180), sound=tone(1))
    limits = {"x-formats": ["mp3", "webm"], "x-max-bytes": 60_000, "x-max-side": 200}
    step, provider = _run(tmp_path, limits, audio=_voice(tmp_path), video=clip)
    assert step.state == "succeeded", step.error
    voice, film = provider.given["audio"], provider.given["video"]
    assert (voice.info.mime, voice.path.suffix) == ("audio/mpeg", ".mp3")
    assert voice.info.duration is not None
    assert abs(voice.info.duration.seconds - 2) < 0.05
    assert (film.info.mime, film.path.suffix) == ("video/webm", ".webm")
    assert (film.info.width, film.info.height) == (200, 112)
    assert film.info.audio is not None
    assert max(voice.info.bytes, film.info.bytes) <= 60_000
    said = {each.field: each for each in step.mended}
    assert {each.code for each in said.values()} == {"media_prepared"}
    assert said["audio"].message == (
        f"The audio is wav and has 384,044 bytes; it was made mp3, {voice.info.bytes:,} bytes."
    )
    assert said["video"].message == (
        f"The video is mp4, 320 x 180; it was made webm, 200 x 112, {film.info.bytes:,} bytes."
    )


def test_what_fits_goes_as_it_is(tmp_path: Path) -> None:
    clip = video(tmp_path / "clip.mp4", 24)
    limits = {"x-formats": ["video/mp4", "audio/wav"], "x-max-side": 128, "x-max-seconds": 1}
    step, provider = _run(tmp_path, limits, audio=_voice(tmp_path, 1), video=clip)
    assert step.mended == ()
    assert provider.given["video"].path.read_bytes() == clip.read_bytes()
    assert provider.given["audio"].info.mime == "audio/wav"


def test_a_voice_in_an_mp4_model_is_written_as_one(tmp_path: Path) -> None:
    step, provider = _run(tmp_path, {"x-formats": ["mp4"]}, audio=_voice(tmp_path))
    assert provider.given["audio"].info.mime == "audio/mp4"
    assert step.mended[0].message.startswith("The audio is wav; it was made m4a, ")


@pytest.mark.parametrize(
    ("limits", "said", "do"),
    [
        (
            {"x-formats": ["wma"]},
            "its audio is wav, which its model does not take. It would",
            "Con",
        ),
        ({"x-max-bytes": 5_000}, "has 384,044 bytes, which its model does not take.", "shorter"),
        ({"x-max-seconds": 1.5}, "the audio for audio is 2.00 seconds long", "Trim it to 1.5"),
        ({"x-min-seconds": 3}, "its model takes at least 3.", "longer"),
    ],
)
def test_what_can_not_be_made_to_fit_is_refused_before_anybody_is_asked(
    tmp_path: Path, limits: dict[str, Any], said: str, do: str
) -> None:
    step, provider = _run(tmp_path, limits, audio=_voice(tmp_path))
    assert step.state == "failed"
    assert said in step.error.message
    assert step.error.message.startswith("lips: ")
    assert do in step.error.action
    assert provider.requests == []
    assert step.mended == ()


def _prepared_by(monkeypatch: pytest.MonkeyPatch, work: Callable[[Tell], None]) -> None:
    """Let a function stand for every conversion; all else is done as ever."""
    run = Isolation.run

    def instead(self: Isolation, errand: Errand[Any], tell: Tell = silent) -> Any:
        return work(tell) if isinstance(errand, Prepare) else run(self, errand, tell)

    monkeypatch.setattr(Isolation, "run", instead)


def test_a_wrong_length_is_found_before_another_file_is_converted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(tell: Tell) -> None:
        pytest.fail("converted for nothing")

    _prepared_by(monkeypatch, never)
    clip = video(tmp_path / "clip.mp4", 96)
    limits = {"x-formats": ["mp3", "mp4"], "x-max-seconds": 3}
    step, provider = _run(tmp_path, limits, audio=_voice(tmp_path), video=clip)
    assert "the video for video is 4.00 seconds long" in step.error.message
    assert provider.requests == []


def test_a_run_that_is_cancelled_does_not_wait_for_a_conversion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended = threading.Event(), threading.Event()

    def endless(tell: Tell) -> None:
        begun.set()
        try:
            while True:
                tell(0.5)
        finally:
            ended.set()

    _prepared_by(monkeypatch, endless)
    clip = video(tmp_path / "clip.mp4", 6)
    card = _card(**{"x-formats": ["webm"]})
    (tmp_path / "fake.json").write_text(json.dumps([card]))
    inputs = {"video": "$upload.clip"}
    step = {"id": "lips", "title": "L", "kind": "text", "model": "fake/lips", "inputs": inputs}

    async def work() -> Any:
        opened = Studio.open(
            tmp_path / "ws", catalogs=[tmp_path / "fake.json"], providers={"fake": FakeProvider()}
        )
        async with opened as studio:
            await studio.upload(clip)
            run = await studio.start(Plan.model_validate({"title": "T", "steps": [step]}))
            assert await asyncio.to_thread(begun.wait, 30)
            view = await studio.cancel(run)
            assert await asyncio.to_thread(ended.wait, 30)
            return view

    assert asyncio.run(work()).state is RunState.CANCELLED


def test_limits_are_read_from_the_schema_and_odd_words_are_none() -> None:
    words = {"x-formats": ["audio/mpeg", ".MOV", "audio/mp4", "opus"], "x-max-seconds": 9.5}
    found = media_limits(ModelCard.model_validate(_card(**words, **{"x-min-seconds": 2})))
    assert found["audio"] == MediaLimits(
        formats=("mp3", "mov", "m4a", "ogg"), max_seconds=9.5, min_seconds=2
    )
    for odd in (0, -1, True, "10", float("inf"), float("nan"), None):
        card = ModelCard.model_construct(**{**_card(), "inputs_schema": {}})
        schema = {"properties": _card(**{"x-max-seconds": odd})["inputs_schema"]["properties"]}
        assert media_limits(card.model_copy(update={"inputs_schema": schema})) == {}
    assert plain_format("video/x-matroska") == "mkv"


def test_a_long_noisy_clip_keeps_to_its_bytes(tmp_path: Path) -> None:
    chance = np.random.Generator(np.random.PCG64(1))
    with VideoWriter(tmp_path / "clip.mp4", 160, 90, Fraction(12)) as writer:
        for _ in range(36):
            writer.frame(chance.integers(0, 255, (90, 160, 3), np.uint8))
    limits = {"x-formats": ["mov"], "x-max-bytes": 60_000}
    step, provider = _run(tmp_path, limits, video=tmp_path / "clip.mp4")
    film = provider.given["video"].info
    assert (film.container, film.kind, film.audio) == ("mov", MediaKind.VIDEO, None)
    assert film.bytes <= 60_000
    assert "; it was made mov, 160 x 90, " in step.mended[0].message
