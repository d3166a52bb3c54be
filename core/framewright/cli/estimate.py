"""The command that says what a run will take before it runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from framewright.cli.places import AsJson, CatalogOption, WorkspaceOption, opened
from framewright.cli.places import run as wait

if TYPE_CHECKING:
    from framewright.projection.estimate import Estimate
    from framewright.projection.pricing import Range

_MOST_ROWS = 40


def estimate(
    what: Annotated[
        str, typer.Argument(metavar="PLAN|RUN", help="A plan file, or the id of a run.")
    ],
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="STEP", help="This step and what it needs; may be repeated."
        ),
    ] = None,
    budget: Annotated[
        float | None,
        typer.Option("--budget", metavar="USD", min=0, help="Say where this much would stop it."),
    ] = None,
    reuse: Annotated[
        bool, typer.Option("--reuse/--no-reuse", help="Count what is made already as done.")
    ] = True,
    workspace: WorkspaceOption = None,
    catalog: CatalogOption = None,
    as_json: AsJson = False,
) -> None:
    """Say how long a run will take and what it will cost, with how sure that is."""
    of_run = what.startswith("run_") and not Path(what).exists()
    if not of_run and not Path(what).exists():
        from framewright.errors import NotFoundError

        message = f"There is no plan file {what}, and no run is called that."
        raise NotFoundError(message, action="`framewright runs` lists the runs.")

    async def work() -> None:
        from framewright.cli.answer import say_json
        from framewright.studio.plan_files import read_plan

        plan = None if of_run else read_plan(Path(what))
        async with opened(workspace, catalogs=catalog, create=not of_run) as studio:
            if plan is None:
                found = await studio.estimate_rest(what, budget)
            else:
                found = await studio.estimate(plan, only or (), reuse=reuse, budget=budget)
        if as_json:
            say_json(found)
        else:
            _print(found)

    wait(work())


def _print(found: Estimate) -> None:
    from rich.table import Table
    from rich.text import Text

    from framewright.cli.answer import console

    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True, overflow="ellipsis", style="bright_black")
    for step in found.steps[:_MOST_ROWS]:
        time = "done" if step.done else _time(step.seconds.likely)
        cost = "" if step.done else f"${step.cost.likely:.2f}" if step.priced else "?"
        table.add_row(step.id, time, cost, f"{step.model} · {step.basis}")
    console().print(table)
    if len(found.steps) > _MOST_ROWS:
        console().print(f"… and {len(found.steps) - _MOST_ROWS} more", style="bright_black")
    console().print()
    console().print(Text.assemble(("Time  ", "bold"), _times(found.seconds)))
    console().print(Text.assemble(("Cost  ", "bold"), _costs(found)))
    if found.unpriced:
        words = f"      Nobody knows the price of {', '.join(found.unpriced)}"
        console().print(Text(words, "yellow"))
        if found.budget is not None:
            words = "      No budget can hold back what has no price"
            console().print(Text(words, "yellow"))
    if found.open_costs:
        names = ", ".join(found.open_costs[:8]) + ("…" if len(found.open_costs) > 8 else "")
        words = f"      It may be more: {names} cost what comes out of the steps before"
        console().print(Text(words, "yellow"))
    if found.critical_path:
        path = " → ".join(found.critical_path[-8:])
        path = path if len(found.critical_path) <= 8 else f"… → {path}"
        console().print(Text.assemble(("Waits ", "bold"), (path, "bright_black")))
    if found.stops_at is not None:
        words = f"It would stop before {found.stops_at}, by {found.stopped_by}."
        console().print(Text(words, "yellow"))


def _times(found: Range) -> str:
    return f"about {_time(found.likely)}, {_time(found.low)} to {_time(found.high)}"


def _costs(estimate: Estimate) -> str:
    found = estimate.cost
    known = f"${found.likely:.2f}"
    if found.low != found.high:
        known = f"about {known}, ${found.low:.2f} to ${found.high:.2f}"
    if not estimate.unpriced:
        return known
    return f"{known} and what nobody knows" if found.high else "unknown"


def _time(seconds: float) -> str:
    from framewright.cli.display import clock

    return f"{seconds:.1f} s" if seconds < 60 else clock(seconds)
