"""`framewright queue`: the operator's view of what waits, what runs, and what holds it up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from framewright.cli.places import AsJson, WorkspaceOption, opened
from framewright.cli.places import run as wait
from framewright.domain.ids import LOCAL_TENANT

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType

    from framewright.cli.outputs import QueueData
    from framewright.domain.job import Hold, QueueRow
    from framewright.studio import Studio

REFRESH_SECONDS = 1.0
SOON_SECONDS = 100
"""What comes sooner is said in seconds, and else by the clock."""


def queue(
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on showing it, once a second, until Ctrl-C.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Show what waits and runs, of all processes on the workspace, and what holds it up."""
    from framewright.errors import InputError

    if watch and as_json:
        raise InputError("--watch and --json exclude each other.", action="Ask again and again.")

    async def work() -> None:
        from framewright.cli.answer import console, say_json

        async with opened(workspace) as studio:
            if watch:
                await _watch(studio)
                return
            found = await _look(studio)
        if as_json:
            say_json(found)
        else:
            console().print(picture(found))

    wait(work())


async def _look(studio: Studio) -> QueueData:
    from framewright.cli.outputs import QueueData

    return QueueData(rows=await studio.queue(), spending=await studio.spending())


async def _watch(studio: Studio) -> None:
    import asyncio

    from rich.live import Live
    from rich.text import Text

    from framewright.cli.answer import console
    from framewright.errors import StoreUnreachableError

    with Live(console=console(), auto_refresh=False) as live:
        while True:
            try:
                shown = picture(await _look(studio))
            except StoreUnreachableError as error:
                # It goes on once the server is back.
                shown = Text(error.message, "red")
            live.update(shown, refresh=True)
            await asyncio.sleep(REFRESH_SECONDS)


def picture(found: QueueData) -> RenderableType:
    """Return the queue as a person sees it."""
    from rich.console import Group

    from framewright.cli.library import rows_in
    from framewright.cli.spending import spending_picture

    shown: list[RenderableType] = ["Nothing waits or runs."]
    if found.rows:
        columns = [(name, [cell(row) for row in found.rows]) for name, cell in _COLUMNS]
        told = [(name, cells) for name, cells in columns if name in _ALWAYS or any(cells)]
        shown = [
            rows_in(
                tuple(name for name, _ in told),
                list(zip(*(cells for _, cells in told), strict=True)),
            )
        ]
    shown += _left_behind(found) + _unknown(found)
    if (money := spending_picture(found.spending)) is not None:
        shown += ["", money]
    return Group(*shown)


def _age(since_ms: int | None) -> str:
    import time

    from framewright.cli.display import clock

    return "" if since_ms is None else clock(max(0.0, time.time() - since_ms / 1_000))


def _held_up(row: QueueRow) -> str:
    if not row.holds:
        # Nothing waits, and nothing would be let through either.
        if row.closed_until_ms is None:
            return ""
        why = (
            "down, next try" if row.closed_by == "breaker" else "its provider wants no more: again"
        )
        return f"{why} {_from_now(row.closed_until_ms)}"
    return "; ".join(_words(hold) for hold in row.holds)


def _words(hold: Hold) -> str:
    kind, _, name = hold.of.partition(" ")
    when = "" if hold.until_ms is None else _from_now(hold.until_ms)
    if hold.by == "cap":
        return f"{hold.of} is full, at {hold.limit}"
    if hold.by == "rate":
        return f"rate of {name}, {hold.limit or 'as set'}: next {when}"
    if hold.by == "breaker":
        return f"fails every time: next try {when}"
    return f"the {kind} itself wants no more: again {when}"


def _from_now(until_ms: int) -> str:
    """Return a moment as a person waits for it."""
    import time
    from datetime import datetime

    seconds = until_ms / 1_000 - time.time()
    if seconds < SOON_SECONDS:
        return f"in {max(1, round(seconds))} s"
    return f"at {datetime.fromtimestamp(until_ms / 1_000).astimezone():%H:%M:%S}"


def _pausing(row: QueueRow) -> str:
    if not row.backing_off:
        return ""
    return f"{row.backing_off}" + (f", next {_from_now(row.next_ms)}" if row.next_ms else "")


def _left_behind(found: QueueData) -> list[str]:
    """Say what to do about jobs of processes that are gone."""
    left = sum(row.left for row in found.rows)
    if not left:
        return []
    runs = sorted({run for row in found.rows for run in row.left_runs})
    jobs = "1 job is" if left == 1 else f"{left} jobs are"
    words = f"{jobs} left behind by processes that are gone."
    return ["", f"{words} To go on: {'; '.join(f'framewright resume {run}' for run in runs)}"]


def _unknown(found: QueueData) -> list[str]:
    """Say where to see what nobody knows the standing of."""
    unknown = sum(row.unknown for row in found.rows)
    if not unknown:
        return []
    jobs = "1 job" if unknown == 1 else f"{unknown} jobs"
    stand = "stands" if unknown == 1 else "stand"
    words = f"How {jobs} {stand} at the provider is not known, or has not been stopped there yet:"
    places = "the place stays taken" if unknown == 1 else "their places stay taken"
    return ["", f"{words} {places} until then. See: framewright jobs list --state unknown"]


def _running(row: QueueRow) -> str:
    return str(row.running) if row.cap is None else f"{row.running} of {row.cap}"


_COLUMNS: tuple[tuple[str, Callable[[QueueRow], str]], ...] = (
    ("Tenant", lambda row: "" if row.tenant == LOCAL_TENANT else row.tenant),
    ("Provider", lambda row: row.provider),
    ("Model", lambda row: row.model),
    ("Waiting", lambda row: str(row.waiting)),
    ("Oldest", lambda row: _age(row.oldest_ms)),
    ("Running", _running),
    ("Pausing", _pausing),
    ("Unknown", lambda row: str(row.unknown or "")),
    ("Left behind", lambda row: str(row.left or "")),
    ("Held up", _held_up),
)
_ALWAYS = frozenset({"Provider", "Model", "Waiting", "Running"})
