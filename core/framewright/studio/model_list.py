"""Which models there are, for people: filtered, found by what they call them, and why not here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright.errors import NotFoundError
from framewright.studio.installed_providers import installed_names
from framewright.studio.provider_list import key_places

if TYPE_CHECKING:
    from collections.abc import Iterable

    from framewright.catalog.catalog import Catalog
    from framewright.domain.media import MediaKind
    from framewright.domain.model_card import ModelCard
    from framewright.domain.plan import Task

_VERSION_LETTERS = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of models is to hold; None and nothing ask for all."""

    task: Task | None = None
    provider: str | None = None
    output: MediaKind | None = None
    words: str = ""
    """Words that all stand in a model's id, task, output or description."""
    available: bool = False
    """Only those that can be used here."""


def asked_for(catalog: Catalog, asked: Asked) -> tuple[ModelCard, ...]:
    """Return the models that are asked for, in the order of the catalog.

    Raises `NotFoundError` for a provider of none.
    """
    providers = {card.provider for card in catalog.cards.values()}
    if asked.provider is not None and asked.provider not in providers:
        message = f"There is no model of {asked.provider}."
        raise NotFoundError(message, action=f"Providers are: {', '.join(sorted(providers))}.")
    words = asked.words.lower().split()
    return tuple(
        card
        for card in catalog.cards.values()
        if asked.task in {None, card.task}
        and asked.provider in {None, card.provider}
        and asked.output in {None, card.output}
        and (card.available or not asked.available)
        and all(word in _told(card) for word in words)
    )


def meant(catalog: Catalog, name: str) -> ModelCard:
    """Return the model of a name: its id, or as much of it as no other one has.

    A version may be left out or cut short. Raises `NotFoundError` with the nearest name.
    """
    if (card := catalog.cards.get(name)) is not None:
        return card
    begin = name.removesuffix("\N{HORIZONTAL ELLIPSIS}")
    begin = begin if ":" in begin else f"{begin}:"
    found = [card for card in catalog.cards.values() if card.id.startswith(begin)]
    if len(found) == 1:
        return found[0]
    from framewright.checks.near import nearest

    near = nearest(name, catalog.cards)
    action = f"Did you mean {near}?" if near else "`framewright models` lists them."
    raise NotFoundError(f"There is no model {name}.", action=action)


def short_id(model: str) -> str:
    """Return an id with a long version cut short, as `meant` understands it."""
    name, colon, version = model.partition(":")
    if len(version) <= _VERSION_LETTERS + 1:
        return model
    return f"{name}{colon}{version[:_VERSION_LETTERS]}\N{HORIZONTAL ELLIPSIS}"


def why_not(cards: Iterable[ModelCard], catalog: Catalog) -> dict[str, str]:
    """Return in two or three words, by model id, what keeps models from being used here."""
    left = [card for card in cards if not card.available]
    if not left:
        return {}
    installed = installed_names()
    keys = {each.provider: each.variables[0] for each in key_places() if each.source is None}
    return {card.id: _why(card, catalog, installed, keys) for card in left}


def _why(card: ModelCard, catalog: Catalog, installed: frozenset[str], keys: dict[str, str]) -> str:
    if card.provider in catalog.lacks:
        wanted = keys.get(card.provider)
        return f"needs {wanted}" if wanted else "provider not ready"
    return "not available" if card.provider in installed else "no provider"


def _told(card: ModelCard) -> str:
    return f"{card.id} {card.task or ''} {card.output} {card.kind} {card.description}".lower()
