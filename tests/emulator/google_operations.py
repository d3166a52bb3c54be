"""Google's long operations for clips, as its older client 1.56.0 spoke to them."""

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

NAME = "google-operations"
_REFUSALS = frozenset({*PROBLEMS, Fault.GATEWAY} - {Fault.FAILS})
_TYPE = "type.googleapis.com/google.ai.generativelanguage.v1beta.PredictLongRunningResponse"


def routes(world: World) -> list[Route]:
    """Return the API below its version, and the files."""
    api = _Api(world)
    return [
        Route("/{version}/models/{model}:predictLongRunning", api.create, methods=["POST"]),
        Route("/{version}/models/{model}/operations/{id}", api.get, methods=["GET"]),
        Route("/{version}/files/{id}:download", api.media, methods=["GET"]),
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
        job = self.world.begin(NAME, request.path_params["model"], asked, fault)
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

    async def media(self, request: Request) -> Response:
        if (refused := unauthorized(request)) is not None:
            return refused
        return served(self.world, self.world.jobs[request.path_params["id"]], "video")


def _told(request: Request, job: Job) -> dict[str, Any]:
    told: dict[str, Any] = {"name": f"models/{job.model}/operations/{job.id}"}
    if not job.over:
        return told
    told["done"] = True
    if job.fault is Fault.FAILS:
        return {**told, "error": {"code": 13, "message": "An internal error has occurred."}}
    made: dict[str, Any] = {}
    if job.fault is Fault.POLICY:
        reason = "Sorry, the prompt goes against the usage guidelines."
        made = {"raiMediaFilteredCount": 1, "raiMediaFilteredReasons": [reason]}
    elif job.fault is not Fault.EMPTY:
        version = request.path_params["version"]
        uri = f"{base(request)}/{version}/files/{job.id}:download?alt=media"
        made = {"generatedSamples": [{"video": {"uri": uri}}]}
    return {**told, "response": {"@type": _TYPE, "generateVideoResponse": made}}
