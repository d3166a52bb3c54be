"""A ComfyUI server, as its source of 2026, its package 0.0.1 and recorded traffic have it.

A job goes on by being asked for, and tells of it on its socket. `World.quirks` may hold `own-ids`
(a server that makes its own ids, as older ones do), `no-socket`, `cut-socket` (one that hangs up
at once) and `drops-output` (200, and some of the outputs are left out).
"""

from __future__ import annotations

import json
import struct
import uuid
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocketDisconnect

from emulator.media import TYPES, media_bytes, served
from emulator.server import cut, gateway
from emulator.world import Fault, Job, Seen, World

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.websockets import WebSocket

_ECHO: dict[str, Any] = {
    "input": {"required": {"text": ["STRING", {}]}},
    "input_order": {"required": ["text"]},
    "output": [],
    "output_is_list": [],
    "output_name": [],
    "display_name": "Echo",
    "description": "",
    "python_module": "nodes",
    "category": "x",
    "output_node": True,
}
OBJECT_INFO: dict[str, Any] = {
    "CheckpointLoaderSimple": {
        "input": {"required": {"ckpt_name": [["a.safetensors", "b.safetensors"]]}},
        "output": ["MODEL", "CLIP", "VAE"],
        "display_name": "Load Checkpoint",
    },
    "CLIPTextEncode": {
        "input": {"required": {"text": ["STRING", {"multiline": True}], "clip": ["CLIP"]}},
        "output": ["CONDITIONING"],
        "display_name": "CLIP Text Encode (Prompt)",
    },
    "EmptyLatentImage": {
        "input": {
            "required": {
                "width": ["INT", {"default": 512, "min": 16, "max": 16384, "step": 8}],
                "height": ["INT", {"default": 512, "min": 16, "max": 16384, "step": 8}],
                "batch_size": ["INT", {"default": 1, "min": 1, "max": 4096}],
            }
        },
        "output": ["LATENT"],
        "display_name": "Empty Latent Image",
    },
    "KSampler": {
        "input": {
            "required": {
                "model": ["MODEL"],
                "positive": ["CONDITIONING"],
                "negative": ["CONDITIONING"],
                "latent_image": ["LATENT"],
                "seed": ["INT", {"default": 0, "min": 0, "max": 18446744073709551615}],
                "steps": ["INT", {"default": 20, "min": 1, "max": 10000}],
                "cfg": ["FLOAT", {"default": 8.0, "min": 0.0, "max": 100.0, "step": 0.1}],
                "sampler_name": ["COMBO", {"options": ["euler", "dpmpp_2m"]}],
                "scheduler": [["normal", "karras"]],
                "denoise": ["FLOAT", {"default": 1.0, "min": 0.0, "max": 1.0}],
            }
        },
        "output": ["LATENT"],
        "display_name": "KSampler",
    },
    "LoadImage": {
        "input": {"required": {"image": [["in.png"], {"image_upload": True}]}},
        "output": ["IMAGE", "MASK"],
        "display_name": "Load Image",
    },
    "VAEDecode": {
        "input": {"required": {"samples": ["LATENT"], "vae": ["VAE"]}},
        "output": ["IMAGE"],
        "display_name": "VAE Decode",
    },
    "SaveImage": {
        "input": {"required": {"images": ["IMAGE"], "filename_prefix": ["STRING", {}]}},
        "output": [],
        "display_name": "Save Image",
        "output_node": True,
    },
    **{name: _ECHO | {"name": name} for name in ("Echo", "Bad")},
}
_KINDS = {"Video": "video", "Audio": "audio", "GLB": "model3d", "Image": "image"}
_LISTS = {"image": "images", "video": "gifs", "audio": "audio", "model3d": "3d"}


def routes(world: World) -> list[BaseRoute]:
    """Return the routes of one server."""
    api = _Api(world)
    return [
        Route("/prompt", api.prompt, methods=["POST"]),
        Route("/queue", api.queue, methods=["GET"]),
        Route("/queue", api.leave, methods=["POST"]),
        Route("/interrupt", api.interrupt, methods=["POST"]),
        Route("/history", api.histories, methods=["GET"]),
        Route("/history/{id}", api.history, methods=["GET"]),
        Route("/object_info", api.nodes, methods=["GET"]),
        Route("/upload/image", api.upload, methods=["POST"]),
        Route("/view", api.view, methods=["GET"]),
        WebSocketRoute("/ws", api.listen),
    ]


