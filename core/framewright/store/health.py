"""How well models answer: the circuit breaker and the throttle of each, shared by all processes.

After `FAILURES` failures in a row that are the provider's own, nothing more is handed to the
model for a while: the breaker is open. Then one job at a time is let through as a probe; where
it succeeds all may go, where it fails the breaker opens for twice as long (Nygard, Release It!,
chapter 5). A provider that asks to be left alone is, for as long as it says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from framewright.domain.job import ErrorCategory

if TYPE_CHECKING:
    from framewright.domain.job import JobError
    from framewright.store.database import Operation, Question
    from framewright.store.engine import Connection
    from framewright.store.queue_limits import Group
    from framewright.store.transaction import Transaction

FAILURES = 5
"""How many failures in a row open the breaker."""
FIRST_OPEN_MS = 30_000
MOST_OPEN_MS = 600_000
MOST_THROTTLED_MS = 3_600_000
"""Longer than that no provider is left alone: a job that is told to come back later is dead."""
_COUNTED = frozenset({ErrorCategory.OUTAGE, ErrorCategory.CAPACITY})
"""Failures that say that the model is down, rather than that it was asked for the wrong thing."""

_ALL = """SELECT provider, model, failures, open_until_ms, open_ms, probe, throttled_until_ms
    FROM health WHERE tenant = ''"""
_ONE = f"{_ALL} AND provider = ? AND model = ?"
_KEEP = """INSERT INTO health (tenant, provider, model, failures, open_until_ms, open_ms, probe,
        throttled_until_ms) VALUES ('', ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (tenant, provider, model) DO UPDATE SET failures = excluded.failures,
        open_until_ms = excluded.open_until_ms, open_ms = excluded.open_ms,
        probe = excluded.probe, throttled_until_ms = excluded.throttled_until_ms"""
_FORGET = "DELETE FROM health WHERE tenant = '' AND provider = ? AND model = ?"
_PROBE = """UPDATE health SET probe = ?, open_until_ms = ? + open_ms
    WHERE tenant = '' AND provider = ? AND model = ?"""


@dataclass(frozen=True, slots=True)
class Health:
    """How one model answers; times are Unix time in milliseconds."""

    provider: str
    model: str
    failures: int = 0
    open_until_ms: int | None = None
    open_ms: int = 0
    probe: str | None = None
    throttled_until_ms: int | None = None

    def is_closed_to_all(self, now_ms: int) -> bool:
        """Tell whether nothing may be handed to it now."""
        return self.closed_until_ms(now_ms) is not None

    def closed_until_ms(self, now_ms: int) -> int | None:
        """Return until when nothing may be handed to it; None where something may now."""
        ends = (self.breaker_ends_ms(now_ms), self.throttle_ends_ms(now_ms))
        return max((each for each in ends if each is not None), default=None)

    def is_throttled(self, now_ms: int) -> bool:
        """Tell whether its provider wants no more of it now."""
        return self.throttle_ends_ms(now_ms) is not None

    # A clock that was put back must not close it for longer than it was meant to be.

    def breaker_ends_ms(self, now_ms: int) -> int | None:
        """Return until when it is left alone for its failures; None where it is not."""
        until = self.open_until_ms
        return until if until is not None and now_ms < until <= now_ms + self.open_ms else None

    def throttle_ends_ms(self, now_ms: int) -> int | None:
        """Return until when its provider wants no more of it; None where it does."""
        until = self.throttled_until_ms
        meant = until is not None and now_ms < until <= now_ms + MOST_THROTTLED_MS
        return until if meant else None

    @property
    def lets_one_through(self) -> bool:
        """Tell whether its breaker is half open once its time is over."""
        return self.open_until_ms is not None


class Doors:
    """Which models may be handed jobs, during one claim."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        rows = transaction.execute(_ALL).fetchall()
        known = (Health(*row) for row in rows)
        self._ailing = {(each.provider, each.model): each for each in known}
        self._probed: set[tuple[str, str]] = set()

    def is_open(self, group: Group) -> bool:
        """Tell whether a job of a group may be handed over."""
        if not self._ailing:
            return True
        place = (group.provider, group.model)
        health = self._ailing.get(place)
        if health is None:
            return True
        return place not in self._probed and not health.is_closed_to_all(self._transaction.now_ms)

    def pass_through(self, group: Group, job: str) -> None:
        """Note that a job goes through."""
        place = (group.provider, group.model)
        if place in self._ailing and self._ailing[place].lets_one_through:
            self._probed.add(place)
            self._transaction.execute(_PROBE, (job, self._transaction.now_ms, *place))


def suffered(
    provider: str, model: str, job: str, error: JobError, pause_ms: int
) -> Operation[bool]:
    """Note that a model failed at a job, which will wait `pause_ms` before it is tried again.

    Tells whether its breaker opened by that.
    """

    def operation(transaction: Transaction) -> bool:
        row = transaction.execute(_ONE, (provider, model)).fetchone()
        before = Health(provider, model) if row is None else Health(*row)
        after = _after(before, job, error, pause_ms, transaction.now_ms)
        _keep(transaction, after)
        return after.open_until_ms not in {None, before.open_until_ms}

    return operation


def recovered(provider: str, model: str) -> Operation[None]:
    """Note that a model did a job: it is well."""

    def operation(transaction: Transaction) -> None:
        row = transaction.execute(_ONE, (provider, model)).fetchone()
        if row is not None:
            _keep(transaction, _answering(Health(*row)))

    return operation


def _keep(transaction: Transaction, health: Health) -> None:
    place = (health.provider, health.model)
    if not health.failures and not health.is_throttled(transaction.now_ms):
        transaction.execute(_FORGET, place)
        return
    opened = (health.open_until_ms, health.open_ms, health.probe)
    row = (*place, health.failures, *opened, health.throttled_until_ms)
    transaction.execute(_KEEP, row)


def ailing() -> Question[tuple[Health, ...]]:
    """Ask for all models that fail, or ask to be left alone."""

    def question(connection: Connection) -> tuple[Health, ...]:
        return tuple(Health(*row) for row in connection.execute(_ALL))

    return question


def _answering(before: Health) -> Health:
    """Return how a model stands that answers; whoever asked to be left alone still is."""
    return Health(before.provider, before.model, throttled_until_ms=before.throttled_until_ms)


def _after(before: Health, job: str, error: JobError, pause_ms: int, now_ms: int) -> Health:
    """Return how a model stands after a failure."""
    if error.category is ErrorCategory.RATE_LIMIT:
        told = before.throttled_until_ms if before.is_throttled(now_ms) else None
        return replace(before, throttled_until_ms=max(told or 0, now_ms + pause_ms))
    if error.category not in _COUNTED:
        # It answered: what was wrong was what it was asked for.
        return _answering(before)
    failures = before.failures + 1
    if before.open_until_ms is None:
        opens = failures >= FAILURES
        longer = FIRST_OPEN_MS
    else:
        # Those that were on their way when it opened say nothing new.
        opens = before.probe == job
        longer = min(2 * before.open_ms, MOST_OPEN_MS)
    if not opens:
        return replace(before, failures=failures)
    return replace(before, failures=failures, open_until_ms=now_ms + longer, open_ms=longer)
