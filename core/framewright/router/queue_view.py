"""What people see of the queue: how many jobs of each kind are where, and what holds them up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.domain.job import JobState, QueueRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from framewright.store.health import Health
    from framewright.store.queue import Waiting
    from framewright.store.queue_limits import Limits

_COUNTED = {
    "queued": "waiting",
    "waiting": "backing_off",
    "leased": "running",
    "unknown": "unknown",
}


def queue_rows(
    counts: Iterable[Waiting], ailing: Iterable[Health], limits: Limits, now_ms: int
) -> tuple[QueueRow, ...]:
    """Return the queue by tenant, provider and model."""
    closed = {(each.provider, each.model): each for each in ailing}
    rows: dict[tuple[str, str, str], QueueRow] = {}
    for each in counts:
        kind = (each.tenant, each.provider, each.model)
        row = rows.get(kind) or _empty(each, closed.get(kind[1:]), limits, now_ms)
        count = {_COUNTED[each.state]: each.count}
        since = {"oldest_ms": each.since_ms} if each.state == JobState.QUEUED else {}
        rows[kind] = row.model_copy(update={**count, **since})
    return tuple(rows.values())


def _empty(kind: Waiting, health: Health | None, limits: Limits, now_ms: int) -> QueueRow:
    caps = (limits.providers.get(kind.provider), limits.models.get(kind.model))
    row = QueueRow(
        tenant=kind.tenant,
        provider=kind.provider,
        model=kind.model,
        cap=min((cap for cap in caps if cap is not None), default=None),
    )
    until = None if health is None else health.closed_until_ms(now_ms)
    if health is None or until is None:
        return row
    by = "breaker" if until == health.open_until_ms else "rate-limit"
    return row.model_copy(update={"closed_until_ms": until, "closed_by": by})
