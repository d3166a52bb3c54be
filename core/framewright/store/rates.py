"""How fast jobs may be handed over: token buckets as a person sets them, and providers' own words.

A bucket holds the jobs of one second (at least one) and fills at its rate, as a token bucket does
(RFC 2697 calls it committed information rate and burst size). What a provider said of how much
more it takes counts down with each job until its window is over; nothing is known of the next.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from framewright.store.database import Operation, Question
    from framewright.store.engine import Connection
    from framewright.store.queue_limits import Group
    from framewright.store.transaction import Transaction

_ALL = "SELECT name, tokens, at_ms, remaining, resets_ms FROM rate WHERE tenant = ''"
_KEEP = """INSERT INTO rate (tenant, name, tokens, at_ms, remaining, resets_ms)
    VALUES ('', ?, ?, ?, ?, ?)
    ON CONFLICT (tenant, name) DO UPDATE SET tokens = excluded.tokens, at_ms = excluded.at_ms,
        remaining = excluded.remaining, resets_ms = excluded.resets_ms"""
# Within one window the lower word holds: jobs that are on their way are not in a provider's count.
_LEARN = """INSERT INTO rate (tenant, name, tokens, at_ms, remaining, resets_ms)
    VALUES ('', ?, NULL, ?, ?, ?)
    ON CONFLICT (tenant, name) DO UPDATE SET resets_ms = excluded.resets_ms,
        remaining = CASE WHEN rate.resets_ms > ? AND excluded.resets_ms <= rate.resets_ms + 1000
            AND rate.remaining < excluded.remaining THEN rate.remaining
            ELSE excluded.remaining END"""
LONGEST_WINDOW_MS = 86_400_000
MOST_REMAINING = 1_000_000_000


@dataclass(slots=True)
class _Bucket:
    tokens: float | None
    """How many jobs may go at once; None for a bucket that was never used."""
    at_ms: int
    remaining: int | None = None
    resets_ms: int | None = None


@dataclass(slots=True)
class Rates:
    """What may still be handed over now, during one claim."""

    per_second: Mapping[str, float]
    """By the name of a provider or the id of a model."""
    now_ms: int
    _buckets: dict[str, _Bucket] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, per_second: Mapping[str, float], transaction: Transaction) -> Rates:
        """Return the buckets as they are now."""
        rows = transaction.execute(_ALL).fetchall()
        found = {name: _Bucket(*rest) for name, *rest in rows}
        return cls(per_second, transaction.now_ms, found)

    def is_open(self, group: Group) -> bool:
        """Tell whether one more job of a group may go."""
        return all(self._has_one(name) for name in (group.provider, group.model))

    def take(self, group: Group) -> None:
        """Count a job that goes."""
        for name in (group.provider, group.model):
            self._spend(name)

    def _spend(self, name: str) -> None:
        rate, bucket = self.per_second.get(name), self._buckets.get(name)
        if rate is not None:
            left = self.tokens(name, rate) - 1.0
            bucket = self._buckets.setdefault(name, _Bucket(None, self.now_ms))
            bucket.tokens, bucket.at_ms = left, self.now_ms
            self._used.add(name)
        if bucket is not None and bucket.remaining is not None and self._is_now(bucket):
            bucket.remaining -= 1
            self._used.add(name)

    def keep(self, transaction: Transaction) -> None:
        """Write down what was taken."""
        rows = [(name, self._buckets[name]) for name in sorted(self._used)]
        transaction.execute_many(
            _KEEP, [(name, b.tokens, b.at_ms, b.remaining, b.resets_ms) for name, b in rows]
        )

    def _has_one(self, name: str) -> bool:
        rate = self.per_second.get(name)
        if rate is not None and self.tokens(name, rate) < 1.0 - 1e-9:
            return False
        bucket = self._buckets.get(name)
        if bucket is None or bucket.remaining is None or not self._is_now(bucket):
            return True
        return bucket.remaining >= 1

    def tokens(self, name: str, rate: float) -> float:
        """Return how many jobs may go at once by a rate, in jobs a second; below 0 is owed."""
        bucket = self._buckets.get(name)
        most = max(1.0, rate)
        # A clock that was put back says nothing of how long ago that was.
        if bucket is None or bucket.tokens is None or bucket.at_ms > self.now_ms:
            return most
        seconds = (self.now_ms - bucket.at_ms) / 1_000
        return min(most, bucket.tokens + seconds * rate)

    def _is_now(self, bucket: _Bucket) -> bool:
        resets = bucket.resets_ms or 0
        return self.now_ms < resets <= self.now_ms + LONGEST_WINDOW_MS


def used_up() -> Question[dict[str, int]]:
    """Ask which providers and models said to take no more, and until when, in Unix time."""
    asked = "SELECT name, resets_ms FROM rate WHERE tenant = '' AND remaining = 0"

    def question(connection: Connection) -> dict[str, int]:
        return {name: int(resets) for name, resets in connection.execute(asked)}

    return question


def next_ms(per_second: Mapping[str, float], now_ms: int) -> Question[dict[str, int]]:
    """Ask when the next job may go, in Unix time, where a person's rate lets none go now."""

    def question(connection: Connection) -> dict[str, int]:
        rows = connection.execute(_ALL)
        rates = Rates(per_second, now_ms, {name: _Bucket(*rest) for name, *rest in rows})
        left = {name: rates.tokens(name, rate) for name, rate in per_second.items()}
        return {
            name: now_ms + math.ceil((1.0 - left[name]) / rate * 1_000)
            for name, rate in per_second.items()
            if left[name] < 1.0 - 1e-9
        }

    return question


def learn(name: str, remaining: int, reset_seconds: float) -> Operation[None]:
    """Note how much more a provider, or one of its models, says to take until its window ends."""
    seconds = reset_seconds if 0 <= reset_seconds < LONGEST_WINDOW_MS else 0.0
    window = min(int(seconds * 1_000), LONGEST_WINDOW_MS)
    most = max(0, min(remaining, MOST_REMAINING))

    def operation(transaction: Transaction) -> None:
        at = transaction.now_ms
        transaction.execute(_LEARN, (name, at, most, at + window, at))

    return operation
