"""Which providers can work here, and what the others want first: a key, a server, a library."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from framewright.protocols import Configured, Lack, Needs
from framewright.studio.installed_providers import installed_providers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framewright.domain.model_card import ModelCard
    from framewright.protocols import Provider
    from framewright.settings import Settings

_log = logging.getLogger("framewright.providers")


@dataclass(frozen=True, slots=True)
class Readiness:
    """How providers stand on this machine, by name."""

    ready: frozenset[str] = frozenset()
    lacks: Mapping[str, Lack] = field(default_factory=dict)

    def usable(self, card: ModelCard, *, shipped: bool) -> bool:
        """Whether a model can be used here.

        One that a person put into a catalog may be run by another replica, which has its
        provider; one that comes with Framewright is only offered where its provider can work.
        """
        if not card.available or card.provider in self.lacks:
            return False
        return card.provider in self.ready or not shipped


def readiness_of(providers: Mapping[str, Provider]) -> Readiness:
    """Return how these providers stand."""
    lacks = {name: lack for name, each in providers.items() if (lack := _lack(name, each))}
    return Readiness(frozenset(providers) - set(lacks), lacks)


def readiness_here(settings: Settings | None = None) -> Readiness:
    """Return how the installed providers stand, with what a workspace's settings say of them."""
    found = installed_providers()
    if settings is not None:
        configure(settings, found)
    return readiness_of(found)


def configure(settings: Settings, providers: Mapping[str, Provider]) -> None:
    """Give each provider its own settings; raises `SettingsError` for what it has none of."""
    for name, options in settings.providers.items():
        if (provider := providers.get(name)) is not None and isinstance(provider, Configured):
            provider.configure(options)


def _lack(name: str, provider: Provider) -> Lack | None:
    if not isinstance(provider, Needs):
        return None
    try:
        return provider.lacks()
    except Exception:  # noqa: BLE001 - a provider is foreign code; the others must still work
        _log.exception("whether %s can work", name)
        return Lack(f"The provider {name} is broken.", "Look into the log, or remove it.")
