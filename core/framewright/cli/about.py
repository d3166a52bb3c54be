"""Commands about Framewright itself: schema, doctor."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Any

import typer

from framewright.cli.places import AsJson, WorkspaceOption, folder_of


class Form(StrEnum):
    """What a schema describes."""

    PLAN = "plan"
    CATALOG = "catalog"
    OUTPUTS = "outputs"


def schema(
    of: Annotated[
        Form, typer.Argument(metavar="WHAT", help="plan, catalog or outputs.")
    ] = Form.PLAN,
    as_json: AsJson = False,
) -> None:
    """Print the JSON Schema of plans, catalogs or answers."""
    from framewright.cli.answer import say_json
    from framewright.cli.outputs import SchemaData

    described = _describe(of)
    if as_json:
        say_json(SchemaData(of=of, json_schema=described))
    else:
        typer.echo(json.dumps(described, indent=2, ensure_ascii=False))


def doctor(workspace: WorkspaceOption = None, as_json: AsJson = False) -> None:
    """Examine this machine: what works and what is missing."""
    from rich.text import Text

    from framewright.cli.answer import console, say_json
    from framewright.studio.doctor import examine

    found = examine(folder_of(workspace))
    if as_json:
        say_json(found, ok=found.ok)
        raise typer.Exit(0 if found.ok else 1)
    styles = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "missing": ("✗", "red")}
    for item in found.items:
        mark, style = styles[item.state]
        console().print(Text.assemble((f"{mark} ", style), f"{item.name:<22}", item.found))
        if item.state != "ok":
            console().print(Text(f"  {item.meaning}", "bright_black"))
            if item.remedy:
                console().print(Text(f"  {item.remedy}", "cyan"))
    raise typer.Exit(0 if found.ok else 1)


def _describe(of: Form) -> dict[str, Any]:
    from pydantic import TypeAdapter

    from framewright.cli.outputs import ANSWERS
    from framewright.domain.model_card import ModelCard
    from framewright.domain.plan import Plan

    if of is Form.PLAN:
        return Plan.model_json_schema()
    if of is Form.CATALOG:
        cards = TypeAdapter(list[ModelCard]).json_schema()
        definitions = cards.pop("$defs", {})
        return {
            "type": "object",
            "properties": {"models": cards},
            "required": ["models"],
            "$defs": definitions,
        }
    return {name: answer.model_json_schema() for name, answer in ANSWERS.items()}
