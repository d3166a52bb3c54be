"""A wire between a database and its PostgreSQL server that is cut where a test wants it."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

    from postgres_server import PostgresServer

SOCKET = ".s.PGSQL.5432"


@dataclass
class Wire:
    """Hands on what is said, both ways; all of it belongs to one event loop."""

    server: PostgresServer
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(dir="/tmp")))
    cut_before_commit: bool = False
    """Whether the next commit is to be lost on its way there."""
    cut_after_commit: bool = False
    """Whether the answer to the next commit is to be lost."""
    then_down: bool = False
    """Whether nobody gets through any more once it was cut."""
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _listening: asyncio.Server | None = None

    async def __aenter__(self) -> Wire:
        await self.up()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.down()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        shutil.rmtree(self.folder)

    async def up(self) -> None:
        """Let connections through."""
        self._listening = await asyncio.start_unix_server(self._relay, self.folder / SOCKET)

    def down(self) -> None:
        """Cut all connections, and let none through."""
        if self._listening is not None:
            self._listening.close()
        self.cut()

    def cut(self) -> None:
        """Cut all connections."""
        for each in tuple(self._open):
            each.close()

    async def _relay(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        answers, there = await asyncio.open_unix_connection(self.server.folder / SOCKET)
        self._open |= {back, there}
        self._tasks |= {
            asyncio.ensure_future(self._carry(client, there, to_server=True)),
            asyncio.ensure_future(self._carry(answers, back, to_server=False)),
        }

    async def _carry(
        self, come: asyncio.StreamReader, go: asyncio.StreamWriter, *, to_server: bool
    ) -> None:
        with suppress(ConnectionError):
            while said := await come.read(65_536):
                commit = b"COMMIT" in said
                if to_server and commit and self.cut_before_commit:
                    self.cut_before_commit = False
                    self._cut_for_good()
                if not to_server and commit and self.cut_after_commit:
                    self.cut_after_commit = False
                    self._cut_for_good()
                go.write(said)
                await go.drain()
        self._open.discard(go)
        go.close()

    def _cut_for_good(self) -> None:
        self.down() if self.then_down else self.cut()
