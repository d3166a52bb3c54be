"""FAL's queue, storage and webhooks, as its own client and pages have them."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.media import TYPES, kind_of, served
from emulator.server import base, cut, gateway
from emulator.world import Fault, Job, World

if TYPE_CHECKING:
    from starlette.requests import Request

SIGNING = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"emulated fal").digest())
"""Signs its webhooks."""
_KINDS = {"image": "images", "video": "video", "audio": "audio", "model3d": "model_mesh"}
"""Under which name a model's result stands."""


def routes(world: World) -> list[Route]:
    """Return queue, REST API and CDN, all at one address."""
    api = _Api(world)
    of_request = "/{app:path}/requests/{id}"
    return [
        Route("/.well-known/jwks.json", api.keys, methods=["GET"]),
        Route("/storage/auth/token", api.token, methods=["POST"]),
        Route("/files/upload", api.upload, methods=["POST"]),
        Route("/files/upload/multipart", api.upload_begun, methods=["POST"]),
        Route("/files/b/{name}/multipart/{upload}/complete", api.upload_done, methods=["POST"]),
        Route("/files/b/{name}/multipart/{upload}/{part:int}", api.part, methods=["PUT"]),
        Route("/media/{id}/{kind}/out{suffix}", api.media, methods=["GET"]),
        Route(of_request + "/status", api.status, methods=["GET"]),
        Route(of_request + "/cancel", api.cancel, methods=["PUT"]),
        Route(of_request, api.result, methods=["GET"]),
        Route("/{endpoint:path}", api.submit, methods=["POST"]),
    ]


def signed(body: bytes, at: int, *, delivery: str = "request-1", user: str = "user-1",
           key: Ed25519PrivateKey = SIGNING) -> dict[str, str]:  # fmt: skip
    """The headers of a webhook, `at` Unix seconds."""
    told = "\n".join((delivery, user, str(at), hashlib.sha256(body).hexdigest()))
    return {
        "x-fal-webhook-request-id": delivery,
        "x-fal-webhook-user-id": user,
        "x-fal-webhook-timestamp": str(at),
        "x-fal-webhook-signature": key.sign(told.encode()).hex(),
    }


