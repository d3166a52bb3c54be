"""What a server's `/object_info` says of a node's settings: ranges, and lists to choose from."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framewright_providers.comfyui.graph import Graph, Node

MOST_CHOICES = 2_000
_LARGEST = 2**53 - 1
"""The largest whole number that JSON carries everywhere."""


def asked(server: Mapping[str, Any] | None, node: Node, setting: str) -> dict[str, Any]:
    """Return what a server says of a setting, as JSON Schema; nothing where it says nothing."""
    told = _told(server, node.kind, setting)
    if not isinstance(told, (list, tuple)) or not told:
        return {}
    kind = told[0]
    options = told[1] if len(told) > 1 and isinstance(told[1], dict) else {}
    listed = kind if isinstance(kind, list) else options.get("options") if kind == "COMBO" else None
    if isinstance(listed, list):
        choices = [each for each in listed if isinstance(each, str)]
        return {"enum": list(dict.fromkeys(choices))[:MOST_CHOICES]} if choices else {}
    if kind not in {"INT", "FLOAT"}:
        return {}
    found: dict[str, Any] = {}
    for name, ours in (("min", "minimum"), ("max", "maximum")):
        value = options.get(name)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
            found[ours] = max(-_LARGEST, min(_LARGEST, value))
    return found


def missing(server: Mapping[str, Any], graph: Graph) -> tuple[str, ...]:
    """Return the classes of nodes that a server does not have, each once."""
    return tuple(dict.fromkeys(each.kind for each in graph.values() if each.kind not in server))


def _told(server: Mapping[str, Any] | None, kind: str, setting: str) -> Any:
    described = (server or {}).get(kind)
    inputs = described.get("input") if isinstance(described, dict) else None
    if not isinstance(inputs, dict):
        return None
    for part in ("required", "optional"):
        named = inputs.get(part)
        if isinstance(named, dict) and setting in named:
            return named[setting]
    return None
