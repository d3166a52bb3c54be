"""What is Luma's own: public addresses, frames of earlier generations, unsigned webhooks."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from emulator.server import serving
from emulator.world import Fault, World
from framewright.domain.job import ErrorCategory
from framewright.protocols import (
    Call,
    CallRefusedError,
    Finished,
    ProviderFailure,
    SubmitError,
    Working,
)
from framewright_providers.http_job.connection import AnswerLostError
from framewright_providers.luma import LumaProvider
from framewright_providers.luma_inputs import asked
from remote_vendors import KEY, at_once, ended, media_input, request

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator
    from pathlib import Path

    from framewright.protocols import Heard

STILL = request("luma/photon-1", {"prompt": "a red kite"}, submission="job-9")
HOOK = "https://hooks.example.org/luma"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def url(world: World) -> Iterator[str]:
    with serving(world) as address:
        yield f"{address}/luma/dream-machine/v1"


@asynccontextmanager
async def at(url: str, **options: Any) -> AsyncGenerator[LumaProvider]:
    provider = LumaProvider(key=KEY, url=url, pause=at_once)
    provider.configure(options)
    try:
        yield provider
    finally:
        await provider.close()


def stands(told: dict[str, Any]) -> Any:
    provider = LumaProvider(key=KEY, pause=at_once)
    answer = httpx.MockTransport(lambda _: httpx.Response(200, json=told))
    provider.connection._client = httpx.AsyncClient(transport=answer)
    return asyncio.run(provider.poll("g1", 0))


# ---- endpoints, shapes, files


@pytest.mark.parametrize(
    ("model", "inputs", "endpoint"),
    [
        ("luma/ray-2", {}, "video"),
        ("luma/ray-flash-2/image_to_video", {}, "video"),
        ("luma/ray-2/modify", {}, "video/modify"),
        ("luma/ray-2", {"media": "https://a/b.mp4"}, "video/modify"),
        ("luma/ray-2/reframe", {}, "video/reframe"),
        ("luma/photon-1", {}, "image"),
        ("luma/photon-flash-1/modify", {}, "image"),
        ("luma/photon-1/reframe", {}, "image/reframe"),
    ],
)
def test_a_job_goes_where_its_model_is(model: str, inputs: dict[str, Any], endpoint: str) -> None:
    assert asked(request(model, inputs))[0] == f"generations/{endpoint}"


def test_what_nobody_knows_is_not_asked() -> None:
    with pytest.raises(SubmitError) as caught:
        asked(request("luma/uni-1", {"prompt": "x"}))
    assert caught.value.failure.category is ErrorCategory.INVALID_PARAMETERS


def test_a_frame_may_be_that_of_an_earlier_generation() -> None:
    earlier = {"type": "generation", "id": "g0"}
    _, body = asked(request("luma/ray-2", {"prompt": "x", "frame0": earlier}))
    assert body["keyframes"] == {"frame0": earlier}
    _, body = asked(request("luma/ray-2", {"keyframes": {"frame1": earlier}}))
    assert body["keyframes"] == {"frame1": earlier}


def test_a_file_of_this_machine_goes_nowhere_without_a_word(
    world: World, url: str, tmp_path: Path
) -> None:
    async def play() -> None:
        async with at(url) as provider:
            asks = request("luma/ray-2", {"frame0": media_input(tmp_path, b"x")})
            with pytest.raises(SubmitError) as caught:
                await provider.submit(asks)
            assert caught.value.failure.category is ErrorCategory.INPUT_MEDIA
            assert "public_folder" in caught.value.failure.action

    asyncio.run(play())
    assert not world.seen


def test_a_file_is_put_where_a_person_said(world: World, url: str, tmp_path: Path) -> None:
    public = tmp_path / "public"
    public.mkdir()
    file = media_input(tmp_path, b"a picture")

    async def play() -> None:
        address = "https://media.example.org/in/"
        async with at(url, public_folder=str(public), public_url=address) as provider:
            await provider.submit(request("luma/ray-2", {"frame0": file}))
            await provider.submit(request("luma/ray-2", {"frame0": file}))

    asyncio.run(play())
    (kept,) = public.iterdir()
    assert kept.read_bytes() == b"a picture"
    where = f"https://media.example.org/in/{kept.name}"
    assert world.of("luma")[1].inputs["keyframes"]["frame0"] == {"type": "image", "url": where}


def test_a_folder_that_is_not_there_is_said(url: str, tmp_path: Path) -> None:
    async def play() -> None:
        public = {"public_folder": str(tmp_path / "none"), "public_url": "https://a.example.org"}
        async with at(url, **public) as provider:
            asks = request("luma/ray-2", {"frame0": media_input(tmp_path, b"x")})
            with pytest.raises(SubmitError, match="can not be put"):
                await provider.submit(asks)

    asyncio.run(play())


# ---- how a generation stands


def test_how_a_generation_stands() -> None:
    assert stands({"state": "queued"}) == Working(None, "queued")
    assert stands({"state": "dreaming"}) == Working(None, "")
    shown = {"progress_video": "https://storage.cdn-luma.com/progress.mp4"}
    assert isinstance(stands({"state": "completed", "assets": shown}), ProviderFailure)
    made = {**shown, "video": "https://storage.cdn-luma.com/a.mp4"}
    assert stands({"state": "completed", "assets": made}) == Finished(None)


def test_what_its_moderation_refused_is_never_tried_again() -> None:
    reason = "400: prompt not allowed because advanced moderation failed"
    failure = stands({"state": "failed", "failure_reason": reason})
    assert (failure.category, failure.retryable) == (ErrorCategory.CONTENT_POLICY, False)


def test_what_is_done_is_never_deleted(world: World, url: str, tmp_path: Path) -> None:
    async def play() -> None:
        async with at(url) as provider:
            remote_id = await provider.submit(STILL)
            await ended(provider, remote_id)
            await provider.cancel(remote_id)
            assert await provider.fetch(remote_id, tmp_path / "out")

    asyncio.run(play())
    assert not any(each.method == "DELETE" for each in world.seen)


def test_no_credits_are_a_matter_of_billing(world: World, url: str) -> None:
    world.plan("luma", Fault.BILLING)

    async def play() -> None:
        async with at(url) as provider:
            with pytest.raises(SubmitError) as caught:
                await provider.submit(STILL)
            assert caught.value.failure.category is ErrorCategory.BILLING

    asyncio.run(play())


# ---- lost answers and webhooks


def test_a_generation_whose_answer_was_lost_is_found(world: World, url: str) -> None:
    world.plan("luma", Fault.LOST_AFTER)

    async def play() -> None:
        async with at(url) as provider:
            provider.call_back(HOOK)
            with pytest.raises(AnswerLostError):
                await provider.submit(STILL)
            assert await provider.find("job-9") == "luma-job-0001"
            # It may stand further back, or have been begun without an address.
            with pytest.raises(AnswerLostError):
                await provider.find("job-8")

    asyncio.run(play())


def played(
    world: World, url: str, change: Any = None, *, done: bool = True, times: int = 1
) -> list[Heard | None]:
    """What is heard of a webhook that `change` changed: it takes and gives a call."""

    async def play() -> list[Heard | None]:
        async with at(url) as provider:
            provider.call_back(HOOK)
            remote_id = await provider.submit(STILL)
            if done:
                await ended(provider, remote_id)
            given: str = world.of("luma")[0].extra["webhook"]
            assert given.startswith(f"{HOOK}/")
            assert KEY not in given
            told = {"id": remote_id, "state": "completed"}
            call = Call({}, json.dumps(told).encode(), given.removeprefix(f"{HOOK}/"))
            call = change(call) if change else call
            return [await provider.hear(call, 0) for _ in range(times)]

    return asyncio.run(play())


def test_a_webhook_is_heard_where_only_luma_calls(world: World, url: str) -> None:
    (heard,) = played(world, url)
    assert heard is not None
    assert (heard.remote_id, heard.key) == ("luma-job-0001", "job-9")
    assert isinstance(heard.status, Finished)
    assert heard.id == "luma-job-0001/completed"


def test_a_replayed_webhook_is_the_same_delivery(world: World, url: str) -> None:
    first, second = played(world, url, times=2)
    assert first == second


def test_what_a_webhook_says_is_not_believed(world: World, url: str) -> None:
    """It says that it is completed, and Luma says that it is not."""
    (heard,) = played(world, url, done=False)
    assert heard is not None
    assert isinstance(heard.status, Working)


def _of_another(call: Call) -> Call:
    return Call(call.headers, b'{"id": "luma-job-0099"}', call.path)


def _of_a_path(call: Call) -> Call:
    return Call(call.headers, b'{"id": "../credits"}', call.path)


def _no_json(call: Call) -> Call:
    return Call(call.headers, b"state=completed", call.path)


def _elsewhere(call: Call) -> Call:
    return Call(call.headers, call.body, f"{call.path[:-1]}{'1' if call.path[-1] == '0' else '0'}")


def _nowhere(call: Call) -> Call:
    return Call(call.headers, call.body)


@pytest.mark.parametrize(
    "change",
    [_of_another, _of_a_path, _no_json, _elsewhere, _nowhere],
    ids=lambda each: each.__name__,
)
def test_no_other_webhook_is_heard(change: Any, world: World, url: str) -> None:
    with pytest.raises(CallRefusedError):
        played(world, url, change)
