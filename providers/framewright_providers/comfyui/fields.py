"""Which settings of a workflow are inputs of a model, what they are called and what they take.

Where a person marked nodes by `(input)` in their titles, exactly those are; else the well-known
ones are: words, pictures and other files, seeds, sizes, steps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framewright_providers.comfyui.classes import MEDIA, PLAIN_TEXTS, choice, encodes_words, number
from framewright_providers.comfyui.object_info import asked
from framewright_providers.comfyui.recipe import SEED
from framewright_providers.comfyui.roles import NEGATIVE, PROMPT, Words, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from framewright_providers.comfyui.graph import Graph, Node
    from framewright_providers.comfyui.recipe import Places

_MARK = re.compile(r"\s*\(input\)\s*", re.IGNORECASE)
_ROLE = re.compile(r"prompt|^\W*(positive|negative)\W*$", re.IGNORECASE)
"""Titles that only say what role a text has, as ComfyUI's own do."""
_USUAL = frozenset({"loadimageasmask", "loadvideoupload", "loadaudioupload", "loadcheckpoint"})
_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a model."""

    name: str
    schema: dict[str, Any]
    places: Places
    required: bool = False


def fields(graph: Graph, server: Mapping[str, Any] | None = None) -> tuple[Field, ...]:
    """Return the inputs of a workflow, each with a name of its own.

    `server` is what its `/object_info` answers, which knows ranges and choices.
    """
    marked = [node for node in graph.values() if _MARK.search(node.title)]
    told = _marked(graph, marked, server) if marked else _known(graph, server)
    return tuple(_with_own_names(told))


def seeds(graph: Graph, exposed: tuple[Field, ...]) -> Places:
    """Return where a seed goes that nobody set: of marked nodes only the marked."""
    if any(_MARK.search(node.title) for node in graph.values()):
        return tuple(at for each in exposed if each.name.startswith(SEED) for at in each.places)
    return tuple(
        (node.id, name)
        for node in graph.values()
        for name in node.settings
        if (found := number(node.kind, name)) is not None and found[0] == SEED
        if _is_whole(node.settings[name])
    )


def _known(graph: Graph, server: Mapping[str, Any] | None) -> Iterator[Field]:
    by_node = {words.node.id: words for words in texts(graph)}
    first = {words.role: name for name, words in reversed(by_node.items()) if words.role}
    for node in graph.values():
        if node.id in by_node:
            leading = node.id in first.values()
            yield _text(by_node[node.id], server, named=not leading)
        if encodes_words(node.kind) and isinstance(node.settings.get("lyrics"), str):
            schema = {"type": "string", "default": node.settings["lyrics"]}
            yield Field("lyrics", schema, ((node.id, "lyrics"),))
        if node.kind in MEDIA and (found := _file(node, server)) is not None:
            yield found
            continue
        for name, value in node.settings.items():
            if (plain := _setting(node, name, value, server)) is not None:
                yield plain


def _marked(graph: Graph, nodes: list[Node], server: Mapping[str, Any] | None) -> Iterator[Field]:
    words = {each.node.id: each for each in texts(graph)}
    for node in nodes:
        name = _slug(_MARK.sub(" ", node.title))
        if node.id in words:
            found = words[node.id]
            schema = {"type": "string", "default": _value(found)}
            yield Field(name or found.role or "text", schema, found.places)
        elif node.kind in MEDIA and (file := _file(node, server)) is not None:
            yield Field(name or file.name, file.schema, file.places, file.required)
        else:
            yield from _all_settings(node, name, server)


def _all_settings(node: Node, name: str, server: Mapping[str, Any] | None) -> Iterator[Field]:
    plain = {each: value for each, value in node.settings.items() if type(value) in _TYPES}
    for each, value in plain.items():
        found = _setting(node, each, value, server)
        schema = {"type": _TYPES[type(value)], "default": value} if found is None else found.schema
        schema |= asked(server, node, each)
        # A node with one setting is that setting; the seed keeps its name, by which it is drawn.
        own = found.name if found is not None and found.name == SEED else each
        single = len(plain) == 1 or (each in PLAIN_TEXTS and node.kind.startswith("Primitive"))
        called = own if own == SEED or not name else name if single else f"{name}_{each}"
        yield Field(called, schema, ((node.id, each),))


def _text(words: Words, server: Mapping[str, Any] | None, *, named: bool) -> Field:
    """Return the field of a text; `named` where a person's title for it counts."""
    title = _own_title(words.node, server)
    own = _slug(title) if title and not _ROLE.search(title) else ""
    name = (own if named else "") or words.role or own or "text"
    schema: dict[str, Any] = {"type": "string"}
    if own:
        schema["title"] = title
    if words.role == PROMPT and not named:
        return Field(name, {**schema, "minLength": 1}, words.places, required=True)
    return Field(name, {**schema, "default": _value(words)}, words.places)


def _value(words: Words) -> str:
    return str(words.node.settings[words.places[0][1]])


def _file(node: Node, server: Mapping[str, Any] | None) -> Field | None:
    setting, media, name = MEDIA[node.kind]
    if setting not in node.settings:
        return None
    title = _own_title(node, server)
    schema = {"type": "string", "format": "media-ref", "x-media": media.value}
    if title:
        schema["title"] = title
    return Field(_slug(title) or name, schema, ((node.id, setting),), required=True)


def _setting(node: Node, name: str, value: Any, server: Mapping[str, Any] | None) -> Field | None:
    """Return the field of a number, or of a choice where the server tells between what."""
    places = ((node.id, name),)
    known = number(node.kind, name)
    if known is not None and isinstance(value, (int, float)) and not isinstance(value, bool):
        called, schema = known
        schema |= asked(server, node, name)
        if called == SEED:
            return Field(called, schema, places) if _is_whole(value) else None
        low, high = schema.get("minimum", value), schema.get("maximum", value)
        schema |= {"minimum": min(low, value), "maximum": max(high, value), "default": value}
        return Field(called, schema, places)
    listed = choice(name)
    if listed is not None and isinstance(value, str):
        schema = asked(server, node, name)
        if schema.get("enum"):
            there = value in schema["enum"]
            usual = {"default": value} if there else {}
            return Field(listed, {"type": "string", **schema, **usual}, places, required=not there)
    return None


def _with_own_names(told: Iterator[Field]) -> Iterator[Field]:
    taken: set[str] = set()
    for each in told:
        name = each.name
        if name in taken:
            name = f"{name}_{re.sub(r'[^A-Za-z0-9]+', '_', each.places[0][0])}"
        while name in taken:
            name += "_"
        taken.add(name)
        yield Field(name, each.schema, each.places, each.required)


def _own_title(node: Node, server: Mapping[str, Any] | None) -> str:
    """Return a node's title where a person gave it one."""
    usual = server.get(node.kind, {}).get("display_name") if server else None
    plain = _letters(node.title)
    if plain in _USUAL or plain in {_letters(node.kind), _letters(str(usual or node.kind))}:
        return ""
    return node.title


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _slug(title: str) -> str:
    """Return a title as the name of a field: small ASCII letters, digits and `_`."""
    found = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:60].strip("_")
    return "" if not found or found[0].isdigit() else found


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


__all__ = ["NEGATIVE", "PROMPT", "Field", "fields", "seeds"]
