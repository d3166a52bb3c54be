"""Every local model that is given files, done as the product does it: in a fenced process."""

from __future__ import annotations

import asyncio
import json
from fractions import Fraction
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from framewright.media.probe import probe
from framewright.media.sound import read_sound, write_wav
from framewright.media.write import VideoWriter
from framewright.protocols import Finished, MediaFile, ProviderRequest, Working
from framewright_providers.local.adapter import LocalProvider
from framewright_providers.local.models import defaults
from framewright_providers.local.scene.note import Note, write_noted
from framewright_providers.local.speech import speech
from media_samples import tone, video

if TYPE_CHECKING:
    from pathlib import Path

SAID = "My mother bought a boat."
CUES = "1\n00:00:00,100 --> 00:00:00,400\nHello\n"
CASES: dict[str, dict[str, Any]] = {
    "previz-still": {"prompt": "Mara at the sea", "characters": ["sheet"]},
    "previz-edit": {"image": "photo", "prompt": "make it dusk"},
    "upscale": {"image": "photo"},
    "resize-image": {"image": "photo", "width": 32, "height": 32},
    "compress-image": {"image": "photo", "max_bytes": 9_000},
    "previz-camera": {"first_frame": "photo", "duration": 0.2},
    "image-to-3d": {"image": "photo"},
    "lip-sync": {"audio": "voice", "image": "face"},
    "lip-sync with words": {"audio": "bare", "image": "face", "text": SAID},
    "lip-sync by ear": {"audio": "bare", "image": "face"},
    "lip-sync of a clip": {"audio": "bare", "video": "speaker"},
    "lip-sync of a prompt": {"audio": "bare", "text": SAID, "prompt": "a woman"},
    "animatic": {
        "images": ["photo"],
        "clips": ["clip"],
        "lengths": [0.2, 0.2],
        "voices": ["voice"],
        "voice_shots": [1],
        "music": "music",
    },
    "extract-frame": {"video": "clip", "position": "last"},
    "best-frame": {"video": "clip"},
    "merge-videos": {"videos": ["clip", "clip"]},
    "trim": {"video": "clip", "start_seconds": 0.1, "end_seconds": 0.3},
    "resize": {"video": "clip", "aspect_ratio": "1:1"},
    "caption": {"video": "clip", "text": "Hello"},
    "subtitle": {"video": "clip", "text": CUES},
    "subtitle as a track": {"video": "clip", "text": CUES, "track": True, "language": "eng"},
    "reverse": {"video": "clip"},
    "change-speed": {"video": "clip", "factor": 2},
    "loop": {"video": "clip", "seconds": 0.8},
    "filmstrip": {"video": "clip", "count": 2},
    "proxy": {"video": "clip", "rows": 64},
    "mux-audio": {"video": "clip", "audio": "music"},
    "normalize-video-loudness": {"video": "clip"},
    "mix-audio": {"tracks": ["voice", "music"], "duck": True},
    "normalize-loudness": {"audio": "music"},
    "waveform": {"audio": "music"},
}
"""Model, with a word about it where it stands twice, to its inputs; files by their names."""


def portrait() -> Image.Image:
    """A plain face with a mouth that can be found."""
    face = Image.new("RGB", (320, 240), (120, 140, 160))
    pen = ImageDraw.Draw(face)
    pen.ellipse((90, 20, 230, 230), fill=(214, 172, 144))
    for x in (130, 190):
        pen.ellipse((x - 13, 98, x + 13, 112), fill=(235, 235, 235))
        pen.ellipse((x - 6, 98, x + 6, 111), fill=(50, 40, 36))
        pen.line((x - 16, 84, x + 16, 84), fill=(80, 56, 40), width=4)
    pen.ellipse((136, 162, 184, 178), fill=(176, 84, 84))
    pen.line((138, 170, 182, 170), fill=(80, 30, 30), width=2)
    return face.filter(ImageFilter.GaussianBlur(0.8))


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> dict[str, MediaFile]:
    """Small real files of every kind."""
    folder = tmp_path_factory.mktemp("given")
    paths = {name: folder / f"{name}.png" for name in ("photo", "face", "sheet")}
    noise = np.random.Generator(np.random.PCG64(1)).integers(0, 256, (9, 16, 3), np.uint8)
    Image.fromarray(noise).resize((64, 36)).save(paths["photo"])
    portrait().save(paths["face"])
    note = Note("Mara in a green coat", 1, sheet=True)
    write_noted(Image.new("RGB", (64, 36)), note, paths["sheet"])
    paths["clip"] = video(folder / "clip.mp4", 12, sound=tone(0.5))
    paths["voice"] = speech(defaults()["local/speech"] | {"text": SAID}, 1, folder, lambda _: None)
    paths["bare"], paths["music"] = folder / "bare.wav", folder / "music.wav"
    write_wav(paths["bare"], read_sound(paths["voice"], 22_050, 1), 22_050)
    write_wav(paths["music"], tone(0.5), 48_000)
    paths["speaker"] = folder / "speaker.mp4"
    with VideoWriter(paths["speaker"], 320, 240, Fraction(24)) as writer:
        writer.frame(np.asarray(portrait()))
    return {name: MediaFile(path, probe(path), name) for name, path in paths.items()}


def _with_files(value: Any, given: dict[str, MediaFile]) -> Any:
    if isinstance(value, list):
        return [_with_files(each, given) for each in value]
    return given.get(value, value) if isinstance(value, str) else value


def _cards() -> list[dict[str, Any]]:
    folder = files("framewright_assets") / "catalog"
    shipped = [each for each in folder.iterdir() if each.name.startswith("local")]
    return [card for each in shipped for card in json.loads(each.read_text("utf-8"))["models"]]


def _takes_files(card: dict[str, Any]) -> bool:
    schemas = card["inputs_schema"]["properties"].values()
    return any("x-media" in schema or "x-media" in schema.get("items", {}) for schema in schemas)


def test_every_model_that_takes_files_is_tried() -> None:
    tried = {f"local/{name.split()[0]}" for name in CASES}
    assert tried == {card["id"] for card in _cards() if _takes_files(card)}


def test_every_model_that_takes_files_does_its_work_fenced_in(
    given: dict[str, MediaFile], tmp_path: Path
) -> None:
    wrong: dict[str, object] = {}
    made: dict[str, bytes] = {}

    async def do(provider: LocalProvider, name: str, inputs: dict[str, Any]) -> None:
        whole = {field: _with_files(value, given) for field, value in inputs.items()}
        model = f"local/{name.split()[0]}"
        job = await provider.submit(ProviderRequest(name, name, model, "", whole, seed=5))
        while isinstance(status := await provider.poll(job, 20), Working):
            pass
        if not isinstance(status, Finished):
            wrong[name] = status
            return
        (output,) = await provider.fetch(job, tmp_path / name)
        assert output.path is not None
        assert probe(output.path).kind is output.kind, name
        made[name] = output.path.read_bytes()

    async def work() -> None:
        provider = LocalProvider(concurrency=2)
        try:
            await asyncio.gather(*(do(provider, *case) for case in CASES.items()))
        finally:
            await provider.close()

    asyncio.run(work())
    assert not wrong
    assert made["lip-sync with words"] != made["lip-sync by ear"], "its words did nothing"
