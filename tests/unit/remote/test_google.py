"""Google: what pictures and clips are asked for with, and what an answer without one means."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from emulator.media import media_bytes
from emulator.server import serving
from emulator.world import Fault, World
from framewright.domain.job import ErrorCategory
from framewright.errors import SettingsError
from framewright.media.digest import sha256_of
from framewright.media.probe import probe
from framewright.protocols import Finished, MediaFile, ProviderFailure, SubmitError, Working
from framewright_providers import google_image, google_video
from framewright_providers.google import GoogleProvider
from framewright_providers.http_job.connection import AnswerLostError
from framewright_providers.http_job.lifting import Lifted, Lifter
from remote_vendors import KEY, at_once, done, request

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def address(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("FRAMEWRIGHT_RESULTS", str(tmp_path / "results"))
    with serving(world) as url:
        yield url


def made(url: str, asked: Any, folder: Path, **options: str) -> tuple[Any, bytes]:
    async def story() -> tuple[Any, bytes]:
        provider = GoogleProvider(key=KEY, url=url, pause=at_once)
        provider.configure(options)
        try:
            status, outputs = await done(provider, asked, folder / "out")
        finally:
            await provider.close()
        assert len(outputs) == 1
        assert outputs[0].path is not None
        assert probe(outputs[0].path).kind is outputs[0].kind
        return status, outputs[0].path.read_bytes()

    return asyncio.run(story())


def file(folder: Path, kind: str, number: int) -> MediaFile:
    path = folder / f"in{number}{'.png' if kind == 'image' else '.mp4'}"
    path.write_bytes(media_bytes(kind, number))
    return MediaFile(path, probe(path), sha256_of(path))


def encoded(kind: str, number: int) -> str:
    return base64.b64encode(media_bytes(kind, number)).decode()


def lifted(folder: Path, told: Any) -> Lifted:
    lifter = Lifter(folder)
    lifter.feed(json.dumps(told).encode())
    return lifter.finish()


def test_a_picture_is_asked_for_with_its_shape_and_the_pictures_it_follows(
    address: str, world: World, tmp_path: Path
) -> None:
    inputs = {
        "prompt": "dusk",
        "images": [file(tmp_path, "image", 1), file(tmp_path, "image", 2)],
        "aspect_ratio": "16:9",
        "image_size": "2K",
        "top_p": 0.5,
        "temperature": None,
    }
    asked = request("google/gemini-3-pro-image/edit", inputs, task="image-to-image", seed=11)
    status, body = made(f"{address}/google", asked, tmp_path)
    assert world.seen[0].path == "/v1/models/gemini-3-pro-image:generateContent"
    parts = [{"text": "dusk"}] + [
        {"inlineData": {"data": encoded("image", number), "mimeType": "image/png"}}
        for number in (1, 2)
    ]
    assert json.loads(world.seen[0].body) == {
        "contents": [{"parts": parts, "role": "user"}],
        "generationConfig": {
            "responseModalities": ["IMAGE"],
            "seed": 11,
            "topP": 0.5,
            "imageConfig": {"aspectRatio": "16:9", "imageSize": "2K"},
        },
    }
    assert status == Finished(None)
    # The drafts of a model that thinks are no result.
    assert body == media_bytes("image", 1)


@pytest.mark.parametrize(
    ("told", "category"),
    [
        ({"promptFeedback": {"blockReason": "SAFETY"}}, ErrorCategory.CONTENT_POLICY),
        ({"promptFeedback": {"blockReason": "OTHER"}}, ErrorCategory.CONTENT_POLICY),
        ({"candidates": [{"finishReason": "IMAGE_SAFETY"}]}, ErrorCategory.CONTENT_POLICY),
        ({"candidates": [{"finishReason": "PROHIBITED_CONTENT"}]}, ErrorCategory.CONTENT_POLICY),
        (
            {"candidates": [{"content": {"parts": [{"text": "Let me tell you."}]}}]},
            ErrorCategory.CONTENT_POLICY,
        ),
        (
            {"candidates": [{"content": {"parts": [{"text": "w" * 9_000}]}}]},
            ErrorCategory.CONTENT_POLICY,
        ),
        (
            {"candidates": [{"content": {"parts": [{"text": "Hm.", "thought": True}]}}]},
            ErrorCategory.UNKNOWN,
        ),
        ({"candidates": [{"finishReason": "NO_IMAGE"}]}, ErrorCategory.UNKNOWN),
        ({"candidates": []}, ErrorCategory.UNKNOWN),
        ({"candidates": {"a": 1}, "promptFeedback": 3}, ErrorCategory.UNKNOWN),
        ({"candidates": [None, {"content": {"parts": [None]}}]}, ErrorCategory.UNKNOWN),
        ([], ErrorCategory.UNKNOWN),
    ],
)
def test_an_answer_without_a_picture_says_why(
    told: Any, category: ErrorCategory, tmp_path: Path
) -> None:
    answer = lifted(tmp_path, told)
    assert google_image.image_files(answer, tmp_path) == ()
    found = google_image.refused(answer, "google")
    assert (found.category, found.retryable) == (category, False)


def test_an_answer_that_took_too_long_at_google_has_come_to_nothing(
    address: str, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from emulator import google

    late = (504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete.", [])
    monkeypatch.setitem(google.PROBLEMS, Fault.FAILS, late)
    world.plan("google", Fault.FAILS)
    with pytest.raises(SubmitError) as caught:
        made(f"{address}/google", request("google/m", {"prompt": "a"}), tmp_path)
    assert caught.value.failure.category is ErrorCategory.OUTAGE
    assert caught.value.failure.retryable


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (499, "CANCELLED", "The client cancelled the request."),
        (500, "INTERNAL", "An internal error has occurred."),
        (503, "UNAVAILABLE", "The service is currently unavailable."),
        (504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
    ],
)
@pytest.mark.parametrize("video", ["interactions", "long-running"])
def test_a_clip_may_have_begun_whatever_went_wrong_at_google(
    video: str, status: int, code: str, message: str
) -> None:
    error = {"error": {"code": status, "status": code, "message": message}}
    provider = GoogleProvider(key=KEY, pause=at_once)
    provider.configure({"video": video})
    transport = httpx.MockTransport(lambda _: httpx.Response(status, json=error))
    provider.connection._client = httpx.AsyncClient(transport=transport)
    with pytest.raises(AnswerLostError):
        asyncio.run(provider.submit(request("google/veo-3.1", {"prompt": "a"})))


def test_a_clip_is_asked_for_as_an_interaction(address: str, world: World, tmp_path: Path) -> None:
    inputs = {
        "prompt": "it flies",
        "image": file(tmp_path, "image", 1),
        "aspect_ratio": "9:16",
        "resolution": "1080p",
        "duration": 8,
    }
    model = "google/veo-3.1-generate-preview/image_to_video"
    asked = request(model, inputs, task="image-to-video")
    status, body = made(f"{address}/google-interactions", asked, tmp_path)
    assert world.seen[0].path == "/v1/interactions"
    assert json.loads(world.seen[0].body) == {
        "model": "veo-3.1-generate-preview",
        "background": True,
        "generation_config": {"video_config": {"task": "image_to_video"}},
        "input": [
            {
                "type": "user_input",
                "content": [
                    {"type": "text", "text": "it flies"},
                    {"type": "image", "data": encoded("image", 1), "mime_type": "image/png"},
                ],
            }
        ],
        "response_format": {
            "type": "video",
            "delivery": "uri",
            "aspect_ratio": "9:16",
            "resolution": "1080p",
            "duration": "8s",
        },
    }
    assert (status, body) == (Finished(None), media_bytes("video", 1))


@pytest.mark.parametrize(
    ("use", "task", "inputs", "wanted"),
    [
        ("", "text-to-video", {}, "text_to_video"),
        ("", "video-to-video", {}, "edit"),
        ("extend", "video-to-video", {}, "extend"),
        ("", "image-to-video", {"reference_images": ["file"]}, "reference_to_video"),
        ("", "image-to-video", {"image": "file"}, "image_to_video"),
    ],
)
def test_an_interaction_says_what_is_to_be_done(
    use: str, task: str, inputs: dict[str, Any], wanted: str, tmp_path: Path
) -> None:
    picture = file(tmp_path, "image", 1)
    given = {
        name: [picture] if isinstance(each, list) else picture for name, each in inputs.items()
    }
    body = asyncio.run(google_video.interaction("m", use, task, {"prompt": "a", **given}, "Google"))
    assert body["generation_config"]["video_config"]["task"] == wanted


def test_a_clip_is_asked_for_as_a_long_operation(
    address: str, world: World, tmp_path: Path
) -> None:
    inputs = {
        "prompt": "it flies",
        "first_frame": file(tmp_path, "image", 1),
        "last_frame": file(tmp_path, "image", 2),
        "reference_images": [file(tmp_path, "image", 3)],
        "duration": 8,
        "aspect_ratio": "16:9",
        "resolution": "720p",
        "negative_prompt": "rain",
    }
    asked = request("google/veo-3.1-generate-preview", inputs, task="image-to-video")
    status, body = made(f"{address}/google-operations", asked, tmp_path, video="long-running")
    assert world.seen[0].path == "/v1beta/models/veo-3.1-generate-preview:predictLongRunning"
    picture = [
        {"bytesBase64Encoded": encoded("image", number), "mimeType": "image/png"}
        for number in (1, 2, 3)
    ]
    assert json.loads(world.seen[0].body) == {
        "instances": [
            {
                "prompt": "it flies",
                "image": picture[0],
                "lastFrame": picture[1],
                "referenceImages": [{"image": picture[2], "referenceType": "ASSET"}],
            }
        ],
        "parameters": {
            "sampleCount": 1,
            "durationSeconds": 8,
            "aspectRatio": "16:9",
            "resolution": "720p",
            "negativePrompt": "rain",
        },
    }
    assert (status, body) == (Finished(None), media_bytes("video", 1))


@pytest.mark.parametrize("wire", ["interactions", "long-running"])
def test_a_clip_is_followed_in_the_form_it_was_begun_in(
    wire: str, address: str, tmp_path: Path
) -> None:
    mount = "google-interactions" if wire == "interactions" else "google-operations"
    other = "long-running" if wire == "interactions" else "interactions"

    async def story() -> None:
        provider = GoogleProvider(key=KEY, url=f"{address}/{mount}", pause=at_once)
        provider.configure({"video": wire})
        remote_id = await provider.submit(request("google/veo-3.1", {"prompt": "a"}))
        provider.configure({"video": other})
        assert isinstance(await provider.poll(remote_id, 0), Working)
        assert isinstance(await provider.poll(remote_id, 0), Finished)
        assert await provider.fetch(remote_id, tmp_path / "out")
        await provider.close()

    asyncio.run(story())


def test_the_version_of_the_api_can_be_said(address: str, world: World, tmp_path: Path) -> None:
    asked = request("google/gemini-3-pro-image", {"prompt": "a"})
    made(f"{address}/google", asked, tmp_path, version="v1beta")
    assert world.seen[0].path.startswith("/v1beta/models/")


def test_wrong_settings_are_told() -> None:
    with pytest.raises(SettingsError):
        GoogleProvider(key=KEY).configure({"video": "veo"})


def interaction(*content: dict[str, Any], status: str = "completed", **more: Any) -> dict[str, Any]:
    given = {"type": "user_input", "content": [{"type": "video", "data": "AAAA"}]}
    steps = [given, {"type": "thought"}, {"type": "model_output", "content": list(content)}]
    return {"id": "x", "status": status, "steps": steps, **more}


CLIP = {"type": "video", "uri": "https://generativelanguage.googleapis.com/v1/files/x"}
SAID = {"type": "text", "text": "I would rather not."}


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ({"status": "queued"}, "queued"),
        ({"status": "in_progress"}, ""),
        (interaction(CLIP), Finished(None)),
        (interaction(SAID, CLIP), Finished(None)),
        (interaction(CLIP, status="incomplete"), Finished),
        (interaction(status="incomplete"), ErrorCategory.UNKNOWN),
        (interaction(), ErrorCategory.UNKNOWN),
        (interaction(SAID), ErrorCategory.CONTENT_POLICY),
        (interaction(status="cancelled"), ErrorCategory.CANCELLED),
        (interaction(status="budget_exceeded"), ErrorCategory.BILLING),
        (interaction(SAID, status="requires_action"), ""),
        (interaction(CLIP, status="preparing"), ""),
        (interaction(CLIP, status="failed"), ErrorCategory.UNKNOWN),
        (
            interaction(status="failed", errors=[{"message": "The model is overloaded."}]),
            ErrorCategory.CAPACITY,
        ),
        ({"status": "completed", "steps": [{"type": "model_output", "content": 3}, 4]},
         ErrorCategory.UNKNOWN),
        ({}, ""),
        ({"status": None}, ""),
    ],
)  # fmt: skip
def test_how_an_interaction_stands(told: dict[str, Any], wanted: Any, tmp_path: Path) -> None:
    status = google_video.of_interaction(lifted(tmp_path, told), "google")
    if isinstance(status, Working):
        assert status.phase == wanted
    elif isinstance(status, ProviderFailure):
        assert status.category == wanted
    elif wanted is Finished:
        assert status.notes
    else:
        assert status == wanted


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ({"done": False}, Working()),
        ({"done": True, "error": {"code": 8, "message": "Quota", "status": "RESOURCE_EXHAUSTED"}},
         ErrorCategory.RATE_LIMIT),
        ({"done": True, "response": {}}, ErrorCategory.UNKNOWN),
        ({"done": True, "response": {"generateVideoResponse": {"generatedSamples": [3, {}]}}},
         ErrorCategory.UNKNOWN),
        ({"done": True, "response": {"generateVideoResponse": {"raiMediaFilteredCount": 1}}},
         ErrorCategory.CONTENT_POLICY),
        ({"done": True, "response": {"generateVideoResponse":
          {"raiMediaFilteredReasons": ["We could not make it."]}}}, ErrorCategory.CONTENT_POLICY),
    ],
)  # fmt: skip
def test_how_a_long_operation_stands(told: dict[str, Any], wanted: Any) -> None:
    status = google_video.of_operation(told, "google")
    assert (status.category if isinstance(status, ProviderFailure) else status) == wanted


def test_a_clip_may_come_within_the_answer(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from emulator import google_interactions

    whole = interaction({"type": "video", "data": encoded("video", 1), "mime_type": "video/mp4"})
    monkeypatch.setattr(
        google_interactions, "_told", lambda _, job: {**whole, "id": job.id, "status": "completed"}
    )
    asked = request("google/veo-3.1", {"prompt": "a"}, task="text-to-video")
    assert made(f"{address}/google-interactions", asked, tmp_path)[1] == media_bytes("video", 1)
    assert [each.suffix for each in (tmp_path / "out").iterdir()] == [".mp4"]
