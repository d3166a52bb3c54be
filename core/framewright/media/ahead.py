"""Working ahead: what an iterator yields next is made on a thread while the last is used."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Queue
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")

DEPTH = 6
"""So many things wait at most, each as large as a frame."""


@dataclass(frozen=True, slots=True)
class _Item(Generic[T]):
    value: T


@dataclass(frozen=True, slots=True)
class _End:
    error: BaseException | None


@contextmanager
def ahead(things: Iterator[T], depth: int = DEPTH) -> Iterator[Iterator[T]]:
    """Give what `things` yields, up to `depth` of them made on a thread before they are asked for.

    Codecs let go of the interpreter, so decoding and encoding run side by side. What `things`
    raises is raised to whoever takes from it. The thread has ended when the `with` block has.
    """
    # The places that are free go one way and what fills them the other: neither side ever polls.
    made: Queue[_Item[T] | _End] = Queue()
    free = threading.Semaphore(depth)
    stop = threading.Event()

    def make() -> None:
        error: BaseException | None = None
        try:
            for thing in things:
                made.put(_Item(thing))
                free.acquire()
                if stop.is_set():
                    break
        except BaseException as raised:  # noqa: BLE001 - raised again where it is taken
            error = raised
        finally:
            _close(things)
        made.put(_End(error))

    def take() -> Iterator[T]:
        while isinstance(item := made.get(), _Item):
            free.release()
            yield item.value
        if item.error is not None:
            raise item.error

    thread = threading.Thread(target=make, name="framewright-ahead", daemon=True)
    thread.start()
    try:
        yield take()
    finally:
        stop.set()
        free.release()
        thread.join()


def _close(things: Iterator[T]) -> None:
    close = getattr(things, "close", None)
    if close is not None:
        close()
