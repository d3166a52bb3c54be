"""Stability's pictures, as copies of its documentation have them; nothing proves them right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.media import inline, media_bytes
from emulator.server import cut, gateway
from emulator.world import Fault, World

if TYPE_CHECKING:
    from starlette.requests import Request


def routes(world: World) -> list[Route]:
    """Return the API below /v2beta."""

    async def make(request: Request) -> Response:
        answered = await begun(request, world, "stability")
        if not isinstance(answered, str):
            return answered
        job = world.jobs[answered]
        world.end(job)
        if job.fault is Fault.LOST_AFTER:
            return cut()
        return inline(picture(job.number, job.fault, job.inputs.get("seed")), job.fault)

    return [Route("/v2beta/stable-image/{path:path}", make, methods=["POST"])]


async def begun(request: Request, world: World, vendor: str) -> Response | str:
    """Begin a job and return its id, or answer what is wrong with the question."""
    if not request.headers.get("authorization", "").startswith("Bearer sk-"):
        return problem(Fault.AUTHENTICATION)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        told = "content-type: must be multipart/form-data"
        return JSONResponse({"id": "e0", "name": "bad_request", "errors": [told]}, 400)
    fault = world.next_fault(vendor)
    if fault is Fault.LOST_BEFORE:
        return cut()
    if fault in _PROBLEMS or fault is Fault.GATEWAY:
        return problem(fault)
    asked: dict[str, Any] = {}
    async with request.form() as form:
        for name, value in form.multi_items():
            asked[name] = value if isinstance(value, str) else value.size
    return world.begin(vendor, request.path_params["path"], asked, fault).id


def picture(number: int, fault: Fault | None, seed: str | None) -> Response:
    """A finished picture, as its fault has it."""
    filtered = fault is Fault.POLICY
    chosen = "4711" if seed in {None, "0"} else seed
    headers = {"finish-reason": "CONTENT_FILTERED" if filtered else "SUCCESS", "seed": str(chosen)}
    body = b"" if fault is Fault.EMPTY else media_bytes("image", number)
    return Response(body, media_type="image/png", headers=headers)


_PROBLEMS: dict[Fault | None, tuple[int, str, str]] = {
    Fault.RATE_LIMIT: (429, "rate_limit_exceeded", "You have exceeded our rate limit of 150 "
                       "requests within a 10 second period, and have been timed out for 1 "
                       "second."),
    Fault.RATE_LIMIT_BARE: (429, "rate_limit_exceeded", "You have exceeded our rate limit."),
    Fault.CAPACITY: (503, "service_unavailable", "The service is overloaded."),
    Fault.BILLING: (402, "payment_required", "You lack sufficient credits to make this request. "
                    "Please purchase more credits."),
    Fault.AUTHENTICATION: (401, "unauthorized", "authorization: invalid or missing header value"),
    Fault.NOT_FOUND: (404, "not_found", "The endpoint you are looking for does not exist."),
    Fault.INVALID: (400, "bad_request", "aspect_ratio: must be one of 16:9, 1:1, 21:9"),
    Fault.FAILS: (500, "internal_error", "An unexpected server error has occurred."),
}  # fmt: skip


def problem(fault: Fault | None) -> Response:
    """An error in Stability's form."""
    if fault is Fault.GATEWAY:
        return gateway()
    status, name, said = _PROBLEMS[fault]
    return JSONResponse({"id": "e1", "name": name, "errors": [said]}, status)
