"""Work on a thread that ends soon after whoever waits for it gives up."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, TypeVar

from framewright.errors import CancelledByUserError
from framewright.protocols import Tell, silent

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


async def in_thread(work: Callable[[Tell], T], tell: Tell = silent) -> T:
    """Do work off the event loop, which tells how far it is; what that raises ends it.

    Cancelled, this lets the next telling raise `CancelledByUserError`, and waits for the end of
    the work: nothing of it happens afterwards.
    """
    left = threading.Event()

    def heed(fraction: float) -> None:
        if left.is_set():
            raise CancelledByUserError("It was stopped.")
        tell(fraction)

    working = asyncio.ensure_future(asyncio.to_thread(work, heed))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        left.set()
        # However often it is cancelled: a thread can not be left behind.
        while not working.done():
            try:
                await asyncio.wait({working})
            except asyncio.CancelledError:
                continue
        if not working.cancelled():
            working.exception()
        raise