class _Api:
    """What the routes answer."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sockets: dict[str, WebSocket] = {}
        self.files: dict[str, bytes] = {}

    # ---- jobs

    async def prompt(self, request: Request) -> Response:
        told = json.loads(await request.body())
        fault = self.world.next_fault("comfyui")
        if fault is Fault.LOST_BEFORE:
            return cut()
        if fault is Fault.GATEWAY:
            return gateway()
        if fault is Fault.INVALID or any(
            each["class_type"] == "Bad" for each in told["prompt"].values()
        ):
            return JSONResponse(_misfit(), 400)
        job = self.world.begin("comfyui", "workflow", told["prompt"], fault)
        own = "own-ids" in self.world.quirks
        name = str(uuid.UUID(int=job.number)) if own else told.get("prompt_id") or str(uuid.uuid4())
        self.world.jobs[name] = self.world.jobs.pop(job.id)
        job.id = name
        extra = {**told.get("extra_data", {}), "client_id": told.get("client_id")}
        job.extra = {"client": told.get("client_id"), "extra": extra, "told": 0}
        if fault is Fault.LOST_AFTER:
            return cut()
        errors = _misfit()["node_errors"] if "drops-output" in self.world.quirks else {}
        await self._tell(job, "execution_start", {})
        await self._tell(job, "execution_cached", {"nodes": []})
        if "comfy_usage_source" in extra:
            # Its own command line only listens; nobody asks how the job stands.
            while not job.over:
                await self._progress(self.world.asked(job))
        return JSONResponse({"prompt_id": name, "number": job.number - 1, "node_errors": errors})

    async def history(self, request: Request) -> Response:
        job = self.world.jobs.get(request.path_params["id"])
        if job is None:
            return JSONResponse({})
        if not job.over:
            self.world.asked(job)
            await self._progress(job)
        if not job.over:
            return JSONResponse({})
        return JSONResponse({job.id: _entry(job)})

    async def histories(self, request: Request) -> Response:
        del request
        over = [job for job in self.world.of("comfyui") if job.over and not _left(job)]
        return JSONResponse({job.id: _entry(job) for job in over})

    async def queue(self, request: Request) -> Response:
        del request
        rows = [_row(job) for job in self.world.of("comfyui") if not job.over]
        return JSONResponse({"queue_running": rows[:1], "queue_pending": rows[1:]})

    async def leave(self, request: Request) -> Response:
        for name in json.loads(await request.body()).get("delete", ()):
            waiting = [job for job in self.world.of("comfyui") if not job.over][1:]
            for job in waiting:
                if job.id == name:
                    self.world.end(job, cancelled=True)
                    job.extra["left"] = True
        return Response()

    async def interrupt(self, request: Request) -> Response:
        body = await request.body()
        running = [job for job in self.world.of("comfyui") if not job.over][:1]
        named = json.loads(body).get("prompt_id") if body else None
        for job in running:
            if named in {None, job.id} or "own-ids" in self.world.quirks:
                self.world.end(job, cancelled=True)
                await self._tell(job, "execution_interrupted", {"node_id": "3"})
        return Response()

    # ---- what it tells by itself

    async def listen(self, socket: WebSocket) -> None:
        client = socket.query_params.get("clientId") or uuid.uuid4().hex
        where = {"clientId": client}
        headers = {key.decode(): value.decode() for key, value in socket.scope["headers"]}
        self.world.seen.append(Seen("comfyui", "WS", "/ws", headers, where, b""))
        if "no-socket" in self.world.quirks:
            await socket.close()
            return
        await socket.accept()
        if "cut-socket" in self.world.quirks:
            await socket.close()
            return
        self.sockets[client] = socket
        status = {"status": {"exec_info": {"queue_remaining": 0}}, "sid": client}
        await socket.send_json({"type": "status", "data": status})
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            self.sockets.pop(client, None)

    async def _progress(self, job: Job) -> None:
        """Tell how far a job is, with a preview, as each step of a sampler does."""
        if job.over:
            await self._tell_end(job)
            return
        node = next(iter(job.inputs))
        if job.asked == 1:
            await self._tell(job, "executing", {"node": node})
        about = {"value": min(job.asked, job.needs), "max": job.needs, "node": node}
        await self._tell(job, "progress", about)
        preview = struct.pack(">II", 1, 2) + media_bytes("image", job.number)
        if (socket := self.sockets.get(job.extra["client"])) is not None:
            await socket.send_bytes(preview)

    async def _tell_end(self, job: Job) -> None:
        if job.fault is Fault.FAILS:
            await self._tell(job, "execution_error", _FAILURE)
            return
        for node, found in _outputs(job).items():
            await self._tell(job, "executing", {"node": node})
            await self._tell(job, "executed", {"node": node, "output": found})
        await self._tell(job, "execution_success", {})
        await self._tell(job, "executing", {"node": None})

    async def _tell(self, job: Job, kind: str, data: dict[str, Any]) -> None:
        if (socket := self.sockets.get(job.extra["client"])) is not None:
            await socket.send_json({"type": kind, "data": {**data, "prompt_id": job.id}})

    # ---- files

    async def nodes(self, request: Request) -> Response:
        del request
        return JSONResponse(OBJECT_INFO)

    async def upload(self, request: Request) -> Response:
        async with request.form() as form:
            sent = form["image"]
            assert not isinstance(sent, str)
            self.files[str(sent.filename)] = await sent.read()
            told = {"name": sent.filename, "subfolder": form.get("subfolder", ""), "type": "input"}
        return JSONResponse(told)

    async def view(self, request: Request) -> Response:
        asked = request.query_params
        job = next(
            (
                job
                for job in self.world.of("comfyui")
                if f"{job.number:05d}" in asked["filename"] and asked.get("type") == "output"
            ),
            None,
        )
        if job is None:
            return Response(status_code=404)
        kind = asked["filename"].split("_")[0]
        return served(self.world, job, kind)


_FAILURE = {
    "node_id": "3",
    "node_type": "KSampler",
    "executed": ["1"],
    "exception_message": "Given groups=1, weight of size [320, 4, 3, 3], expected input to have 4 "
    "channels, but got 16 channels instead",
    "exception_type": "RuntimeError",
    "traceback": ['  File "execution.py", line 327, in execute\n'],
    "current_inputs": {"api_key": ["sk-of-somebody-else"], "text": ["CUDA out of memory"]},
    "current_outputs": [],
}


def _misfit() -> dict[str, Any]:
    """A refusal as recorded: what is wrong at which node."""
    return {
        "error": {
            "type": "prompt_outputs_failed_validation",
            "message": "Prompt outputs failed validation",
            "details": "",
            "extra_info": {},
        },
        "node_errors": {
            "1": {
                "errors": [
                    {
                        "type": "value_not_in_list",
                        "message": "Value not in list",
                        "details": "ckpt_name: 'x' not in []",
                        "extra_info": {
                            "input_name": "ckpt_name",
                            "input_config": [[]],
                            "received_value": "x",
                        },
                    }
                ],
                "dependent_outputs": ["9"],
                "class_type": "CheckpointLoaderSimple",
            }
        },
    }


def _left(job: Job) -> bool:
    """Whether a job was taken out of the queue, so that nothing is known of it."""
    return bool(job.extra.get("left"))


def _row(job: Job) -> list[Any]:
    nodes = [name for name, each in job.inputs.items() if "Save" in each["class_type"]]
    return [job.number - 1, job.id, job.inputs, job.extra["extra"], nodes]


def _entry(job: Job) -> dict[str, Any]:
    about = {"prompt_id": job.id}
    messages: list[Any] = [["execution_start", about], ["execution_cached", {"nodes": [], **about}]]
    good = not job.cancelled and job.fault is not Fault.FAILS
    if job.cancelled:
        messages.append(["execution_interrupted", {**about, "node_id": "3", "executed": []}])
    elif not good:
        messages.append(["execution_error", {**_FAILURE, **about}])
    return {
        "prompt": _row(job),
        "outputs": _outputs(job) if good and job.fault is not Fault.EMPTY else {},
        "status": {
            "status_str": "success" if good else "error",
            "completed": good,
            "messages": messages,
        },
        "meta": {},
    }


def _outputs(job: Job) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, node in job.inputs.items():
        if not any(word in node["class_type"] for word in ("Save", "Preview", "Echo")):
            continue
        kind = next((kind for word, kind in _KINDS.items() if word in node["class_type"]), "image")
        file = f"{kind}_{job.number:05d}_{TYPES[kind][1]}"
        where = "temp" if "Preview" in node["class_type"] else "output"
        found[name] = {_LISTS[kind]: [{"filename": file, "subfolder": "", "type": where}]}
    return found
