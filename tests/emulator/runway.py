"""Runway's HTTP API, as its own client and pages have it: tasks and uploads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.media import TYPES, served
from emulator.server import base, cut, gateway
from emulator.world import Fault, Job, World

if TYPE_CHECKING:
    from starlette.requests import Request

VERSION = "2024-11-06"
_KINDS = {
    "text_to_image": "image",
    "image_upscale": "image",
    "text_to_speech": "audio",
    "speech_to_speech": "audio",
    "sound_effect": "audio",
    "voice_dubbing": "audio",
    "voice_isolation": "audio",
}
"""What endpoints make that make no video."""
_CREDITS = 5


def routes(world: World) -> list[Route]:
    """Return the API below /v1."""
    api = _Api(world)
    return [
        Route("/v1/tasks/{id}", api.get, methods=["GET"]),
        Route("/v1/tasks/{id}", api.delete, methods=["DELETE"]),
        Route("/v1/uploads", api.upload, methods=["POST"]),
        Route("/v1/{endpoint}", api.create, methods=["POST"]),
        Route("/stored", api.stored, methods=["POST"]),
        Route("/media/{id}/{kind}/out{suffix}", api.media, methods=["GET"]),
    ]


class _Api:
    """What the routes answer."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.files = world.kept.setdefault("runway", {})

    async def create(self, request: Request) -> Response:
        if (refused := _authorized(request)) is not None:
            return refused
        told = json.loads(await request.body())
        fault = self.world.next_fault("runway")
        if fault is Fault.LOST_BEFORE:
            return cut()
        if fault in _REFUSALS:
            return _problem(fault)
        job = self.world.begin("runway", told["model"], told, fault)
        job.extra["endpoint"] = request.path_params["endpoint"]
        if fault is Fault.LOST_AFTER:
            return cut()
        return JSONResponse({"id": job.id, "estimatedCost": {"credits": _CREDITS}})

    async def get(self, request: Request) -> Response:
        if (refused := _authorized(request)) is not None:
            return refused
        job = self.world.jobs.get(request.path_params["id"])
        if job is None or job.cancelled:
            return JSONResponse({"error": "Task not found."}, 404)
        return JSONResponse(_task(base(request), self.world.asked(job)))

    async def delete(self, request: Request) -> Response:
        job = self.world.jobs.get(request.path_params["id"])
        if job is None:
            return JSONResponse({"error": "Task not found."}, 404)
        if job.over:
            # What it made is deleted, too.
            job.cancelled = True
        self.world.end(job, cancelled=True)
        return Response(status_code=204)

    async def upload(self, request: Request) -> Response:
        if (refused := _authorized(request)) is not None:
            return refused
        told = json.loads(await request.body())
        assert told["type"] == "ephemeral"
        fields = {"key": told["filename"], "policy": "p"}
        answer = {"uploadUrl": f"{base(request)}/stored", "fields": fields,
                  "runwayUri": f"runway://{told['filename']}"}  # fmt: skip
        return JSONResponse(answer)

    async def stored(self, request: Request) -> Response:
        assert "authorization" not in request.headers
        async with request.form() as form:
            assert list(form) == ["key", "policy", "file"]
            sent, name = form["file"], form["key"]
            assert not isinstance(sent, str)
            assert isinstance(name, str)
            self.files[name] = await sent.read()
        return Response(status_code=204)

    async def media(self, request: Request) -> Response:
        job = self.world.jobs[request.path_params["id"]]
        return served(self.world, job, request.path_params["kind"])


def _authorized(request: Request) -> Response | None:
    if not request.headers.get("authorization", "").startswith("Bearer "):
        return _problem(Fault.AUTHENTICATION)
    if request.headers.get("x-runway-version") != VERSION:
        return JSONResponse({"error": "X-Runway-Version is required."}, 400)
    return None


_REFUSALS = frozenset(
    {
        Fault.RATE_LIMIT,
        Fault.RATE_LIMIT_BARE,
        Fault.CAPACITY,
        Fault.GATEWAY,
        Fault.BILLING,
        Fault.AUTHENTICATION,
        Fault.INVALID,
    }
)


def _problem(fault: Fault) -> Response:
    """An error in Runway's form; the shape of `issues` is from memory."""
    if fault is Fault.GATEWAY:
        return gateway()
    status, error = {
        Fault.RATE_LIMIT: (429, "You have reached your daily task limit for this model."),
        Fault.RATE_LIMIT_BARE: (429, "You have reached your daily task limit for this model."),
        Fault.CAPACITY: (503, "The service is overloaded. Please try again."),
        Fault.BILLING: (400, "You do not have enough credits to run this task."),
        Fault.AUTHENTICATION: (401, "The API key you provided is not valid."),
        Fault.INVALID: (400, "Validation of body failed"),
    }[fault]
    told: dict[str, Any] = {"error": error}
    if fault is Fault.INVALID:
        issue = {"code": "invalid_enum_value", "path": ["ratio"], "message": "Invalid enum value."}
        told |= {"issues": [issue], "docUrl": "https://docs.dev.runwayml.com/api"}
    return JSONResponse(told, status)


def _task(here: str, job: Job) -> dict[str, Any]:
    told: dict[str, Any] = {"id": job.id, "createdAt": "2026-01-01T00:00:00Z"}
    if not job.over:
        told["estimatedCost"] = {"credits": _CREDITS}
        if job.asked == 1:
            return {**told, "status": "THROTTLED"}
        return {**told, "status": "RUNNING", "progress": 0.5}
    if job.fault in {Fault.FAILS, Fault.POLICY}:
        code = "SAFETY.INPUT.TEXT" if job.fault is Fault.POLICY else "INTERNAL.BAD_OUTPUT.CODE01"
        return {**told, "status": "FAILED", "failure": "An unexpected error occurred.",
                "failureCode": code, "cost": {"credits": 0}}  # fmt: skip
    kind = _KINDS.get(job.extra["endpoint"], "video")
    urls = [f"{here}/media/{job.id}/{kind}/out{TYPES[kind][1]}"]
    output = [] if job.fault is Fault.EMPTY else urls
    return {**told, "status": "SUCCEEDED", "output": output, "cost": {"credits": _CREDITS}}
