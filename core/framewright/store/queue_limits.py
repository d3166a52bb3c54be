"""How many jobs may be live at once, and how many are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from framewright.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_SECONDS = 6 * 3_600.0


@dataclass(frozen=True, slots=True)
class Group:
    """Jobs that all caps treat alike."""

    tenant: str
    provider: str
    model: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How many jobs may be live at once, and how tenants share; what is not named has no limit.

    Raises `SettingsError` for a cap below zero or a weight that is none.
    """

    providers: Mapping[str, int] = field(default_factory=dict)
    models: Mapping[str, int] = field(default_factory=dict)
    tenants: Mapping[str, int] = field(default_factory=dict)
    tenant_models: Mapping[tuple[str, str], int] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    """One for a tenant that is not named."""
    per_second: Mapping[str, float] = field(default_factory=dict)
    """How many jobs are handed over in a second, by the name of a provider or id of a model."""
    written: Mapping[str, str] = field(default_factory=dict)
    """How a person wrote such a rate, by the same names."""
    most_seconds: float = MOST_SECONDS
    """How long a remote provider may work on one job."""
    keep_days: float | None = None
    """How long jobs that are over stay on record; None for ever."""

    def __post_init__(self) -> None:
        """Refuse what would let nothing begin, or everything."""
        for caps in (self.providers, self.models, self.tenants, self.tenant_models):
            if any(cap < 0 for cap in caps.values()):
                raise SettingsError("A cap on jobs is not below 0.")
        if any(not 0 < weight < 1e6 for weight in self.weights.values()):
            raise SettingsError("A tenant's weight is above 0 and under a million.")
        if not self.most_seconds > 0 or any(
            not 0 < each < 1e6 for each in self.per_second.values()
        ):
            raise SettingsError("A rate is above 0 and under a million, and a time above 0.")


class Live:
    """How many jobs are live, by all that is capped."""

    def __init__(self, rows: Iterable[tuple[str, str, str, int]], limits: Limits) -> None:
        self._limits = limits
        self._providers: Counter[str] = Counter()
        self._models: Counter[str] = Counter()
        self._tenants: Counter[str] = Counter()
        self._tenant_models: Counter[tuple[str, str]] = Counter()
        for provider, model, tenant, count in rows:
            self.add(Group(tenant, provider, model), count)

    def add(self, group: Group, count: int = 1) -> None:
        """Count jobs in."""
        self._providers[group.provider] += count
        self._models[group.model] += count
        self._tenants[group.tenant] += count
        self._tenant_models[group.tenant, group.model] += count

    def has_room(self, group: Group) -> bool:
        """Tell whether one more job of a group stays under every cap."""
        limits, pair = self._limits, (group.tenant, group.model)
        return (
            below(self._providers[group.provider], limits.providers.get(group.provider))
            and below(self._models[group.model], limits.models.get(group.model))
            and below(self._tenants[group.tenant], limits.tenants.get(group.tenant))
            and below(self._tenant_models[pair], limits.tenant_models.get(pair))
        )

    def full(self, group: Group) -> list[tuple[str, int]]:
        """Return what has no room for one more job of a group, in words, and its cap."""
        limits, pair = self._limits, (group.tenant, group.model)
        caps = (
            (
                f"provider {group.provider}",
                self._providers[group.provider],
                limits.providers.get(group.provider),
            ),
            (f"model {group.model}", self._models[group.model], limits.models.get(group.model)),
            (
                f"tenant {group.tenant}",
                self._tenants[group.tenant],
                limits.tenants.get(group.tenant),
            ),
            (
                f"tenant {group.tenant} on {group.model}",
                self._tenant_models[pair],
                limits.tenant_models.get(pair),
            ),
        )
        return [(of, cap) for of, count, cap in caps if cap is not None and count >= cap]


def below(count: int, cap: int | None) -> bool:
    """Tell whether there is room under a cap; None is no cap."""
    return cap is None or count < cap
