"""Frames made ahead of whoever writes them, on threads of their own, and given in order."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    Made = TypeVar("Made")
else:
    Made = TypeVar("Made")

_THREADS = 2
_AHEAD = 8
"""How many frames wait at most: at 720p one is 1.4 MB."""


def made_ahead(count: int, make: Callable[[int], Made]) -> Iterator[Made]:
    """Yield `make(0)` to `make(count - 1)` in order; any thread may make any of them.

    Leaving the loop early drops what waits; the first error of a frame leaves it.
    """
    waiting: deque[Future[Made]] = deque()
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="framewright-frames") as threads:
        try:
            for number in range(count):
                waiting.append(threads.submit(make, number))
                if len(waiting) >= _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
