"""What stands before everything: no other site's pages, and a line in the log for each request."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

from framewright.server.origins import is_elsewhere, is_ours
from framewright.server.problems import Problem, problem

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("framewright.server")
_HUSHED = "/webhooks/"
"""What follows holds a secret."""
SAFE = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Headers of every answer."""


class Guard:
    """Looks at `Host` and at what a browser says of who asks, before anything else does."""

    def __init__(self, app: ASGIApp, names: Collection[str] | None) -> None:
        """Guard an application that goes by some names; None for any."""
        self._app, self._names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            return
        began, status = time.monotonic(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [(n.lower().encode(), v.encode()) for n, v in SAFE.items()]
                there = {name for name, _ in message["headers"]}
                added = [each for each in headers if each[0] not in there]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        refusal = self._refusal(scope)
        try:
            if refusal is not None:
                await refusal(scope, receive, sending)
            else:
                await self._app(scope, receive, sending)
        finally:
            milliseconds = (time.monotonic() - began) * 1_000
            _log.info("%s %s %d %.0f ms", scope["method"], _shown(scope), status, milliseconds)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if len(headers.getlist("host")) != 1 or not is_ours(headers["host"], self._names):
            message = "This server does not go by that name."
            return problem(421, Problem(code="host", message=message))
        if is_elsewhere(headers, scope["scheme"]):
            message = "The page of another origin may not ask this."
            return problem(403, Problem(code="origin", message=message))
        return None


def _shown(scope: Scope) -> str:
    """Return a path as it may be logged: as it was sent, in ASCII, and without a secret."""
    if scope["path"].startswith(_HUSHED):
        # As it is routed: sent in other letters it is the same address.
        return f"{_HUSHED}…"
    return str(scope.get("raw_path", b"").decode("ascii", "replace")[:300])
