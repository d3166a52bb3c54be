"""Passes on what the router tells of a step's job, as far as it is worth an event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from framewright.domain.event import StepProgressed, StepRetried
from framewright.domain.job import BackingOff

if TYPE_CHECKING:
    from framewright.protocols import Working

PROGRESS_MS = 250
"""Least time between two progress events of one step."""
PROGRESS_FRACTION = 0.02
"""Least advance between two progress events of one step."""


class Hearer(Protocol):
    """Who wants to know."""

    def started(self, step: str) -> None:
        """A provider works on the step."""
        ...

    def progressed(self, body: StepProgressed) -> None:
        """The step came further."""
        ...

    def backs_off(self, body: StepRetried) -> None:
        """The step's job failed, and waits before its next attempt."""
        ...

    def now_ms(self) -> int:
        """Return Unix time in milliseconds."""
        ...


class Listener:
    """Hears from the router about one step, and passes on what is worth an event."""

    def __init__(self, execution: Hearer, step: str, model: str) -> None:
        self._execution = execution
        self._step = step
        self._model = model
        self._fraction = 0.0
        self._at_ms: int | None = None

    def __call__(self, news: Working | BackingOff) -> None:
        """Take news of the job."""
        if isinstance(news, BackingOff):
            self._backs_off(news)
            return
        if self._at_ms is None:
            self._at_ms = 0
            self._execution.started(self._step)
        if news.fraction is None or news.fraction < self._fraction + PROGRESS_FRACTION:
            return
        now = self._execution.now_ms()
        if now - self._at_ms >= PROGRESS_MS:
            self._at_ms, self._fraction = now, min(1.0, news.fraction)
            told = StepProgressed(step=self._step, fraction=self._fraction, phase=news.phase)
            self._execution.progressed(told)

    def _backs_off(self, news: BackingOff) -> None:
        told = StepRetried(
            step=self._step,
            decision="retry",
            error=news.error,
            model=self._model,
            pause_seconds=news.pause_seconds,
        )
        self._execution.backs_off(told)
        self._fraction, self._at_ms = 0.0, None
