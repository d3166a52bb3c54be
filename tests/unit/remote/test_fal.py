"""What is FAL's own: addresses of requests, storage, late refusals, signed webhooks."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from emulator.fal import signed
from emulator.media import media_bytes
from emulator.server import serving
from emulator.world import Fault, World
from framewright.domain.job import ErrorCategory
from framewright.domain.media import MediaKind
from framewright.errors import ProviderError
from framewright.protocols import (
    Call,
    CallRefusedError,
    Finished,
    ProviderFailure,
    SubmitError,
    Working,
)
from framewright_providers import fal_storage
from framewright_providers.fal import FalProvider
from framewright_providers.http_job.connection import AnswerLostError
from remote_vendors import KEY, at_once, done, ended, media_input, request

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator
    from pathlib import Path

    from framewright.protocols import Heard, MediaFile

MODEL = "fal/fal-ai/flux/dev"
NOW = 1_800_000_000


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def url(world: World) -> Iterator[str]:
    with serving(world) as address:
        yield f"{address}/fal"


@asynccontextmanager
async def at(url: str) -> AsyncGenerator[FalProvider]:
    provider = FalProvider(key=KEY, url=url, pause=at_once)
    try:
        yield provider
    finally:
        await provider.close()


def answering(*answers: httpx.Response) -> FalProvider:
    """FAL with these answers, one after the other."""
    left = list(answers)
    provider = FalProvider(key=KEY, pause=at_once)
    transport = httpx.MockTransport(lambda _: left.pop(0))
    provider.connection._client = httpx.AsyncClient(transport=transport)
    return provider


# ---- requests and their addresses


def submitted(told: dict[str, Any]) -> str:
    provider = answering(httpx.Response(200, json=told))
    return asyncio.run(provider.submit(request(MODEL, {"prompt": "x"})))


def test_a_request_is_where_the_answer_says() -> None:
    told = {"request_id": "r1", "response_url": "https://queue.fal.run/fal-ai/other/requests/r1"}
    assert submitted(told) == "fal-ai/other/requests/r1"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/fal-ai/flux/requests/r1",
        "http://queue.fal.run/fal-ai/flux/requests/r1",
        "https://queue.fal.run.evil.example/fal-ai/flux/requests/r1",
        "https://queue.fal.run/fal-ai/../requests/r1",
        7,
    ],
)
def test_an_address_of_somebody_else_is_not_taken(address: object) -> None:
    assert submitted({"request_id": "r1", "response_url": address}) == "fal-ai/flux/requests/r1"


def test_a_request_without_a_name_is_left_open() -> None:
    with pytest.raises(AnswerLostError):
        submitted({"request_id": "../r1"})


def test_applications_of_a_namespace_have_three_parts() -> None:
    provider = answering(httpx.Response(200, json={"request_id": "r1"}))
    asks = request("fal/workflows/ann/mine/extra", {})
    assert asyncio.run(provider.submit(asks)) == "workflows/ann/mine/requests/r1"


# ---- how a request ends


def stands(*answers: httpx.Response) -> Any:
    return asyncio.run(answering(*answers).poll("fal-ai/flux/requests/r1", 0))


def completed(**more: Any) -> httpx.Response:
    return httpx.Response(200, json={"status": "COMPLETED", **more})


def test_completed_with_an_error_is_a_failure() -> None:
    failure = stands(completed(error="Startup timed out", error_type="startup_timeout"))
    assert isinstance(failure, ProviderFailure)
    assert failure.retryable
    assert failure.category in {ErrorCategory.CAPACITY, ErrorCategory.OUTAGE}


def test_what_the_model_refused_stands_at_the_result_alone() -> None:
    detail = [{"loc": ["body", "image_url"], "type": "image_too_small", "msg": "Too small"}]
    failure = stands(completed(), httpx.Response(422, json={"detail": detail}))
    assert isinstance(failure, ProviderFailure)
    assert failure.category is ErrorCategory.INPUT_MEDIA
    assert "image_url" in failure.message


def test_fals_own_word_says_whether_it_may_be_tried_again() -> None:
    told = {"X-Fal-Retryable": "false", "X-Fal-Error-Type": "downstream_service_error"}
    body = {"detail": "The service behind it failed."}
    failure = stands(completed(), httpx.Response(500, json=body, headers=told))
    assert isinstance(failure, ProviderFailure)
    assert (failure.category, failure.retryable) == (ErrorCategory.OUTAGE, False)


@pytest.mark.parametrize("status", [401, 403, 429, 502])
def test_an_answer_that_says_nothing_of_the_request_leaves_it_open(status: int) -> None:
    with pytest.raises(AnswerLostError):
        stands(httpx.Response(status, text="no"))
    with pytest.raises(AnswerLostError):
        stands(completed(), httpx.Response(status, text="no"))


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 425])
def test_what_is_paid_for_is_not_ended_by_who_stands_before_its_result(status: int) -> None:
    body = {"detail": "Service temporarily unavailable"}
    with pytest.raises(AnswerLostError):
        stands(completed(), httpx.Response(status, json=body))


def test_a_fault_of_the_model_in_a_list_is_believed() -> None:
    body = {"detail": [{"type": "internal_server_error", "msg": "It failed.", "loc": ["body"]}]}
    assert isinstance(stands(completed(), httpx.Response(500, json=body)), ProviderFailure)


def test_a_result_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    early = httpx.Response(400, json={"detail": "Request is still in progress"})
    assert stands(completed(), early) == Working()
    with pytest.raises(AnswerLostError):
        asyncio.run(answering(early).fetch("fal-ai/flux/requests/r1", tmp_path))


def test_a_picture_that_may_be_black_is_said() -> None:
    result = {"images": [{"url": "https://v3.fal.media/a.png"}], "has_nsfw_concepts": [True]}
    status = stands(completed(), httpx.Response(200, json=result))
    assert isinstance(status, Finished)
    assert "safe for work" in status.notes[0]
    result["has_nsfw_concepts"] = [False]
    assert stands(completed(), httpx.Response(200, json=result)) == Finished(cost=None)


def test_progress_and_the_queue_are_told() -> None:
    log = [{"message": " 50%|█████     | 14/28 [00:01<00:01]"}]
    assert stands(httpx.Response(202, json={"status": "IN_QUEUE"})) == Working(None, "queued")
    told = {"status": "IN_PROGRESS", "logs": log}
    assert stands(httpx.Response(202, json=told)) == Working(0.5, "")


def test_words_are_a_result(url: str, tmp_path: Path) -> None:
    async def play() -> None:
        async with at(url) as provider:
            asks = request("fal/fal-ai/caption", {"prompt": "x"})
            _, outputs = await done(provider, asks, tmp_path / "out")
            assert [(each.kind, each.text) for each in outputs] == [(MediaKind.TEXT, "A caption.")]

    asyncio.run(play())


def test_a_request_that_was_taken_from_the_queue_is_called_off() -> None:
    provider = answering(
        httpx.Response(200, json={"status": "OK"}), httpx.Response(404, json={"detail": "gone"})
    )

    async def play() -> Any:
        await provider.cancel("fal-ai/flux/requests/r1")
        return await provider.poll("fal-ai/flux/requests/r1", 0)

    assert asyncio.run(play()).category is ErrorCategory.CANCELLED
    with pytest.raises(AnswerLostError):
        stands(httpx.Response(404, json={"detail": "gone"}))


def test_a_cancel_that_is_not_answered_is_said() -> None:
    with pytest.raises(ProviderError):
        asyncio.run(answering(httpx.Response(500)).cancel("fal-ai/flux/requests/r1"))


# ---- storage


def sent(url: str, file: MediaFile) -> None:
    async def play() -> None:
        async with at(url) as provider:
            await provider.submit(request(MODEL, {"image_url": file, "more": [file]}))

    asyncio.run(play())


def test_a_small_file_travels_in_the_question(world: World, url: str, tmp_path: Path) -> None:
    sent(url, media_input(tmp_path, b"\x89PNG"))
    assert world.of("fal")[0].inputs["image_url"] == "data:image/png;base64,iVBORw=="
    assert not world.kept["fal"]


def test_a_larger_file_is_uploaded_once(world: World, url: str, tmp_path: Path) -> None:
    body = media_bytes("image") * 8
    assert len(body) > fal_storage.INLINE_BYTES
    sent(url, media_input(tmp_path, body))
    ((name, kept),) = world.kept["fal"].items()
    assert kept == body
    where = f"{url}/files/b/{name}"
    assert world.of("fal")[0].inputs == {"image_url": where, "more": [where]}
    put = [each for each in world.seen if each.path == "/files/upload"]
    assert [each.headers["content-type"] for each in put] == ["image/png"]
    assert KEY not in put[0].headers["authorization"]


def test_a_very_large_file_is_uploaded_in_parts(
    world: World, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fal_storage, "WHOLE_BYTES", 500_000)
    monkeypatch.setattr(fal_storage, "PART_BYTES", 300_000)
    body = bytes(range(256)) * 2_700
    sent(url, media_input(tmp_path, body))
    assert list(world.kept["fal"].values()) == [body]
    assert len([each for each in world.seen if each.method == "PUT"]) == 3


def test_nothing_is_uploaded_to_somebody_else(tmp_path: Path) -> None:
    token = {"token": "t", "token_type": "Bearer", "base_url": "https://files.evil.example"}
    provider = answering(httpx.Response(200, json=token))
    file = media_input(tmp_path, b"x" * 300_000)
    with pytest.raises(SubmitError) as caught:
        asyncio.run(provider.submit(request(MODEL, {"image_url": file})))
    assert not caught.value.retryable


def test_an_upload_that_fails_has_begun_nothing(tmp_path: Path) -> None:
    def cut(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("cut")

    provider = FalProvider(key=KEY)
    provider.connection._client = httpx.AsyncClient(transport=httpx.MockTransport(cut))
    file = media_input(tmp_path, b"x" * 300_000)
    with pytest.raises(SubmitError) as caught:
        asyncio.run(provider.submit(request(MODEL, {"image_url": file})))
    assert caught.value.retryable


# ---- webhooks


HOOK = "https://hooks.example.org/fal"


def played(
    world: World, url: str, change: Any = None, at_s: int = NOW, times: int = 1
) -> list[Heard | None]:
    """What is heard of a signed webhook that `change` changed."""

    async def play() -> list[Heard | None]:
        async with at(url) as provider:
            provider.call_back(HOOK)
            remote_id = await provider.submit(request(MODEL, {"prompt": "x"}, submission="job-9"))
            await ended(provider, remote_id)
            given: str = world.of("fal")[0].extra["webhook"]
            files = {"images": [{"url": "https://v3.fal.media/a.png"}]}
            told = {"request_id": "fal-job-0001", "status": "OK", "payload": files}
            body = json.dumps(told).encode()
            call = Call(signed(body, NOW), body, given.removeprefix(HOOK))
            call = change(call) if change else call
            return [await provider.hear(call, at_s * 1_000) for _ in range(times)]

    return asyncio.run(play())


def test_the_address_of_webhooks_gives_no_key_away(world: World, url: str) -> None:
    played(world, url)
    given = world.of("fal")[0].extra["webhook"]
    assert given.startswith(f"{HOOK}/")
    assert KEY not in given


def test_a_signed_webhook_is_heard(world: World, url: str) -> None:
    (heard,) = played(world, url)
    assert heard is not None
    assert heard.remote_id == "fal-ai/flux/requests/fal-job-0001"
    assert heard.key == "job-9"
    assert isinstance(heard.status, Finished)


def test_a_replayed_webhook_is_the_same_delivery(world: World, url: str) -> None:
    first, second = played(world, url, times=2)
    assert first == second


def _body(call: Call) -> Call:
    return Call(call.headers, call.body.replace(b"0001", b"0002"), call.path)


def _stranger(call: Call) -> Call:
    return Call(signed(call.body, NOW, key=Ed25519PrivateKey.generate()), call.body, call.path)


def _unsigned(call: Call) -> Call:
    return Call({}, call.body, call.path)


def _no_hex(call: Call) -> Call:
    return Call({**call.headers, "x-fal-webhook-signature": "zz"}, call.body, call.path)


def _elsewhere(call: Call) -> Call:
    return Call(call.headers, call.body, call.path[:-1] + "0123"[call.path[-1] == "0"])


def _nowhere(call: Call) -> Call:
    return Call(call.headers, call.body)


@pytest.mark.parametrize(
    "change", [_body, _stranger, _unsigned, _no_hex, _elsewhere, _nowhere], ids=lambda f: f.__name__
)
def test_no_other_webhook_is_heard(change: Any, world: World, url: str) -> None:
    with pytest.raises(CallRefusedError):
        played(world, url, change)


@pytest.mark.parametrize("at_s", [NOW + 301, NOW - 301])
def test_an_old_webhook_is_not_heard(at_s: int, world: World, url: str) -> None:
    with pytest.raises(CallRefusedError):
        played(world, url, at_s=at_s)


def test_a_webhook_of_a_failure_tells_it(world: World, url: str) -> None:
    def failed(call: Call) -> Call:
        detail = [{"loc": ["body", "prompt"], "type": "content_policy_violation", "msg": "no"}]
        told = {**json.loads(call.body), "status": "ERROR", "error": "Unexpected status code: 422",
                "payload": {"detail": detail}}  # fmt: skip
        body = json.dumps(told).encode()
        return Call(signed(body, NOW), body, call.path)

    (heard,) = played(world, url, failed)
    assert heard is not None
    assert isinstance(heard.status, ProviderFailure)
    assert heard.status.category is ErrorCategory.CONTENT_POLICY


def test_a_webhook_without_its_result_is_looked_up(world: World, url: str) -> None:
    def bare(call: Call) -> Call:
        told = {**json.loads(call.body), "payload": None, "payload_error": "too large"}
        body = json.dumps(told).encode()
        return Call(signed(body, NOW), body, call.path)

    (heard,) = played(world, url, bare)
    assert heard is not None
    assert isinstance(heard.status, Finished)
    assert any(each.path.endswith("/fal-job-0001") for each in world.seen)


def test_without_the_library_a_webhook_is_refused_in_plain_words(
    world: World, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    with pytest.raises(CallRefusedError, match="library") as caught:
        played(world, url)
    assert "framewright[serve]" in caught.value.action


def test_new_keys_of_fal_are_fetched(world: World, url: str) -> None:
    """Keys that are a while old do not make a newly signed webhook a forgery."""

    async def play() -> None:
        async with at(url) as provider:
            provider.call_back("https://hooks.example.org")
            remote_id = await provider.submit(request(MODEL, {"prompt": "x"}))
            await ended(provider, remote_id)
            body = json.dumps({"request_id": "fal-job-0001", "status": "OK"}).encode()
            given = world.of("fal")[0].extra["webhook"]
            call = Call(signed(body, NOW), body, given.rpartition("/")[2])
            provider._keys = (NOW * 1_000, (b"\x01" * 32,))
            with pytest.raises(CallRefusedError):
                await provider.hear(call, NOW * 1_000 + 59_000)
            assert await provider.hear(call, NOW * 1_000 + 61_000)

    asyncio.run(play())


def test_no_credit_is_a_matter_of_billing(world: World, url: str) -> None:
    world.plan("fal", Fault.BILLING)

    async def play() -> None:
        async with at(url) as provider:
            with pytest.raises(SubmitError) as caught:
                await provider.submit(request(MODEL, {"prompt": "x"}))
            assert caught.value.failure.category is ErrorCategory.BILLING

    asyncio.run(play())
