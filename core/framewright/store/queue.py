"""Whose turn it is: waiting jobs become live under every cap, tenants by their weight.

Start-time fair queueing (Goyal, Vin, Cheng 1996): a tenant's next job starts at the later of the
queue's virtual time and the end of the tenant's last job; the earliest start goes first and moves
the virtual time there; its end lies one over the tenant's weight behind. A tenant that was away
so gains no credit, and one with twice the weight gets twice the jobs. Only what every cap lets
through takes part, so a tenant or model that is full holds nobody else up.

How many jobs are live is counted from the jobs themselves, in the same transaction: there is no
counter that could drift.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Mapping, Sequence

    from framewright.store.database import Operation, Question
    from framewright.store.transaction import Transaction

_LIVE = """SELECT provider, model, tenant, COUNT(*) FROM job
    WHERE state IN ('leased', 'unknown') GROUP BY provider, model, tenant"""
_NEXT = """SELECT id, rank FROM job WHERE state = 'queued' AND owner = ? AND tenant = ?
    AND provider = ? AND model = ? ORDER BY rank, id LIMIT ?"""
_GRANT = """UPDATE job SET state = 'leased', epoch = epoch + 1, updated_ms = ?
    WHERE id = ? AND state = 'queued' RETURNING epoch"""
_SHARES = "SELECT tenant, finish FROM tenant_share"
_KEEP_SHARE = """INSERT INTO tenant_share (tenant, finish) VALUES (?, ?)
    ON CONFLICT (tenant) DO UPDATE SET finish = excluded.finish"""
# Work that ended with its process is begun anew; what a provider may have stays as it is known.
_REQUEUE = """UPDATE job SET state = 'queued', epoch = epoch + 1, updated_ms = ?
    WHERE owner = ? AND state = 'leased' AND phase = 'none'"""
_TAKE = """UPDATE job SET owner = ?, epoch = epoch + 1, updated_ms = ?
    WHERE id = ? AND epoch = ? AND state NOT IN ('succeeded', 'dead', 'cancelled')"""
_OWNERS = """SELECT DISTINCT owner FROM job
    WHERE state IN ('leased', 'unknown') AND owner IS NOT NULL"""
_COUNTS = """SELECT tenant, provider, model, state, COUNT(*), MIN(created_ms) FROM job
    WHERE state IN ('queued', 'leased', 'unknown') GROUP BY tenant, provider, model, state
    ORDER BY tenant, provider, model, state"""
_WHOLE = ""
"""The name under which the virtual time of the whole queue is kept."""


@dataclass(frozen=True, slots=True)
class Group:
    """Jobs that all caps treat alike."""

    tenant: str
    provider: str
    model: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How many jobs may be live at once, and how tenants share; what is not named has no limit."""

    providers: Mapping[str, int] = field(default_factory=dict)
    models: Mapping[str, int] = field(default_factory=dict)
    tenants: Mapping[str, int] = field(default_factory=dict)
    tenant_models: Mapping[tuple[str, str], int] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    """One for a tenant that is not named."""


