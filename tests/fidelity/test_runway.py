"""The emulated Runway is one to Runway's own client, and our adapter asks as that does."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from official_clients import run

from emulator.server import serving
from emulator.world import Fault, World
from framewright.domain.media import MediaKind
from framewright.protocols import Finished
from framewright_providers.runway import RunwayProvider
from remote_vendors import KEY, at_once, ended, media_input, request

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.world import Seen

FAULTS = (None, None, None, None, Fault.BILLING, Fault.INVALID, Fault.POLICY, Fault.FAILS)
HEADERS = ("authorization", "content-type", "x-runway-version")


def of_their_client() -> tuple[World, Any]:
    """What the client asked, and what it saw."""
    world = World()
    world.plan("runway", *FAULTS)
    with serving(world) as url:
        return world, run("runway_sdk", f"{url}/runway", KEY)


def asked(world: World, method: str, path: str) -> Seen:
    return next(each for each in world.seen if each.method == method and each.path == path)


@pytest.mark.timeout(300)
def test_its_own_client_does_jobs_and_meets_each_refusal() -> None:
    _, seen = of_their_client()
    assert seen["upload"] == "runway://in.png"
    assert (seen["waiting"], seen["status"], seen["cost"]) == ("THROTTLED", "SUCCEEDED", 5)
    assert seen["output"][0].endswith("/media/runway-job-0001/video/out.mp4")
    assert seen["deleted"] is True
    assert seen["refused"] == [
        [400, "You do not have enou"],
        [400, "Validation of body f"],
        ["FAILED", "SAFETY.INPUT.TEXT"],
        ["FAILED", "INTERNAL.BAD_OUTPUT.CODE01"],
    ]


@pytest.mark.timeout(300)
def test_our_adapter_asks_as_its_own_client_does(tmp_path: Path) -> None:
    (theirs, _), ours = of_their_client(), World()
    with serving(ours) as url:
        asyncio.run(_jobs(f"{url}/runway", tmp_path))
    (name,) = ours.kept["runway"]
    for endpoint in ("image_to_video", "text_to_image", "text_to_speech", "character_performance"):
        their, our = (asked(each, "POST", f"/v1/{endpoint}") for each in (theirs, ours))
        # A file is called as its uploader wants.
        body = our.body.replace(f"runway://{name}".encode(), b"runway://in.png")
        assert json.loads(body) == json.loads(their.body)
        for header in HEADERS:
            assert our.headers[header] == their.headers[header]
    for path in ("/v1/tasks/runway-job-0001", "/v1/uploads", "/stored"):
        method = "GET" if "tasks" in path else "POST"
        their, our = (asked(each, method, path) for each in (theirs, ours))
        assert our.headers.get("authorization") == their.headers.get("authorization")
        assert our.headers.get("x-runway-version") == their.headers.get("x-runway-version")
    their, our = (asked(each, "POST", "/v1/uploads") for each in (theirs, ours))
    assert json.loads(our.body) == {**json.loads(their.body), "filename": name}
    their, our = (asked(each, "POST", "/stored") for each in (theirs, ours))
    assert _parts(our) == _parts(their)
    their, our = (asked(each, "DELETE", "/v1/tasks/runway-job-0002") for each in (theirs, ours))
    assert our.body == their.body


def _parts(seen: Seen) -> list[bytes]:
    """The names of a form's parts, and the type of its file."""
    lines = seen.body.split(b"\r\n")
    told = [line for line in lines if line.startswith(b"Content-")]
    return [line.partition(b"; filename")[0] for line in told]


async def _jobs(url: str, folder: Path) -> None:
    provider = RunwayProvider(key=KEY, url=url, pause=at_once)
    file = media_input(folder, bytes(300_000))
    clip = {"promptImage": file, "promptText": "go", "ratio": "1280:720", "duration": 5}
    first = await provider.submit(request("runway/gen4_turbo", clip, task="image-to-video"))
    assert isinstance(await ended(provider, first), Finished)
    still = {"promptText": "a red kite", "ratio": "1280:720", "referenceImages": [file]}
    asks = request("runway/gen4_image", still, task="text-to-image")
    await provider.cancel(await provider.submit(asks))
    words = {"promptText": "Hello", "voice": "Maya"}
    asks = request("runway/eleven_multilingual_v2", words, task="text-to-speech")
    await provider.submit(asks)
    video = replace(file, info=file.info.model_copy(update={"kind": MediaKind.VIDEO}))
    await provider.submit(request("runway/act_two", {"character": file, "reference": video}))
    await provider.close()
