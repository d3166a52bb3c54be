"""ElevenLabs: where each kind of sound is asked for, with what, and what it costs."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from emulator.media import media_bytes
from emulator.server import serving
from emulator.world import World
from framewright.errors import SettingsError
from framewright.media.probe import probe
from framewright.protocols import Finished
from framewright_providers.elevenlabs import ElevenLabsProvider
from remote_vendors import KEY, at_once, done, request

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emulator.world import Seen


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def address(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("FRAMEWRIGHT_RESULTS", str(tmp_path / "results"))
    with serving(world) as url:
        yield url


def made(
    address: str, folder: Path, asked: Any, options: dict[str, Any] | None = None
) -> tuple[Finished, Path]:
    async def story() -> tuple[Finished, Path]:
        provider = ElevenLabsProvider(key=KEY, url=f"{address}/elevenlabs", pause=at_once)
        provider.configure(options or {})
        try:
            status, outputs = await done(provider, asked, folder / "out")
        finally:
            await provider.close()
        assert isinstance(status, Finished)
        path = outputs[0].path
        assert path is not None
        assert (outputs[0].kind, probe(path).kind) == ("audio", "audio")
        return status, path

    return asyncio.run(story())


def sent(world: World) -> tuple[Seen, dict[str, Any]]:
    return world.seen[0], json.loads(world.seen[0].body)


def test_speech_is_asked_for_with_its_voice_in_the_address(
    address: str, world: World, tmp_path: Path
) -> None:
    inputs = {
        "text": "Hello",
        "voice_id": "a b?c",
        "voice_settings": {"stability": 0.5},
        "output_format": "mp3_44100_192",
        "language_code": None,
    }
    asked = request("elevenlabs/eleven_v3", inputs, task="text-to-speech", seed=5)
    status, path = made(address, tmp_path, asked)
    seen, body = sent(world)
    assert seen.path == "/v1/text-to-speech/a b?c"
    assert world.jobs["elevenlabs-job-0001"].inputs["voice"] == "a b?c"
    assert seen.query == {"output_format": "mp3_44100_192"}
    assert body == {
        "text": "Hello",
        "voice_settings": {"stability": 0.5},
        "model_id": "eleven_v3",
        "seed": 5,
    }
    assert status == Finished(None)
    assert (path.suffix, path.read_bytes()) == (".mp3", media_bytes("mp3"))


def test_a_seed_of_the_plan_is_kept(address: str, world: World, tmp_path: Path) -> None:
    asked = request("elevenlabs/eleven_v3", {"text": "a", "seed": 3}, task="text-to-speech", seed=5)
    made(address, tmp_path, asked)
    assert sent(world)[1]["seed"] == 3


def test_effects_and_music_have_places_of_their_own(
    address: str, world: World, tmp_path: Path
) -> None:
    effect = {"text": "boom", "duration_seconds": 2, "loop": False}
    asked = request("elevenlabs/eleven_text_to_sound_v2", effect, task="text-to-sound")
    made(address, tmp_path, asked)
    seen, body = sent(world)
    assert (seen.path, seen.query) == (
        "/v1/sound-generation",
        {"output_format": "mp3_44100_128"},
    )
    assert body == {**effect, "model_id": "eleven_text_to_sound_v2"}
    music = {"prompt": "calm", "music_length_ms": 10_000}
    asked = request("elevenlabs/music_v1", music, task="text-to-music", submission="job-2")
    made(address, tmp_path, asked)
    assert (world.seen[1].path, world.seen[1].query) == ("/v1/music", {"output_format": "auto"})
    # A prompt and a seed are never sent together: music refuses them.
    assert json.loads(world.seen[1].body) == {**music, "model_id": "music_v1"}


def test_music_by_a_plan_has_a_seed(address: str, world: World, tmp_path: Path) -> None:
    plan = {"composition_plan": {"sections": []}}
    made(address, tmp_path, request("elevenlabs/music_v1", plan, task="text-to-music", seed=4))
    assert sent(world)[1] == {**plan, "model_id": "music_v1", "seed": 4}


@pytest.mark.parametrize(
    ("task", "form", "other"),
    [
        ("text-to-speech", "pcm_24000", "wav_24000"),
        ("text-to-speech", "ulaw_8000", "wav_8000"),
        ("text-to-music", "pcm_44100", "auto"),
    ],
)
def test_bare_samples_are_never_asked_for(
    task: str, form: str, other: str, address: str, world: World, tmp_path: Path
) -> None:
    inputs = {"text": "a", "output_format": form}
    status, path = made(address, tmp_path, request("elevenlabs/m", inputs, task=task))
    assert sent(world)[0].query == {"output_format": other}
    assert path.suffix == (".mp3" if other == "auto" else ".wav")
    assert form in status.notes[0]


def test_what_it_costs_is_known_where_a_person_says_what_credits_cost(
    address: str, tmp_path: Path
) -> None:
    asked = request("elevenlabs/eleven_v3", {"text": "x" * 500}, task="text-to-speech")
    options = {"usd_per_1000_credits": 0.3, "concurrency": 15}
    assert made(address, tmp_path, asked, options)[0] == Finished(0.15)


def test_the_plan_of_an_account_says_how_much_it_does_at_once() -> None:
    provider = ElevenLabsProvider(key=KEY)
    assert provider.concurrency == 5
    provider.configure({"concurrency": 15})
    assert provider.concurrency == 15


@pytest.mark.parametrize(
    "options",
    [
        {"concurrency": 0},
        {"concurrency": "many"},
        {"concurrency": True},
        {"usd_per_1000_credits": -1},
        {"usd_per_1000_credits": "0.3"},
        {"organization": "x"},
    ],
    ids=str,
)
def test_wrong_settings_are_told(options: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        ElevenLabsProvider(key=KEY).configure(options)
