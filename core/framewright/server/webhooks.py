"""The door for providers' webhooks: handed on as they came, heard once, refused without a word."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from framewright.errors import FramewrightError, NotFoundError
from framewright.protocols import Call, CallRefusedError
from framewright.server.bodies import whole
from framewright.server.problems import RefusedError

if TYPE_CHECKING:
    from starlette.requests import Request

    from framewright.server.secret_paths import SecretPaths
    from framewright.studio import Studio

MOST_BYTES = 1_000_000
SECONDS = 10.0
"""How long a call may take to come in."""
_MOST_PATH = 500
_log = logging.getLogger("framewright.server")


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Hears what providers call; whom they are to call is told them elsewhere."""

    studio: Studio
    paths: SecretPaths
    seconds: float = SECONDS

    def routes(self) -> list[Route]:
        """Return where providers call: their own address, and what they put behind it."""
        where = "/webhooks/{provider}/{token}"
        return [
            Route(where, self.hear, methods=["POST"]),
            Route(where + "/{rest:path}", self.hear, methods=["POST"]),
        ]

    async def hear(self, request: Request) -> Response:
        """Hear one call; what is refused is logged, without what was in it."""
        provider, token = request.path_params["provider"], request.path_params["token"]
        if not self.paths.is_right(provider, token):
            _log.warning("a webhook for %.40r came to an address that is none", provider)
            return Response(status_code=404)
        try:
            call = await self._call(request)
            new = await self.studio.hear(provider, call)
        except CallRefusedError as error:
            return _refused(401, provider, error.message)
        except RefusedError as error:
            return _refused(error.status, provider, error.kind, error.headers)
        except NotFoundError:
            return _refused(404, provider, "it is not installed, or calls nobody")
        except (ValueError, TypeError, LookupError) as error:
            return _refused(400, provider, type(error).__name__)
        except FramewrightError as error:
            # It can not be proved or kept just now: the provider says it again.
            return _refused(503, provider, f"{type(error).__name__}, for now")
        _log.info("a webhook of %s was heard%s", provider, "" if new else " before")
        return Response(status_code=200)

    async def _call(self, request: Request) -> Call:
        rest = request.path_params.get("rest", "")
        if len(rest) > _MOST_PATH or not rest.isprintable():
            raise ValueError("path")
        headers: dict[str, str] = {}
        for name, value in request.headers.items():
            # One that stands twice is one list (RFC 9110, 5.3); then no signature of it is right.
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        body = await whole(request, MOST_BYTES, self.seconds)
        return Call(headers, body, rest, dict(request.query_params))


def _refused(
    status: int, provider: str, why: str, headers: dict[str, str] | None = None
) -> Response:
    _log.warning("a webhook for %s was refused (%d): %s", provider, status, why)
    return Response(status_code=status, headers=headers)
