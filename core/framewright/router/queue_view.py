"""What people see of the queue: how many jobs of each kind are where, and what holds them up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from framewright.domain.job import Hold, JobState, QueueRow
from framewright.store import health, queue, rates
from framewright.store.queue_limits import Group, Limits, Live
from framewright.store.rates import LONGEST_WINDOW_MS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from framewright.store.database import Question
    from framewright.store.engine import Connection
    from framewright.store.health import Health
    from framewright.store.queue import Waiting

_COUNTED = {
    "queued": "waiting",
    "waiting": "backing_off",
    "leased": "running",
    "unknown": "unknown",
}
MOST_RUNS = 3
"""How many runs are named that are to be resumed, for each kind of job."""


@dataclass(frozen=True, slots=True)
class Doors:
    """What holds jobs up just now."""

    ailing: Mapping[tuple[str, str], Health]
    """By provider and model."""
    used_up: Mapping[str, int]
    """Until when a provider or model takes no more, as it said, by name."""
    now_ms: int
    paced: Mapping[str, int] = field(default_factory=dict)
    """When the next job may go by a rate that a person set, by name."""
    live: Live = field(default_factory=lambda: Live((), Limits()))

    def closed(self, provider: str, model: str) -> tuple[int, str] | None:
        """Return until when nothing is handed to a model, and why; None where it is open."""
        found = [
            (hold.until_ms, "breaker" if hold.by == "breaker" else "rate-limit")
            for hold in self._words_of(provider, model)
            if hold.until_ms is not None
        ]
        return max(found, default=None)

    def holds(self, group: Group, limits: Limits) -> tuple[Hold, ...]:
        """Return all that keeps a job of a group from beginning now."""
        names = (("provider", group.provider), ("model", group.model))
        return (
            *self._words_of(group.provider, group.model),
            *(
                Hold(by="rate", of=f"{kind} {name}", limit=limits.written.get(name), until_ms=until)
                for kind, name in names
                if (until := self.paced.get(name)) is not None
            ),
            *(Hold(by="cap", of=of, limit=str(cap)) for of, cap in self.live.full(group)),
        )

    def _words_of(self, provider: str, model: str) -> list[Hold]:
        """Return why a model takes nothing by its own doing."""
        found: list[Hold] = []
        health = self.ailing.get((provider, model))
        if health is not None and (until := health.breaker_ends_ms(self.now_ms)) is not None:
            found.append(Hold(by="breaker", of=f"model {model}", until_ms=until))
        if health is not None and (until := health.throttle_ends_ms(self.now_ms)) is not None:
            found.append(Hold(by="provider", of=f"model {model}", until_ms=until))
        for kind, name in (("provider", provider), ("model", model)):
            until = self.used_up.get(name)
            if until is not None and self.now_ms < until <= self.now_ms + LONGEST_WINDOW_MS:
                found.append(Hold(by="provider", of=f"{kind} {name}", until_ms=until))
        return found


def doors_of(limits: Limits, now_ms: int) -> Question[Doors]:
    """Ask for all that holds jobs up, at one moment."""
    used_up, paced = rates.used_up(), rates.next_ms(limits.per_second, now_ms)
    ailing, live = health.ailing(), queue.live(limits, now_ms)

    def question(connection: Connection) -> Doors:
        by_place = {(each.provider, each.model): each for each in ailing(connection)}
        return Doors(by_place, used_up(connection), now_ms, paced(connection), live(connection))

    return question


def queue_rows(
    counts: Iterable[Waiting], at_work: Collection[str], doors: Doors, limits: Limits
) -> tuple[QueueRow, ...]:
    """Return the queue by tenant, provider and model; `at_work` are the owners that live.

    A model that is closed has a row also where nothing waits for it, of no tenant.
    """
    rows: dict[tuple[str, str, str], QueueRow] = {}
    for each in counts:
        kind = (each.tenant, each.provider, each.model)
        row = rows.get(kind) or _empty(*kind, doors, limits)
        rows[kind] = row.model_copy(update=_counted_in(row, each, at_work))
    for kind, row in rows.items():
        if row.waiting:
            rows[kind] = row.model_copy(update={"holds": doors.holds(Group(*kind), limits)})
    shown = {kind[1:] for kind in rows}
    idle = [_empty("", *place, doors, limits) for place in sorted(doors.ailing.keys() - shown)]
    return (*rows.values(), *(row for row in idle if row.closed_until_ms is not None))


def _counted_in(row: QueueRow, found: Waiting, at_work: Collection[str]) -> dict[str, object]:
    """Return what changes about a row by jobs that are to be counted in."""
    # Of those of unknown outcome nobody has any in hand.
    # What is followed or stopped for nobody keeps its place, and is looked after.
    followed = found.owner is None and found.state == JobState.LEASED
    if found.owner not in at_work and found.state != JobState.UNKNOWN and not followed:
        runs = (*row.left_runs, found.run) if found.run not in {"", *row.left_runs} else ()
        return {
            "left": row.left + found.count,
            "left_runs": runs[:MOST_RUNS] or row.left_runs,
        }
    name = _COUNTED[found.state]
    changed: dict[str, object] = {name: getattr(row, name) + found.count}
    if found.state == JobState.QUEUED:
        changed["oldest_ms"] = min(row.oldest_ms or found.since_ms, found.since_ms)
    if found.next_ms is not None:
        changed["next_ms"] = min(row.next_ms or found.next_ms, found.next_ms)
    return changed


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
