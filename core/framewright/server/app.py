"""The application: every route, and what stands before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route

from framewright import __version__
from framewright.errors import FramewrightError
from framewright.server.answers import WellAnswer
from framewright.server.endpoint import route
from framewright.server.endpoints import ENDPOINTS
from framewright.server.guard import Guard
from framewright.server.openapi import openapi
from framewright.server.page import page
from framewright.server.problems import tell_http, tell_ours, tell_unforeseen, tell_wrong_shape

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from framewright.server.endpoint import House
    from framewright.server.webhooks import Webhooks

_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def application(
    house: House, webhooks: Webhooks, names: Collection[str] | None, address: str
) -> ASGIApp:
    """Return the application of a server that goes by some names and is asked at an address."""
    document = openapi(ENDPOINTS, address)
    written = page(document)

    async def described(_: Request) -> Response:
        return JSONResponse(document)

    async def read(_: Request) -> Response:
        return HTMLResponse(written, headers={"Content-Security-Policy": _PAGE_POLICY})

    async def well(_: Request) -> Response:
        return JSONResponse(WellAnswer(version=__version__).model_dump())

    app = Starlette(
        routes=[
            *(route(each, house) for each in ENDPOINTS),
            *webhooks.routes(),
            Route("/openapi.json", described),
            Route("/docs", read),
            Route("/healthz", well),
        ],
        exception_handlers={
            FramewrightError: tell_ours,
            ValidationError: tell_wrong_shape,
            HTTPException: tell_http,
            Exception: tell_unforeseen,
        },
    )
    app.router.redirect_slashes = False
    app.state.folder = house.callers.studio.workspace.folder
    return Guard(app, names)
