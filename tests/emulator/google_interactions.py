"""Google's interactions for clips, as its client 3.4.0 speaks to them.

What a finished one holds is from that client's types: no real answer has been seen.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.google import PROBLEMS, problem, unauthorized
from emulator.media import served
from emulator.server import base, cut
from emulator.world import Fault, Job, World

if TYPE_CHECKING:
    from starlette.requests import Request

NAME = "google-interactions"
_REFUSALS = frozenset({*PROBLEMS, Fault.GATEWAY} - {Fault.FAILS})


def routes(world: World) -> list[Route]:
    """Return the API below its version, and the files."""
    api = _Api(world)
    return [
        Route("/{version}/interactions", api.create, methods=["POST"]),
        Route("/{version}/interactions/{id}", api.get, methods=["GET"]),
        Route("/{version}/interactions/{id}/cancel", api.cancel, methods=["POST"]),
        Route("/{version}/files/{id}", api.media, methods=["GET"]),
    ]


class _Api:
    """What the routes answer."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def create(self, request: Request) -> Response:
        if (refused := unauthorized(request)) is not None:
            return refused
        asked = json.loads(await request.body())
        fault = self.world.next_fault(NAME)
        if fault is Fault.LOST_BEFORE:
            return cut()
        if fault in _REFUSALS:
            return problem(fault)
        job = self.world.begin(NAME, asked["model"], asked, fault)
        if fault is Fault.LOST_AFTER:
            return cut()
        return JSONResponse(_told(request, job))

    async def get(self, request: Request) -> Response:
        if (refused := unauthorized(request)) is not None:
            return refused
        job = self.world.jobs.get(request.path_params["id"])
        if job is None:
            return problem(Fault.NOT_FOUND)
        return JSONResponse(_told(request, self.world.asked(job)))

    async def cancel(self, request: Request) -> Response:
        job = self.world.jobs.get(request.path_params["id"])
        if job is None:
            return problem(Fault.NOT_FOUND)
        self.world.end(job, cancelled=True)
        return JSONResponse(_told(request, job))

    async def media(self, request: Request) -> Response:
        # Files are handed out to whoever has the key.
        if (refused := unauthorized(request)) is not None:
            return refused
        return served(self.world, self.world.jobs[request.path_params["id"]], "video")


def _told(request: Request, job: Job) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": job.id,
        "object": "interaction",
        "model": job.model,
        "status": "in_progress" if job.asked else "queued",
        "created": "2026-11-20T00:00:00Z",
        "updated": "2026-11-20T00:00:00Z",
        "steps": [],
    }
    if job.cancelled:
        return {**told, "status": "cancelled"}
    if not job.over:
        return told
    if job.fault is Fault.FAILS:
        error = {"code": "internal", "message": "An internal error has occurred."}
        return {**told, "status": "failed", "errors": [error]}
    content: list[dict[str, Any]] = []
    if job.fault is Fault.POLICY:
        content = [{"type": "text", "text": "I can't make a clip of that."}]
    elif job.fault is not Fault.EMPTY:
        version = request.path_params["version"]
        uri = f"{base(request)}/{version}/files/{job.id}"
        content = [{"type": "video", "uri": uri, "mime_type": "video/mp4"}]
    steps = [{"type": "model_output", "content": content}]
    return {**told, "status": "completed", "steps": steps}
