"""Replicate's HTTP API, as its own client and recorded traffic have it: predictions and files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.media import TYPES, kind_of, served
from emulator.server import base, cut, gateway
from emulator.world import Fault, Job, World

if TYPE_CHECKING:
    from starlette.requests import Request

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
"""The signing secret of webhooks, in the form Replicate gives it; the same for all."""
_STATES = ("starting", "processing")


def routes(world: World) -> list[Route]:
    """Return the API below /v1."""
    api = _Api(world)
    return [
        Route("/v1/predictions", api.create, methods=["POST"]),
        Route("/v1/predictions", api.listed, methods=["GET"]),
        Route("/v1/models/{owner}/{name}/predictions", api.create, methods=["POST"]),
        Route("/v1/predictions/{id}", api.get, methods=["GET"]),
        Route("/v1/predictions/{id}/cancel", api.cancel, methods=["POST"]),
        Route("/v1/files", api.upload, methods=["POST"]),
        Route("/v1/webhooks/default/secret", api.secret, methods=["GET"]),
        Route("/media/{id}/{kind}/out{suffix}", api.media, methods=["GET"]),
    ]


class _Api:
    """What the routes answer."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.files: dict[str, bytes] = {}

    async def create(self, request: Request) -> Response:
        if (refused := _authorized(request)) is not None:
            return refused
        told = json.loads(await request.body())
        fault = self.world.next_fault("replicate")
        if fault is Fault.LOST_BEFORE:
            return cut()
        if fault in _REFUSALS:
            # Some vendors repeat the key that they refuse.
            echo = request.headers["authorization"] if fault is Fault.AUTHENTICATION else ""
            return _problem(fault, echo)
        owner, name = (request.path_params.get(each, "") for each in ("owner", "name"))
        model = f"{owner}/{name}" if owner else told["version"]
        job = self.world.begin("replicate", model, told["input"], fault)
        job.extra["webhook"] = told.get("webhook")
        job.extra["events"] = told.get("webhook_events_filter")
        if fault is Fault.LOST_AFTER:
            return cut()
        return JSONResponse(_prediction(request, job), 201, headers=_limits(self.world))

    async def get(self, request: Request) -> Response:
        job = self.world.jobs.get(request.path_params["id"])
        if job is None:
            return _problem(Fault.NOT_FOUND)
        return JSONResponse(_prediction(request, self.world.asked(job)))

    async def cancel(self, request: Request) -> Response:
        job = self.world.jobs.get(request.path_params["id"])
        if job is None:
            return _problem(Fault.NOT_FOUND)
        self.world.end(job, cancelled=True)
        return JSONResponse(_prediction(request, job))

    async def listed(self, request: Request) -> Response:
        found = [_prediction(request, job) for job in reversed(self.world.of("replicate"))]
        return JSONResponse({"next": None, "previous": None, "results": found})

    async def upload(self, request: Request) -> Response:
        async with request.form() as form:
            sent = form["content"]
            assert not isinstance(sent, str)
            body = await sent.read()
        number = len(self.files) + 1
        self.files[f"file{number}"] = body
        told = {
            "id": f"file{number}",
            "name": sent.filename,
            "content_type": sent.content_type,
            "size": len(body),
            "etag": "0",
            "checksums": {},
            "metadata": {},
            "created_at": "2026-01-01T00:00:00Z",
            "expires_at": "2026-01-02T00:00:00Z",
            "urls": {"get": f"{base(request)}/v1/files/file{number}"},
        }
        return JSONResponse(told, 201)

    async def secret(self, request: Request) -> Response:
        del request
        return JSONResponse({"key": SECRET})

    async def media(self, request: Request) -> Response:
        return served(
            self.world, self.world.jobs[request.path_params["id"]], request.path_params["kind"]
        )


def _authorized(request: Request) -> Response | None:
    if request.headers.get("authorization", "").startswith("Bearer "):
        return None
    return _problem(Fault.AUTHENTICATION)


def _limits(world: World) -> dict[str, str]:
    return {"ratelimit-remaining": str(max(0, 600 - world.submitted["replicate"])),
            "ratelimit-reset": "1"}  # fmt: skip


_REFUSALS = frozenset(
    {
        Fault.RATE_LIMIT,
        Fault.RATE_LIMIT_BARE,
        Fault.CAPACITY,
        Fault.GATEWAY,
        Fault.BILLING,
        Fault.AUTHENTICATION,
        Fault.NOT_FOUND,
        Fault.INVALID,
    }
)


def _problem(fault: Fault, echo: str = "") -> Response:
    """An error in Replicate's form: RFC 7807, and where it waits, in the body."""
    if fault is Fault.GATEWAY:
        return gateway()
    status, title, detail = {
        Fault.RATE_LIMIT: (429, "Too many requests", "Request was throttled. Expected available "
                           "in 1 second."),
        Fault.RATE_LIMIT_BARE: (429, "Too many requests", "Request was throttled."),
        Fault.CAPACITY: (503, "Service unavailable", "The service is temporarily unavailable."),
        Fault.BILLING: (402, "Insufficient credit", "You have insufficient credit to run this "
                        "model. Go to https://replicate.com/account/billing to purchase credit."),
        Fault.AUTHENTICATION: (401, "Unauthenticated", "You did not pass a valid authentication "
                               "token"),
        Fault.NOT_FOUND: (404, "Not found", "The requested resource could not be found."),
        Fault.INVALID: (422, "Input validation failed", "- input.prompt: prompt is required\n"),
    }[fault]  # fmt: skip
    told: dict[str, Any] = {"title": title, "detail": f"{detail} {echo}".strip(), "status": status}
    if fault is Fault.RATE_LIMIT:
        told["retry_after"] = 1
    if fault is Fault.INVALID:
        told["invalid_fields"] = [
            {"type": "required", "field": "input.prompt", "description": "prompt is required"}
        ]
    return JSONResponse(told, status, media_type="application/problem+json")


def _prediction(request: Request, job: Job) -> dict[str, Any]:
    here = base(request)
    state, output, error = _STATES[min(job.asked, 1)], None, None
    if job.cancelled:
        state = "canceled"
    elif job.over:
        state, output, error = _ended(here, job)
    url = f"{here}/v1/predictions/{job.id}"
    return {
        "id": job.id,
        "model": job.model,
        "version": "hidden",
        "input": job.inputs,
        "logs": " 50%|█████     | 14/28 [00:01<00:01]\n" if job.asked else "",
        "output": output,
        "data_removed": False,
        "error": error,
        "status": state,
        "created_at": "2026-01-01T00:00:00.000Z",
        "metrics": {"predict_time": 1.5} if job.over else {},
        "urls": {"cancel": f"{url}/cancel", "get": url},
    }


def _ended(here: str, job: Job) -> tuple[str, Any, str | None]:
    if job.fault is Fault.FAILS:
        return "failed", None, "CUDA out of memory. Tried to allocate 2.00 GiB"
    if job.fault is Fault.POLICY:
        return "failed", None, "The input or output was flagged as sensitive. (E005)"
    if job.fault is Fault.EMPTY:
        return "succeeded", None, None
    kind = kind_of(job.model)
    if kind == "text":
        return "succeeded", ["A ", "caption", "."], None
    return "succeeded", [f"{here}/media/{job.id}/{kind}/out{TYPES[kind][1]}"], None
