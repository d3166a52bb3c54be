"""What people see of the queue: how many jobs of each kind are where, and what holds them up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright.domain.job import JobState, QueueRow
from framewright.store.rates import LONGEST_WINDOW_MS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from framewright.store.health import Health
    from framewright.store.queue import Waiting
    from framewright.store.queue_limits import Limits

_COUNTED = {
    "queued": "waiting",
    "waiting": "backing_off",
    "leased": "running",
    "unknown": "unknown",
}


@dataclass(frozen=True, slots=True)
class Doors:
    """What holds jobs up just now."""

    ailing: Mapping[tuple[str, str], Health]
    """By provider and model."""
    used_up: Mapping[str, int]
    """Until when a provider or model takes no more, by name."""
    now_ms: int

    def closed(self, provider: str, model: str) -> tuple[int, str] | None:
        """Return until when nothing is handed to a model, and why; None where it is open."""
        health = self.ailing.get((provider, model))
        found = [
            (until, "rate-limit")
            for until in (self.used_up.get(provider), self.used_up.get(model))
            if until is not None and self.now_ms < until <= self.now_ms + LONGEST_WINDOW_MS
        ]
        until = None if health is None else health.closed_until_ms(self.now_ms)
        if health is not None and until is not None:
            found.append((until, "breaker" if until == health.open_until_ms else "rate-limit"))
        return max(found, default=None)


def queue_rows(counts: Iterable[Waiting], doors: Doors, limits: Limits) -> tuple[QueueRow, ...]:
    """Return the queue by tenant, provider and model.

    A model that is closed has a row also where nothing waits for it, of no tenant.
    """
    rows: dict[tuple[str, str, str], QueueRow] = {}
    for each in counts:
        kind = (each.tenant, each.provider, each.model)
        row = rows.get(kind) or _empty(*kind, doors, limits)
        count = {_COUNTED[each.state]: each.count}
        since = {"oldest_ms": each.since_ms} if each.state == JobState.QUEUED else {}
        rows[kind] = row.model_copy(update={**count, **since})
    shown = {kind[1:] for kind in rows}
    idle = [_empty("", *place, doors, limits) for place in sorted(doors.ailing.keys() - shown)]
    return (*rows.values(), *(row for row in idle if row.closed_until_ms is not None))


def _empty(tenant: str, provider: str, model: str, doors: Doors, limits: Limits) -> QueueRow:
    caps = (limits.providers.get(provider), limits.models.get(model))
    until, why = doors.closed(provider, model) or (None, None)
    return QueueRow(
        tenant=tenant,
        provider=provider,
        model=model,
        cap=min((cap for cap in caps if cap is not None), default=None),
        closed_until_ms=until,
        closed_by=why,
    )
