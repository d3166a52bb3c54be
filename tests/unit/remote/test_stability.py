"""Stability: a form for every question, a picture or a job for an answer, and what filters say."""

from __future__ import annotations

import asyncio
from email import message_from_bytes
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from emulator import stability as emulated
from emulator.media import media_bytes
from emulator.server import serving
from emulator.world import Fault, World
from framewright.domain.job import ErrorCategory
from framewright.media.digest import sha256_of
from framewright.media.probe import probe
from framewright.protocols import Finished, MediaFile, ProviderFailure, SubmitError
from framewright_providers.http_job.connection import AnswerLostError
from framewright_providers.stability import StabilityProvider
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


def made(url: str, asked: Any, folder: Path) -> tuple[Any, bytes]:
    async def story() -> tuple[Any, bytes]:
        provider = StabilityProvider(key=KEY, url=url, pause=at_once)
        try:
            status, outputs = await done(provider, asked, folder / "out")
        finally:
            await provider.close()
        assert len(outputs) == 1
        assert outputs[0].path is not None
        assert outputs[0].path.suffix == ".png"
        return status, outputs[0].path.read_bytes()

    return asyncio.run(story())


def form(seen: Seen) -> dict[str, tuple[str | None, bytes]]:
    """The parts of a form: the name of the file and the content of each."""
    head = f"Content-Type: {seen.headers['content-type']}\r\n\r\n".encode()
    parts: Any = message_from_bytes(head + seen.body).get_payload()
    return {
        each.get_param("name", header="content-disposition"): (
            each.get_filename(),
            each.get_payload(decode=True),
        )
        for each in parts
    }


def test_a_question_without_files_is_a_form_as_well(
    address: str, world: World, tmp_path: Path
) -> None:
    inputs = {"prompt": "a red kite", "aspect_ratio": "16:9", "style_preset": None}
    status, body = made(f"{address}/stability", request("stability/core", inputs, seed=9), tmp_path)
    seen = world.seen[0]
    assert seen.path == "/v2beta/stable-image/generate/core"
    assert seen.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert (seen.headers["accept"], seen.headers["authorization"]) == ("image/*", f"Bearer {KEY}")
    assert form(seen) == {
        "prompt": (None, b"a red kite"),
        "aspect_ratio": (None, b"16:9"),
        "seed": (None, b"9"),
    }
    assert (status, body) == (Finished(None), media_bytes("image", 1))


def test_a_picture_to_begin_with_is_sent_along(address: str, world: World, tmp_path: Path) -> None:
    path = tmp_path / "in.png"
    path.write_bytes(media_bytes("image", 3))
    inputs = {
        "prompt": "dusk",
        "image": MediaFile(path, probe(path), sha256_of(path)),
        "strength": 0.5,
    }
    made(f"{address}/stability", request("stability/sd3", inputs), tmp_path)
    parts = form(world.seen[0])
    assert parts["image"][1] == media_bytes("image", 3)
    assert parts["mode"] == (None, b"image-to-image")
    assert parts["strength"] == (None, b"0.5")


@pytest.mark.parametrize(
    ("model", "given", "seed", "sent"),
    [
        ("core", {}, 0, b"1"),
        ("core", {"seed": 5}, 7, b"5"),
        ("upscale/conservative", {}, 7, b"7"),
        ("upscale/fast", {}, 7, None),
    ],
)
def test_the_seed_is_sent_where_there_is_one(
    model: str,
    given: dict[str, int],
    seed: int,
    sent: bytes | None,
    address: str,
    world: World,
    tmp_path: Path,
) -> None:
    asked = request(f"stability/{model}", {"prompt": "a", **given}, seed=seed)
    made(f"{address}/stability", asked, tmp_path)
    assert form(world.seen[0]).get("seed", (None, None))[1] == sent


def test_a_seed_that_stability_chose_is_told(address: str, tmp_path: Path) -> None:
    asked = request("stability/core", {"prompt": "a", "seed": 0})
    assert made(f"{address}/stability", asked, tmp_path)[0] == Finished(
        None, ("It was made with the seed 4711.",)
    )


@pytest.mark.parametrize("model", ["core/../../x", "a/b/c", "", "Core", "x?y"])
def test_no_model_leads_elsewhere(model: str, address: str, world: World, tmp_path: Path) -> None:
    with pytest.raises(SubmitError) as caught:
        made(f"{address}/stability", request(f"stability/{model}", {"prompt": "a"}), tmp_path)
    assert caught.value.failure.category is ErrorCategory.NOT_FOUND
    assert not world.seen


def test_a_job_is_asked_after(address: str, world: World, tmp_path: Path) -> None:
    asked = request("stability/upscale/creative", {"prompt": "a"})
    _, body = made(f"{address}/stability-upscale", asked, tmp_path)
    assert body == media_bytes("image", 1)
    assert [each.path for each in world.seen] == [
        "/v2beta/stable-image/upscale/creative",
        *["/v2beta/results/stability-upscale-job-0001"] * 3,
    ]
    assert not list((tmp_path / "results").glob("stability/*"))


def test_a_moment_without_an_answer_says_nothing_of_a_job(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("emulator.stability_upscale.picture", lambda *_: late)
    late = emulated.problem(Fault.CAPACITY)

    async def story() -> None:
        provider = StabilityProvider(key=KEY, url=f"{address}/stability-upscale", pause=at_once)
        remote_id = await provider.submit(request("stability/upscale/creative", {"prompt": "a"}))
        await provider.poll(remote_id, 0)
        with pytest.raises(AnswerLostError):
            await provider.poll(remote_id, 0)
        await provider.close()

    asyncio.run(story())


@pytest.mark.parametrize("mount", ["stability", "stability-upscale"])
def test_a_blurred_picture_is_a_refusal(
    mount: str, address: str, world: World, tmp_path: Path
) -> None:
    world.plan(mount, Fault.POLICY)

    async def story() -> ErrorCategory:
        provider = StabilityProvider(key=KEY, url=f"{address}/{mount}", pause=at_once)
        asked = request("stability/upscale/creative", {"prompt": "a"})
        try:
            remote_id = await provider.submit(asked)
        except SubmitError as error:
            return error.failure.category
        await provider.poll(remote_id, 0)
        status: Any = await provider.poll(remote_id, 0)
        category: ErrorCategory = status.category
        return category

    assert asyncio.run(story()) is ErrorCategory.CONTENT_POLICY


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_job_that_the_key_may_not_see_goes_on(status: int, tmp_path: Path) -> None:
    told = {"id": "x", "name": "unauthorized", "errors": ["missing permission"]}
    provider = StabilityProvider(key=KEY, pause=at_once)
    transport = httpx.MockTransport(lambda _: httpx.Response(status, json=told))
    provider.connection._client = httpx.AsyncClient(transport=transport)
    with pytest.raises(AnswerLostError):
        asyncio.run(provider.poll("results/abc", 0))
    with pytest.raises(AnswerLostError):
        asyncio.run(provider.fetch("results/abc", tmp_path))


def test_a_job_that_was_refused_for_what_it_shows_is_over() -> None:
    told = {"id": "x", "name": "content_moderation", "errors": ["Your request was flagged."]}
    provider = StabilityProvider(key=KEY, pause=at_once)
    transport = httpx.MockTransport(lambda _: httpx.Response(403, json=told))
    provider.connection._client = httpx.AsyncClient(transport=transport)
    status = asyncio.run(provider.poll("results/abc", 0))
    assert isinstance(status, ProviderFailure)
    assert status.category is ErrorCategory.CONTENT_POLICY
