"""What people hear of the installed providers: whether each can work here, and its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright import keys
from framewright.domain.value import Value
from framewright.errors import NotFoundError
from framewright.protocols import Keyed
from framewright.studio.installed_providers import installed_names, installed_providers
from framewright.studio.readiness import configure, readiness_of

if TYPE_CHECKING:
    from framewright.protocols import Provider
    from framewright.settings import Settings


class KeyPlace(Value):
    """Where a provider's key is; the key itself is told nowhere."""

    provider: str
    variables: tuple[str, ...]
    """Environment variables that may hold it, the one to use first."""
    source: str | None
    """`keyring`, or the variable that holds it; None where there is none."""


class InstalledProvider(Value):
    """One installed provider, and whether it can work on this machine."""

    name: str
    ready: bool
    in_process: bool | None
    """Whether it works in Framewright's own process; None for one that can not be loaded."""
    concurrency: int | None
    """How many jobs it takes at once."""
    lacks: str | None = None
    """What is missing, in a sentence."""
    action: str | None = None
    """Where that comes from, in a sentence."""
    key: KeyPlace | None = None
    """Where its key is; None for one that wants none."""


def provider_list(settings: Settings | None = None) -> tuple[InstalledProvider, ...]:
    """Return the installed providers by name, as a workspace's settings have them.

    They are looked up anew at each call, so one that was just installed or removed shows.
    """
    found = installed_providers()
    if settings is not None:
        configure(settings, found)
    lacks = readiness_of(found).lacks
    listed = [
        InstalledProvider(
            name=name,
            ready=name not in lacks,
            in_process=each.in_process,
            concurrency=each.concurrency,
            lacks=lacks[name].message if name in lacks else None,
            action=lacks[name].action if name in lacks else None,
            key=_place(name, each),
        )
        for name, each in found.items()
    ]
    listed += [
        InstalledProvider(
            name=name,
            ready=False,
            in_process=None,
            concurrency=None,
            lacks="It can not be loaded.",
            action="Look into the log, or install it anew.",
        )
        for name in installed_names() - set(found)
    ]
    return tuple(sorted(listed, key=lambda each: each.name))


def key_places() -> tuple[KeyPlace, ...]:
    """Return where the keys are of the installed providers that want one."""
    found = installed_providers()
    places = (_place(name, found[name]) for name in sorted(found))
    return tuple(each for each in places if each is not None)


def keyed(provider: str) -> KeyPlace:
    """Return where a provider's key is; raises `NotFoundError` for one that wants none."""
    places = {each.provider: each for each in key_places()}
    if provider not in places:
        message = f"No installed provider of the name {provider} wants a key."
        action = f"With a key work: {', '.join(places)}." if places else ""
        raise NotFoundError(message, action=action)
    return places[provider]


def _place(name: str, provider: Provider) -> KeyPlace | None:
    variables = provider.key_variables if isinstance(provider, Keyed) else ()
    if not variables:
        return None
    source = keys.place_of(name, variables)
    return KeyPlace(provider=name, variables=variables, source=source)
