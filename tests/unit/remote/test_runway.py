"""What is Runway's own: endpoints and shapes, its version, its patience, credits, deleting."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from emulator.server import serving
from emulator.world import Fault, World
from framewright.domain.job import ErrorCategory
from framewright.domain.media import MediaKind
from framewright.errors import SettingsError
from framewright.protocols import Finished, ProviderFailure, SubmitError, Working
from framewright_providers.http_job.connection import AnswerLostError
from framewright_providers.runway import RunwayProvider
from framewright_providers.runway_inputs import asked
from remote_vendors import KEY, at_once, ended, media_input, request

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator
    from pathlib import Path

STILL = {"promptText": "a red kite", "ratio": "1280:720"}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def url(world: World) -> Iterator[str]:
    with serving(world) as address:
        yield f"{address}/runway"


@asynccontextmanager
async def at(url: str, **options: Any) -> AsyncGenerator[RunwayProvider]:
    provider = RunwayProvider(key=KEY, url=url, pause=options.pop("pause", at_once))
    provider.configure(options)
    try:
        yield provider
    finally:
        await provider.close()


def answering(*answers: httpx.Response, **options: Any) -> RunwayProvider:
    left = list(answers)
    provider = RunwayProvider(key=KEY, pause=at_once)
    provider.configure(options)
    transport = httpx.MockTransport(lambda _: left.pop(0))
    provider.connection._client = httpx.AsyncClient(transport=transport)
    return provider


def stands(told: dict[str, Any], **options: Any) -> Any:
    return asyncio.run(answering(httpx.Response(200, json=told), **options).poll("t1", 0))


# ---- endpoints and shapes


@pytest.mark.parametrize(
    ("model", "task", "endpoint"),
    [
        ("runway/gen4_turbo", "image-to-video", "image_to_video"),
        ("runway/gen4.5", "text-to-video", "text_to_video"),
        ("runway/gen4.5/image_to_video", "", "image_to_video"),
        ("runway/aleph2", "video-to-video", "video_to_video"),
        ("runway/gen4_image_turbo", "image-to-image", "text_to_image"),
        ("runway/act_two", "", "character_performance"),
        ("runway/magnific_precision_upscaler_v2", "upscale", "image_upscale"),
        ("runway/magnific_video_upscaler_creative", "upscale", "video_upscale"),
        ("runway/eleven_multilingual_v2", "text-to-speech", "text_to_speech"),
        ("runway/eleven_text_to_sound_v2", "text-to-sound", "sound_effect"),
    ],
)
def test_a_job_goes_where_its_model_is(model: str, task: str, endpoint: str) -> None:
    assert asked(request(model, {}, task=task))[0] == endpoint


@pytest.mark.parametrize("model", ["runway/gen5", "runway/gen4.5/../organization"])
def test_what_nobody_knows_is_not_asked(model: str) -> None:
    with pytest.raises(SubmitError) as caught:
        asked(request(model, {}))
    assert caught.value.failure.category is ErrorCategory.INVALID_PARAMETERS
    assert caught.value.action


def test_fields_take_their_vendors_shapes(tmp_path: Path) -> None:
    file = media_input(tmp_path, b"x")
    clip = replace(file, info=file.info.model_copy(update={"kind": MediaKind.VIDEO}))
    given = {
        "referenceImages": [file, {"uri": "runway://a", "tag": "ann"}],
        "referenceVideos": [clip],
        "promptImage": [file, file],
        "character": clip,
        "voice": "Maya",
        "seed": 3,
    }
    _, body = asked(request("runway/veo3.1", given, task="text-to-video"))
    assert body == {
        "model": "veo3.1",
        "referenceImages": [{"uri": file}, {"uri": "runway://a", "tag": "ann"}],
        "referenceVideos": [{"type": "video", "uri": clip}],
        "promptImage": [{"position": "first", "uri": file}, {"position": "last", "uri": file}],
        "character": {"type": "video", "uri": clip},
        "voice": {"type": "runway-preset", "presetId": "Maya"},
        "seed": 3,
    }


def test_a_seed_goes_to_models_that_take_one() -> None:
    _, with_seed = asked(request("runway/gen4_image", STILL, task="text-to-image", seed=9))
    _, without = asked(request("runway/gpt_image_2", STILL, task="text-to-image", seed=9))
    assert with_seed["seed"] == 9
    assert "seed" not in without


def test_another_version_may_be_asked_for(world: World, url: str) -> None:
    async def play() -> None:
        async with at(url, version="2030-01-01") as provider:
            with pytest.raises(SubmitError):
                await provider.submit(request("runway/gen4_image", STILL, task="text-to-image"))

    asyncio.run(play())
    assert world.seen[0].headers["x-runway-version"] == "2030-01-01"
    with pytest.raises(SettingsError):
        RunwayProvider().configure({"versoin": "2030-01-01"})


# ---- how a task stands


def test_what_waits_there_is_waiting() -> None:
    for state in ("PENDING", "THROTTLED"):
        assert stands({"status": state}) == Working(None, "queued")
    assert stands({"status": "RUNNING", "progress": 0.25}) == Working(0.25, "")


def test_a_cancelled_task_is_over() -> None:
    failure = stands({"status": "CANCELLED", "cost": {"credits": 5}}, usd_per_credit=0.01)
    assert (failure.category, failure.cost) == (ErrorCategory.CANCELLED, 0.05)


@pytest.mark.parametrize(
    ("code", "category", "again"),
    [
        ("SAFETY.INPUT.TEXT", ErrorCategory.CONTENT_POLICY, False),
        ("SAFETY.OUTPUT.VIDEO", ErrorCategory.CONTENT_POLICY, False),
        ("INTERNAL.BAD_OUTPUT.CODE01", ErrorCategory.OUTAGE, True),
        ("INTERNAL", ErrorCategory.OUTAGE, True),
        ("INPUT_PREPROCESSING.SAFETY.TEXT", ErrorCategory.CONTENT_POLICY, False),
        ("ASSET.INVALID", ErrorCategory.INPUT_MEDIA, False),
    ],
)
def test_a_failure_is_known_by_its_code(code: str, category: ErrorCategory, again: bool) -> None:
    told = {"status": "FAILED", "failure": "An unexpected error occurred.", "failureCode": code}
    failure = stands(told)
    assert isinstance(failure, ProviderFailure)
    assert (failure.category, failure.retryable) == (category, again)


def test_credits_are_money_where_a_person_said_how_much() -> None:
    done = {"status": "SUCCEEDED", "output": ["https://a.cloudfront.net/o.mp4"],
            "cost": {"credits": 25}}  # fmt: skip
    assert stands(done) == Finished(None)
    assert stands(done, usd_per_credit=0.01) == Finished(0.25)
    assert stands(done, usd_per_credit="much") == Finished(None)


@pytest.mark.parametrize("status", [401, 429, 500, 502])
def test_an_answer_that_says_nothing_of_the_task_leaves_it_open(status: int) -> None:
    with pytest.raises(AnswerLostError):
        asyncio.run(answering(httpx.Response(status)).poll("t1", 0))


def test_nobody_asks_for_one_task_more_than_every_five_seconds(world: World, url: str) -> None:
    """The loop's clock stands almost still here, so every question but the first must wait."""
    world.polls_needed = 6
    waited: list[float] = []

    async def note(seconds: float) -> None:
        waited.append(seconds)
        await asyncio.sleep(0)

    async def play() -> None:
        async with at(url, pause=note) as provider:
            asks = request("runway/gen4_image", STILL, task="text-to-image")
            remote_id = await provider.submit(asks)
            assert isinstance(await provider.poll(remote_id, 0), Working)
            assert not waited
            assert isinstance(await ended(provider, remote_id), Finished)

    asyncio.run(play())
    questions = [each for each in world.seen if each.path.startswith("/v1/tasks/")]
    # Of those that were waited for, each waited for at least once, and for five seconds together.
    assert len(questions) == 6
    assert len([each for each in waited if each > 4]) >= 5


