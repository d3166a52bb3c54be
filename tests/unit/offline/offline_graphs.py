"""Catalogs, and plans written as a few readable lines."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framewright.catalog.catalog import Catalog, build_catalog, read_cards
from framewright.domain.media import MediaKind
from framewright.domain.upload import Upload

if TYPE_CHECKING:
    from framewright.domain.plan import Plan

BRIEFS = Path(__file__).parents[2] / "briefs" / "offline.toml"


def shipped() -> Catalog:
    path = files("framewright_assets") / "catalog" / "local.json"
    return build_catalog(read_cards(json.loads(path.read_text("utf-8")), "local.json"))


def everything() -> Catalog:
    """Return all that comes with the program, what moves included."""
    folder = files("framewright_assets") / "catalog"
    paths = sorted((each for each in folder.iterdir() if each.name.endswith(".json")), key=str)
    cards = [
        card
        for path in paths
        for card in read_cards(json.loads(path.read_text("utf-8")), path.name)
    ]
    return build_catalog(cards)


def graph(plan: Plan, catalog: Catalog) -> list[str]:
    """Return a line for each step: `id = task | field: value | field: $step`."""
    lines = []
    for step in plan.steps:
        card = catalog.cards.get(step.model or "")
        task = card.task if card is not None else f"{step.task} (no model)"
        said = [f"{step.id} = {task}"]
        said += [f"{name}: {_value(value)}" for name, value in step.inputs.items()]
        lines.append(" | ".join(said))
    return lines


def _value(value: Any) -> str:
    if isinstance(value, str):
        return value.removesuffix(".output") if value.startswith("$") else value
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value)


def upload(said: str) -> Upload:
    """Read `id kind name`, with the length in seconds behind it where it has one."""
    name, kind, file, *seconds = said.split()
    return Upload(
        id=name, kind=MediaKind(kind), name=file, seconds=float(seconds[0]) if seconds else None
    )


def briefs() -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = tomllib.loads(BRIEFS.read_text("utf-8"))["brief"]
    return read
