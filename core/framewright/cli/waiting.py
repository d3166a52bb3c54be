"""A progress bar for work that is one step, such as merging."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from framewright.cli.answer import console
from framewright.protocols import silent

if TYPE_CHECKING:
    from collections.abc import Generator

    from framewright.protocols import Tell


@contextmanager
def bar(title: str, *, quiet: bool) -> Generator[Tell]:
    """Show a bar while the block works; it gets the function that moves the bar."""
    if quiet or not console().is_terminal:
        yield silent
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(), transient=True) as progress:
        task = progress.add_task(title, total=1.0)
        yield lambda fraction: progress.update(task, completed=fraction)
