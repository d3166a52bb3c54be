"""The emulated OpenAI is one to OpenAI's own client, and our adapter asks as that does."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from email import message_from_bytes
from typing import TYPE_CHECKING, Any

import pytest
from official_clients import run

from emulator.media import media_bytes
from emulator.server import serving
from emulator.world import Fault, World
from framewright.media.digest import sha256_of
from framewright.media.probe import probe
from framewright.protocols import Finished, MediaFile
from framewright_providers.compatible import CompatibleProvider
from framewright_providers.openai import OpenAIProvider
from remote_vendors import KEY, at_once, ended, request

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.world import Seen

REFUSED = {
    Fault.BILLING: ["RateLimitError", 429, "insufficient_quota", None],
    Fault.RATE_LIMIT: ["RateLimitError", 429, "rate_limit_exceeded", "1000"],
    Fault.INVALID: ["BadRequestError", 400, "invalid_value", None],
    Fault.POLICY: ["BadRequestError", 400, "moderation_blocked", None],
    Fault.AUTHENTICATION: ["AuthenticationError", 401, "invalid_api_key", None],
    Fault.NOT_FOUND: ["NotFoundError", 404, "model_not_found", None],
    Fault.CAPACITY: ["InternalServerError", 503, None, None],
}
GIVEN = json.dumps([base64.b64encode(media_bytes("image", n)).decode() for n in (1, 2, 3)])


def digest(kind: str, number: int) -> str:
    return hashlib.sha256(media_bytes(kind, number)).hexdigest()


def theirs() -> tuple[World, Any]:
    world = World()
    world.plan("openai", None, None, None, None, *REFUSED)
    with serving(world) as url:
        return world, run("openai_client", f"{url}/openai", KEY, GIVEN)


@pytest.mark.timeout(300)
def test_its_own_client_has_things_made_and_meets_each_refusal() -> None:
    _, seen = theirs()
    assert seen["pictures"] == [digest("image", 1), digest("image", 2)]
    assert (seen["usage"], seen["edited"]) == (3, digest("image", 2))
    assert seen["spoken"] == digest("mp3", 4)
    assert seen["refused"] == list(REFUSED.values())


def parts(seen: Seen) -> list[tuple[str, str, bytes]]:
    """The parts of a form: name, media type and content."""
    head = f"Content-Type: {seen.headers['content-type']}\r\n\r\n".encode()
    whole = message_from_bytes(head + seen.body).get_payload()
    assert isinstance(whole, list)
    return sorted(
        (
            str(each.get_param("name", header="content-disposition")),  # type: ignore[union-attr]
            str(each.get("content-type")),  # type: ignore[union-attr]
            bytes(each.get_payload(decode=True)),  # type: ignore[arg-type,union-attr]
        )
        for each in whole
    )


@pytest.mark.timeout(300)
def test_our_adapter_asks_as_its_own_client_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRAMEWRIGHT_RESULTS", str(tmp_path / "results"))
    world, ours = theirs()[0], World()
    with serving(ours) as url:
        asyncio.run(_jobs(f"{url}/openai/v1", tmp_path))
    for number in range(4):
        their, our = world.seen[number], ours.seen[number]
        assert (our.method, our.path) == (their.method, their.path)
        for name in ("authorization", "openai-organization"):
            assert our.headers[name] == their.headers[name]
        kind = their.headers["content-type"].partition(";")[0]
        assert our.headers["content-type"].partition(";")[0] == kind
        if kind == "application/json":
            assert json.loads(our.body) == json.loads(their.body)
        else:
            assert parts(our) == parts(their)


@pytest.mark.timeout(300)
def test_a_server_that_speaks_as_openai_does_is_asked_as_its_client_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRAMEWRIGHT_RESULTS", str(tmp_path / "results"))
    world, ours = World(), World()
    with serving(world) as url:
        seen = run("openai_compatible_client", f"{url}/openai-compatible", KEY)
        assert seen["urls"] == [f"{url}/openai-compatible/media/openai-compatible-job-0001.png"]
    with serving(ours) as url:
        asyncio.run(_compatible(f"{url}/openai-compatible/v1"))
    their, our = world.seen[0], ours.seen[0]
    assert (our.method, our.path) == (their.method, their.path)
    assert our.headers["authorization"] == their.headers["authorization"]
    assert json.loads(our.body) == json.loads(their.body)


async def _compatible(url: str) -> None:
    provider = CompatibleProvider(key=KEY, url=url, pause=at_once)
    provider.configure({"response_format": "url"})
    inputs = {"prompt": "a red kite", "seed": 7}
    await provider.submit(request("openai-compatible/Qwen/Qwen-Image", inputs))
    await provider.close()


async def _jobs(url: str, folder: Path) -> None:
    files = []
    for number in (1, 2, 3):
        path = folder / f"{number}.png"
        path.write_bytes(media_bytes("image", number))
        files.append(MediaFile(path, probe(path), sha256_of(path)))
    first, second, mask = files
    asked: list[tuple[str, dict[str, Any]]] = [
        ("gpt-image-2", {"prompt": "a red kite", "n": 2, "quality": "low", "size": "1024x1024"}),
        ("gpt-image-2", {"prompt": "dusk", "image": [first, second], "mask": mask, "n": 1}),
        ("gpt-image-2", {"prompt": "dusk", "image": first}),
        ("gpt-4o-mini-tts", {"input": "hi", "voice": "alloy", "response_format": "mp3"}),
    ]
    provider = OpenAIProvider(key=KEY, url=url, pause=at_once)
    provider.configure({"organization": "org-1"})
    for number, (model, inputs) in enumerate(asked):
        remote_id = await provider.submit(
            request(f"openai/{model}", inputs, submission=f"job-{number}")
        )
        assert isinstance(await ended(provider, remote_id), Finished)
    await provider.close()
