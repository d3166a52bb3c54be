"""What is peculiar to a ComfyUI server: its socket, its queue, its restarts, its ids."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from comfy_workflows import FRAMED, TEXT_TO_IMAGE, portrait
from emulator.comfyui import OBJECT_INFO
from emulator.server import serving
from emulator.world import Fault, World
from framewright.domain.job import ErrorCategory
from framewright.domain.media import MediaInfo, MediaKind
from framewright.errors import SettingsError
from framewright.protocols import Finished, MediaFile, ProviderFailure, SubmitError, Working
from framewright_providers.comfyui import ComfyuiProvider
from framewright_providers.comfyui.card import workflow_card
from framewright_providers.comfyui.server import Result, results
from framewright_providers.http_job.connection import AnswerLostError
from remote_vendors import KEY, at_once, ended, request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    Story = Callable[[ComfyuiProvider], Awaitable[Any]]

CARDS = {"comfyui/portrait": portrait(), "comfyui/framed": workflow_card("framed", FRAMED)}


def told(world: World, story: Story, **settings: str) -> Any:
    """Play a story with an adapter and an emulated server."""

    async def play(url: str) -> Any:
        provider = ComfyuiProvider(key=KEY, url=f"{url}/comfyui", pause=at_once)
        provider.read_cards(CARDS.get)
        provider.configure(settings)
        try:
            return await story(provider)
        finally:
            await provider.close()

    with serving(world) as url:
        return asyncio.run(play(url))


def job(submission: str = "job-1", **inputs: Any) -> Any:
    asked = {"prompt": "a red kite", **inputs}
    return request("comfyui/portrait", asked, submission=submission, seed=7)


def posted(world: World, path: str) -> list[Any]:
    return [
        json.loads(each.body)
        for each in world.seen
        if each.method == "POST" and each.path == path and each.body
    ]


def test_inputs_and_seed_go_to_their_places() -> None:
    world = World()

    async def story(provider: ComfyuiProvider) -> None:
        await provider.submit(job(negative_prompt="rain", width=768, steps=30))

    told(world, story)
    sent = posted(world, "/prompt")[0]["prompt"]
    assert sent["6"]["inputs"]["text"] == "a red kite"
    assert sent["7"]["inputs"]["text"] == "rain"
    assert sent["5"]["inputs"] == {"width": 768, "height": 512, "batch_size": 1}
    assert (sent["3"]["inputs"]["seed"], sent["3"]["inputs"]["steps"]) == (7, 30)
    assert TEXT_TO_IMAGE["3"]["inputs"]["steps"] == 20


def test_a_seed_that_is_asked_for_wins() -> None:
    world = World()

    async def story(provider: ComfyuiProvider) -> None:
        await provider.submit(job(seed=4_000_000_000_000))

    told(world, story)
    assert posted(world, "/prompt")[0]["prompt"]["3"]["inputs"]["seed"] == 4_000_000_000_000


def test_the_socket_is_open_before_the_job_is_sent() -> None:
    world = World()

    async def story(provider: ComfyuiProvider) -> str:
        return await provider.submit(job())

    remote_id = told(world, story)
    kinds = [(each.method, each.path) for each in world.seen]
    assert kinds.index(("WS", "/ws")) < kinds.index(("POST", "/prompt"))
    assert world.seen[0].query == {"clientId": remote_id}
    assert posted(world, "/prompt")[0]["client_id"] == remote_id


def test_progress_comes_over_the_socket() -> None:
    world = World()
    world.polls_needed = 5

    async def story(provider: ComfyuiProvider) -> list[Working]:
        remote_id, found = await provider.submit(job()), []
        while isinstance(status := await provider.poll(remote_id, 30), Working):
            found.append(status)
        return found

    seen = told(world, story)
    shares = [each.fraction for each in seen]
    assert "KSampler" in {each.phase for each in seen}
    assert shares == sorted(shares)
    assert 0.3 < shares[-1] < 1


@pytest.mark.parametrize("quirk", ["no-socket", "cut-socket"])
def test_without_a_socket_it_asks(quirk: str, tmp_path: Path) -> None:
    world = World()
    world.quirks.add(quirk)
    world.polls_needed = 6

    async def story(provider: ComfyuiProvider) -> None:
        remote_id = await provider.submit(job())
        assert isinstance(await ended(provider, remote_id), Finished)
        assert len(await provider.fetch(remote_id, tmp_path / "out")) == 1

    told(world, story)


def test_a_submission_is_found_by_its_id_or_mark() -> None:
    for quirk in ("", "own-ids"):
        world = World()
        world.quirks.add(quirk)
        world.plan("comfyui", None, Fault.LOST_AFTER)

        async def story(provider: ComfyuiProvider) -> None:
            first = await provider.submit(job("job-1"))
            with pytest.raises(AnswerLostError):
                await provider.submit(job("job-2"))
            second = await provider.find("job-2")
            assert second is not None
            assert second != first
            assert await provider.find("job-3") is None
            assert isinstance(await ended(provider, second), Finished)
            assert await provider.find("job-2") == second
            assert await provider.find("job-1") == first

        told(world, story)
        assert world.submitted["comfyui"] == 2


def test_a_job_of_a_server_with_ids_of_its_own_ends_by_those(tmp_path: Path) -> None:
    world = World()
    world.quirks.add("own-ids")

    async def story(provider: ComfyuiProvider) -> str:
        remote_id = await provider.submit(job())
        assert isinstance(await ended(provider, remote_id), Finished)
        assert await provider.fetch(remote_id, tmp_path / "out")
        return remote_id

    assert told(world, story) == "00000000-0000-0000-0000-000000000001"


def test_a_waiting_job_leaves_the_queue_and_nothing_else_is_stopped() -> None:
    world = World()
    world.plan("comfyui", Fault.STUCK, Fault.STUCK)

    async def story(provider: ComfyuiProvider) -> ProviderFailure:
        await provider.submit(job("job-1"))
        second = await provider.submit(job("job-2"))
        await provider.cancel(second)
        status = await provider.poll(second, 0)
        assert isinstance(status, ProviderFailure)
        return status

    assert told(world, story).category is ErrorCategory.CANCELLED
    assert [each.cancelled for each in world.of("comfyui")] == [False, True]
    assert not [each for each in world.seen if each.path == "/interrupt"]


def test_a_job_that_is_over_interrupts_nobody() -> None:
    world = World()
    world.plan("comfyui", None, Fault.STUCK)

    async def story(provider: ComfyuiProvider) -> None:
        first = await provider.submit(job("job-1"))
        await ended(provider, first)
        await provider.submit(job("job-2"))
        await provider.cancel(first)

    told(world, story)
    assert not [each for each in world.seen if each.path == "/interrupt"]
    assert not world.of("comfyui")[1].cancelled


def test_a_job_that_a_restart_lost_may_be_tried_again(tmp_path: Path) -> None:
    world = World()
    world.plan("comfyui", Fault.STUCK)

    async def story(provider: ComfyuiProvider) -> ProviderFailure:
        remote_id = await provider.submit(job())
        world.jobs.clear()
        status = await ended(provider, remote_id)
        assert isinstance(status, ProviderFailure)
        with pytest.raises(SubmitError):
            await provider.fetch(remote_id, tmp_path / "out")
        return status

    failure = told(world, story)
    assert (failure.category, failure.retryable, failure.cost) == (ErrorCategory.OUTAGE, True, 0.0)


def test_taken_with_errors_is_no_success() -> None:
    world = World()
    world.quirks.add("drops-output")
    world.plan("comfyui", Fault.STUCK)

    async def story(provider: ComfyuiProvider) -> ProviderFailure:
        with pytest.raises(SubmitError) as caught:
            await provider.submit(job())
        return caught.value.failure

    failure = told(world, story)
    assert failure.category is ErrorCategory.INVALID_PARAMETERS
    assert not failure.retryable
    assert world.of("comfyui")[0].cancelled


def test_what_does_not_fit_is_told_by_the_field_that_people_know() -> None:
    # The emulated refusal is of node 1.
    graph = json.loads(json.dumps(TEXT_TO_IMAGE).replace('"4"', '"1"'))
    for server, where in (
        (None, "CheckpointLoaderSimple 1, ckpt_name"),
        (OBJECT_INFO, "checkpoint"),
    ):
        world = World()
        world.plan("comfyui", Fault.INVALID)
        card = workflow_card("portrait", graph, server=server)

        async def story(provider: ComfyuiProvider) -> ProviderFailure:
            provider.read_cards({"comfyui/portrait": card}.get)  # noqa: B023 - played at once
            with pytest.raises(SubmitError) as caught:
                await provider.submit(job())
            return caught.value.failure

        failure = told(world, story)
        assert f"({where})" in failure.message
        assert "'x' not in []" in failure.message
        assert failure.action.startswith("Change checkpoint") is (server is not None)


def test_an_error_repeats_nothing_that_may_be_a_key() -> None:
    world = World()
    world.plan("comfyui", Fault.FAILS)

    async def story(provider: ComfyuiProvider) -> ProviderFailure:
        status = await ended(provider, await provider.submit(job()))
        assert isinstance(status, ProviderFailure)
        return status

    failure = told(world, story)
    assert "sk-of-somebody-else" not in repr(failure)
    assert "expected input" in failure.detail
    # Nor does it count what the workflow says itself.
    assert not failure.retryable


def test_what_lies_in_other_folders_is_no_result() -> None:
    told_ = {
        "outputs": {
            "1": {"images": [{"filename": "a.png", "subfolder": "", "type": "temp"}]},
            "2": {"images": [{"filename": "b.png", "subfolder": "x", "type": "output"}, 3]},
            "3": {"gifs": [{"filename": "c.mp4", "type": "output"}], "text": ["words"]},
            "4": {"images": [{"filename": "d.png", "subfolder": "", "type": "input"}]},
        }
    }
    assert results(told_) == (Result("b.png", "x"), Result("c.mp4", ""))
    marked = {"prompt": [0, "id", {}, {"framewright": {"outputs": ["3"]}}], **told_}
    assert results(marked) == (Result("c.mp4", ""),)
    for wrong in ({}, {"outputs": []}, {"outputs": {"1": []}}, {"outputs": {"1": {"a": 3}}}):
        assert results(wrong) == ()


def test_a_file_is_uploaded_once_by_its_hash(tmp_path: Path) -> None:
    world = World()
    path = tmp_path / "kite.png"
    path.write_bytes(b"\x89PNG of a kite")
    info = MediaInfo(kind=MediaKind.IMAGE, mime="image/png", container="png", bytes=14)
    file = MediaFile(path, info, "ab" * 32)

    async def story(provider: ComfyuiProvider) -> None:
        await provider.submit(request("comfyui/framed", {"sky": file}))

    told(world, story)
    assert posted(world, "/prompt")[0]["prompt"]["1"]["inputs"]["image"] == "abababababababab.png"
    sent = next(each.body for each in world.seen if each.path == "/upload/image")
    assert b"PNG of a kite" in sent
    assert b'name="overwrite"' in sent


def test_only_files_of_the_output_folder_are_results(tmp_path: Path) -> None:
    preview = {"inputs": {"images": ["8", 0]}, "class_type": "PreviewImage"}
    sound = {"inputs": {"audio": ["8", 0]}, "class_type": "SaveAudio"}
    card = workflow_card("portrait", {"2": preview, **TEXT_TO_IMAGE, "11": sound})

    async def story(provider: ComfyuiProvider) -> list[MediaKind]:
        provider.read_cards({"comfyui/portrait": card}.get)
        remote_id = await provider.submit(job())
        assert isinstance(await ended(provider, remote_id), Finished)
        return [each.kind for each in await provider.fetch(remote_id, tmp_path / "out")]

    assert told(World(), story) == [MediaKind.IMAGE]


def test_a_hosted_server_gets_the_key_in_the_header_that_is_set() -> None:
    for header, carried in (("X-API-Key", KEY), ("Authorization", f"Bearer {KEY}")):
        world = World()

        async def story(provider: ComfyuiProvider) -> Finished:
            status = await ended(provider, await provider.submit(job()))
            assert isinstance(status, Finished)
            return status

        assert told(world, story, key_header=header).cost is None
        assert {each.headers.get(header.lower()) for each in world.seen} == {carried}


def test_a_server_of_ones_own_gets_no_key_and_costs_nothing() -> None:
    world = World()

    async def story(provider: ComfyuiProvider) -> Finished:
        status = await ended(provider, await provider.submit(job()))
        assert isinstance(status, Finished)
        return status

    assert told(world, story).cost == 0.0
    assert not [each for each in world.seen if KEY in str(each.headers)]


def test_without_an_address_it_says_where_such_a_server_usually_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("FRAMEWRIGHT_COMFYUI_URL", raising=False)
    lack = ComfyuiProvider().lacks()
    assert lack is not None
    assert "http://127.0.0.1:8188" in lack.action
    provider = ComfyuiProvider()
    provider.configure({"url": "http://127.0.0.1:8188"})
    assert provider.lacks() is None


def test_other_settings_are_refused() -> None:
    with pytest.raises(SettingsError):
        ComfyuiProvider().configure({"port": 8188})


def test_a_model_without_a_workflow_says_how_to_import_one() -> None:
    async def story(provider: ComfyuiProvider) -> None:
        with pytest.raises(SubmitError) as caught:
            await provider.submit(request("comfyui/other", {}))
        assert "models import comfyui" in caught.value.failure.action

    told(World(), story)
