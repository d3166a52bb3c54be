"""Luma's HTTP API, as its own client has it: generations, and webhooks that nobody signs."""

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

_API = "/dream-machine/v1/generations"


def routes(world: World) -> list[Route]:
    """Return the API below /dream-machine/v1."""
    api = _Api(world)
    return [
        Route(_API, api.listed, methods=["GET"]),
        Route(_API + "/video", api.create, methods=["POST"]),
        Route(_API + "/image", api.create, methods=["POST"]),
        Route(_API + "/{of}/{manner}", api.create, methods=["POST"]),
        Route(_API + "/{id}", api.get, methods=["GET"]),
        Route(_API + "/{id}", api.delete, methods=["DELETE"]),
        Route("/media/{id}/{kind}/out{suffix}", api.media, methods=["GET"]),
    ]


class _Api:
    """What the routes answer."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def create(self, request: Request) -> Response:
        if (refused := _authorized(request)) is not None:
            return refused
        told = json.loads(await request.body())
        fault = self.world.next_fault("luma")
        if fault is Fault.LOST_BEFORE:
            return cut()
        if fault in _REFUSALS:
            return _problem(fault)
        job = self.world.begin("luma", told["model"], told, fault)
        job.extra["webhook"] = told.get("callback_url")
        if fault is Fault.LOST_AFTER:
            return cut()
        return JSONResponse(_generation(base(request), job), 201)

    async def get(self, request: Request) -> Response:
        if (refused := _authorized(request)) is not None:
            return refused
        job = self.world.jobs.get(request.path_params["id"])
        if job is None or job.cancelled:
            return JSONResponse({"detail": "Generation not found"}, 404)
        return JSONResponse(_generation(base(request), self.world.asked(job)))

    async def delete(self, request: Request) -> Response:
        job = self.world.jobs.get(request.path_params["id"])
        if job is None:
            return JSONResponse({"detail": "Generation not found"}, 404)
        if job.over:
            # What it made is deleted, too.
            job.cancelled = True
        self.world.end(job, cancelled=True)
        return Response(status_code=204)

    async def listed(self, request: Request) -> Response:
        limit = int(request.query_params.get("limit", "10"))
        jobs = [job for job in reversed(self.world.of("luma")) if not job.cancelled]
        found = [_generation(base(request), job) for job in jobs[:limit]]
        told = {"generations": found, "count": len(found), "has_more": len(jobs) > limit,
                "limit": limit, "offset": 0}  # fmt: skip
        return JSONResponse(told)

    async def media(self, request: Request) -> Response:
        job = self.world.jobs[request.path_params["id"]]
        return served(self.world, job, request.path_params["kind"])


def _authorized(request: Request) -> Response | None:
    if request.headers.get("authorization", "").startswith("Bearer "):
        return None
    return _problem(Fault.AUTHENTICATION)


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
    """An error in Luma's form; the words of most of them are ours."""
    if fault is Fault.GATEWAY:
        return gateway()
    status, detail = {
        Fault.RATE_LIMIT: (429, "Rate limit exceeded"),
        Fault.RATE_LIMIT_BARE: (429, "Rate limit exceeded"),
        Fault.CAPACITY: (503, "Service overloaded"),
        Fault.BILLING: (402, "Insufficient credits"),
        Fault.AUTHENTICATION: (401, "Not authenticated"),
        Fault.INVALID: (400, "Prompt is required"),
    }[fault]
    headers = {"retry-after": "1"} if fault is Fault.RATE_LIMIT else {}
    return JSONResponse({"detail": detail}, status, headers=headers)


def _generation(here: str, job: Job) -> dict[str, Any]:
    kind = "image" if job.model.startswith("photon") else "video"
    told: dict[str, Any] = {
        "id": job.id,
        "generation_type": kind,
        "state": "dreaming" if job.asked > 1 else "queued",
        "failure_reason": None,
        "created_at": "2026-01-01T00:00:00Z",
        "assets": None,
        "model": job.model,
        "request": {**job.inputs, "generation_type": kind},
    }
    if not job.over:
        return told
    if job.fault is Fault.FAILS:
        return {**told, "state": "failed", "failure_reason": "Job failed: internal error"}
    if job.fault is Fault.POLICY:
        reason = "400: prompt not allowed because advanced moderation failed"
        return {**told, "state": "failed", "failure_reason": reason}
    url = f"{here}/media/{job.id}/{kind}/out{TYPES[kind][1]}"
    assets = {"video": None, "image": None, "progress_video": None}
    made = {} if job.fault is Fault.EMPTY else {kind: url}
    return {**told, "state": "completed", "assets": {**assets, **made}}
