"""How long media work tells how far it is, and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable

Tell = Callable[[float], None]
"""Called now and then with the fraction done, 0 to 1, on the worker's thread.

To stop the work, raise from it: the exception leaves the media function, which removes what
it had written so far.
"""


def silent(fraction: float) -> None:
    """Ignore progress."""
    del fraction
