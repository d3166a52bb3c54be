"""OpenAI, and servers that speak as it does: what is sent, and what comes back."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from emulator.media import media_bytes
from emulator.server import serving
from emulator.world import Fault, World
from framewright.domain.job import ErrorCategory
from framewright.domain.media import MediaKind
from framewright.domain.model_card import ModelCard
from framewright.domain.plan import StepKind
from framewright.errors import FramewrightError
from framewright.media.digest import sha256_of
from framewright.media.probe import probe
from framewright.protocols import Finished, MediaFile, SubmitError
from framewright_providers.compatible import CompatibleProvider
from framewright_providers.openai import OpenAIProvider
from remote_vendors import KEY, at_once, done, request

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from framewright.protocols import ProviderOutput, ProviderRequest, Status
    from framewright_providers.http_job.answering import AnsweringProvider


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def address(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("FRAMEWRIGHT_RESULTS", str(tmp_path / "results"))
    with serving(world) as url:
        yield url


def picture(folder: Path, number: int) -> MediaFile:
    path = folder / f"in{number}.png"
    path.write_bytes(media_bytes("image", number))
    return MediaFile(path, probe(path), sha256_of(path))


def made(
    provider: AnsweringProvider, asked: ProviderRequest, folder: Path, **options: str
) -> tuple[Status, tuple[ProviderOutput, ...]]:
    async def story() -> tuple[Status, tuple[ProviderOutput, ...]]:
        provider.configure(options)
        try:
            return await done(provider, asked, folder / "out")
        finally:
            await provider.close()

    return asyncio.run(story())


def openai(address: str) -> OpenAIProvider:
    return OpenAIProvider(key=KEY, url=f"{address}/openai/v1", pause=at_once)


def compatible(address: str, key: str | None = KEY) -> CompatibleProvider:
    return CompatibleProvider(key=key, url=f"{address}/openai-compatible/v1", pause=at_once)


def test_several_pictures_come_as_they_were_made(address: str, tmp_path: Path) -> None:
    asked = request("openai/gpt-image-2", {"prompt": "a red kite", "n": 3})
    status, outputs = made(openai(address), asked, tmp_path)
    assert status == Finished(None)
    paths = [each.path for each in outputs if each.path]
    assert [each.read_bytes() for each in paths] == [media_bytes("image", n) for n in (1, 2, 3)]
    assert {each.kind for each in outputs} == {MediaKind.IMAGE}


def test_an_edit_sends_every_picture_and_its_mask(
    address: str, world: World, tmp_path: Path
) -> None:
    inputs: dict[str, Any] = {
        "prompt": "dusk",
        "image": [picture(tmp_path, 1), picture(tmp_path, 2)],
        "mask": picture(tmp_path, 3),
        "n": 2,
        "svg": {"model": "m", "flat": True},
        "seed": None,
    }
    made(openai(address), request("openai/gpt-image-2/edits", inputs), tmp_path)
    assert world.seen[0].path == "/v1/images/edits"
    sizes = [len(media_bytes("image", number)) for number in (1, 2, 3)]
    assert world.jobs["openai-job-0001"].inputs == {
        "model": "gpt-image-2",
        "prompt": "dusk",
        "n": "2",
        "svg[model]": "m",
        "svg[flat]": "true",
        "image[]": sizes[:2],
        "mask": sizes[2],
    }


def test_the_answer_is_never_asked_for_in_events(
    address: str, world: World, tmp_path: Path
) -> None:
    inputs = {"prompt": "a", "stream": True, "partial_images": 2}
    made(openai(address), request("openai/gpt-image-2", inputs), tmp_path)
    assert json.loads(world.seen[0].body) == {"model": "gpt-image-2", "prompt": "a"}


@pytest.mark.parametrize(("form", "suffix"), [(None, ".mp3"), ("wav", ".wav"), ("pcm", ".wav")])
def test_speech_is_written_as_it_comes(
    form: str | None, suffix: str, address: str, world: World, tmp_path: Path
) -> None:
    inputs = {"input": "Hello", "voice": "alloy"} | ({"response_format": form} if form else {})
    asked = request("openai/gpt-4o-mini-tts", inputs, task="text-to-speech")
    status, outputs = made(openai(address), asked, tmp_path)
    path = outputs[0].path
    assert path is not None
    assert (path.suffix, outputs[0].kind, probe(path).kind) == (suffix, "audio", "audio")
    assert world.seen[0].path == "/v1/audio/speech"
    assert isinstance(status, Finished)
    assert bool(status.notes) is (form == "pcm")


@pytest.mark.parametrize("by", ["settings", "environment"])
def test_whose_account_pays_is_said(
    by: str, address: str, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-other" if by == "settings" else "org-1")
    options = {"organization": "org-1", "project": "proj-1"} if by == "settings" else {}
    made(openai(address), request("openai/gpt-image-2", {"prompt": "a"}), tmp_path, **options)
    assert world.seen[0].headers["openai-organization"] == "org-1"
    assert ("openai-project" in world.seen[0].headers) is (by == "settings")


def test_a_wish_that_was_not_met_is_told(address: str, tmp_path: Path) -> None:
    asked = request("openai/gpt-image-2", {"prompt": "a", "size": "1536x1024", "quality": "high"})
    status, _ = made(openai(address), asked, tmp_path)
    assert status == Finished(
        None, ("It was made with size 1024x1024, where 1536x1024 was asked for.",)
    )


@pytest.mark.parametrize("task", ["text-to-image", "text-to-speech"])
def test_an_answer_that_breaks_off_is_left_open_and_leaves_nothing(
    task: str, address: str, world: World, tmp_path: Path
) -> None:
    world.plan("openai", Fault.SHORT)
    inputs = {"prompt": "a"} if task == "text-to-image" else {"input": "a", "voice": "alloy"}
    with pytest.raises(FramewrightError) as caught:
        made(openai(address), request("openai/m", inputs, task=task), tmp_path)
    assert not isinstance(caught.value, SubmitError)
    assert not [each for each in (tmp_path / "results").rglob("*") if each.is_file()]


@pytest.mark.parametrize("task", ["text-to-image", "text-to-speech"])
def test_an_answer_may_come_in_drips(task: str, address: str, world: World, tmp_path: Path) -> None:
    world.plan("openai", Fault.DRIP)
    inputs = {"prompt": "a"} if task == "text-to-image" else {"input": "a", "voice": "alloy"}
    _, outputs = made(openai(address), request("openai/m", inputs, task=task), tmp_path)
    assert outputs[0].path is not None
    assert outputs[0].path.read_bytes() == media_bytes("image" if "image" in task else "mp3")


def test_a_submission_that_was_answered_is_not_asked_for_again(
    address: str, world: World, tmp_path: Path
) -> None:
    asked = request("openai/gpt-image-2", {"prompt": "a"})
    made(openai(address), asked, tmp_path)
    made(openai(address), asked, tmp_path / "again")
    assert world.submitted["openai"] == 1


def test_it_finds_what_it_kept_and_says_nothing_of_the_rest(address: str, tmp_path: Path) -> None:
    made(openai(address), request("openai/gpt-image-2", {"prompt": "a"}), tmp_path)

    async def look() -> None:
        provider = openai(address)
        assert await provider.find("job-1") == "job-1"
        with pytest.raises(FramewrightError):
            await provider.find("job-2")

    asyncio.run(look())


def test_a_result_of_another_machine_is_not_given_up(address: str, tmp_path: Path) -> None:
    async def story() -> None:
        provider = openai(address)
        assert await provider.poll("job-elsewhere", 0) == Finished(None)
        with pytest.raises(SubmitError) as caught:
            await provider.fetch("job-elsewhere", tmp_path / "out")
        assert caught.value.failure.category is ErrorCategory.NOT_FOUND

    asyncio.run(story())


def test_a_server_of_ones_own_needs_no_key(
    address: str, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = compatible(address, key=None)
    assert provider.lacks() is None
    with pytest.raises(SubmitError) as caught:
        made(provider, request("openai-compatible/m", {"prompt": "a"}), tmp_path)
    assert caught.value.failure.category is ErrorCategory.AUTHENTICATION
    assert "authorization" not in world.seen[0].headers
    monkeypatch.setenv("OPENAI_COMPATIBLE_API_KEY", KEY)
    made(compatible(address, key=None), request("openai-compatible/m", {"prompt": "a"}), tmp_path)
    assert world.seen[1].headers["authorization"] == f"Bearer {KEY}"


def test_a_server_of_ones_own_is_asked_as_the_settings_say(
    address: str, world: World, tmp_path: Path
) -> None:
    asked = request("openai-compatible/Qwen/Qwen-Image", {"prompt": "a"}, seed=11)
    card = ModelCard(
        id=asked.model,
        kind=StepKind.IMAGE,
        output=MediaKind.IMAGE,
        inputs_schema={"type": "object", "properties": {"prompt": {}, "seed": {}}},
    )
    provider = compatible(address)
    provider.read_cards({card.id: card}.get)
    _, outputs = made(provider, asked, tmp_path, response_format="b64_json")
    assert json.loads(world.seen[0].body) == {
        "model": "Qwen/Qwen-Image",
        "prompt": "a",
        "response_format": "b64_json",
        "seed": 11,
    }
    assert outputs[0].path is not None
    assert outputs[0].path.read_bytes() == media_bytes("image")


def test_what_a_server_names_is_fetched_with_its_key_from_its_own_origin(
    address: str, world: World, tmp_path: Path
) -> None:
    made(compatible(address), request("openai-compatible/m", {"prompt": "a"}), tmp_path)
    assert world.seen[1].path == "/media/openai-compatible-job-0001.png"
    assert world.seen[1].headers["authorization"] == f"Bearer {KEY}"
