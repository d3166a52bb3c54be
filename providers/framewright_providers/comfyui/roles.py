"""Which words of a workflow a sampler is led by, and which it is to keep away from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from framewright_providers.comfyui.classes import PLAIN_TEXTS, TEXTS, encodes_words

if TYPE_CHECKING:
    from framewright_providers.comfyui.graph import Graph, Node
    from framewright_providers.comfyui.recipe import Places

PROMPT, NEGATIVE = "prompt", "negative_prompt"
_SIDES = {"positive": PROMPT, "negative": NEGATIVE}
_OTHERWISE_FED = frozenset(
    {"model", "clip", "vae", "samples", "latent", "latent_image", "image", "pixels", "mask"}
    | {"control_net", "clip_vision", "clip_vision_output", "noise", "sampler", "sigmas"}
)
"""Inputs that no words come through."""


@dataclass(slots=True)
class Words:
    """One text of a workflow, and everywhere it is written."""

    node: Node
    """The node that a person would look for it in."""
    places: Places
    role: str = ""
    """`prompt` or `negative_prompt`; empty where no sampler says."""
    seen: set[str] = field(default_factory=set)


def texts(graph: Graph) -> tuple[Words, ...]:
    """Return the texts of a workflow in the order of its nodes, each with its role."""
    found: dict[str, Words] = {}
    for node in graph.values():
        if encodes_words(node.kind) and (words := _words(graph, node)) is not None:
            found.setdefault(words.node.id, words)
            words = found[words.node.id]
            words.seen.add(node.id)
    by_encoder = {each: words for words in found.values() for each in words.seen}
    for role in (PROMPT, NEGATIVE):
        for encoder in _encoders(graph, role):
            if encoder in by_encoder and not by_encoder[encoder].role:
                by_encoder[encoder].role = role
    return tuple(found[name] for name in graph if name in found)


def _words(graph: Graph, node: Node) -> Words | None:
    """Return the text of a node that encodes words, or of the one that hands it its text."""
    own = tuple((node.id, name) for name in TEXTS if isinstance(node.settings.get(name), str))
    if own:
        return Words(node, own)
    for name in TEXTS:
        if name in node.links:
            source = graph[node.links[name][0]]
            held = [each for each in PLAIN_TEXTS if isinstance(source.settings.get(each), str)]
            if len(held) == 1:
                return Words(source, ((source.id, held[0]),))
    return None


def _encoders(graph: Graph, role: str) -> set[str]:
    """Return the nodes whose words come to samplers in a role."""
    waiting = [
        link
        for node in graph.values()
        for name, link in node.links.items()
        if _SIDES.get(name) == role
        or (role == PROMPT and name == "conditioning" and "Guider" in node.kind)
    ]
    seen: set[tuple[str, int]] = set()
    found: set[str] = set()
    while waiting:
        link = waiting.pop()
        if link in seen:
            continue
        seen.add(link)
        node = graph[link[0]]
        if encodes_words(node.kind):
            found.add(node.id)
        elif not _SIDES.keys() & node.links.keys():
            # One that has both sides says by itself which is which.
            waiting += [each for name, each in node.links.items() if name not in _OTHERWISE_FED]
    return found
