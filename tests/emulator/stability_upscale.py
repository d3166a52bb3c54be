"""Those of Stability's models that begin a job and are asked after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.server import cut
from emulator.stability import begun, picture, problem
from emulator.world import Fault, World

if TYPE_CHECKING:
    from starlette.requests import Request


def routes(world: World) -> list[Route]:
    """Return the API below /v2beta."""

    async def make(request: Request) -> Response:
        answered = await begun(request, world, "stability-upscale")
        if not isinstance(answered, str):
            return answered
        lost = world.jobs[answered].fault is Fault.LOST_AFTER
        return cut() if lost else JSONResponse({"id": answered})

    async def result(request: Request) -> Response:
        job = world.jobs.get(request.path_params["id"])
        if job is None:
            return problem(Fault.NOT_FOUND)
        if not world.asked(job).over:
            return JSONResponse({"id": job.id, "status": "in-progress"}, 202)
        return picture(job.number, job.fault, job.inputs.get("seed"))

    return [
        Route("/v2beta/stable-image/{path:path}", make, methods=["POST"]),
        Route("/v2beta/results/{id}", result, methods=["GET"]),
    ]
