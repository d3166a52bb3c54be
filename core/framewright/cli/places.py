"""Which workspace a command works in, and the options that say so."""

from __future__ import annotations

from contextlib import asynccontextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable

    from framewright.studio import Studio

T = TypeVar("T")

_HASTEN: ContextVar[list[Callable[[], None]]] = ContextVar("HASTEN")
"""What whoever is in haste calls, of the command that runs."""
_TOLD_SECONDS = 1.0
"""How long stopping takes before it is told that it does."""

AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")]
WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        "-w",
        metavar="DIR",
        help="Workspace folder; else $FRAMEWRIGHT_WORKSPACE, the nearest one upwards, or your own.",
        show_default=False,
    ),
]
CatalogOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--catalog",
        metavar="FILE",
        help="A further catalog file; may be repeated.",
        show_default=False,
    ),
]


def folder_of(workspace: Path | None) -> Path:
    """Return the workspace folder a command means; it need not exist."""
    from framewright.studio.workspace import discover

    return discover(workspace, Path.cwd()).absolute()


@asynccontextmanager
async def opened(
    workspace: Path | None, *, catalogs: Iterable[Path] | None = None, create: bool = False
) -> AsyncGenerator[Studio]:
    """Open the workspace a command means.

    Raises `NotFoundError` where there is none, unless the command may `create` it.
    """
    from framewright.errors import NotFoundError
    from framewright.studio import Studio
    from framewright.studio.workspace import Workspace

    folder = folder_of(workspace)
    if not create and not Workspace(folder).exists():
        message = f"There is no workspace in {folder}."
        raise NotFoundError(message, action=f"Make one: framewright init {folder}")
    async with Studio.open(folder, catalogs=catalogs or ()) as studio:
        _HASTEN.get().append(studio.hasten)
        yield studio


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work; Ctrl-C and SIGTERM stop it cleanly.

    A second Ctrl-C waits no longer for what others are to stop, a third ends it at once. An
    error from inside a group of tasks comes out as itself.
    """
    import asyncio
    import signal

    hasten: list[Callable[[], None]] = []
    _HASTEN.set(hasten)

    async def stoppable() -> T:
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        assert task is not None

        def again() -> None:
            loop.remove_signal_handler(signal.SIGINT)
            for each in hasten:
                each()

        def interrupted() -> None:
            if hasten:
                loop.add_signal_handler(signal.SIGINT, again)
                telling = loop.call_later(_TOLD_SECONDS, _say_what_comes)
                task.add_done_callback(lambda _: telling.cancel())
            else:
                # Nobody is waited for: the next one ends it.
                loop.remove_signal_handler(signal.SIGINT)
            task.cancel()

        loop.add_signal_handler(signal.SIGTERM, task.cancel)
        loop.add_signal_handler(signal.SIGINT, interrupted)
        return await work

    try:
        return asyncio.run(stoppable())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    except BaseExceptionGroup as problems:
        raise _first(problems) from problems


def _say_what_comes() -> None:
    from framewright.cli.answer import console

    words = "Stopping what was begun. Press Ctrl-C once more to wait no longer for others."
    console(errors=True).print(words, style="yellow")


def _first(problems: BaseExceptionGroup[BaseException]) -> BaseException:
    inner: BaseException = problems
    while isinstance(inner, BaseExceptionGroup):
        inner = inner.exceptions[0]
    return inner
