"""What a caller hears when something goes wrong: a code, a sentence, the next action."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from framewright.domain.value import Value
from framewright.errors import BusyError, FramewrightError, InputError, MediaError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

_log = logging.getLogger("framewright.server")
_SHOWN = 5
"""How many mistakes of one request are told."""


class Problem(Value):
    """What went wrong."""

    code: str
    """The same for all mistakes of a kind."""
    message: str
    action: str = ""
    """What can be done about it, in a sentence."""


class ProblemAnswer(Value):
    """The answer to a request that failed."""

    error: Problem


class RefusedError(FramewrightError):
    """A request that is not let in, with the status that says why."""

    code = "refused"

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        action: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, action=action)
        self.status, self.kind = status, code
        self.headers = dict(headers or {})


def problem(status: int, told: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer that tells a problem."""
    body = ProblemAnswer(error=told).model_dump(mode="json")
    return JSONResponse(body, status, headers={"Cache-Control": "no-store", **(headers or {})})


def status_of(error: FramewrightError) -> int:
    """Return the HTTP status of an error of ours."""
    if isinstance(error, NotFoundError):
        return 404
    if isinstance(error, BusyError):
        return 409
    if isinstance(error, (InputError, MediaError)):
        return 422
    return 500


async def tell_ours(request: Request, error: Exception) -> Response:
    """Answer an error of ours."""
    assert isinstance(error, FramewrightError)
    if isinstance(error, RefusedError):
        return problem(
            error.status, Problem(code=error.kind, message=error.message, action=error.action),
            error.headers,
        )  # fmt: skip
    status = status_of(error)
    if status >= 500:
        _log.warning("%s: %s", request.method, error)
    # Where things lie on this machine is nobody's business over the network.
    place = str(request.app.state.folder)
    words = [each.replace(place, "the workspace") for each in (error.message, error.action)]
    told = Problem(code=error.code, message=words[0], action=words[1])
    return problem(status, told, {"Retry-After": "1"} if status == 409 else None)


async def tell_wrong_shape(_: Request, error: Exception) -> Response:
    """Answer a body or a query that is not of the form it should have."""
    assert isinstance(error, ValidationError)
    found = error.errors(include_url=False, include_context=False, include_input=False)
    words = [f"{'.'.join(map(str, each['loc'])) or 'body'}: {each['msg']}" for each in found]
    more = f" And {len(words) - _SHOWN} more." if len(words) > _SHOWN else ""
    message = f"{'; '.join(words[:_SHOWN])[:1_000]}.{more}"
    action = "See /docs for what is taken."
    return problem(422, Problem(code="input", message=message, action=action))


async def tell_http(_: Request, error: Exception) -> Response:
    """Answer what the routing found: no such path, no such method."""
    assert isinstance(error, HTTPException)
    codes = {404: "not-found", 405: "method-not-allowed"}
    words = {404: "There is nothing here.", 405: "That can not be done here."}
    status = error.status_code
    told = Problem(
        code=codes.get(status, "http"), message=words.get(status, f"{error.detail}."),
        action="See /docs.",
    )  # fmt: skip
    return problem(status, told, dict(error.headers or {}))


async def tell_unforeseen(request: Request, error: Exception) -> Response:
    """Answer what nobody foresaw; what it was stands in the log."""
    _log.error("unforeseen, at %s %s", request.method, request.scope.get("route"), exc_info=error)
    message = "Something went wrong inside Framewright."
    return problem(500, Problem(code="error", message=message, action="Look into the log."))
