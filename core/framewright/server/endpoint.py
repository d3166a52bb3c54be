"""One thing that callers can ask for: how it is asked, who does it, what it answers.

The routes and the OpenAPI document are both made of these, so they can not differ.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from framewright.domain.value import Value
from framewright.server.bodies import json_of
from framewright.server.problems import RefusedError

if TYPE_CHECKING:
    import asyncio

    from starlette.requests import Request

    from framewright.server.callers import Caller, Callers
    from framewright.studio import Studio

MOST_QUERY = 8_000
"""Letters of a query."""
MOST_KEY = 200
KEY_HEADER = "idempotency-key"


@dataclass(frozen=True, slots=True)
class House:
    """What the endpoints of one server share."""

    callers: Callers
    background: asyncio.TaskGroup
    """Owns what goes on after an answer."""
    stopping: asyncio.Event
    """Set once the server takes no new work."""
    most_upload: int
    """Bytes of one file."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of somebody who may ask it, read and found right."""

    request: Request
    house: House
    caller: Caller
    query: Any = None
    """As the endpoint says."""
    body: Any = None
    """As the endpoint says."""

    @property
    def studio(self) -> Studio:
        """The workspace as the caller sees it."""
        return self.caller.studio

    def part(self, name: str) -> str:
        """Return a part of the path."""
        return str(self.request.path_params[name])

    @property
    def key(self) -> str | None:
        """The caller's idempotency key; raises `RefusedError` for what is none."""
        told = self.request.headers.get(KEY_HEADER)
        if told is None:
            return None
        if not told or len(told) > MOST_KEY or not told.isascii() or not told.isprintable():
            message = "The Idempotency-Key is none."
            action = f"Send 1 to {MOST_KEY} letters of ASCII, such as a UUID."
            raise RefusedError(400, "key", message, action)
        # A run without one stands under its own id.
        return f"key:{told}"


Handle = Callable[[Asked], Awaitable[Response | Value]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method at one path."""

    method: str
    path: str
    name: str
    """Its operation id."""
    summary: str
    handle: Handle
    answer: type[Value] | str
    """The model of the answer, or a media type."""
    status: int = 200
    query: type[Value] | None = None
    body: type[Value] | None = None
    optional_body: bool = False
    """Whether the body may be left out."""
    file: bool = False
    """Whether the body is a file."""
    once: bool = False
    """Whether an `Idempotency-Key` is heeded."""
    refusals: dict[int, str] = field(default_factory=dict)
    """Further statuses and what they mean."""


def route(endpoint: Endpoint, house: House) -> Route:
    """Return the route of an endpoint."""

    async def answer(request: Request) -> Response:
        caller = await house.callers.known(request.headers)
        taken = house.callers.take(caller)
        if house.stopping.is_set():
            told = (503, "stopping", "The server is being stopped.", "Ask again in a moment.")
            raise RefusedError(*told, {"Retry-After": "2"})
        query = None if endpoint.query is None else _query(request, endpoint.query)
        body = await _body(request, endpoint)
        said = await endpoint.handle(Asked(request, house, caller, query, body))
        if isinstance(said, Value):
            said = JSONResponse(said.model_dump(mode="json"), endpoint.status)
        said.headers.update(taken.headers)
        said.headers.setdefault("Cache-Control", "no-store")
        return said

    return Route(endpoint.path, answer, methods=[endpoint.method], name=endpoint.name)


def _query(request: Request, form: type[Value]) -> Value:
    if len(request.url.query) > MOST_QUERY:
        raise RefusedError(414, "too-large", "The query is too long.")
    asked = request.query_params
    if len(asked.multi_items()) != len(asked):
        raise RefusedError(400, "query", "A name stands twice in the query.")
    return form.model_validate(dict(asked))


async def _body(request: Request, endpoint: Endpoint) -> Value | None:
    if endpoint.body is None:
        return None
    nothing = request.headers.get("content-length", "0") == "0"
    if endpoint.optional_body and nothing and "transfer-encoding" not in request.headers:
        return endpoint.body()
    return endpoint.body.model_validate(await json_of(request))
