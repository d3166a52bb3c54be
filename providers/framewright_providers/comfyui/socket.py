"""What a ComfyUI server says of a job by itself: its web socket, read as long as the job goes on.

Previews come over the same line as pictures; they are passed over. Whoever does not read holds
up the server, which tells all its listeners from one loop: so a line is read all the time.
"""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from framewright.protocols import Working

if TYPE_CHECKING:
    from collections.abc import Mapping

    from websockets.asyncio.client import ClientConnection

_OPEN_SECONDS = 10.0
_SILENT_SECONDS = 120.0
"""A server that loads a model answers nobody for a while."""
_MOST_BYTES = 64_000_000
_LEAST_STEP = 0.01
"""How much further a job must be before anybody is told."""
_ENDS = frozenset({"execution_success", "execution_error", "execution_interrupted"})
_log = logging.getLogger("framewright.comfyui")


class Line:
    """One job's line to its server; belongs to one event loop."""

    def __init__(self, connection: ClientConnection, nodes: Mapping[str, str]) -> None:
        """Read from an open connection what is said of a job; `nodes` are classes by node id."""
        self.job: str | None = None
        """What the server calls the job, once that is known; the line is this job's alone."""
        self.standing = Working(phase="queued")
        """How the job stood when it was last told of."""
        self.over = False
        """Whether the job was said to be over; how it ended stands in the history."""
        self.closed = False
        self.speaks = False
        """Whether anything was heard of the job yet; before it runs, nothing is."""
        self.is_news = False
        """Whether something was heard since this was last set back."""
        self._connection, self._nodes = connection, nodes
        self._begun: dict[str, float] = {}
        """How much of each node that was begun is done, 0 to 1."""
        self._changed = asyncio.Event()
        self._reading = asyncio.ensure_future(self._read())

    async def change(self, seconds: float) -> None:
        """Wait until the job goes on, is over, or the line is cut; so long at most."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), seconds)
        self._changed.clear()

    async def close(self) -> None:
        """Hang up."""
        self._reading.cancel()
        with suppress(asyncio.CancelledError):
            await self._reading
        await self._connection.close()

    async def _read(self) -> None:
        from websockets.exceptions import ConnectionClosed

        try:
            async for message in self._connection:
                # What is no text is a preview.
                if isinstance(message, str):
                    self._hear(message)
                if self.over:
                    return
        except (ConnectionClosed, OSError) as error:
            _log.debug("the line of %s was cut: %s", self.job, type(error).__name__)
        finally:
            self.closed = True
            self._changed.set()

    def _hear(self, message: str) -> None:
        try:
            told = json.loads(message)
            kind, data = told["type"], told["data"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return
        if not isinstance(data, dict) or not self._is_of_this(kind, data):
            return
        self.speaks = self.is_news = True
        if kind in _ENDS or (kind == "executing" and data.get("node") is None):
            self.over = True
            self._changed.set()
            return
        self._note(kind, data)
        now, before = self._standing(kind, data), self.standing
        further = (now.fraction or 0.0) - (before.fraction or 0.0)
        if now.phase != before.phase or further >= _LEAST_STEP:
            self.standing = now
            self._changed.set()

    def _is_of_this(self, kind: str, data: dict[str, Any]) -> bool:
        if self.job is None:
            # That a job was interrupted is told to everybody.
            return "prompt_id" in data and kind != "execution_interrupted"
        return data.get("prompt_id") == self.job

    def _note(self, kind: str, data: dict[str, Any]) -> None:
        """Take up how far the nodes are: one that another follows is done."""
        node = str(data.get("node"))
        if kind == "execution_cached" and isinstance(data.get("nodes"), list):
            self._begun.update((str(each), 1.0) for each in data["nodes"])
        elif kind == "executed":
            self._begun[node] = 1.0
        elif kind == "executing":
            self._begun = dict.fromkeys(self._begun, 1.0)
            self._begun.setdefault(node, 0.0)
        elif kind == "progress":
            value, most = data.get("value"), data.get("max")
            if isinstance(value, (int, float)) and isinstance(most, (int, float)) and most > 0:
                self._begun[node] = min(1.0, max(0.0, value / most))

    def _standing(self, kind: str, data: dict[str, Any]) -> Working:
        whole = sum(map(_weight, self._nodes.values()))
        done = sum(
            share * _weight(self._nodes[node])
            for node, share in self._begun.items()
            if node in self._nodes
        )
        phase = self.standing.phase
        if kind in {"executing", "progress"}:
            phase = self._nodes.get(str(data.get("node")), "running")
        elif kind == "execution_start":
            phase = "running"
        return Working(done / whole if whole else None, phase)


def _weight(kind: str) -> int:
    """Return how long nodes of a class take against others: what samples takes nearly all."""
    return 20 if "Sampler" in kind else 1


async def opened(
    url: str, client: str, headers: Mapping[str, str], nodes: Mapping[str, str]
) -> Line | None:
    """Return a line to a server, on which it tells a client of its jobs; None where there is none.

    `url` is where its API is, with http or https.
    """
    from urllib.parse import urlencode

    # It takes a while to import, and most commands need none.
    from websockets.asyncio.client import connect
    from websockets.exceptions import WebSocketException

    where = f"ws{url.removeprefix('http')}/ws?{urlencode({'clientId': client})}"
    try:
        connection = await connect(
            where,
            additional_headers=dict(headers),
            open_timeout=_OPEN_SECONDS,
            close_timeout=1.0,
            ping_timeout=_SILENT_SECONDS,
            max_size=_MOST_BYTES,
            logger=_quiet(),
        )
    except (OSError, TimeoutError, WebSocketException) as error:
        _log.debug("there is no line to the server: %s", type(error).__name__)
        return None
    return Line(connection, nodes)


def _quiet() -> logging.Logger:
    """Return a log that says nothing: what this library tells holds headers, and so keys."""
    log = logging.getLogger("framewright.comfyui.socket")
    log.setLevel(logging.CRITICAL)
    return log
