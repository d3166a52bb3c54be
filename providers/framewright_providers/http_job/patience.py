"""How often a vendor is asked how a job stands: soon at first, and then less and less."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from framewright.protocols import Working

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from framewright.protocols import Status

    Pause = Callable[[float], Awaitable[None]]

FIRST_SECONDS = 1.0
GROWTH = 1.5
MOST_SECONDS = 10.0


async def news(
    ask: Callable[[], Awaitable[Status]],
    wait_seconds: float,
    pause: Pause = asyncio.sleep,
    *,
    first_seconds: float = FIRST_SECONDS,
    most_seconds: float = MOST_SECONDS,
) -> Status:
    """Ask until a job has come further, or so long; return what was said last.

    Between questions are 1, 1.5, 2.25 … up to 10 seconds, or as a vendor wants it.
    """
    before = await ask()
    left, between = wait_seconds, first_seconds
    while isinstance(before, Working) and left > 0:
        await pause(min(between, left))
        left -= between
        now = await ask()
        if now != before:
            return now
        between = min(between * GROWTH, most_seconds)
    return before
