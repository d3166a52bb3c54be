"""A person hears at once, and once, of what keeps a provider from doing anything more."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from framewright.cli import follow, report
from framewright.cli.display import alert_line, listed, picture
from framewright.cli.outputs import RunData, StepData
from framewright.domain.event import Event, RunCreated, RunEnded, StepChanged, StepOutline
from framewright.domain.job import ErrorCategory, JobError
from framewright.domain.run import RunState, StepState
from framewright.projection.alerts import Alert
from framewright.projection.run_view import RunView, fold

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    import pytest

BILL = JobError(
    category=ErrorCategory.BILLING, code="billing", message="Far wants credit.", action="Add some."
)
NAMES = tuple("abcde")


def _events() -> list[Event]:
    outlines = tuple(
        StepOutline(id=n, title=n, kind="image", model="far/a", needs=(), expected_seconds=1.0)
        for n in NAMES
    )
    bodies = [
        RunCreated(title="T", plan="p", steps=outlines),
        *(StepChanged(step=n, state=StepState.FAILED, error=BILL) for n in NAMES),
        RunEnded(state=RunState.FAILED),
    ]
    return [
        Event(seq=at + 1, at_ms=at, tenant="local", run="run_1", body=body)
        for at, body in enumerate(bodies)
    ]


async def _stream() -> AsyncGenerator[Event]:
    for event in _events():
        yield event


def test_lines_tell_an_alert_once_and_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    console = Console(width=120, force_terminal=False)
    monkeypatch.setattr(follow, "console", lambda: console)
    with console.capture() as shown:
        asyncio.run(follow.follow(_stream(), None, quiet=False))
    lines = [line.rstrip() for line in shown.get().splitlines()]
    told = [at for at, line in enumerate(lines) if "Far wants credit." in line]
    first = next(at for at, line in enumerate(lines) if "✗ a" in line)
    assert told == [first - 1]
    assert lines[told[0]] == "! Far wants credit. Add some."
    assert sum("✗" in line for line in lines) == len(NAMES)


def test_the_live_picture_shows_it_while_the_run_goes_on() -> None:
    view = fold(RunView(run="run_1"), _events()[:-1])
    console = Console(width=120)
    with console.capture() as shown:
        console.print(picture(view, 0, 10))
    assert shown.get().count("! Far wants credit.") == 1


def test_many_steps_are_a_number() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b, c"
    assert listed(list(NAMES)) == "a, b, c and 2 more"
    alert = Alert(message="M.", action="A.", steps=NAMES)
    assert alert_line(alert).plain == "! M. A.  (a, b, c and 2 more)"


def test_the_report_says_once_why_many_steps_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    console = Console(width=120)
    monkeypatch.setattr(report, "console", lambda: console)
    view = fold(RunView(run="run_1"), _events())
    data = RunData(
        run="run_1",
        title="T",
        state=RunState.FAILED,
        workspace=Path("ws"),
        seconds=None,
        cost=0.0,
        steps=tuple(
            StepData(
                id=name,
                title=name,
                model="far/a",
                state=step.state,
                seconds=None,
                cost=0.0,
                outputs=(),
                error=step.error,
                findings=(),
                mended=(),
                retries=(),
                approved=None,
            )
            for name, step in view.steps.items()
        ),
    )
    with console.capture() as shown:
        report.report(data)
    assert shown.get().count("Far wants credit.") == 1
    assert "a, b, c and 2 more: Far wants credit." in shown.get()
