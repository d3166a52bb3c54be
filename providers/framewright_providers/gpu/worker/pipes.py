"""The two pipes to whoever started this process, and that it ends when they end."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
from typing import IO, Any

_SET_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


def die_with(parent: int) -> None:
    """Have the system end this process when its parent ends; on Linux only."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        # It ended before that was asked for.
        os._exit(0)


def own_pipes() -> tuple[IO[bytes], Line]:
    """Take the pipes away from whatever else reads or prints here: that goes to standard error."""
    source, target = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return os.fdopen(source, "rb"), Line(target)


class Line:
    """Says things to the parent, a line each; for any thread."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._turn = threading.Lock()

    def say(self, saying: str, /, **details: Any) -> None:
        """Say one thing; where nobody is left to hear it, this process ends."""
        text = json.dumps({"say": saying, **details}, allow_nan=False) + "\n"
        left = memoryview(text.encode())
        with self._turn:
            try:
                while left:
                    left = left[os.write(self._target, left) :]
            except OSError:
                os._exit(0)
