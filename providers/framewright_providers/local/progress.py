"""A part of a job's progress, told as if it were the whole of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framewright.protocols import Tell


def within(tell: Tell, start: float, end: float) -> Tell:
    """Return what tells 0 to 1 of a part that lies between two shares of the whole."""

    def part(share: float) -> None:
        tell(start + (end - start) * min(1.0, max(0.0, share)))

    return part
