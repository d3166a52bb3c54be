"""An event loop whose time a test moves: it never waits, and has no threads."""

from __future__ import annotations

import asyncio
import selectors
from typing import TYPE_CHECKING, Any

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable


class _Nothing(selectors.SelectSelector):
    """Hears of no socket; where the loop would wait, it stops."""

    loop: StillLoop

    @override
    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None or timeout > 0:
            self.loop.stop()
        return []


class StillLoop(asyncio.SelectorEventLoop):
    """Runs until nothing moves any more at its present time."""

    def __init__(self) -> None:
        self.now = 1_000.0
        selector = _Nothing()
        selector.loop = self
        super().__init__(selector)

    @override
    def time(self) -> float:
        return self.now

    def run_until_still(self) -> None:
        self.run_forever()

    @override
    def run_in_executor(  # type: ignore[override]
        self, executor: object, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Run it at once: what another thread would do meanwhile is up to the test."""
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - as a thread would hand it over
            done.set_exception(error)
        return done
