"""The emulated FAL is one to FAL's own client, and our adapter asks as that does."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from certificates import certificate
from official_clients import run

from emulator.server import serving
from emulator.world import Fault, World
from framewright.protocols import Finished
from framewright_providers.fal import FalProvider
from remote_vendors import KEY, at_once, ended, media_input, request

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.world import Seen

FAULTS = (None, None, Fault.BILLING, Fault.NOT_FOUND, Fault.INVALID, Fault.POLICY, Fault.FAILS)
HOOK = "https://example.org/hook"


def of_their_client(folder: Path) -> tuple[World, Any]:
    """What the client saw, and what it asked."""
    world = World()
    world.plan("fal", *FAULTS)
    files = certificate(folder)
    with serving(world, tls=files) as url:
        host = url.removeprefix("https://") + "/fal"
        trust = {"SSL_CERT_FILE": str(files[0]), "FAL_QUEUE_RUN_HOST": host}
        return world, run("fal_sdk", f"{url}/fal", KEY, **trust)


def asked(world: World, method: str, path: str) -> list[Seen]:
    return [each for each in world.seen if each.method == method and each.path == path]


@pytest.mark.timeout(300)
def test_its_own_client_does_a_job_and_meets_each_refusal(tmp_path: Path) -> None:
    _, seen = of_their_client(tmp_path)
    assert seen["upload"] == "in.png"
    assert seen["states"] == ["Queued", "Completed"]
    assert seen["output"].endswith("/media/fal-job-0001/image/out.png")
    assert seen["cancelled"] == "client_cancelled"
    assert seen["refused"] == [
        [403, None, "User is locked"],
        [404, None, 'Application "n'],
        [422, None, "missing"],
        [422, None, "content_policy_violation"],
        [500, "runner_disconnected", "Runner disconn"],
    ]


@pytest.mark.timeout(300)
def test_our_adapter_asks_as_its_own_client_does(tmp_path: Path) -> None:
    theirs, _ = of_their_client(tmp_path)
    ours = World()
    with serving(ours) as url:
        asyncio.run(_job(f"{url}/fal", tmp_path))
    where = "/fal-ai/flux/dev"
    their, our = asked(theirs, "POST", where)[0], asked(ours, "POST", where)[0]
    assert json.loads(our.body) == json.loads(their.body)
    for name in ("authorization", "content-type"):
        assert our.headers[name] == their.headers[name]
    assert their.query["fal_webhook"] == "https%3A%2F%2Fexample.org%2Fhook"
    # Ours says behind the address which submission it is about.
    assert our.query["fal_webhook"].startswith(their.query["fal_webhook"])
    for end in ("", "/status"):
        path = f"/fal-ai/flux/requests/fal-job-0001{end}"
        their, our = asked(theirs, "GET", path)[0], asked(ours, "GET", path)[0]
        assert our.query == their.query
        assert our.headers["authorization"] == their.headers["authorization"]
    path = "/fal-ai/flux/requests/fal-job-0002/cancel"
    their, our = asked(theirs, "PUT", path)[0], asked(ours, "PUT", path)[0]
    assert our.body == their.body == b""
    path = "/storage/auth/token"
    their, our = asked(theirs, "POST", path)[0], asked(ours, "POST", path)[0]
    assert (our.query, our.body) == (their.query, their.body)
    for name in ("authorization", "accept", "content-type"):
        assert our.headers[name] == their.headers[name]
    their, our = (asked(each, "POST", "/files/upload")[0] for each in (theirs, ours))
    for name in ("authorization", "content-type"):
        assert our.headers[name] == their.headers[name]
    assert {"x-fal-file-name", "content-length"} <= our.headers.keys() & their.headers.keys()


async def _job(url: str, folder: Path) -> None:
    provider = FalProvider(key=KEY, url=url, pause=at_once)
    provider.call_back(HOOK)
    asks = request("fal/fal-ai/flux/dev", {"prompt": "a red kite"})
    assert isinstance(await ended(provider, await provider.submit(asks)), Finished)
    await provider.cancel(await provider.submit(asks))
    file = media_input(folder, bytes(300_000))
    await provider.submit(request("fal/fal-ai/flux/dev", {"image_url": file}))
    await provider.close()
