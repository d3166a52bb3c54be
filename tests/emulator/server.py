"""One server on loopback with every emulated vendor below a path of its own, in a thread."""

from __future__ import annotations

import importlib
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response, StreamingResponse
from starlette.routing import Mount

from emulator.world import Fault, Seen, World

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator
    from pathlib import Path

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

VENDORS = (
    "comfyui",
    "replicate",
    "fal",
    "runway",
    "luma",
    "openai",
    "openai-compatible",
    "elevenlabs",
    "google",
    "google-interactions",
    "google-operations",
    "stability",
    "stability-upscale",
)
"""Modules beside this one, `_` for `-`; the `routes(world)` of each are mounted at its name."""


class _Recorder:
    """Notes every request before its vendor sees it."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self._app, self._world = app, world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        query = dict(each.partition("=")[::2] for each in scope["query_string"].decode().split("&"))
        _, vendor, path = (*scope["path"].split("/", 2), "")[:3]
        self._world.seen.append(Seen(vendor, scope["method"], f"/{path}", headers, query, body))
        told = False

        async def again() -> dict[str, object]:
            nonlocal told
            if told:
                return {"type": "http.disconnect"}
            told = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, again, send)


def application(world: World, vendors: tuple[str, ...] = VENDORS) -> ASGIApp:
    """Return the application of all vendors."""
    mounts = [
        Mount(f"/{name}", routes=importlib.import_module(_module(name)).routes(world))
        for name in vendors
    ]
    return _Recorder(Starlette(routes=mounts), world)


def _module(vendor: str) -> str:
    return f"emulator.{vendor.replace('-', '_')}"


@contextmanager
def serving(
    world: World, *, tls: tuple[Path, Path] | None = None, app: ASGIApp | None = None
) -> Generator[str]:
    """Serve the vendors while the block runs; yield the address without a slash at the end.

    `tls` are a certificate and its key.
    """
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    options = {"ssl_certfile": str(tls[0]), "ssl_keyfile": str(tls[1])} if tls else {}
    config = uvicorn.Config(
        app or application(world), log_level="critical", lifespan="off", ws="websockets-sansio",
        timeout_graceful_shutdown=1, **options,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        # The socket listens from the moment that connections to it are kept waiting.
        listening.listen(128)
        yield f"http{'s' if tls else ''}://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def cut() -> Response:
    """An answer whose connection breaks off before its end."""

    async def nothing() -> AsyncIterator[bytes]:
        return
        yield b""

    return StreamingResponse(nothing(), headers={"content-length": "1000"})


def gateway() -> Response:
    """What a proxy says when the vendor behind it is gone."""
    return Response("<html><h1>502 Bad Gateway</h1><hr>nginx</html>", 502, media_type="text/html")


def base(request: Request) -> str:
    """The address of a vendor as whoever asks knows it, without a slash at the end."""
    return f"{request.url.scheme}://{request.url.netloc}{request.scope['root_path']}"


__all__ = ["Fault", "World", "application", "base", "cut", "gateway", "serving"]
