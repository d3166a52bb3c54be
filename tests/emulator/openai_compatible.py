"""A server of somebody else that speaks OpenAI's images API, and answers with addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from typing_extensions import override

from emulator.media import served
from emulator.openai import OpenAIApi
from emulator.server import base
from emulator.world import Fault, Job, World

if TYPE_CHECKING:
    from starlette.requests import Request


def routes(world: World) -> list[Route]:
    """Return the API below /v1, and the files."""
    api = _Api(world, "openai-compatible")
    return [*api.routes(), Route("/media/{id}.png", api.media, methods=["GET"])]


class _Api(OpenAIApi):
    """As OpenAI's, but for the form that pictures are answered in."""

    @override
    def pictures(self, request: Request, job: Job) -> Response:
        if job.inputs.get("response_format", "url") != "url":
            return super().pictures(request, job)
        made = [] if job.fault is Fault.EMPTY else [{"url": f"{base(request)}/media/{job.id}.png"}]
        return JSONResponse({"created": 1, "data": made})

    async def media(self, request: Request) -> Response:
        return served(self.world, self.world.jobs[request.path_params["id"]], "image")
