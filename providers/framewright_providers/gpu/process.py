"""A worker as its owner sees it: started, asked, heard, and ended whatever it does.

What it says is foreign: a line that is none is passed over, too many of them are its end.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_LINE = 1 << 20
"""Longest line that is read, in bytes."""
MOST_NONSENSE = 1_000
"""How many lines that nobody understands are passed over, in all its life."""
_BREATH = 16
"""After so many lines others have a turn, however many more are there already."""
_KEPT_LINES = 40
_END_SECONDS = 10.0
_log = logging.getLogger("framewright.gpu")


class WorkerGoneError(Exception):
    """The worker has ended, says nothing any more, or nothing that can be understood."""

    def __init__(self, how: str, tail: str = "", *, ended: bool = False) -> None:
        super().__init__(how)
        self.ended = ended
        """Whether it ended by itself."""
        self.how = how
        """What it did, in words that follow "the process": `ended (SIGSEGV)`."""
        self.tail = tail
        """The last of what it wrote to its log."""


class WorkerProcess:
    """One process; for one event loop, and one listener at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._tail: deque[str] = deque(maxlen=_KEPT_LINES)
        self._lines = 0
        self._nonsense = 0
        self._logging = asyncio.ensure_future(self._keep_log())

    @classmethod
    async def start(cls, command: Sequence[str], environment: Mapping[str, str]) -> WorkerProcess:
        """Start it; raises `WorkerGoneError` where that can not be done."""
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=dict(environment),
                limit=MOST_LINE,
                # Ctrl-C is for whoever waits for the result.
                start_new_session=True,
            )
        except OSError as error:
            raise WorkerGoneError(f"could not be started ({error.strerror or error})") from error
        return cls(process)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def say(self, order: Mapping[str, Any]) -> None:
        """Give it an order; raises `WorkerGoneError` where it can not take one."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            async with asyncio.timeout(_END_SECONDS):
                await self._process.stdin.drain()
        except TimeoutError as error:
            raise await self._gone("takes no more orders") from error
        except (OSError, RuntimeError) as error:
            raise await self._gone() from error

    async def hear(self, seconds: float) -> dict[str, Any]:
        """Return the next thing it says within so many seconds; raises `WorkerGoneError`."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    if (said := await self._next()) is not None:
                        return said
        except TimeoutError as error:
            raise await self._gone(f"said nothing for {seconds:.3g} seconds") from error

    async def end(self) -> None:
        """End it and all that it started; returns once it is gone."""
        with suppress(OSError):
            if hasattr(os, "killpg"):
                # It leads a session of its own, so that nobody else is in its group.
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        await self._process.wait()
        self._logging.cancel()
        await asyncio.wait([self._logging])
        for pipe in (self._process.stdout, self._process.stderr):
            assert pipe is not None
            with suppress(TimeoutError):
                async with asyncio.timeout(_END_SECONDS):
                    # What it had still to say keeps a pipe open until somebody has read it.
                    while await pipe.read(MOST_LINE):
                        pass

    async def _next(self) -> dict[str, Any] | None:
        """Return what one line says; None for nonsense."""
        assert self._process.stdout is not None
        self._lines += 1
        if self._lines % _BREATH == 0:
            await asyncio.sleep(0)
        try:
            line = await self._process.stdout.readline()
        except (ValueError, OSError) as error:
            raise await self._gone("says what nobody understands") from error
        if not line:
            raise await self._gone()
        said = _understood(line)
        if said is None:
            self._nonsense += 1
            _log.debug("worker %s says nonsense: %r", self.pid, line[:200])
            if self._nonsense > MOST_NONSENSE:
                raise await self._gone("says what nobody understands")
        return said

    async def _gone(self, how: str = "") -> WorkerGoneError:
        """Return the error that says how it went; without words for it, it ended by itself."""
        ended = not how
        if ended:
            with suppress(TimeoutError):
                async with asyncio.timeout(_END_SECONDS):
                    await self._process.wait()
            how = f"ended ({_way(self._process.returncode)})"
            # The rest of its log says why.
            await asyncio.wait([self._logging], timeout=1.0)
        return WorkerGoneError(how, "\n".join(self._tail), ended=ended)

    async def _keep_log(self) -> None:
        assert self._process.stderr is not None
        rest = ""
        while chunk := await self._process.stderr.read(4_096):
            *lines, rest = (rest + chunk.decode("utf-8", "replace")).split("\n")
            rest = rest[-4_096:]
            for line in lines:
                self._tail.append(line[:500])
                _log.debug("worker %s: %s", self.pid, line[:500])
            await asyncio.sleep(0)
        self._tail.append(rest[:500])


def _understood(line: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) and isinstance(said.get("say"), str) else None


def _way(code: int | None) -> str:
    if code is None:
        return "its pipe was closed"
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
