"""A connection that waits for nobody for ever: slow to ask or slow to listen, it is cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

if TYPE_CHECKING:
    import asyncio

ASK_SECONDS = 15.0
"""How long the head of a request may take from its first byte, or from the connection's start."""
LISTEN_SECONDS = 30.0
"""How long nothing may be read of what was sent, once the buffers are full."""


class PatientConnection(H11Protocol):
    """uvicorn's connection with limits of time; its own end with the first head of a request."""

    ask_seconds = ASK_SECONDS
    listen_seconds = LISTEN_SECONDS

    def __init__(self, *args: Any, **options: Any) -> None:
        """Take what uvicorn gives."""
        super().__init__(*args, **options)
        self._asking: asyncio.TimerHandle | None = None
        self._listening: asyncio.TimerHandle | None = None

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._asking = self.loop.call_later(self.ask_seconds, self.transport.abort)

    @override
    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        # uvicorn declares that there always is one.
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            self._ends_asking()
        elif self._asking is None and not self.transport.is_closing():
            # The head of a further request began.
            self._asking = self.loop.call_later(self.ask_seconds, self.transport.abort)

    @override
    def pause_writing(self) -> None:
        super().pause_writing()
        self._listening = self.loop.call_later(self.listen_seconds, self.transport.abort)

    @override
    def resume_writing(self) -> None:
        super().resume_writing()
        self._ends_listening()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._ends_asking()
        self._ends_listening()
        super().connection_lost(exc)

    def _ends_asking(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _ends_listening(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            self._listening = None
