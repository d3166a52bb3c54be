"""Commands about the models that plans can use: list them, import one, add one's own."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from framewright.cli.places import AsJson, CatalogOption, WorkspaceOption, folder_of

if TYPE_CHECKING:
    from framewright.domain.media import MediaKind
    from framewright.domain.model_card import ModelCard
    from framewright.studio.importing import ImportedModel

app = typer.Typer(rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def models(
    context: typer.Context,
    task: Annotated[str | None, typer.Option("--task", help="Only models that do this.")] = None,
    workspace: WorkspaceOption = None,
    catalog: CatalogOption = None,
    as_json: AsJson = False,
) -> None:
    """List the models that plans can use, import one, or add one of your own."""
    if context.invoked_subcommand is not None:
        return
    from framewright.cli.answer import say_json
    from framewright.cli.library import table
    from framewright.cli.outputs import ModelsData
    from framewright.domain.plan import Task
    from framewright.errors import NotFoundError
    from framewright.studio.bare import catalog_of

    if task is not None and task not in set(Task):
        near = [each for each in Task if task.lower() in each]
        action = f"Did you mean {' or '.join(near)}?" if near else f"Tasks are: {', '.join(Task)}."
        raise NotFoundError(f"There is no task {task}.", action=action)
    cards = catalog_of(folder_of(workspace), catalog or ()).cards.values()
    found = tuple(card for card in cards if task is None or card.task == task)
    if as_json:
        say_json(ModelsData(models=found))
        return
    rows = [
        (
            card.id,
            card.task or "",
            _price(card),
            card.description,
        )
        for card in found
    ]
    table(("Model", "Task", "Price", "What it does"), rows, "No model does that.")


def _price(card: ModelCard) -> str:
    if card.price is None:
        return "?"
    if not card.price.amount:
        return "free"
    sign = "$" if card.price.currency == "USD" else f"{card.price.currency} "
    return f"{sign}{card.price.amount:g} a {card.price.per}"


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
