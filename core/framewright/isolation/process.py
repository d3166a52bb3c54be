"""One worker as its owner sees it: started, asked, and ended."""

from __future__ import annotations

import json
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from framewright.isolation import wire

if TYPE_CHECKING:
    from collections.abc import Sequence

START_SECONDS = 60.0
"""How long a worker may take to be ready; a busy machine is slow."""
_END_SECONDS = 5.0
_COMMAND = (sys.executable, "-m", "framewright.isolation.worker")
_PASSED = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "WINDIR", "TEMP", "TMP")
"""Variables a worker sees: whatever else is in ours, keys above all, is none of its business."""
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
"""A process that copies itself has one thread, and heaps for few count little as memory."""
_log = logging.getLogger("framewright.isolation")


class WorkerGoneError(Exception):
    """The worker has ended, or can not be started."""


class Worker:
    """A process that does errands one after another; for one thread at a time."""

    def __init__(self, options: Sequence[str] = ()) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
            [*_COMMAND, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            # Ctrl-C is for whoever waits for the answer.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._said: queue.SimpleQueue[tuple[bytes, bytes] | None] = queue.SimpleQueue()
        self._listener = threading.Thread(
            target=self._listen, name="framewright-isolation", daemon=True
        )
        self._listener.start()
        self.about: dict[str, Any] = {}
        """What it says of itself: whether it `forks`, and whether it is `offline`."""

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def is_there(self) -> bool:
        """Whether it still is."""
        return self._process.poll() is None

    def wait_until_ready(self) -> None:
        """Return once it takes errands; raises `WorkerGoneError`."""
        said = self.hear(START_SECONDS)
        if said is None or said[0] != wire.HELLO:
            raise WorkerGoneError
        self.about = json.loads(said[1])

    def ask(self, kind: bytes, body: bytes = b"") -> None:
        """Send it a message; raises `WorkerGoneError`."""
        assert self._process.stdin is not None
        try:
            wire.send(self._process.stdin.fileno(), kind, body)
        except (OSError, ValueError) as error:
            raise WorkerGoneError from error

    def hear(self, seconds: float) -> tuple[bytes, bytes] | None:
        """Return its next message, or None where none came; raises `WorkerGoneError`."""
        try:
            said = self._said.get(timeout=max(0.0, seconds))
        except queue.Empty:
            return None
        if said is None:
            # For whoever asks again.
            self._said.put(None)
            raise WorkerGoneError
        return said

    def end(self) -> int:
        """End it and whatever it does; returns once it is gone, with its exit code."""
        with suppress(OSError):
            if hasattr(os, "killpg"):
                # It leads a session of its own, so that nobody else is in its group.
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        code = self._process.wait(_END_SECONDS)
        self._listener.join(_END_SECONDS)
        return code

    def _listen(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None
        try:
            while (said := wire.receive(pipe.fileno(), wire.FROM_WORKER)) is not None:
                self._said.put(said)
        except (OSError, wire.WireError):
            _log.warning("worker %s says what nobody understands", self._process.pid)
        finally:
            self._said.put(None)
            pipe.close()


def _environment() -> dict[str, str]:
    known = {name: os.environ[name] for name in _PASSED if name in os.environ}
    paths = os.pathsep.join(each for each in sys.path if each)
    return {**known, **_ONE_THREAD, "PYTHONPATH": paths, "PYTHONSAFEPATH": "1"}
