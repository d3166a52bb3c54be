"""The card of a workflow: what may be asked of it, what it makes, and the workflow itself."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from framewright.catalog.vendor.purpose import purpose
from framewright.domain.model_card import ModelCard, Price
from framewright.errors import InputError
from framewright_providers.comfyui.classes import foremost, saves
from framewright_providers.comfyui.fields import fields, seeds
from framewright_providers.comfyui.graph import before, plain_graph, read_graph
from framewright_providers.comfyui.object_info import missing
from framewright_providers.comfyui.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framewright.domain.media import MediaKind
    from framewright_providers.comfyui.graph import Graph, Node

PROVIDER = "comfyui"
MOST_BYTES = 4_000_000
"""Largest workflow that a card keeps, as JSON."""
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}")


def workflow_card(
    name: str,
    document: Any,
    output: MediaKind | None = None,
    server: Mapping[str, Any] | None = None,
    *,
    free: bool = True,
) -> ModelCard:
    """Return the card of a workflow in ComfyUI's API format.

    `output` says which of the files it saves are the result, or what it makes where its nodes are
    not known; `server` is what the server's `/object_info` answers; `free` says that a job costs
    nothing. Raises `InputError` for a document that is no such workflow.
    """
    if _NAME.fullmatch(name) is None:
        message = f"A workflow can not be called {name[:80]!r}."
        raise InputError(message, action="Use letters, digits, dots, - and _, such as portrait.")
    graph = read_graph(document)
    _refuse_unwritable(document)
    if server is not None and (unknown := missing(server, graph)):
        message = f"The server has no node {', '.join(unknown[:5])}."
        raise InputError(message, action="Install the extension that brings it, or update ComfyUI.")
    made, results = _results(graph, output)
    used = {node.id for result in results for node in before(graph, result)}
    running: Graph = {name: node for name, node in graph.items() if name in used}
    exposed = fields(running, server)
    recipe = Recipe(
        plain_graph(document),
        {each.name: each.places for each in exposed},
        seeds(running, exposed),
        results,
    )
    schema = {
        "type": "object",
        "properties": {each.name: each.schema for each in exposed},
        "required": [each.name for each in exposed if each.required],
        "additionalProperties": False,
    }
    kind, task = purpose(name, "", schema["properties"], made)  # type: ignore[arg-type]
    entry: dict[str, Any] = {
        "id": f"{PROVIDER}/{name}",
        "provider": PROVIDER,
        "kind": kind,
        "output": made,
        "inputs_schema": schema,
        "description": f"Your ComfyUI workflow of {_counted(graph)}",
        "recipe": recipe.written(),
    }
    if task is not None:
        entry["task"] = task
    if free:
        entry["price"] = Price(amount=0)
    return ModelCard.model_validate(entry)


def _results(graph: Graph, output: MediaKind | None) -> tuple[MediaKind, tuple[str, ...]]:
    """Return what a workflow makes, and the nodes that save it."""
    savers = {name: made for name, node in graph.items() if (made := _saved(node)) is not None}
    if not savers and output is not None:
        # A node of an extension: whatever nothing else is made of may save something.
        feeding = {other for node in graph.values() for other, _ in node.links.values()}
        return output, tuple(name for name in graph if name not in feeding)
    if not savers:
        message = "This workflow saves nothing that is known here."
        action = "Add a Save Image or Save Video node, or say what it makes with --output."
        raise InputError(message, action=action)
    made = output or foremost(set(savers.values()))
    found = tuple(name for name, each in savers.items() if each is made)
    if not found:
        kinds = ", ".join(dict.fromkeys(each.value for each in savers.values()))
        message = f"This workflow saves no {made.value}."
        raise InputError(message, action=f"It saves: {kinds}.")
    return made, found


def _saved(node: Node) -> MediaKind | None:
    # Such nodes of VideoHelperSuite leave only a preview, unless they are told to save.
    return None if node.settings.get("save_output") is False else saves(node.kind)


def _counted(graph: Graph) -> str:
    count = len(graph)
    return f"{count} node{'' if count == 1 else 's'}"


def _refuse_unwritable(document: Any) -> None:
    try:
        size = len(json.dumps(document, ensure_ascii=False, allow_nan=False).encode())
    except ValueError as error:
        message = f"This workflow holds text that can not be written: {error}."
        raise InputError(message) from error
    if size > MOST_BYTES:
        message = f"This workflow is larger than {MOST_BYTES // 10**6} MB."
        raise InputError(message, action="Leave out of the workflow what is no setting.")
