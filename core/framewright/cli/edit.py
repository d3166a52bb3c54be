"""The command that changes plans in words: edit."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from framewright.cli.places import AsJson, CatalogOption, WorkspaceOption, folder_of

if TYPE_CHECKING:
    from framewright.cli.outputs import EditData


def edit(
    plan_file: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan file.")],
    text: Annotated[
        str, typer.Argument(metavar="[TEXT]", help='What to change, such as "make this dusk".')
    ] = "",
    select: Annotated[
        list[str] | None,
        typer.Option(
            "--select", "-s", metavar="STEP", help="Change only this step; may be repeated."
        ),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Undo the last edit.")] = False,
    redo: Annotated[bool, typer.Option("--redo", help="Do the next edit again.")] = False,
    workspace: WorkspaceOption = None,
    catalog: CatalogOption = None,
    as_json: AsJson = False,
) -> None:
    """Change a plan file in words; every change can be undone."""
    from framewright.cli.answer import say_json
    from framewright.cli.brief import read_brief
    from framewright.cli.outputs import EditData
    from framewright.errors import InputError
    from framewright.studio.bare import catalog_of, edit_words
    from framewright.studio.plan_history import read_history, write_history

    if undo and redo:
        raise InputError("--undo and --redo exclude each other.", action="Give one of them.")
    if (bool(text) + undo + redo) != 1:
        action = 'For example: framewright edit plan.json "remove the music"'
        raise InputError("Say what to change, or --undo, or --redo.", action=action)
    history = read_history(plan_file)
    before = history.plan
    understood: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    if text:
        known = catalog_of(folder_of(workspace), catalog or ())
        edited = edit_words(history.plan, known, select or (), read_brief(text))
        history = history.done(edited.operations, "; ".join(edited.understood))
        understood, missed, notes = edited.understood, edited.missed, edited.notes
    elif undo:
        understood = (history.edits[history.at - 1].said,) if history.at else ()
        history = history.undone()
    else:
        history = history.redone()
        understood = (history.edits[history.at - 1].said,)
    history = write_history(history, plan_file, before)
    data = EditData.of(before, history, understood, missed, notes)
    if as_json:
        say_json(data)
    else:
        _print(data, undo=undo)


def _print(data: EditData, *, undo: bool) -> None:
    from rich.text import Text

    from framewright.cli.answer import console

    word = "Undone" if undo else "Done"
    for said in data.understood:
        console().print(Text.assemble((f"{word:<8}", "green"), said))
    for said in data.missed:
        console().print(Text.assemble(("Missed  ", "yellow"), said))
    for said in data.notes:
        console().print(Text.assemble(("Note    ", "yellow"), said))
    for label, names in (
        ("changed", data.changed),
        ("added", data.added),
        ("removed", data.removed),
    ):
        if names:
            console().print(f"        {label}: {', '.join(names)}")
    console().print(f"        {data.edits_done} of {data.edits} edits are done.")
