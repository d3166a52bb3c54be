"""Reads a model's input schema as typed ports: which fields take media, and how many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framewright.domain.media import MediaKind

if TYPE_CHECKING:
    from framewright.domain.model_card import ModelCard


@dataclass(frozen=True, slots=True)
class Port:
    """One input field that takes media."""

    field: str
    media: MediaKind
    many: bool
    """Whether the field is a list."""
    required: bool


def ports(card: ModelCard) -> tuple[Port, ...]:
    """Return the media fields of a model, in the order its schema names them."""
    schema = card.inputs_schema
    required = set(schema.get("required") or ())
    return tuple(
        Port(name, media, many, name in required)
        for name, described in properties(card).items()
        if (found := media_of(described)) is not None
        for media, many in [found]
    )


def properties(card: ModelCard) -> dict[str, dict[str, Any]]:
    """Return the fields a model knows, each with its own schema."""
    described = card.inputs_schema.get("properties")
    if not isinstance(described, dict):
        return {}
    return {name: inner for name, inner in described.items() if isinstance(inner, dict)}


def media_of(described: dict[str, Any]) -> tuple[MediaKind, bool] | None:
    """Return the media kind a field takes and whether it is a list; None for literals."""
    if described.get("format") == "media-ref":
        return _kind(described), False
    items = described.get("items")
    if isinstance(items, dict) and items.get("format") == "media-ref":
        return _kind(items), True
    return None


def _kind(described: dict[str, Any]) -> MediaKind:
    try:
        return MediaKind(str(described.get("x-media")))
    except ValueError:
        return MediaKind.IMAGE
