"""A wire between a database and its PostgreSQL server that is cut where a test wants it."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from framewright.store.place import PostgresUrl

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import TracebackType

    from postgres_server import PostgresServer

SOCKET = ".s.PGSQL.5432"


@dataclass
class Wire:
    """Hands on what is said, both ways, on a thread of its own."""

    server: PostgresServer
    cut_before_commit: bool = False
    """Whether the next commit is to be lost on its way there."""
    cut_after_commit: bool = False
    """Whether the answer to the next commit is to be lost."""
    then_down: bool = False
    """Whether nobody gets through any more once it was cut."""
    _folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(dir="/tmp")))
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _there: set[asyncio.StreamWriter] = field(default_factory=set)
    _unnoticed: set[asyncio.StreamWriter] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _listening: asyncio.Server | None = None
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def __enter__(self) -> Wire:
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.up()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        shutil.rmtree(self._folder)

    def through(self, place: PostgresUrl) -> PostgresUrl:
        """Return how a database of the server is reached over this wire."""
        return PostgresUrl(place.url.replace(str(self.server.folder), str(self._folder)))

    def up(self) -> None:
        """Let connections through."""
        self._run(self._listen())

    def down(self) -> None:
        """Cut all connections, and let none through."""
        self._run(self._stop())

    def cut(self) -> None:
        """Cut all connections."""
        self._run(self._cut())

    def vanish(self) -> None:
        """Cut all connections so that the server does not notice."""
        self._unnoticed |= self._open
        self.cut()

    def _run(self, work: Coroutine[None, None, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    # ---- on its thread

    async def _listen(self) -> None:
        self._listening = await asyncio.start_unix_server(self._relay, self._folder / SOCKET)

    async def _stop(self) -> None:
        if self._listening is not None:
            self._listening.close()
        await self._cut()

    async def _cut(self) -> None:
        for each in tuple(self._open - self._there.intersection(self._unnoticed)):
            each.close()

    async def _end(self) -> None:
        self._unnoticed.clear()
        await self._stop()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _relay(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        answers, there = await asyncio.open_unix_connection(self.server.folder / SOCKET)
        self._open |= {back, there}
        self._there.add(there)
        self._tasks |= {
            asyncio.ensure_future(self._carry(client, there, to_server=True)),
            asyncio.ensure_future(self._carry(answers, back, to_server=False)),
        }

    async def _carry(
        self, come: asyncio.StreamReader, go: asyncio.StreamWriter, *, to_server: bool
    ) -> None:
        with suppress(ConnectionError):
            while said := await come.read(65_536):
                if b"COMMIT" in said and self._is_to_cut(to_server):
                    await (self._stop() if self.then_down else self._cut())
                go.write(said)
                await go.drain()
        if go not in self._unnoticed:
            self._open.discard(go)
            go.close()

    def _is_to_cut(self, to_server: bool) -> bool:
        name = "cut_before_commit" if to_server else "cut_after_commit"
        wanted: bool = getattr(self, name)
        setattr(self, name, False)
        return wanted
