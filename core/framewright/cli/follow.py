"""Follows a run to its end: folds its events and shows them as they come."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from typing import TYPE_CHECKING

from framewright.cli.answer import console
from framewright.cli.display import alert_line, change_line, picture, retry_line
from framewright.domain.event import StepChanged, StepMended, StepRetried, StepsReused
from framewright.domain.run import FINISHED, StepState
from framewright.errors import CancelledByUserError
from framewright.projection.alerts import alerts
from framewright.projection.run_view import RunView, fold

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection

    from framewright.domain.event import Event

REFRESH_SECONDS = 0.1
_TOLD = FINISHED | {StepState.RUNNING, StepState.WAITING_APPROVAL}
"""States that are worth a line."""


async def follow(
    events: AsyncGenerator[Event], start: RunView | None, *, quiet: bool
) -> RunView | None:
    """Show a run until its events end, and return how it then stands; None when none came.

    `start` is the view the events continue, for a run that goes on. In a terminal there is a
    live picture, elsewhere a line for each step that ends; `quiet` shows nothing. Raises
    `CancelledByUserError`, which names the run, when a person stops it.
    """
    folder = _Folder(start)
    try:
        async with aclosing(events):
            if quiet:
                async for event in events:
                    folder.take(event)
            elif console().is_terminal:
                await _show_live(events, folder)
            else:
                await _show_lines(events, folder)
    except asyncio.CancelledError as error:
        view = folder.view()
        if view is None:
            raise
        message = f"Stopped {view.run}; what was finished is kept."
        action = f"Go on with it: framewright resume {view.run}"
        stopped = CancelledByUserError(message, action=action)
        stopped.run = view.run
        raise stopped from error
    return folder.view()


class _Folder:
    """Events that came in, folded when somebody looks: a fold for each would be slow."""

    def __init__(self, start: RunView | None) -> None:
        self._view = start
        self._waiting: list[Event] = []

    def take(self, event: Event) -> None:
        self._waiting.append(event)

    def view(self) -> RunView | None:
        if self._waiting:
            run = self._waiting[0].run or ""
            self._view = fold(self._view or RunView(run=run), self._waiting)
            self._waiting.clear()
        return self._view


async def _show_lines(events: AsyncGenerator[Event], folder: _Folder) -> None:
    named = False
    heard: set[str] = set()
    async for event in events:
        folder.take(event)
        body = event.body
        if not named:
            # Whoever wants to stop it, or look after it, from elsewhere needs its name now.
            console().print(f"Run {event.run}", style="bright_black")
            named = True
        if isinstance(body, StepMended):
            for finding in body.findings:
                console().print(f"· {body.step:<12} {finding.message}")
        if isinstance(body, StepRetried):
            console().print(retry_line(body))
        told: Collection[str] = ()
        if isinstance(body, StepChanged) and body.state in _TOLD:
            told = (body.step,)
        elif isinstance(body, StepsReused):
            told = body.steps
        view = folder.view() if told else None
        if view is not None:
            _tell_alerts(view, heard)
            _tell_steps(view, told)


def _tell_steps(view: RunView, steps: Collection[str]) -> None:
    for step in steps:
        if step in view.steps:
            console().print(change_line(view.steps[step]))


def _tell_alerts(view: RunView, heard: set[str]) -> None:
    """Say what a person should mend at once, and never twice: the run goes on below it."""
    for alert in alerts(view):
        if alert.message not in heard:
            heard.add(alert.message)
            console().print(alert_line(alert))


async def _show_live(events: AsyncGenerator[Event], folder: _Folder) -> None:
    from rich.live import Live

    with Live(console=console(), auto_refresh=False, transient=False) as live:

        def draw() -> None:
            view = folder.view()
            if view is not None:
                rows = max(4, console().height - 6)
                live.update(picture(view, time.time_ns() // 1_000_000, rows), refresh=True)

        async def tick() -> None:
            while True:
                draw()
                await asyncio.sleep(REFRESH_SECONDS)

        async with asyncio.TaskGroup() as group:
            ticking = group.create_task(tick())
            async for event in events:
                folder.take(event)
            ticking.cancel()
        draw()
