"""The emulated Luma is one to Luma's own client, and our adapter asks as that does."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from official_clients import run

from emulator.server import serving
from emulator.world import Fault, World
from framewright.protocols import Finished
from framewright_providers.http_job.connection import AnswerLostError
from framewright_providers.luma import LumaProvider
from remote_vendors import KEY, at_once, ended, media_input, request

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.world import Seen

FAULTS = (None, None, None, Fault.BILLING, Fault.INVALID, Fault.RATE_LIMIT, Fault.POLICY)
API = "/dream-machine/v1/generations"


def of_their_client() -> tuple[World, Any]:
    """What the client asked, and what it saw."""
    world = World()
    world.plan("luma", *FAULTS)
    with serving(world) as url:
        return world, run("luma_sdk", f"{url}/luma/dream-machine/v1", KEY)


def asked(world: World, method: str, path: str) -> Seen:
    return next(each for each in world.seen if each.method == method and each.path == path)


@pytest.mark.timeout(300)
def test_its_own_client_does_jobs_and_meets_each_refusal() -> None:
    _, seen = of_their_client()
    assert seen["states"] == ["queued", "queued", "completed"]
    assert seen["video"].endswith("/media/luma-job-0001/video/out.mp4")
    assert seen["deleted"] is True
    assert seen["listed"] == ["luma-job-0003", "luma-job-0001"]
    assert seen["refused"] == [
        [402, "Insufficient credits"],
        [400, "Prompt is required"],
        [429, "Rate limit exceeded"],
    ]
    assert seen["failed"].startswith("400: prompt not allowed")


@pytest.mark.timeout(300)
def test_our_adapter_asks_as_its_own_client_does(tmp_path: Path) -> None:
    (theirs, _), ours = of_their_client(), World()
    with serving(ours) as url:
        name = asyncio.run(_jobs(f"{url}/luma/dream-machine/v1", tmp_path))
    for endpoint in ("video", "image", "video/modify"):
        their, our = (asked(each, "POST", f"{API}/{endpoint}") for each in (theirs, ours))
        body = json.loads(our.body.replace(name.encode(), b"in.png"))
        # Ours says behind the address which submission it is about, and calls back always.
        address = body.pop("callback_url")
        wanted = json.loads(their.body)
        assert address.startswith(wanted.pop("callback_url", "https://example.org/hook"))
        assert body == wanted
        for header in ("authorization", "content-type"):
            assert our.headers[header] == their.headers[header]
    for method, path in (
        ("GET", f"{API}/luma-job-0001"),
        ("DELETE", f"{API}/luma-job-0002"),
        ("GET", API),
    ):
        their, our = (asked(each, method, path) for each in (theirs, ours))
        assert (our.body, our.query) == (their.body, their.query)
        assert our.headers["authorization"] == their.headers["authorization"]


async def _jobs(url: str, folder: Path) -> str:
    provider = LumaProvider(key=KEY, url=url, pause=at_once)
    public = {"public_folder": str(folder), "public_url": "https://media.example.org"}
    provider.configure(public)
    provider.call_back("https://example.org/hook")
    file = media_input(folder, b"x")
    frames = {"frame0": file, "frame1": {"type": "generation", "id": "earlier"}}
    clip = {"prompt": "a", "aspect_ratio": "16:9", "duration": "5s", "resolution": "720p"}
    asks = request("luma/ray-2/image_to_video", {**clip, "loop": False, **frames})
    assert isinstance(await ended(provider, await provider.submit(asks)), Finished)
    still = {"prompt": "a", "image_ref": [file], "character_ref": [file], "format": "png"}
    await provider.cancel(await provider.submit(request("luma/photon-1", still)))
    change = {"prompt": "a", "mode": "adhere_1", "media": file, "first_frame": file}
    await provider.submit(request("luma/ray-2/modify", change))
    with pytest.raises(AnswerLostError):
        await provider.find("job-of-nobody")
    await provider.close()
    return f"{file.hash}.png"
