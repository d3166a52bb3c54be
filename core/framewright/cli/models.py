"""Commands about models: list and show them, import one, add one of one's own, remove one."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from framewright.cli.places import AsJson, CatalogOption, WorkspaceOption, folder_of

if TYPE_CHECKING:
    from framewright.domain.media import MediaKind
    from framewright.domain.plan import Task
    from framewright.studio.importing import ImportedModel

app = typer.Typer(rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def models(
    context: typer.Context,
    task: Annotated[str | None, typer.Option("--task", help="Only models that do this.")] = None,
    provider: Annotated[
        str | None, typer.Option("--provider", help="Only models that this one runs.")
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", metavar="KIND", help="Only models that make this.")
    ] = None,
    search: Annotated[
        str, typer.Option("--search", metavar="WORDS", help="Only models told of in these words.")
    ] = "",
    available: Annotated[
        bool, typer.Option("--available", help="Only models that can be used here.")
    ] = False,
    summary: Annotated[
        bool, typer.Option("--summary", help="Only what can be made here, task by task.")
    ] = False,
    workspace: WorkspaceOption = None,
    catalog: CatalogOption = None,
    as_json: AsJson = False,
) -> None:
    """List the models that plans can use, show one, import one, add one of your own, remove one."""
    if context.invoked_subcommand is not None:
        return
    from framewright.cli.answer import console, say_json
    from framewright.cli.outputs import ModelsData
    from framewright.studio.bare import catalog_of
    from framewright.studio.model_list import Asked, asked_for

    asked = Asked(_task(task), provider, _kind(output), search, available)
    known = catalog_of(folder_of(workspace), catalog or ())
    found = asked_for(known, asked)
    if summary:
        from framewright.catalog.summary import summarize

        made = summarize(found, known.lacks)
        if as_json:
            say_json(made)
        else:
            console().print(made.words)
    elif as_json:
        say_json(ModelsData(models=found, lacks=dict(known.lacks)))
    else:
        from framewright.cli.model_text import print_list

        print_list(found, known)


@app.command(name="show")
def show_model(
    context: typer.Context,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="Id of a model.")],
    workspace: WorkspaceOption = None,
    catalog: CatalogOption = None,
    as_json: AsJson = False,
) -> None:
    """Show what a model takes and makes, as a form."""
    from framewright.catalog.form import form
    from framewright.cli.answer import say_json
    from framewright.cli.outputs import ModelData
    from framewright.studio.bare import catalog_of
    from framewright.studio.model_list import meant

    before = context.parent.params if context.parent else {}
    files = catalog or before.get("catalog") or ()
    known = catalog_of(folder_of(workspace or before.get("workspace")), files)
    card = meant(known, model)
    if as_json or before.get("as_json"):
        wants = known.lacks.get(card.provider) if not card.available else None
        say_json(ModelData(model=card, fields=form(card), lacks=wants))
    else:
        from framewright.cli.model_text import print_form

        print_form(card, known)


@app.command(name="remove")
def remove_model(
    context: typer.Context,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="Id of a model.")],
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Take a model out of the workspace's own catalog."""
    from framewright.cli.answer import console, say_json
    from framewright.cli.outputs import RemovalData
    from framewright.studio.bare import catalog_of
    from framewright.studio.importing import remove_model as take_out

    before = context.parent.params if context.parent else {}
    folder = folder_of(workspace or before.get("workspace"))
    gone = take_out(folder, model)
    again = catalog_of(folder).cards.get(gone.card.id)
    if as_json or before.get("as_json"):
        say_json(RemovalData(model=gone.card, files=gone.files, still_there=again is not None))
        return
    rest = "" if again is None else "; the one that comes with Framewright counts again"
    console().print(f"Removed {gone.card.id}{rest}", soft_wrap=True)


@app.command(name="import")
def import_model(
    context: typer.Context,
    provider: Annotated[str, typer.Argument(metavar="PROVIDER", help="Who runs it: fal, …")],
    model: Annotated[str, typer.Argument(metavar="MODEL", help="The vendor's name of it.")],
    source: Annotated[
        Path,
        typer.Option(
            "--from",
            metavar="FILE",
            help="The vendor's OpenAPI document or JSON Schema; for comfyui, a workflow.",
        ),
    ],
    output: Annotated[
        str | None,
        typer.Option("--output", metavar="KIND", help="What it makes, if the file does not say."),
    ] = None,
    server: Annotated[
        bool,
        typer.Option("--server", help="Ask the ComfyUI server which values its nodes take."),
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Import a vendor's model into the workspace's catalog."""
    from framewright.cli.answer import console, say_json
    from framewright.cli.outputs import ImportData
    from framewright.studio.importing import import_model as take_in

    # `models -w DIR --json import …` means the same as with the options at the end.
    before = context.parent.params if context.parent else {}
    folder = folder_of(workspace or before.get("workspace"))
    made = take_in(folder, provider, model, source, _kind(output), ask=server)
    if as_json or before.get("as_json"):
        say_json(ImportData(model=made.card, file=made.file, replaced=made.replaced))
    else:
        console().print(_told(made), soft_wrap=True)


@app.command(name="add-local")
def add_local(
    context: typer.Context,
    source: Annotated[
        str,
        typer.Argument(
            metavar="MODEL",
            help="A folder in diffusers' form, or a name in the Hugging Face cache.",
        ),
    ],
    task: Annotated[
        str | None,
        typer.Option("--task", help="What it is to do, if it can do more: image-to-image, …"),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="What it is called behind gpu/.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Add a model of your own, to be run on this machine's GPU."""
    from framewright.cli.answer import console, say_json
    from framewright.cli.outputs import ImportData
    from framewright.studio.own_models import add_own_model

    before = context.parent.params if context.parent else {}
    folder = folder_of(workspace or before.get("workspace"))
    made = add_own_model(folder, source, task or before.get("task"), name)
    if as_json or before.get("as_json"):
        say_json(ImportData(model=made.card, file=made.file, replaced=made.replaced))
    else:
        console().print(_told(made), soft_wrap=True)


def _task(word: str | None) -> Task | None:
    from framewright.domain.plan import Task
    from framewright.errors import NotFoundError

    if word is None or word in set(Task):
        return None if word is None else Task(word)
    near = [each for each in Task if word.lower() in each]
    action = f"Did you mean {' or '.join(near)}?" if near else f"Tasks are: {', '.join(Task)}."
    raise NotFoundError(f"There is no task {word}.", action=action)


def _kind(word: str | None) -> MediaKind | None:
    from framewright.domain.media import MediaKind
    from framewright.errors import InputError

    if word is None or word in set(MediaKind):
        return None if word is None else MediaKind(word)
    kinds = ", ".join(MediaKind)
    raise InputError(f"No model makes {word}.", action=f"Kinds are: {kinds}.")


def _told(made: ImportedModel) -> str:
    """Return in one line what was imported: id, task, output, media fields."""
    from framewright.catalog.ports import ports

    card = made.card
    fields = [
        f"{port.field} ({'a list of ' if port.many else ''}{port.media.value}"
        f"{'' if port.required else ', optional'})"
        for port in ports(card)
    ]
    done = "Added" if card.weights is not None else "Imported"
    done += " again" if made.replaced else ""
    takes = f"takes {', '.join(fields)}" if fields else "takes no media"
    task = card.task.value if card.task else "no task of ours"
    return f"{done} {card.id}: {task}, makes {card.output.value}, {takes}"
