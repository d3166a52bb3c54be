"""How a run went, for people: what each step took, what went wrong, where the results are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from framewright.cli.answer import console
from framewright.cli.display import clock, listed
from framewright.domain.job import OF_OUR_BUDGET
from framewright.domain.run import GOOD, RunState, StepState
from framewright.router.outcomes import OPEN_CODES

if TYPE_CHECKING:
    from framewright.cli.outputs import RunData, StepData

_ENDS = {
    RunState.SUCCEEDED: ("Done", "green"),
    RunState.FAILED: ("Failed", "red"),
    RunState.CANCELLED: ("Cancelled", "yellow"),
    RunState.RUNNING: ("Not finished", "yellow"),
    RunState.WAITING: ("Waits for you", "yellow"),
}
MOST_ROWS = 60
LEAST_DIFFERENCE = 0.005
"""Money that is not worth a word, in US dollars."""
_NOT_DEAD = frozenset({OF_OUR_BUDGET, *OPEN_CODES})
"""Codes of failures that no other inputs would mend."""


def report(data: RunData, left: str = "") -> None:
    """Print the report of a run, with words on what is `left` open of it."""
    out = console()
    words, style = ("Interrupted", "yellow") if data.interrupted else _ENDS[data.state]
    line = Text.assemble((words, f"bold {style}"), f"  {data.title}")
    if data.seconds is not None:
        line.append(f"  {clock(data.seconds)}", "bright_black")
    if data.cost:
        line.append(f"  ${data.cost:.2f}", "bright_black")
    if data.spent is not None and data.spent > data.cost + LEAST_DIFFERENCE:
        line.append(f"  ${data.spent:.2f} spent, with what came to nothing", "bright_black")
    out.print()
    out.print(line)
    out.print(_steps(data))
    _tell_failures(data)
    for step in data.steps:
        _tell_troubles(step)
    if left:
        out.print()
        out.print(Text(left, "yellow"), soft_wrap=True)
    _tell_files(data)
    if data.state is RunState.WAITING:
        _tell_held(data)
    asked = any(
        step.state is StepState.WAITING_APPROVAL and step.approved is None for step in data.steps
    )
    if data.state is not RunState.SUCCEEDED and not asked:
        out.print()
        into = f" -o {data.folder}" if data.folder is not None else ""
        words = f"Go on with it: framewright resume {data.run}{into}"
        out.print(Text(words, "bright_black"), soft_wrap=True)
        if any(_is_dead(step) for step in data.steps):
            words = "One by one, or with other inputs: framewright jobs dead"
            out.print(Text(words, "bright_black"), soft_wrap=True)


def _tell_files(data: RunData) -> None:
    if data.folder is None:
        return
    out = console()
    out.print()
    out.print(Text.assemble(("Results in ", "bold"), str(data.folder)))
    for file in data.files:
        out.print(Text(f"  {file}"), soft_wrap=True)


def _is_dead(step: StepData) -> bool:
    """Tell whether a step failed for good, by what other inputs may mend."""
    code = "" if step.error is None else step.error.code
    return step.state is StepState.FAILED and code not in _NOT_DEAD


def _tell_held(data: RunData) -> None:
    """Say which steps wait for a person's word, and which have it already."""
    out = console()
    held = [step for step in data.steps if step.state is StepState.WAITING_APPROVAL]
    asked = [step.id for step in held if step.approved is None]
    out.print()
    for step in held:
        if step.approved is not None:
            word = "approved" if step.approved else "declined"
            out.print(Text(f"{step.id} is {word}; resume the run."))
    if asked:
        out.print(Text(f"{', '.join(asked)} will run when you say so:"))
        out.print(Text(f"  framewright approve {data.run}"), soft_wrap=True)


def _steps(data: RunData) -> Table:
    table = Table.grid(padding=(0, 2))
    for _ in range(2):
        table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True, overflow="ellipsis", style="bright_black")
    for step in data.steps[:MOST_ROWS]:
        state = "" if step.state is StepState.SUCCEEDED else step.state.value
        if data.interrupted and step.state is StepState.RUNNING:
            state = "interrupted"
        took = state if step.seconds is None or state else f"{step.seconds:.1f} s"
        table.add_row("", step.id, took, step.model)
    if len(data.steps) > MOST_ROWS:
        table.add_row("", f"… and {len(data.steps) - MOST_ROWS} more", "", "")
    return table


def _tell_failures(data: RunData) -> None:
    """Say why steps failed: once for all that failed for the same reason."""
    alike: dict[tuple[str, str], list[str]] = {}
    for step in data.steps:
        if step.error is not None and step.state not in GOOD | {StepState.BLOCKED}:
            alike.setdefault((step.error.message, step.error.action), []).append(step.id)
    out = console()
    for (message, action), steps in alike.items():
        out.print(Text.assemble((f"{listed(steps)}: ", "red"), message))
        if action:
            out.print(Text(f"  {action}", "bright_black"))


def _tell_troubles(step: StepData) -> None:
    out = console()
    for tried in step.retries:
        what = {"retry": "tried again", "repair": "tried with plainer inputs"}
        then = what.get(tried.decision, f"given to {tried.model}")
        out.print(
            Text.assemble((f"{step.id}: ", "yellow"), f"{tried.error.message} It was {then}.")
        )
    for finding in (*step.mended, *step.findings):
        out.print(Text.assemble((f"{step.id}: ", "yellow"), finding.message))
