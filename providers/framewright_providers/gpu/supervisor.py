"""One device: its worker is started for the first job, watched, and replaced after harm.

```
no worker ──► started ──► hello ──► job ──► done, stopped, failed ──► next job
   ▲                        │        │                        │
   └──── killed ◄───────────┴────────┴─ silent, ended, called │
                                        off and not heeded ◄──┘ out of memory
```
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framewright_providers.gpu.process import WorkerGoneError, WorkerProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MOST_SAYINGS = 200_000
"""More than that is said of no job."""
_ENDS = frozenset({"done", "stopped", "failed"})
_log = logging.getLogger("framewright.gpu")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a worker may say nothing, in seconds, before it is taken for hung."""

    start: float = 300.0
    """While it loads torch."""
    load: float = 3_600.0
    """While it loads a model: tens of gigabytes from a slow disk."""
    step: float = 600.0
    """Between two steps, and behind the last."""
    stop: float = 15.0
    """Until it lets go of a job that was called off."""


class LackingError(Exception):
    """A worker says that its Python or its device can not be used."""

    def __init__(self, what: str, text: str) -> None:
        super().__init__(text)
        self.what = what
        """`libraries` or `device`."""
        self.text = text


class DeviceWorker:
    """A device and whoever works on it, a job at a time; belongs to one event loop."""

    def __init__(
        self,
        device: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        patience: Patience,
    ) -> None:
        self.device = device
        self.title = device
        """What a person calls it; its own name once a worker has said it."""
        self.warm: frozenset[str] = frozenset()
        """Folders of the models that its worker has loaded."""
        self._command = tuple(command)
        self._environment = environment
        self._patience = patience
        self._process: WorkerProcess | None = None

    @property
    def pid(self) -> int | None:
        """Process id of its worker; None where there is none."""
        return None if self._process is None else self._process.pid

    async def run(
        self, order: Mapping[str, Any], heard: Callable[[dict[str, Any]], None]
    ) -> dict[str, Any]:
        """Have a job done and return how it ended: `done`, `stopped` or `failed`.

        `heard` is told all that is said before that. Raises `WorkerGoneError` and `LackingError`;
        the worker is gone then, as it is where this is cancelled and where memory ran out.
        """
        try:
            said = await self._done(order, heard)
        except BaseException:
            await self.end()
            raise
        if said["say"] == "failed" and said.get("code") == "out-of-memory":
            # What is left of its memory is in pieces.
            await self.end()
        warm = said.get("warm")
        if isinstance(warm, list) and self._process is not None:
            self.warm = frozenset(map(str, warm))
        return said

    async def call_off(self, job: str) -> None:
        """Ask the worker to let go of a job between two steps."""
        if self._process is not None:
            with suppress(WorkerGoneError):
                await self._process.say({"do": "cancel", "job": job})

    async def end(self) -> None:
        """End the worker, whatever it does; the next job starts another."""
        process, self._process = self._process, None
        self.warm = frozenset()
        if process is not None:
            await _to_its_end(process)

    async def _done(
        self, order: Mapping[str, Any], heard: Callable[[dict[str, Any]], None]
    ) -> dict[str, Any]:
        """Have a job done; a worker that ended while it had nothing to do is replaced."""
        begun = False

        def hear(said: dict[str, Any]) -> None:
            nonlocal begun
            begun = True
            heard(said)

        if self._process is not None:
            try:
                return await self._followed(self._process, order, hear)
            except WorkerGoneError as gone:
                if begun or not gone.ended:
                    raise
                _log.info("the worker of %s %s", self.device, gone.how)
            await self.end()
        return await self._followed(await self._started(), order, hear)

    async def _started(self) -> WorkerProcess:
        self._process = await WorkerProcess.start(self._command, self._environment)
        while True:
            said = await self._process.hear(self._patience.start)
            if said["say"] == "lacking":
                raise LackingError(str(said.get("what")), str(said.get("text")))
            if said["say"] == "hello":
                self.title = str(said.get("name") or self.device)[:100]
                _log.info("%s: %s", self.device, said)
                return self._process

    async def _followed(
        self,
        process: WorkerProcess,
        order: Mapping[str, Any],
        heard: Callable[[dict[str, Any]], None],
    ) -> dict[str, Any]:
        await process.say(order)
        job, seconds = order["job"], self._patience.load
        for _ in range(MOST_SAYINGS):
            said = await process.hear(seconds)
            if said.get("job") != job:
                # Late news of a job that is over.
                continue
            if said["say"] in _ENDS:
                return said
            if said["say"] == "phase" and said.get("phase") != "loading":
                seconds = self._patience.step
            heard(said)
        raise WorkerGoneError("says more than anybody wants to know")


async def _to_its_end(process: WorkerProcess) -> None:
    """End a process although whoever waits for that is cancelled: none is ever left."""
    ending = asyncio.ensure_future(process.end())
    cancelled: asyncio.CancelledError | None = None
    while not ending.done():
        try:
            await asyncio.wait([ending])
        except asyncio.CancelledError as error:
            cancelled = error
    ending.result()
    if cancelled is not None:
        raise cancelled
