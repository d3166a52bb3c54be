"""A workflow in API format, read and proved: nodes, their settings, and what feeds what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from framewright.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_NODES = 2_000
"""Most nodes a workflow may have; large real ones have some two hundred."""
_MOST_INPUTS = 300
_MOST_LETTERS = 200
_MOST_DEPTH = 16
_MOST_TEXT = 200_000
_MOST_VALUES = 5_000
_EXPORT = "In ComfyUI, use Workflow → Export (API), or Save (API Format) in an older one."


@dataclass(frozen=True, slots=True)
class Node:
    """One node of a workflow."""

    id: str
    kind: str
    """Its class in ComfyUI, such as `KSampler`."""
    title: str
    """What a person called it; empty where nobody did."""
    settings: Mapping[str, Any]
    """Inputs that are set here, by name."""
    links: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """Inputs that another node feeds: its id, and which of its outputs."""


Graph = dict[str, Node]
"""Nodes by their id, as the file has them in order."""


def read_graph(document: Any) -> Graph:
    """Return the nodes of a workflow; raises `InputError` for what is none in API format.

    Taken are the graph itself and a body of `POST /prompt`, which holds it as `prompt`.
    """
    nodes = plain_graph(document)
    graph = {name: _node(name, each) for name, each in nodes.items()}
    for node in graph.values():
        for used, (other, _) in node.links.items():
            if other not in graph:
                message = f"Node {node.id} ({node.kind}) takes {used} from node {other[:40]}"
                raise InputError(f"{message}, which the workflow does not have.", action=_EXPORT)
    _refuse_circles(graph)
    return graph


def plain_graph(document: Any) -> dict[str, Any]:
    """Return the nodes as the file has them; raises `InputError` for another form of file."""
    if isinstance(document, dict) and isinstance(document.get("prompt"), dict):
        document = document["prompt"]
    if not isinstance(document, dict) or not document:
        raise InputError("This is no workflow of ComfyUI.", action=_EXPORT)
    if isinstance(document.get("nodes"), list):
        message = "This workflow is in the form that ComfyUI's editor saves, which holds no inputs"
        raise InputError(f"{message} by name.", action=_EXPORT)
    if len(document) > MOST_NODES:
        message = f"This workflow has {len(document)} nodes, over {MOST_NODES}."
        raise InputError(message, action="Split it into several workflows.")
    return document


def before(graph: Graph, start: str) -> Iterator[Node]:
    """Yield a node and all that it is made of, each once, the nearest first."""
    seen, waiting = {start}, [start]
    while waiting:
        node = graph[waiting.pop(0)]
        yield node
        for other, _ in node.links.values():
            if other not in seen:
                seen.add(other)
                waiting.append(other)


def is_link(value: Any) -> bool:
    """Whether an input's value names another node's output: its id and a number."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and isinstance(value[0], str)
        and isinstance(value[1], int)
        and not isinstance(value[1], bool)
    )


def _node(name: str, told: Any) -> Node:
    inputs = told.get("inputs", {}) if isinstance(told, dict) else None
    kind = told.get("class_type") if isinstance(told, dict) else None
    if not isinstance(inputs, dict) or not isinstance(kind, str) or not kind:
        raise InputError(f"Node {name[:40]!r} of this workflow has no class.", action=_EXPORT)
    names = (name, kind, *inputs)
    if len(inputs) > _MOST_INPUTS or any(len(each) > _MOST_LETTERS for each in names):
        message = f"Node {name[:40]!r} has more inputs, or longer names, than any real one."
        raise InputError(message, action=_EXPORT)
    for used, value in inputs.items():
        if not is_plain(value):
            message = f"Input {used[:40]!r} of node {name[:40]!r} is too large or too deep."
            raise InputError(message, action="Leave out of the workflow what is no setting.")
    meta = told.get("_meta")
    title = meta.get("title") if isinstance(meta, dict) else None
    links = {used: (value[0], value[1]) for used, value in inputs.items() if is_link(value)}
    settings = {used: value for used, value in inputs.items() if used not in links}
    title = title.strip()[:_MOST_LETTERS] if isinstance(title, str) else ""
    return Node(name, kind, title, settings, links)


def is_plain(value: Any, depth: int = 0) -> bool:
    """Whether a setting is of a size and depth that one may have."""
    if isinstance(value, str):
        return len(value) <= _MOST_TEXT
    if isinstance(value, (dict, list)):
        if depth >= _MOST_DEPTH or len(value) > _MOST_VALUES:
            return False
        inner = value.values() if isinstance(value, dict) else value
        return all(is_plain(each, depth + 1) for each in inner)
    return True


def _refuse_circles(graph: Graph) -> None:
    """Raise `InputError` where a node is made of itself; takes time linear in the links."""
    wants = {name: len({other for other, _ in node.links.values()}) for name, node in graph.items()}
    feeds: dict[str, list[str]] = {name: [] for name in graph}
    for name, node in graph.items():
        for other in {other for other, _ in node.links.values()}:
            feeds[other].append(name)
    ready = [name for name, count in wants.items() if count == 0]
    done = 0
    while ready:
        done += 1
        for name in feeds[ready.pop()]:
            wants[name] -= 1
            if wants[name] == 0:
                ready.append(name)
    if done < len(graph):
        stuck = next(name for name, count in wants.items() if count > 0)
        message = f"This workflow runs in a circle, at node {stuck[:40]} ({graph[stuck].kind})."
        raise InputError(message, action=_EXPORT)
