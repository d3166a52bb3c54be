"""A real ComfyUI server, where there is one: FRAMEWRIGHT_REAL_COMFYUI says at which address.

It needs no model and no GPU: any installation does, started by `--cpu`. From PyPI comes one of 2024
(`comfyui` 0.0.1, yanked, and to be named with its version; beside PyTorch it wants some packages
that it does not name), on which all of this passed.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from framewright.domain.job import ErrorCategory
from framewright.domain.media import MediaInfo, MediaKind
from framewright.protocols import Finished, MediaFile, ProviderFailure, SubmitError, Working
from framewright_providers.comfyui import ComfyuiProvider
from framewright_providers.comfyui.card import workflow_card
from remote_vendors import ended, request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from framewright.domain.model_card import ModelCard
    from framewright.protocols import Status

    Story = Callable[[ComfyuiProvider], Awaitable[Any]]

ADDRESS = os.environ.get("FRAMEWRIGHT_REAL_COMFYUI", "")
pytestmark = [
    pytest.mark.skipif(not ADDRESS, reason="FRAMEWRIGHT_REAL_COMFYUI names no server"),
    pytest.mark.timeout(300),
]


def node(kind: str, **inputs: Any) -> dict[str, Any]:
    return {"class_type": kind, "inputs": inputs}


PLAIN = {
    "1": node("EmptyImage", width=64, height=48, batch_size=1, color=0x336699),
    "2": node("ImageInvert", image=["1", 0]),
    "3": node("SaveImage", images=["2", 0], filename_prefix="framewright"),
    "4": node("PreviewImage", images=["1", 0]),
}
TURNED = {
    "1": node("LoadImage", image="none.png"),
    "2": node("ImageInvert", image=["1", 0]),
    "3": node("SaveImage", images=["2", 0], filename_prefix="framewright"),
}
SLOW: dict[str, Any] = {
    "0": node("EmptyImage", width=768, height=1024, batch_size=1, color=1),
    **{
        str(at): node("ImageBlur", image=[str(at - 1), 0], blur_radius=20 + at % 9, sigma=3.0)
        for at in range(1, 40)
    },
    "40": node("SaveImage", images=["39", 0], filename_prefix="framewright"),
}


def cards(*more: ModelCard) -> dict[str, ModelCard]:
    made = [
        workflow_card(name, graph)
        for name, graph in (("plain", PLAIN), ("turned", TURNED), ("slow", SLOW))
    ]
    return {card.id: card for card in (*made, *more)}


def told(story: Story, *more: ModelCard) -> Any:
    async def play() -> Any:
        provider = ComfyuiProvider(url=ADDRESS)
        provider.read_cards(cards(*more).get)
        try:
            return await story(provider)
        finally:
            await provider.close()

    return asyncio.run(play())


def job(model: str, **inputs: Any) -> Any:
    mark = hashlib.sha256(os.urandom(16)).hexdigest()[:16]
    return request(f"comfyui/{model}", inputs, submission=f"job-{mark}")


def test_a_picture_is_made_and_found_by_its_mark(tmp_path: Path) -> None:
    async def story(provider: ComfyuiProvider) -> None:
        asked = job("plain", width=96)
        remote_id = await provider.submit(asked)
        assert await provider.find(asked.submission) == remote_id
        assert await ended(provider, remote_id) == Finished()
        assert await provider.find(asked.submission) == remote_id
        assert await provider.find("job-of-nobody") is None
        (made,) = await provider.fetch(remote_id, tmp_path / "out")
        assert made.path is not None
        with Image.open(made.path) as picture:
            assert picture.size == (96, 48)
            # The server rounds down what it computed as shares.
            apart = np.asarray(picture).astype(int) - (0xCC, 0x99, 0x66)
            assert np.abs(apart).max() <= 1

    told(story)


def test_the_same_again_comes_from_its_cache(tmp_path: Path) -> None:
    async def story(provider: ComfyuiProvider) -> None:
        for turn in range(2):
            remote_id = await provider.submit(job("plain", width=112))
            assert await ended(provider, remote_id) == Finished()
            assert len(await provider.fetch(remote_id, tmp_path / str(turn))) == 1

    told(story)


def test_a_file_is_uploaded_and_comes_back_inverted(tmp_path: Path) -> None:
    path = tmp_path / "in.png"
    pixels = np.random.default_rng(1).integers(0, 255, (36, 64, 3), np.uint8)
    Image.fromarray(pixels).save(path)
    info = MediaInfo(kind=MediaKind.IMAGE, mime="image/png", container="png", bytes=1)
    file = MediaFile(path, info, hashlib.sha256(path.read_bytes()).hexdigest())

    async def story(provider: ComfyuiProvider) -> None:
        remote_id = await provider.submit(job("turned", image=file))
        assert await ended(provider, remote_id) == Finished()
        (made,) = await provider.fetch(remote_id, tmp_path / "out")
        assert made.path is not None
        with Image.open(made.path) as picture:
            apart = np.abs(np.asarray(picture).astype(int) - (255 - pixels.astype(int)))
            assert apart.max() <= 1

    told(story)


def test_a_server_names_its_nodes_choices_and_ranges() -> None:
    async def story(provider: ComfyuiProvider) -> ModelCard:
        return await provider.describe("plain", PLAIN, None, ask=True)

    fields = told(story).inputs_schema["properties"]
    assert (fields["width"]["minimum"], fields["width"]["default"]) == (1, 64)


def test_what_it_can_not_run_is_refused_in_words() -> None:
    unknown = workflow_card("unknown", {"1": node("SaveImage", images=["2", 0]), "2": node("No")})
    narrow = {**PLAIN, "1": node("EmptyImage", width=-4, height=48, batch_size=1, color=0)}
    half = {
        **PLAIN,
        "5": node("EmptyImage", width=-4, height=48, batch_size=1, color=0),
        "6": node("SaveImage", images=["5", 0], filename_prefix="framewright"),
    }

    async def refused(provider: ComfyuiProvider, model: str) -> ProviderFailure:
        with pytest.raises(SubmitError) as caught:
            await provider.submit(job(model))
        return caught.value.failure

    async def story(provider: ComfyuiProvider) -> None:
        failure = await refused(provider, "unknown")
        assert failure.category is ErrorCategory.INVALID_PARAMETERS
        assert "No" in failure.message
        for model in ("narrow", "half"):
            failure = await refused(provider, model)
            assert failure.category is ErrorCategory.INVALID_PARAMETERS
            assert "(width" in failure.message
            assert "smaller than min" in failure.message

    told(story, unknown, workflow_card("narrow", narrow), workflow_card("half", half))


def test_a_job_that_fails_there_is_a_failure() -> None:
    graph = {
        "1": node("EmptyImage", width=64, height=64, batch_size=1, color=0),
        "2": node("EmptyImage", width=32, height=64, batch_size=1, color=0),
        "3": node("LatentFromBatch", samples=["4", 0], batch_index=0, length=1),
        "4": node("EmptyLatentImage", width=64, height=64, batch_size=1),
        "5": node("VAEDecode", samples=["3", 0], vae=["6", 0]),
        "6": node("VAELoader", vae_name="taesd"),
        "7": node("SaveImage", images=["5", 0], filename_prefix="framewright"),
    }

    async def story(provider: ComfyuiProvider) -> ProviderFailure:
        try:
            status = await ended(provider, await provider.submit(job("broken")))
        except SubmitError as error:
            return error.failure
        assert isinstance(status, ProviderFailure)
        return status

    failure = told(story, workflow_card("broken", graph))
    assert not failure.retryable
    assert failure.message


def test_a_running_and_a_waiting_job_are_stopped_and_others_are_not() -> None:
    async def story(provider: ComfyuiProvider) -> tuple[Status, Status, Status, set[str]]:
        running = await provider.submit(job("slow", width=800))
        waiting = await provider.submit(job("slow", width=832))
        last = await provider.submit(job("plain", width=160))
        seen = set()
        for _ in range(100):
            status = await provider.poll(running, 1)
            assert isinstance(status, Working)
            seen.add(status.phase)
            if status.fraction and status.fraction > 0.05:
                break
        assert (await provider.poll(waiting, 0)) == Working(phase="queued")
        await provider.cancel(waiting)
        await provider.cancel(running)
        ends = [await ended(provider, each) for each in (running, waiting, last)]
        return ends[0], ends[1], ends[2], seen

    first, second, third, seen = told(story)
    for each in (first, second):
        assert isinstance(each, ProviderFailure)
        assert each.category is ErrorCategory.CANCELLED
    assert third == Finished()
    assert "ImageBlur" in seen


def test_a_job_that_it_does_not_know_may_be_tried_again() -> None:
    async def story(provider: ComfyuiProvider) -> Status:
        return await provider.poll("00000000-0000-0000-0000-00000000dead", 0)

    failure = told(story)
    assert isinstance(failure, ProviderFailure)
    assert failure.retryable
