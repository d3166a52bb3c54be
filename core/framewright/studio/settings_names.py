"""Names in a workspace's settings that nothing has: a slip there would limit nothing, unnoticed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framewright.checks.near import nearest
from framewright.settings import TENANT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from framewright.settings import Settings


def unknown_names(
    settings: Settings, models: Collection[str], providers: Collection[str]
) -> tuple[str, ...]:
    """Return a sentence for each name under `[limits]` and `[budgets]` that changes nothing.

    It is no error: another replica of the workspace may have that provider or model.
    """
    limits = settings.limits
    return (
        *_unknown("limits.providers", "provider", limits.providers, providers),
        *_unknown("limits.models", "model", limits.models, models),
        *_unknown("limits.rates", "provider or model", limits.rates, {*providers, *models}),
        *(
            sentence
            for tenant, each in limits.tenants.items()
            for sentence in _unknown(
                f"limits.tenants.{tenant}.models", "model", each.models, models
            )
        ),
        *_impossible("limits.tenants", limits.tenants),
        *_impossible("budgets.tenants", settings.budgets.tenants),
    )


def _unknown(
    place: str, kind: str, named: Mapping[str, object], known: Collection[str]
) -> Iterator[str]:
    for name in named:
        if name not in known:
            near = nearest(name, known)
            mean = f" Did you mean {near}?" if near else ""
            yield f"{place} in settings.toml names {name}, and no {kind} here is called that.{mean}"


def _impossible(place: str, named: Mapping[str, object]) -> Iterator[str]:
    for name in named:
        if not re.fullmatch(TENANT, name):
            yield (
                f"{place} in settings.toml names {name}, and no tenant can be called that: names"
                " of tenants are small letters, digits, - and _."
            )
