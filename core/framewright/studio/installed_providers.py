"""Finds the installed providers: the entry points of the group `framewright.providers`."""

from __future__ import annotations

import logging
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from framewright.isolation import Isolates
from framewright.protocols import ReadsCards

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from importlib.metadata import EntryPoint

    from framewright.domain.model_card import ModelCard
    from framewright.isolation import Isolation
    from framewright.protocols import Provider

GROUP = "framewright.providers"
_log = logging.getLogger("framewright.providers")


def installed_names() -> frozenset[str]:
    """Return the names of the installed providers; none of them is loaded for that."""
    return frozenset(entry.name for entry in entry_points(group=GROUP))


def installed_provider(name: str) -> Provider | None:
    """Return a new instance of one provider; None where there is none that can be loaded."""
    return _loaded(entry_points(group=GROUP, name=name)).get(name)


def installed_providers() -> dict[str, Provider]:
    """Return a new instance of each provider by name.

    One that can not be loaded is logged and left out.
    """
    return _loaded(entry_points(group=GROUP))


def _loaded(entries: Iterable[EntryPoint]) -> dict[str, Provider]:
    found: dict[str, Provider] = {}
    for entry in entries:
        try:
            provider: Provider = entry.load()()
        except Exception:  # noqa: BLE001 - a provider is foreign code; the others must still work
            _log.exception("the provider %s can not be loaded", entry.name)
            continue
        found[provider.name] = provider
    return found


def lend(isolation: Isolation, providers: Iterable[Provider]) -> None:
    """Let providers have the processes in which files are read that nobody vouches for."""
    for provider in providers:
        if isinstance(provider, Isolates):
            provider.isolate(isolation)


def show_cards(card_of: Callable[[str], ModelCard | None], providers: Iterable[Provider]) -> None:
    """Let providers look up the cards of models that a person described."""
    for provider in providers:
        if isinstance(provider, ReadsCards):
            provider.read_cards(card_of)


async def close_all(providers: Iterable[Provider]) -> None:
    """Close providers; one that can not is logged, and the others are closed all the same."""
    for provider in providers:
        try:
            await provider.close()
        except Exception:  # noqa: BLE001 - a provider is foreign code; the others must still close
            _log.exception("the provider %s can not be closed", provider.name)
