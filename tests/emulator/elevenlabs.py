"""ElevenLabs' speech, sound effects and music, as its own client 2.78.0 speaks to them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.media import inline, media_bytes
from emulator.server import cut, gateway
from emulator.world import Fault, World

if TYPE_CHECKING:
    from starlette.requests import Request


def routes(world: World) -> list[Route]:
    """Return the API below /v1."""
    api = _Api(world)
    return [
        Route("/v1/text-to-speech/{voice}", api.make, methods=["POST"]),
        Route("/v1/sound-generation", api.make, methods=["POST"]),
        Route("/v1/music", api.make, methods=["POST"]),
    ]


class _Api:
    """What the routes answer."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def make(self, request: Request) -> Response:
        if not request.headers.get("xi-api-key", "").startswith("sk-"):
            return _problem(Fault.AUTHENTICATION)
        asked = json.loads(await request.body())
        fault = self.world.next_fault("elevenlabs")
        if fault is Fault.LOST_BEFORE:
            return cut()
        if fault in _PROBLEMS or fault is Fault.GATEWAY:
            return _problem(fault)
        inputs = {**asked, **request.query_params, **request.path_params}
        job = self.world.begin("elevenlabs", asked.get("model_id") or "", inputs, fault)
        self.world.end(job)
        if fault is Fault.LOST_AFTER:
            return cut()
        wave = str(inputs.get("output_format", "")).startswith("wav")
        kind, media_type = ("audio", "audio/wav") if wave else ("mp3", "audio/mpeg")
        body = b"" if fault is Fault.EMPTY else media_bytes(kind, job.number)
        letters = len(asked.get("text") or asked.get("prompt") or "")
        headers = {
            "request-id": job.id,
            "character-cost": str(letters),
            "current-concurrent-requests": "1",
            "maximum-concurrent-requests": "5",
        }
        return inline(Response(body, media_type=media_type, headers=headers), fault)


_PROBLEMS: dict[Fault | None, tuple[int, Any]] = {
    Fault.RATE_LIMIT: (429, {"status": "too_many_concurrent_requests",
                             "message": "Too many concurrent requests. Your current subscription "
                             "is associated with a maximum of 5 concurrent requests."}),
    Fault.RATE_LIMIT_BARE: (429, {"status": "too_many_concurrent_requests",
                                  "message": "Too many concurrent requests."}),
    Fault.CAPACITY: (429, {"status": "system_busy", "message": "Our system is experiencing heavy "
                           "traffic, please try again."}),
    # Quota that is used up is told as a wrong key would be.
    Fault.BILLING: (401, {"status": "quota_exceeded", "message": "This request exceeds your quota "
                          "of 10000. You have 5 credits remaining, while 100 credits are required "
                          "for this request."}),
    Fault.AUTHENTICATION: (401, {"status": "invalid_api_key", "message": "Invalid API key"}),
    Fault.NOT_FOUND: (404, {"status": "voice_not_found", "message": "A voice with the voice_id "
                            "JBFqnCBsd6RMkjVDRZzb was not found."}),
    Fault.INVALID: (422, [{"loc": ["body", "voice_settings", "stability"], "type":
                           "less_than_equal", "msg": "Input should be less than or equal to 1"}]),
    # Of music; the word for it is from memory.
    Fault.POLICY: (400, {"status": "bad_prompt", "message": "Your prompt may violate our Terms of "
                         "Service.", "data": {"prompt_suggestion": "Calm piano"}}),
    Fault.FAILS: (500, {"status": "internal_server_error", "message": "Something went wrong."}),
}  # fmt: skip


def _problem(fault: Fault | None) -> Response:
    if fault is Fault.GATEWAY:
        return gateway()
    status, detail = _PROBLEMS[fault]
    headers = {"retry-after": "1"} if fault is Fault.RATE_LIMIT else {}
    return JSONResponse({"detail": detail}, status, headers=headers)
