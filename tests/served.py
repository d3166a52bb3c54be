"""A server on loopback in the test's own loop, with a provider that a test holds in its hands."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from framewright import Studio
from framewright.protocols import FakeProvider, Finished, Working
from framewright.server.serving import Address, serve

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Mapping
    from pathlib import Path

    from framewright.protocols import Provider, Status
    from framewright.server.serving import Begun

MOST_UPLOAD = 3_000_000
CARDS = [
    {
        "id": f"{provider}/text",
        "provider": provider,
        "kind": "text",
        "task": "text-generation",
        "output": "text",
        "inputs_schema": {
            "type": "object",
            "properties": {
                "prompt": {"type": "string"},
                "picture": {"type": "string", "format": "media-ref", "x-media": "image"},
            },
            "additionalProperties": False,
        },
    }
    for provider in ("fake", "far")
]


@dataclass(slots=True)
class Far(FakeProvider):
    """A remote provider whose jobs end when the test lets them."""

    name: str = "far"
    in_process: bool = False
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once it was asked how a job stands."""
    cancelled: list[str] = field(default_factory=list)

    async def poll(self, remote_id: str, wait_seconds: float) -> Status:
        self.asked.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.gate.wait(), min(wait_seconds, 0.05))
        return Finished() if self.gate.is_set() else Working(0.5, "far away")

    async def cancel(self, remote_id: str) -> None:
        self.cancelled.append(remote_id)
        self.gate.set()


@dataclass(frozen=True, slots=True)
class Served:
    studio: Studio
    url: str
    begun: Begun
    client: httpx.AsyncClient
    stopping: asyncio.Event
    serving: asyncio.Task[None]

    async def call(
        self, prompt: str = "x", model: str = "fake/text", **more: Any
    ) -> httpx.Response:
        body = {"model": model, "inputs": {"prompt": prompt}}
        return await self.client.post("/v1/jobs", json=body, **more)

    async def ended(self, run: str, **more: Any) -> dict[str, Any]:
        """Follow a run to its end, and return how it then stands."""
        async with self.client.stream("GET", f"/v1/runs/{run}/events", **more) as stream:
            async for name, _, _ in told(stream):
                if name == "end":
                    break
        return (await self.client.get(f"/v1/runs/{run}", **more)).json()


async def told(stream: httpx.Response) -> AsyncIterator[tuple[str, int | None, dict[str, Any]]]:
    """The events of a stream: name, id, data."""
    assert stream.status_code == 200, await stream.aread()
    name, number, data = "", None, "{}"
    async for line in stream.aiter_lines():
        key, _, value = line.partition(": ")
        if key == "event":
            name = value
        elif key == "id":
            number = int(value)
        elif key == "data":
            data = value
        elif not line and name:
            yield name, number, json.loads(data)
            name, number, data = "", None, "{}"


@asynccontextmanager
async def served(
    folder: Path,
    providers: Mapping[str, Provider] | None = None,
    address: Address | None = None,
    headers: Mapping[str, str] | None = None,
) -> AsyncGenerator[Served]:
    """Serve a workspace while the block runs."""
    (folder / "cards.json").write_text(json.dumps(CARDS))
    hands = {"fake": FakeProvider()} if providers is None else dict(providers)
    async with Studio.open(
        folder / "ws", catalogs=[folder / "cards.json"], providers=hands
    ) as studio:
        started: asyncio.Future[Begun] = asyncio.get_running_loop().create_future()
        stopping = asyncio.Event()
        where = address or Address(port=0)
        serving = asyncio.ensure_future(
            serve(studio, where, MOST_UPLOAD, started.set_result, stopping)
        )
        await asyncio.wait({started, serving}, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            await serving
        begun = await started
        async with httpx.AsyncClient(
            base_url=begun.url, headers=headers, timeout=30, trust_env=False
        ) as client:
            yield Served(studio, begun.url, begun, client, stopping, serving)
        stopping.set()
        await serving
