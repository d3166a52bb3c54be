"""OpenAI's images and speech, as its own client 3.52.0 speaks to them: the answer is the result."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.media import inline, media_bytes
from emulator.server import cut, gateway
from emulator.world import Fault, Job, World

if TYPE_CHECKING:
    from starlette.requests import Request


def routes(world: World) -> list[Route]:
    """Return the API below /v1."""
    return OpenAIApi(world, "openai").routes()


class OpenAIApi:
    """What the routes answer."""

    def __init__(self, world: World, vendor: str) -> None:
        self.world, self.vendor = world, vendor

    def routes(self) -> list[Route]:
        return [
            Route("/v1/images/generations", self.generate, methods=["POST"]),
            Route("/v1/images/edits", self.edit, methods=["POST"]),
            Route("/v1/audio/speech", self.speak, methods=["POST"]),
        ]

    async def generate(self, request: Request) -> Response:
        return await self._answer(request, json.loads(await request.body()), "image")

    async def edit(self, request: Request) -> Response:
        asked: dict[str, Any] = {}
        async with request.form() as form:
            for name, value in form.multi_items():
                asked.setdefault(name, []).append(value if isinstance(value, str) else value.size)
        whole = {name: each if name.endswith("[]") else each[0] for name, each in asked.items()}
        return await self._answer(request, whole, "image")

    async def speak(self, request: Request) -> Response:
        return await self._answer(request, json.loads(await request.body()), "audio")

    async def _answer(self, request: Request, asked: dict[str, Any], kind: str) -> Response:
        if not request.headers.get("authorization", "").startswith("Bearer sk-"):
            return problem(Fault.AUTHENTICATION)
        fault = self.world.next_fault(self.vendor)
        if fault is Fault.LOST_BEFORE:
            return cut()
        if fault in PROBLEMS or fault is Fault.GATEWAY:
            return problem(fault)
        job = self.world.begin(self.vendor, asked["model"], asked, fault)
        self.world.end(job)
        if fault is Fault.LOST_AFTER:
            return cut()
        return self.pictures(request, job) if kind == "image" else inline(_speech(job), fault)

    def pictures(self, request: Request, job: Job) -> Response:
        del request
        count = int(job.inputs.get("n", 1))
        made = [
            {"b64_json": base64.b64encode(media_bytes("image", job.number + each)).decode()}
            for each in range(0 if job.fault is Fault.EMPTY else count)
        ]
        return inline(JSONResponse(_answer(made, job.inputs), headers=LIMITS), job.fault)


def _answer(made: list[dict[str, str]], asked: dict[str, Any]) -> dict[str, Any]:
    details = {"image_tokens": 0, "text_tokens": 1}
    usage = {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}
    return {
        "created": 1,
        "data": made,
        "output_format": "png",
        "quality": asked.get("quality", "low"),
        "size": "1024x1024",
        "usage": {**usage, "input_tokens_details": details},
    }


def _speech(job: Job) -> Response:
    form = job.inputs.get("response_format", "mp3")
    kind, media_type = ("audio", "audio/wav") if form == "wav" else ("mp3", "audio/mpeg")
    body = b"" if job.fault is Fault.EMPTY else media_bytes(kind, job.number)
    return Response(body, media_type=media_type, headers=LIMITS)


LIMITS = {"x-ratelimit-remaining-requests": "59", "x-ratelimit-reset-requests": "1s",
          "x-request-id": "req_1"}  # fmt: skip
_SHORT = "Limit 5/min. Please try again later."
PROBLEMS: dict[Fault | None, tuple[int, str, str, str | None, str | None]] = {
    # The status, the message, the type, the field, the code.
    Fault.RATE_LIMIT: (429, f"Rate limit reached for images per minute. {_SHORT}",
                       "rate_limit_error", None, "rate_limit_exceeded"),
    Fault.RATE_LIMIT_BARE: (429, f"Rate limit reached for images per minute. {_SHORT}",
                            "rate_limit_error", None, "rate_limit_exceeded"),
    Fault.CAPACITY: (503, "The engine is currently overloaded, please try again later",
                     "service_unavailable", None, None),
    Fault.BILLING: (429, "You exceeded your current quota, please check your plan and billing "
                    "details.", "insufficient_quota", None, "insufficient_quota"),
    Fault.AUTHENTICATION: (401, "Incorrect API key provided: sk-secre***cdef. You can find your "
                           "API key at https://platform.openai.com/account/api-keys.",
                           "invalid_request_error", None, "invalid_api_key"),
    Fault.NOT_FOUND: (404, "The model `gpt-image-9` does not exist or you do not have access to "
                      "it.", "invalid_request_error", None, "model_not_found"),
    Fault.INVALID: (400, "Invalid value: '7x7'. Supported values are: '1024x1024', and 'auto'.",
                    "invalid_request_error", "size", "invalid_value"),
    Fault.POLICY: (400, "Your request was rejected by the safety system. safety_violations="
                   "[violence].", "image_generation_user_error", None, "moderation_blocked"),
    Fault.FAILS: (500, "The server had an error while processing your request. Sorry about that!",
                  "server_error", None, None),
}  # fmt: skip


def problem(fault: Fault | None) -> Response:
    """An error in OpenAI's form; how long to wait stands in a header, in milliseconds."""
    if fault is Fault.GATEWAY:
        return gateway()
    status, message, kind, field, code = PROBLEMS[fault]
    told = {"message": message, "type": kind, "param": field, "code": code}
    headers = {"x-request-id": "req_2"}
    if fault is Fault.RATE_LIMIT:
        headers["retry-after-ms"] = "1000"
    if fault is Fault.BILLING:
        headers["x-should-retry"] = "false"
    return JSONResponse({"error": told}, status, headers=headers)
