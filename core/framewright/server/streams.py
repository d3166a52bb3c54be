"""Events as they happen, as a stream that can be taken up where it broke off.

Server-sent events, as the HTML standard has them: the id of each is its place in the log, so a
client that comes back with the last one it saw misses nothing and hears nothing twice.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from starlette.responses import Response
from typing_extensions import override

from framewright.server.problems import RefusedError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.types import Receive, Scope, Send

    from framewright.domain.event import Event
    from framewright.server.callers import Caller
    from framewright.server.endpoint import Asked, House

HEARTBEAT_SECONDS = 15.0
"""How long a stream is silent at most."""
BACK_MS = 2_000
"""When a client is to come back that was cut off."""
_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    # A proxy that gathers answers would keep the events back.
    "X-Accel-Buffering": "no",
}


async def all_events(asked: Asked) -> Response:
    """Tell everything that happens to the caller's tenant."""
    return EventStream(asked.studio.events(_after(asked)), asked.caller, asked.house)


async def run_events(asked: Asked) -> Response:
    """Tell what happens in a run, to its end."""
    run, after = asked.part("run"), _after(asked)
    if await asked.studio.is_over(run) and (await asked.studio.show(run)).cursor <= after:
        # The one answer after which a browser does not come back.
        return Response(status_code=204)
    return EventStream(asked.studio.events(after, run), asked.caller, asked.house)


def written(event: Event) -> bytes:
    """Return an event as a stream has it."""
    # JSON has no line breaks outside of its texts, where they are escaped.
    data = event.model_dump_json(exclude={"tenant"})
    return f"id: {event.seq}\nevent: {event.body.type}\ndata: {data}\n\n".encode()


def read_cursor(told: str) -> int:
    """Return what a `Last-Event-ID` says; raises `RefusedError` for no place in the log."""
    if not told.isascii() or not told.isdigit() or len(told) > 18:
        raise RefusedError(400, "cursor", "The Last-Event-ID is no number of an event.")
    return int(told)


class EventStream(Response):
    """A stream of events; ends with the events, with its client, or with the server."""

    def __init__(self, events: AsyncGenerator[Event], caller: Caller, house: House) -> None:
        super().__init__(headers=_HEADERS)
        # Nobody knows how long it will be.
        del self.headers["content-length"]
        self._events, self._caller, self._house = events, caller, house

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._events):
            with self._house.callers.streaming(self._caller):
                start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
                await send(start)
                if scope["method"] != "HEAD":
                    await send(_body(f"retry: {BACK_MS}\n\n".encode()))
                    await self._tell(receive, send)
                await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _tell(self, receive: Receive, send: Send) -> None:
        gone = asyncio.ensure_future(_until_gone(receive))
        stopping = asyncio.ensure_future(self._house.stopping.wait())
        coming = asyncio.ensure_future(anext(self._events, None))
        try:
            while True:
                waited = {gone, stopping, coming}
                done, _ = await asyncio.wait(
                    waited, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                if gone in done:
                    return
                if coming in done:
                    event = coming.result()
                    if event is None:
                        await send(_body(b"event: end\ndata: {}\n\n"))
                        return
                    await send(_body(written(event)))
                    coming = asyncio.ensure_future(anext(self._events, None))
                elif stopping in done:
                    await send(_body(b"event: stopping\ndata: {}\n\n"))
                    return
                elif not done:
                    await send(_body(b": still here\n\n"))
        finally:
            waited = {gone, stopping, coming}
            for each in waited:
                each.cancel()
            await asyncio.gather(*waited, return_exceptions=True)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _after(asked: Asked) -> int:
    told = asked.request.headers.get("last-event-id", "").strip()
    return read_cursor(told) if told else int(asked.query.after)


def _body(data: bytes) -> dict[str, object]:
    return {"type": "http.response.body", "body": data, "more_body": True}