class _Api:
    """What the routes answer."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.files: dict[str, bytes] = world.kept.setdefault("fal", {})

    async def keys(self, request: Request) -> Response:
        del request
        raw = base64.urlsafe_b64encode(SIGNING.public_key().public_bytes_raw()).decode()
        key = {"kty": "OKP", "crv": "Ed25519", "use": "sig", "x": raw.rstrip("=")}
        return JSONResponse({"keys": [key]})

    async def token(self, request: Request) -> Response:
        if (refused := _authorized(request)) is not None:
            return refused
        told = {"token": "cdn", "token_type": "Bearer", "base_url": base(request),
                "expires_at": "2036-01-01T00:00:00+00:00"}  # fmt: skip
        return JSONResponse(told)

    async def upload(self, request: Request) -> Response:
        assert request.headers["authorization"] == "Bearer cdn"
        name = request.headers["x-fal-file-name"]
        self.files[name] = await request.body()
        return JSONResponse({"access_url": f"{base(request)}/files/b/{name}"})

    async def upload_begun(self, request: Request) -> Response:
        name = request.headers["x-fal-file-name"]
        self.files[name] = b""
        told = {"access_url": f"{base(request)}/files/b/{name}", "uploadId": "upload-1"}
        return JSONResponse(told)

    async def part(self, request: Request) -> Response:
        body = await request.body()
        self.files[f"{request.path_params['name']}#{request.path_params['part']}"] = body
        return Response(headers={"etag": hashlib.md5(body).hexdigest()})

    async def upload_done(self, request: Request) -> Response:
        name = request.path_params["name"]
        for part in json.loads(await request.body())["parts"]:
            body = self.files.pop(f"{name}#{part['partNumber']}")
            assert part["etag"] == hashlib.md5(body).hexdigest()
            self.files[name] += body
        return JSONResponse({})

    async def submit(self, request: Request) -> Response:
        if (refused := _authorized(request)) is not None:
            return refused
        inputs = json.loads(await request.body())
        fault = self.world.next_fault("fal")
        if fault is Fault.LOST_BEFORE:
            return cut()
        if fault in _REFUSALS:
            return _problem(fault)
        endpoint = request.path_params["endpoint"]
        job = self.world.begin("fal", endpoint, inputs, fault)
        job.extra["webhook"] = request.query_params.get("fal_webhook")
        if fault is Fault.LOST_AFTER:
            return cut()
        told = {"request_id": job.id, **_addresses(request, job), "status": "IN_QUEUE",
                "queue_position": 0}  # fmt: skip
        return JSONResponse(told, headers={"x-fal-request-id": job.id})

    async def status(self, request: Request) -> Response:
        job = self._job(request)
        if job is None:
            return _problem(Fault.NOT_FOUND)
        self.world.asked(job)
        told: dict[str, Any] = {"request_id": job.id, **_addresses(request, job)}
        if job.over:
            told |= {"status": "COMPLETED", "logs": [], "metrics": {"inference_time": 1.5}}
            told |= _error(job)
            return JSONResponse(told)
        if job.asked == 1:
            return JSONResponse({**told, "status": "IN_QUEUE", "queue_position": 1}, 202)
        line = {"timestamp": "t", "message": " 50%|█████     | 14/28 [00:01<00:01]",
                "labels": {"level": "info"}}  # fmt: skip
        return JSONResponse({**told, "status": "IN_PROGRESS", "logs": [line]}, 202)

    async def result(self, request: Request) -> Response:
        job = self._job(request)
        if job is None:
            return _problem(Fault.NOT_FOUND)
        if not job.over:
            return JSONResponse({"detail": "Request is still in progress"}, 400)
        headers = {"x-fal-request-id": job.id}
        if job.fault in _REFUSED_LATE:
            status, type_, text, where = _REFUSED_LATE[job.fault]
            detail = [
                {"loc": ["body", where], "msg": text, "type": type_, "url": "https://docs.fal.ai"}
            ]
            return JSONResponse({"detail": detail}, status, headers=headers)
        if error := _error(job):
            headers["x-fal-error-type"] = error["error_type"]
            return JSONResponse({"detail": error["error"]}, 500, headers=headers)
        return JSONResponse(_output(base(request), job), headers=headers)

    async def cancel(self, request: Request) -> Response:
        job = self._job(request)
        if job is None:
            return JSONResponse({"status": "NOT_FOUND"}, 404)
        if job.over:
            return JSONResponse({"status": "ALREADY_COMPLETED"}, 400)
        self.world.end(job, cancelled=True)
        return JSONResponse({"status": "CANCELLATION_REQUESTED"}, 202)

    async def media(self, request: Request) -> Response:
        job = self.world.jobs[request.path_params["id"]]
        return served(self.world, job, request.path_params["kind"])

    def _job(self, request: Request) -> Job | None:
        job = self.world.jobs.get(request.path_params["id"])
        # The addresses of a request have the application in them, and nothing below it.
        return job if job and request.path_params["app"] == _application(job.model) else None


def _application(endpoint: str) -> str:
    parts = endpoint.split("/")
    return "/".join(parts[: 3 if parts[0] in {"workflows", "comfy"} else 2])


def _addresses(request: Request, job: Job) -> dict[str, str]:
    url = f"{base(request)}/{_application(job.model)}/requests/{job.id}"
    return {"response_url": url, "status_url": f"{url}/status", "cancel_url": f"{url}/cancel"}


def _authorized(request: Request) -> Response | None:
    if request.headers.get("authorization", "").startswith("Key "):
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
        Fault.NOT_FOUND,
    }
)
_REFUSED_LATE = {
    Fault.INVALID: (422, "missing", "field required", "prompt"),
    Fault.POLICY: (422, "content_policy_violation", "The content could not be processed because "
                   "it contained material flagged by a content checker.", "prompt"),
}  # fmt: skip
"""What the model says, once it has the request: at the result's address, and nowhere else."""


def _problem(fault: Fault) -> Response:
    """An error in the form of FAL's gateway; nobody has seen its rate limit, but its client has."""
    if fault is Fault.GATEWAY:
        return gateway()
    status, detail = {
        Fault.RATE_LIMIT: (429, "Too many requests"),
        Fault.RATE_LIMIT_BARE: (429, "Too many requests"),
        Fault.CAPACITY: (503, "No runner available"),
        Fault.BILLING: (403, "User is locked. Reason: Exhausted balance. Top up your balance at "
                        "fal.ai/dashboard/billing."),
        Fault.AUTHENTICATION: (401, "No user found for Key ID and Secret"),
        Fault.NOT_FOUND: (404, "Application \"nothing\" not found"),
    }[fault]  # fmt: skip
    headers = {
        Fault.RATE_LIMIT: {"retry-after": "1"},
        Fault.CAPACITY: {"x-fal-error-type": "runner_scheduling_failure",
                         "x-fal-retryable": "true"},
    }.get(fault, {})  # fmt: skip
    return JSONResponse({"detail": detail}, status, headers=headers)


def _error(job: Job) -> dict[str, str]:
    if job.cancelled:
        return {"error": "Request was cancelled by the client", "error_type": "client_cancelled"}
    if job.fault is Fault.FAILS:
        return {"error": "Runner disconnected", "error_type": "runner_disconnected"}
    return {}


def _output(here: str, job: Job) -> dict[str, Any]:
    kind = kind_of(job.model)
    if kind == "text":
        return {"output": "A caption."}
    name = _KINDS[kind]
    file = {"url": f"{here}/media/{job.id}/{kind}/out{TYPES[kind][1]}",
            "content_type": TYPES[kind][0], "file_name": f"out{TYPES[kind][1]}"}  # fmt: skip
    if kind != "image":
        return {name: file}
    files = [] if job.fault is Fault.EMPTY else [file]
    return {name: files, "seed": 1, "has_nsfw_concepts": [False], "prompt": "a red kite"}
