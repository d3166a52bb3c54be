"""The emulated ComfyUI is one to its own command line, and our adapter asks as that does."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from official_clients import run

from comfy_workflows import FRAMED, TEXT_TO_IMAGE
from emulator.server import application, serving
from emulator.world import World
from framewright.domain.media import MediaInfo, MediaKind
from framewright.protocols import Finished, MediaFile
from framewright_providers.comfyui import ComfyuiProvider
from framewright_providers.comfyui.card import workflow_card
from remote_vendors import KEY, at_once, ended, request

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send

    from emulator.world import Seen

BAD = {"1": {"class_type": "Bad", "inputs": {"text": "hi"}}}


def at_root(world: World) -> ASGIApp:
    """The emulated server where its command line expects it: with no path before it."""
    inner = application(world, ("comfyui",))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await inner({**scope, "path": f"/comfyui{scope['path']}"}, receive, send)

    return app


def sent(world: World, method: str, path: str) -> list[Seen]:
    return [each for each in world.seen if (each.method, each.path) == (method, path)]


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], World]:
    """What its own command line answers and sends."""
    world, folder = World(), tmp_path_factory.mktemp("comfy")
    given = json.dumps({"folder": str(folder), "good": TEXT_TO_IMAGE, "bad": BAD})
    with serving(world, app=at_root(world)) as url:
        return run("comfyui_cli", url, KEY, given, HOME=str(folder)), world


@pytest.mark.timeout(600)
def test_its_own_command_line_does_a_job_and_meets_a_refusal(
    theirs: tuple[dict[str, Any], World],
) -> None:
    seen, _ = theirs
    assert (seen["good"]["ok"], seen["good"]["data"]["status"]) == (True, "completed")
    assert "filename=image_00001_.png" in seen["good"]["data"]["outputs"][0]
    assert seen["good"]["data"]["executed_node_ids"]
    assert seen["bad"]["error"]["code"] == "prompt_rejected"
    assert seen["bad"]["error"]["details"]["node_errors"][0]["node_id"] == "1"
    assert seen["upload"]["data"]["uploads"][0]["cloud_name"] == "in.png"
    assert seen["jobs"]["data"]["jobs"][0]["status"] == "completed"


@pytest.mark.timeout(600)
def test_our_adapter_asks_as_its_own_command_line_does(
    theirs: tuple[dict[str, Any], World], tmp_path: Path
) -> None:
    _, their = theirs
    ours = World()
    with serving(ours, app=at_root(ours)) as url:
        asyncio.run(_job(url, tmp_path))
    their_prompt, our_prompt = (sent(each, "POST", "/prompt")[0] for each in (their, ours))
    our_body, their_body = json.loads(our_prompt.body), json.loads(their_prompt.body)
    # Our own id and mark are what a newer server takes beside it.
    assert set(our_body) - set(their_body) == {"prompt_id"}
    assert our_body["prompt"] == their_body["prompt"]
    for world, body in ((their, their_body), (ours, our_body)):
        listening = sent(world, "WS", "/ws")[0]
        assert listening.query == {"clientId": body["client_id"]}
        kinds = [(each.method, each.path) for each in world.seen]
        assert kinds.index(("WS", "/ws")) < kinds.index(("POST", "/prompt"))
    for world in (their, ours):
        upload = sent(world, "POST", "/upload/image")[0]
        assert b'name="overwrite"\r\n\r\ntrue' in upload.body
        assert b'name="image"; filename=' in upload.body
        assert b"image/png" in upload.body


async def _job(url: str, folder: Path) -> None:
    cards = {
        "comfyui/portrait": workflow_card("portrait", TEXT_TO_IMAGE),
        "comfyui/framed": workflow_card("framed", FRAMED),
    }
    provider = ComfyuiProvider(url=url, pause=at_once)
    provider.read_cards(cards.get)
    sampler = TEXT_TO_IMAGE["3"]["inputs"]
    asks = request("comfyui/portrait", {"prompt": "beautiful scenery", "seed": sampler["seed"]})
    remote_id = await provider.submit(asks)
    assert isinstance(await ended(provider, remote_id), Finished)
    path = folder / "in.png"
    path.write_bytes(b"\x89PNG of a kite")
    info = MediaInfo(kind=MediaKind.IMAGE, mime="image/png", container="png", bytes=14)
    file = MediaFile(path, info, hashlib.sha256(path.read_bytes()).hexdigest())
    await provider.submit(request("comfyui/framed", {"sky": file}, submission="job-2"))
    await provider.close()


def test_the_recorded_traffic_is_what_is_sent_here(theirs: tuple[dict[str, Any], World]) -> None:
    """As comfy-cli 1.23.0 was recorded: what it sends where, field by field."""
    _, world = theirs
    prompt = sent(world, "POST", "/prompt")[0]
    body = json.loads(prompt.body)
    assert set(body) == {"prompt", "client_id", "extra_data"}
    assert body["extra_data"]["comfy_usage_source"].startswith("comfy-cli")
    assert prompt.headers["comfy-usage-source"] == "comfy-cli"
    assert sent(world, "GET", "/object_info")
