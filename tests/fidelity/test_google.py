"""The emulated Google is one to its own clients, and our adapter asks as those do."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from official_clients import run

from emulator.media import media_bytes
from emulator.server import serving
from emulator.world import Fault, World
from framewright.media.digest import sha256_of
from framewright.media.probe import probe
from framewright.protocols import Finished, MediaFile
from framewright_providers.google import GoogleProvider
from remote_vendors import KEY, at_once, ended, request

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.world import Seen

REFUSED = {
    Fault.RATE_LIMIT: [429, "RESOURCE_EXHAUSTED"],
    Fault.BILLING: [403, "PERMISSION_DENIED"],
    Fault.INVALID: [400, "INVALID_ARGUMENT"],
    Fault.NOT_FOUND: [404, "NOT_FOUND"],
    Fault.CAPACITY: [503, "UNAVAILABLE"],
}
STANDARD = str.maketrans("-_", "+/")
GIVEN = base64.b64encode(media_bytes("image", 9)).decode()


def theirs() -> tuple[World, Any]:
    world = World()
    world.plan("google", None, *REFUSED)
    with serving(world) as url:
        return world, run("google_client", url, KEY, GIVEN)


def theirs_of_before() -> tuple[World, Any]:
    world = World()
    with serving(world) as url:
        told = run("google_older_client", url, KEY, GIVEN, requirements="requirements-older.txt")
    return world, told


def asked(world: World, method: str, vendor: str) -> list[Seen]:
    return [each for each in world.seen if (each.method, each.vendor) == (method, vendor)]


def same(value: Any) -> Any:
    """A question without what protocol buffers take in two forms: names of fields, and base64.

    The client writes `mime_type` where the pages say `mimeType`, and base64 as in addresses.
    """
    if isinstance(value, dict):
        return {
            name.replace("mime_type", "mimeType"): each.translate(STANDARD)
            if name in {"data", "bytesBase64Encoded"}
            else same(each)
            for name, each in value.items()
        }
    return [same(each) for each in value] if isinstance(value, list) else value


@pytest.mark.timeout(300)
def test_its_own_client_has_things_made_and_meets_each_refusal() -> None:
    _, seen = theirs()
    digests = [hashlib.sha256(media_bytes("image", n)).hexdigest() for n in (101, 1)]
    assert seen["pictures"] == digests
    assert seen["thoughts"] == [True, True, False, False]
    assert seen["refused"] == list(REFUSED.values())
    assert seen["states"] == ["queued", "in_progress", "completed"]
    assert seen["video"] == ["google-interactions-job-0001", "video/mp4"]
    assert seen["stopped"] == "cancelled"


@pytest.mark.timeout(300)
def test_its_client_of_before_has_a_clip_made() -> None:
    _, seen = theirs_of_before()
    name = "google-operations-job-0001"
    assert seen["name"] == f"models/veo-3.1-generate-preview/operations/{name}"
    assert (seen["asked"], seen["videos"]) == (2, [f"{name}:download?alt=media"])


@pytest.mark.timeout(300)
def test_our_adapter_asks_as_its_own_clients_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRAMEWRIGHT_RESULTS", str(tmp_path / "results"))
    now, before, ours = theirs()[0], theirs_of_before()[0], World()
    with serving(ours) as url:
        asyncio.run(_jobs(url, tmp_path))
    worlds = {"google": now, "google-interactions": now, "google-operations": before}
    for vendor, world in worlds.items():
        for method in ("POST", "GET"):
            if not (their := asked(world, method, vendor)):
                continue
            our = asked(ours, method, vendor)[0]
            assert (our.path, our.query) == (their[0].path, their[0].query)
            assert our.headers["x-goog-api-key"] == their[0].headers["x-goog-api-key"]
            if method == "POST":
                assert our.headers["content-type"] == their[0].headers["content-type"]
                assert same(json.loads(our.body)) == same(json.loads(their[0].body))


async def _jobs(url: str, folder: Path) -> None:
    path = folder / "in.png"
    path.write_bytes(media_bytes("image", 9))
    picture = MediaFile(path, probe(path), sha256_of(path))
    shape = {"aspect_ratio": "16:9", "image_size": "2K"}
    clip = {"prompt": "it flies", "image": picture, "aspect_ratio": "16:9"}
    longer = {
        **clip,
        "last_frame": picture,
        "reference_images": [picture],
        "duration": 8,
        "resolution": "720p",
        "negative_prompt": "rain",
    }
    told: list[tuple[str, str, str, dict[str, Any]]] = [
        ("google", "gemini-2.5-flash-image", "text-to-image",
         {"prompt": "a red kite", "images": [picture], **shape}),
        ("google-interactions", "veo-3.1-generate-preview/image_to_video", "image-to-video", clip),
        ("google-operations", "veo-3.1-generate-preview", "image-to-video", longer),
    ]  # fmt: skip
    for mount, model, task, inputs in told:
        provider = GoogleProvider(key=KEY, url=f"{url}/{mount}", pause=at_once)
        wire = "long-running" if mount == "google-operations" else "interactions"
        provider.configure({"video": wire})
        remote_id = await provider.submit(request(f"google/{model}", inputs, task=task))
        assert isinstance(await ended(provider, remote_id), Finished)
        await provider.close()