@dataclass(frozen=True, slots=True)
class Granted:
    """A job that may begin."""

    job: str
    epoch: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many jobs of a kind are in one state."""

    tenant: str
    provider: str
    model: str
    state: str
    count: int
    since_ms: int
    """When the oldest of them was accepted, in Unix time."""


def claim(
    owner: str, groups: Collection[Group], limits: Limits, most: int = 256
) -> Operation[tuple[Granted, ...]]:
    """Let jobs of an owner begin, as many as the caps allow, in fair order.

    `groups` are those of which the owner has jobs waiting.
    """

    def operation(transaction: Transaction) -> tuple[Granted, ...]:
        live = _Live(transaction.execute(_LIVE), limits)
        shares = dict(transaction.execute(_SHARES).fetchall())
        fronts = {group: _Front(group, owner, transaction) for group in groups}
        granted: list[Granted] = []
        while len(granted) < most:
            open_now = [
                front
                for group, front in fronts.items()
                if live.has_room(group) and front.next is not None
            ]
            if not open_now:
                break
            now = shares.get(_WHOLE, 0.0)
            front = min(open_now, key=lambda each: _order(each, shares, now))
            start = max(now, shares.get(front.group.tenant, 0.0))
            shares[_WHOLE] = start
            weight = limits.weights.get(front.group.tenant, 1.0)
            shares[front.group.tenant] = start + 1.0 / weight
            live.add(front.group)
            if (found := front.take()) is not None:
                granted.append(found)
        if granted:
            transaction.execute_many(_KEEP_SHARE, shares.items())
        return tuple(granted)

    return operation


def _order(front: _Front, shares: Mapping[str, float], now: float) -> tuple[float, str, int, str]:
    """Return what goes first: the earliest start; of one tenant its lowest rank."""
    assert front.next is not None
    job, rank = front.next
    return (
        max(now, shares.get(front.group.tenant, 0.0)),
        front.group.tenant,
        rank,
        job,
    )


class _Front:
    """The waiting jobs of one group, the next one first."""

    _AT_ONCE = 32

    def __init__(self, group: Group, owner: str, transaction: Transaction) -> None:
        self.group = group
        self._owner = owner
        self._transaction = transaction
        self._known: list[tuple[str, int]] = []
        # Of most groups nothing but the first is ever asked for.
        self._refill(1)

    @property
    def next(self) -> tuple[str, int] | None:
        """The job whose turn it would be, with its rank."""
        return self._known[-1] if self._known else None

    def take(self) -> Granted | None:
        """Let the next job begin; None when it is waiting no longer."""
        job, _ = self._known.pop()
        at = self._transaction.now_ms
        row = self._transaction.execute(_GRANT, (at, job)).fetchone()
        if not self._known:
            self._refill(self._AT_ONCE)
        return None if row is None else Granted(job, row[0])

    def _refill(self, most: int) -> None:
        group = self.group
        row = (self._owner, group.tenant, group.provider, group.model, most)
        self._known = self._transaction.execute(_NEXT, row).fetchall()[::-1]


class _Live:
    """How many jobs are live, by all that is capped."""

    def __init__(self, rows: sqlite3.Cursor, limits: Limits) -> None:
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
            _below(self._providers[group.provider], limits.providers.get(group.provider))
            and _below(self._models[group.model], limits.models.get(group.model))
            and _below(self._tenants[group.tenant], limits.tenants.get(group.tenant))
            and _below(self._tenant_models[pair], limits.tenant_models.get(pair))
        )


def _below(count: int, cap: int | None) -> bool:
    return cap is None or count < cap


def take_over(job: str, epoch: int, owner: str) -> Operation[bool]:
    """Make a job that has not ended another owner's; False when it changed hands meanwhile."""

    def operation(transaction: Transaction) -> bool:
        row = (owner, transaction.now_ms, job, epoch)
        return transaction.execute(_TAKE, row).rowcount == 1

    return operation


def requeue_of(owners: Sequence[str]) -> Operation[int]:
    """Let what ended with these processes wait again, so that it holds no place; return how many.

    What a provider may have got stays live: it still works there, or nobody knows.
    """

    def operation(transaction: Transaction) -> int:
        at = transaction.now_ms
        return sum(transaction.execute(_REQUEUE, (at, owner)).rowcount for owner in owners)

    return operation


def owners() -> Question[tuple[str, ...]]:
    """Ask which processes have jobs live."""
    return lambda at: tuple(owner for (owner,) in at.execute(_OWNERS))


def waiting() -> Question[tuple[Waiting, ...]]:
    """Ask how many jobs wait, are live, or of unknown outcome, by tenant, provider and model."""
    return lambda at: tuple(Waiting(*row) for row in at.execute(_COUNTS))
