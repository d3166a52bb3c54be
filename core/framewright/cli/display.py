"""The live picture of a run in a terminal; it reads the projection and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from framewright.domain.run import FINISHED, GOOD, RunState, StepState
from framewright.projection.alerts import alerts
from framewright.projection.forecast import seconds_left

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from framewright.domain.event import StepRetried
    from framewright.projection.alerts import Alert
    from framewright.projection.run_view import RunView, StepView

_MARKS = {
    StepState.SUCCEEDED: ("✓", "green"),
    StepState.REUSED: ("✓", "green"),
    StepState.RUNNING: ("●", "cyan"),
    StepState.FAILED: ("✗", "red"),
    StepState.BLOCKED: ("-", "yellow"),
    StepState.CANCELLED: ("-", "yellow"),
    StepState.SKIPPED: ("-", "bright_black"),
    StepState.WAITING_APPROVAL: ("?", "yellow"),
}
_BAR_WIDTH = 28
_MOST_NAMED = 3


def picture(view: RunView, now_ms: int, most_rows: int) -> RenderableType:
    """Return a bar for each step, as many as fit, and one line for the whole run."""
    table = Table.grid(padding=(0, 2))
    for _ in range(3):
        table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, overflow="ellipsis")
    shown = _most_telling(view, most_rows)
    for step in shown:
        table.add_row(*_row(step, now_ms))
    hidden = len(view.steps) - len(shown)
    rest = [Text(f"  … and {hidden} more steps", "bright_black")] if hidden else []
    told = [alert_line(alert) for alert in alerts(view)]
    return Group(table, *rest, *told, Text(""), _footer(view, now_ms))


def change_line(step: StepView) -> Text:
    """Return what happened to a step as one line, for logs and pipes."""
    mark, style = _MARKS.get(step.state, ("·", "bright_black"))
    line = Text.assemble((f"{mark} ", style), f"{step.outline.id:<12} {step.state}")
    if step.seconds is not None and step.state in GOOD:
        line.append(f"  {step.seconds:.1f} s", "bright_black")
    if step.error is not None and not step.error.urgent:
        # What is urgent is told above it, once for all steps that meet it.
        line.append(f"  {step.error.message}")
    return line


def alert_line(alert: Alert) -> Text:
    """Return what a person should mend at once as one line, whatever runs on meanwhile."""
    line = Text.assemble(("! ", "bold red"), (alert.message, "bold"), f" {alert.action}")
    if len(alert.steps) > 1:
        line.append(f"  ({listed(alert.steps)})", "bright_black")
    return line


def listed(steps: Sequence[str]) -> str:
    """Return steps as a person reads them: a few by name, the others by number."""
    named = ", ".join(steps[:_MOST_NAMED])
    more = len(steps) - _MOST_NAMED
    return f"{named} and {more} more" if more > 0 else named


def retry_line(body: StepRetried) -> Text:
    """Return why a step is tried again, and how, as one line."""
    line = Text.assemble(("↻ ", "yellow"), f"{body.step:<12} {_how_again(body)}")
    return line.append(f": {body.error.message}")


def _how_again(body: StepRetried) -> str:
    if body.decision == "reroute":
        return f"goes to {body.model}"
    how = "tries again with a mended request" if body.decision == "repair" else "tries again"
    # Below a second nobody would have time to read how long.
    return f"{how} in {body.pause_seconds:.0f} s" if body.pause_seconds >= 1 else how


def clock(seconds: float) -> str:
    """Return a length of time as people read it: 0:07, 12:30, 1:02:03."""
    whole = max(0, round(seconds))
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def _most_telling(view: RunView, most: int) -> list[StepView]:
    """Return the steps to show, in the plan's order: all, or what runs, failed or comes next."""
    steps = list(view.steps.values())
    if len(steps) <= most:
        return steps
    weight = {StepState.RUNNING: 0, StepState.FAILED: 1, StepState.QUEUED: 2, StepState.READY: 3}
    order = sorted(range(len(steps)), key=lambda at: (weight.get(steps[at].state, 4), at))
    return [steps[at] for at in sorted(order[:most])]


def _row(step: StepView, now_ms: int) -> tuple[RenderableType, ...]:
    mark, style = _MARKS.get(step.state, ("·", "bright_black"))
    name = Text.assemble((f"{mark} ", style), (step.outline.id, "default"))
    if step.state in FINISHED and step.state not in GOOD:
        words = step.error.message if step.error else step.state.value
        return name, Text(""), Text(""), Text(words, style)
    done = step.state in GOOD
    bar = ProgressBar(
        total=1.0,
        completed=1.0 if done else step.fraction,
        width=_BAR_WIDTH,
        style="bright_black",
        complete_style="cyan",
        finished_style="green",
    )
    return name, bar, _time(step, now_ms), Text(_words(step), "bright_black")


def _time(step: StepView, now_ms: int) -> Text:
    if step.seconds is not None:
        return Text(f"{step.seconds:6.1f} s")
    if step.state is StepState.RUNNING and step.started_ms is not None:
        return Text(f"{max(0, now_ms - step.started_ms) / 1_000:6.1f} s", "cyan")
    return Text("")


def _words(step: StepView) -> str:
    if step.state is StepState.RUNNING:
        return step.phase or step.outline.title
    if step.retries and step.state not in FINISHED:
        return f"{_how_again(step.retries[-1])}: {step.retries[-1].error.message}"
    if step.state is StepState.PENDING and step.outline.needs:
        return f"waits for {', '.join(step.outline.needs[:4])}"
    return step.outline.title


def _footer(view: RunView, now_ms: int) -> Text:
    done = sum(step.state in FINISHED for step in view.steps.values())
    spent = ((view.ended_ms or now_ms) - (view.started_ms or now_ms)) / 1_000
    line = Text(f"{done} of {len(view.steps)} steps · {clock(spent)} elapsed")
    if view.cancelling:
        line.append(" · stopping", "yellow")
    elif view.state is RunState.RUNNING:
        line.append(f" · about {clock(seconds_left(view, now_ms))} left")
    return line
