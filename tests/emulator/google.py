"""Google's `:generateContent` for pictures, as its client 3.4.0 speaks to it, and its errors."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.media import inline, media_bytes
from emulator.server import cut, gateway
from emulator.world import Fault, World

if TYPE_CHECKING:
    from starlette.requests import Request

NAME = "google"


def routes(world: World) -> list[Route]:
    """Return the API below its version."""

    async def generate(request: Request) -> Response:
        if (refused := unauthorized(request)) is not None:
            return refused
        asked = json.loads(await request.body())
        fault = world.next_fault(NAME)
        if fault is Fault.LOST_BEFORE:
            return cut()
        if fault in PROBLEMS or fault is Fault.GATEWAY:
            return problem(fault)
        job = world.begin(NAME, request.path_params["model"], asked, fault)
        world.end(job)
        if fault is Fault.LOST_AFTER:
            return cut()
        return inline(JSONResponse(_answer(job.number, job.model, fault)), fault)

    return [Route("/{version}/models/{model}:generateContent", generate, methods=["POST"])]


def _answer(number: int, model: str, fault: Fault | None) -> dict[str, Any]:
    told: dict[str, Any] = {"usageMetadata": {}, "modelVersion": model}
    if fault is Fault.EMPTY:
        return {**told, "candidates": [{"finishReason": "NO_IMAGE", "index": 0}]}
    if fault is Fault.POLICY:
        # It goes well, and holds words where the picture should be.
        parts: list[dict[str, Any]] = [{"text": "I can't draw that. How about a landscape?"}]
    else:
        data = base64.b64encode(media_bytes("image", number)).decode()
        draft = base64.b64encode(media_bytes("image", number + 100)).decode()
        parts = [
            {"text": "First a draft.", "thought": True},
            {"inlineData": {"mimeType": "image/png", "data": draft}, "thought": True},
            {"text": "Here it is."},
            {"inlineData": {"mimeType": "image/png", "data": data}},
        ]
    content = {"role": "model", "parts": parts}
    return {**told, "candidates": [{"content": content, "finishReason": "STOP", "index": 0}]}


def unauthorized(request: Request) -> Response | None:
    """What a question without a key is told."""
    if request.headers.get("x-goog-api-key", "").startswith("sk-"):
        return None
    return problem(Fault.AUTHENTICATION)


_QUOTA = "You exceeded your current quota, please check your plan and billing details."
PROBLEMS: dict[Fault | None, tuple[int, str, str, list[dict[str, Any]]]] = {
    Fault.RATE_LIMIT: (429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).",
                       [{"@type": "type.googleapis.com/google.rpc.RetryInfo",
                         "retryDelay": "1s"}]),
    Fault.RATE_LIMIT_BARE: (429, "RESOURCE_EXHAUSTED",
                            "Resource has been exhausted (e.g. check quota).", []),
    Fault.CAPACITY: (503, "UNAVAILABLE", "The model is overloaded. Please try again later.", []),
    Fault.BILLING: (403, "PERMISSION_DENIED", "This API method requires billing to be enabled.",
                    [{"@type": "type.googleapis.com/google.rpc.ErrorInfo",
                      "reason": "BILLING_DISABLED", "domain": "googleapis.com"}]),
    Fault.AUTHENTICATION: (400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API "
                           "key.", [{"@type": "type.googleapis.com/google.rpc.ErrorInfo",
                                     "reason": "API_KEY_INVALID", "domain": "googleapis.com"}]),
    Fault.NOT_FOUND: (404, "NOT_FOUND", "models/x is not found for API version v1.", []),
    Fault.INVALID: (400, "INVALID_ARGUMENT", "Invalid value at 'generation_config.image_config."
                    "aspect_ratio' (TYPE_STRING), 7:7",
                    [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations":
                      [{"field": "generation_config.image_config.aspect_ratio",
                        "description": "Invalid value"}]}]),
    Fault.FAILS: (500, "INTERNAL", "An internal error has occurred.", []),
}  # fmt: skip


def problem(fault: Fault | None) -> Response:
    """An error in Google's form; how long to wait stands among its details."""
    if fault is Fault.GATEWAY:
        return gateway()
    code, status, message, details = PROBLEMS[fault]
    told: dict[str, Any] = {"code": code, "message": message, "status": status}
    if details:
        told["details"] = details
    return JSONResponse({"error": told}, code)