# ---- deleting, inputs, refusals


def test_what_is_done_is_never_deleted(world: World, url: str, tmp_path: Path) -> None:
    async def play() -> None:
        async with at(url) as provider:
            asks = request("runway/gen4_image", STILL, task="text-to-image")
            remote_id = await provider.submit(asks)
            await ended(provider, remote_id)
            await provider.cancel(remote_id)
            assert await provider.fetch(remote_id, tmp_path / "out")

    asyncio.run(play())
    assert not any(each.method == "DELETE" for each in world.seen)


def test_a_larger_file_is_uploaded_without_the_key(world: World, url: str, tmp_path: Path) -> None:
    body = bytes(range(256)) * 1_200

    async def play() -> None:
        async with at(url) as provider:
            clip = {"promptImage": media_input(tmp_path, body), "ratio": "1280:720"}
            await provider.submit(request("runway/gen4_turbo", clip, task="image-to-video"))

    asyncio.run(play())
    ((name, kept),) = world.kept["runway"].items()
    assert kept == body
    assert world.of("runway")[0].inputs["promptImage"] == f"runway://{name}"
    (put,) = [each for each in world.seen if each.path == "/stored"]
    assert KEY not in json.dumps(put.headers)


@pytest.mark.parametrize(
    "place", ["http://up.example.org/x", "https://127.0.0.1/x", "https://u:p@up.example.org/x"]
)
def test_nothing_is_sent_into_a_network(place: str, tmp_path: Path) -> None:
    told = {"uploadUrl": place, "fields": {}, "runwayUri": "runway://a"}
    provider = answering(httpx.Response(200, json=told))
    clip = {"promptImage": media_input(tmp_path, bytes(300_000))}
    with pytest.raises(SubmitError) as caught:
        asyncio.run(provider.submit(request("runway/gen4_turbo", clip, task="image-to-video")))
    assert not caught.value.retryable


def test_no_credits_are_a_matter_of_billing(world: World, url: str) -> None:
    world.plan("runway", Fault.BILLING)

    async def play() -> None:
        async with at(url) as provider:
            with pytest.raises(SubmitError) as caught:
                await provider.submit(request("runway/gen4_image", STILL, task="text-to-image"))
            assert caught.value.failure.category is ErrorCategory.BILLING

    asyncio.run(play())
