"""The emulated ElevenLabs is one to its own client, and our adapter asks as that does."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from official_clients import run

from emulator.media import media_bytes
from emulator.server import serving
from emulator.world import Fault, World
from framewright.protocols import Finished
from framewright_providers.elevenlabs import ElevenLabsProvider
from remote_vendors import KEY, at_once, ended, request

if TYPE_CHECKING:
    from pathlib import Path

REFUSED = {
    Fault.BILLING: [401, "quota_exceeded"],
    Fault.RATE_LIMIT: [429, "too_many_concurrent_requests"],
    Fault.CAPACITY: [429, "system_busy"],
    Fault.INVALID: [422, "less_than_equal"],
    Fault.NOT_FOUND: [404, "voice_not_found"],
    Fault.AUTHENTICATION: [401, "invalid_api_key"],
}


def digest(kind: str, number: int) -> str:
    return hashlib.sha256(media_bytes(kind, number)).hexdigest()


def theirs() -> tuple[World, Any]:
    world = World()
    world.plan("elevenlabs", None, None, None, *REFUSED)
    with serving(world) as url:
        return world, run("elevenlabs_client", f"{url}/elevenlabs", KEY)


@pytest.mark.timeout(300)
def test_its_own_client_has_sounds_made_and_meets_each_refusal() -> None:
    _, seen = theirs()
    assert seen["speech"] == digest("mp3", 1)
    assert seen["effect"] == digest("audio", 2)
    assert seen["music"] == digest("mp3", 3)
    assert [each[1:] for each in seen["refused"]] == list(REFUSED.values())


@pytest.mark.timeout(300)
def test_our_adapter_asks_as_its_own_client_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRAMEWRIGHT_RESULTS", str(tmp_path / "results"))
    world, ours = theirs()[0], World()
    with serving(ours) as url:
        asyncio.run(_jobs(f"{url}/elevenlabs"))
    for number in range(3):
        their, our = world.seen[number], ours.seen[number]
        assert (our.method, our.path, our.query) == (their.method, their.path, their.query)
        for name in ("xi-api-key", "content-type"):
            assert our.headers[name] == their.headers[name]
        assert json.loads(our.body) == json.loads(their.body)


async def _jobs(url: str) -> None:
    settings = {"stability": 0.5, "similarity_boost": 0.75}
    effect = {"duration_seconds": 2, "prompt_influence": 0.3, "output_format": "wav_44100"}
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("eleven_multilingual_v2", "text-to-speech", {"text": "hi", "voice_settings": settings}),
        ("eleven_text_to_sound_v2", "text-to-sound", {"text": "boom", **effect}),
        ("music_v1", "text-to-music", {"prompt": "calm", "music_length_ms": 10_000}),
    ]
    provider = ElevenLabsProvider(key=KEY, url=url, pause=at_once)
    for number, (model, task, inputs) in enumerate(asked):
        job = request(f"elevenlabs/{model}", inputs, task=task, seed=1, submission=f"job-{number}")
        remote_id = await provider.submit(job)
        assert isinstance(await ended(provider, remote_id), Finished)
    await provider.close()
