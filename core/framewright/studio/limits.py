"""From a workspace's settings to the limits its queue keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.store.queue_limits import Limits

if TYPE_CHECKING:
    from framewright.settings import LimitSettings

_SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}


def queue_limits(settings: LimitSettings) -> Limits:
    """Return the limits of the queue."""
    tenants = settings.tenants
    return Limits(
        providers=settings.providers,
        models=settings.models,
        tenants={name: each.most for name, each in tenants.items() if each.most is not None},
        tenant_models={
            (name, model): most
            for name, each in tenants.items()
            for model, most in each.models.items()
        },
        weights={name: each.weight for name, each in tenants.items()},
        per_second={name: per_second(rate) for name, rate in settings.rates.items()},
        written=settings.rates,
        most_seconds=settings.hours * 3_600,
        keep_days=settings.keep_days,
    )


def per_second(rate: str) -> float:
    """Return a rate such as `600/minute` as jobs in a second."""
    count, _, span = rate.partition("/")
    return int(count) / _SECONDS[span]
