"""How a job ends where its vendor's answer is not what anybody expects."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from emulator.media import media_bytes
from framewright import keys
from framewright.domain.job import ErrorCategory
from framewright.protocols import Call, CallRefusedError, ProviderFailure, SubmitError
from framewright_providers.comfyui import ComfyuiProvider
from framewright_providers.compatible import CompatibleProvider
from framewright_providers.fal import FalProvider
from framewright_providers.http_job.connection import AnswerLostError
from framewright_providers.luma import LumaProvider
from framewright_providers.replicate import ReplicateProvider
from framewright_providers.stability import StabilityProvider
from remote_vendors import KEY, at_once, media_input, request

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Answers = Callable[[httpx.Request], httpx.Response]

PICTURE = media_bytes("image", 1)


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMEWRIGHT_RESULTS", str(tmp_path / "results"))


def at(make: Callable[..., Any], answers: Answers, **options: Any) -> Any:
    """A provider whose vendor answers so."""
    provider = make(**{"key": KEY, "pause": at_once, **options})
    transport = httpx.MockTransport(answers)
    provider.connection._client = httpx.AsyncClient(transport=transport)
    return provider


def saying(told: Any, status: int = 200) -> Answers:
    return lambda _: httpx.Response(status, json=told)


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ({"id": "results:4f/abc"}, AnswerLostError),
        ({"image": "aaaa", "finish_reason": "SUCCESS"}, AnswerLostError),
        ({"name": "bad_request", "errors": ["no"]}, SubmitError),
    ],
)
def test_a_good_answer_in_no_known_form_is_left_open(told: Any, wanted: type[Exception]) -> None:
    asked = request("stability/upscale/creative", {"prompt": "x"}, task="upscale")
    with pytest.raises(wanted):
        asyncio.run(at(StabilityProvider, saying(told)).submit(asked))


def test_a_job_that_a_hosted_comfyui_lost_is_never_made_anew_by_itself() -> None:
    told = {"queue_running": [], "queue_pending": []}
    provider = at(ComfyuiProvider, saying(told), url="https://comfy.example.com")
    own = asyncio.run(provider.poll("abc", 0))
    assert isinstance(own, ProviderFailure)
    assert own.retryable
    assert asyncio.run(provider.find("key")) is None
    provider = at(ComfyuiProvider, saying(told), url="https://comfy.example.com")
    provider.configure({"key_header": "Authorization"})
    hosted = asyncio.run(provider.poll("abc", 0))
    assert isinstance(hosted, ProviderFailure)
    assert not hosted.retryable
    with pytest.raises(AnswerLostError):
        asyncio.run(provider.find("key"))


def test_a_webhook_of_luma_is_of_its_own_submission() -> None:
    other = {"id": "B", "state": "completed", "request": {"callback_url": "https://us/hook/OTHER"}}
    provider = at(LumaProvider, saying(other))

    async def hear() -> None:
        seal = await provider._seal("job-A")
        await provider.hear(Call({}, json.dumps({"id": "B"}).encode(), path=seal), 0)

    with pytest.raises(CallRefusedError):
        asyncio.run(hear())


def test_a_picture_within_the_answer_and_one_beside_it_both_come(tmp_path: Path) -> None:
    inline = base64.b64encode(PICTURE).decode()
    other = media_bytes("image", 2)

    def answers(asked: httpx.Request) -> httpx.Response:
        if asked.method == "GET":
            return httpx.Response(200, content=other, headers={"content-type": "image/png"})
        data = [{"b64_json": inline}, {"url": "http://127.0.0.1:9/file.png"}]
        return httpx.Response(200, json={"data": data})

    provider = at(CompatibleProvider, answers, url="http://127.0.0.1:9")

    async def story() -> Any:
        name = await provider.submit(request("openai-compatible/x", {"prompt": "x"}))
        return await provider.fetch(name, tmp_path / "out")

    outputs = asyncio.run(story())
    assert [each.path.read_bytes() for each in outputs] == [PICTURE, other]


def test_a_foreign_address_does_not_lose_the_file_beside_it(tmp_path: Path) -> None:
    def answers(asked: httpx.Request) -> httpx.Response:
        if asked.url.path.endswith(".png"):
            return httpx.Response(200, content=PICTURE, headers={"content-type": "image/png"})
        told = {"licence": "https://127.0.0.2/x", "video": {"url": "http://127.0.0.1:9/a.png"}}
        return httpx.Response(200, json=told)

    provider = at(FalProvider, answers, url="http://127.0.0.1:9")
    outputs = asyncio.run(provider.fetch("fal-ai/flux/requests/a", tmp_path / "out"))
    assert [each.path.read_bytes() for each in outputs] == [PICTURE]


def test_what_replicate_removed_is_said() -> None:
    told = {"id": "a", "status": "succeeded", "output": None, "data_removed": True}
    status = asyncio.run(at(ReplicateProvider, saying(told)).poll("a", 0))
    assert isinstance(status, ProviderFailure)
    assert "hour" in status.message
    assert not status.retryable


def test_an_upload_without_its_address_has_begun_nothing(tmp_path: Path) -> None:
    file = media_input(tmp_path, b"x" * 300_000)
    provider = at(ReplicateProvider, saying({"id": "x"}))
    with pytest.raises(SubmitError):
        asyncio.run(provider.submit(request("replicate/a/b", {"image": file})))


def test_a_keyring_that_is_locked_has_begun_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> None:
        raise keys.KeyringError("The keyring is locked.", action="Unlock it.")

    monkeypatch.setattr(keys, "find", locked)
    provider = at(ReplicateProvider, saying({}), key=None)
    with pytest.raises(SubmitError) as caught:
        asyncio.run(provider.submit(request("replicate/a/b", {"prompt": "x"})))
    assert caught.value.failure.category is ErrorCategory.AUTHENTICATION


@pytest.mark.parametrize("secret", ["sk-sécret-0123", "sk-secret\nrest"])
def test_a_key_with_other_letters_has_begun_nothing(
    secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPLICATE_API_TOKEN", secret)
    provider = at(ReplicateProvider, saying({}), key=None)
    with pytest.raises(SubmitError) as caught:
        asyncio.run(provider.submit(request("replicate/a/b", {"prompt": "x"})))
    assert caught.value.failure.category is ErrorCategory.AUTHENTICATION
    assert "cret" not in repr(caught.value.failure)
