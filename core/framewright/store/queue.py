"""Whose turn it is: waiting jobs become live under every cap, tenants by their weight.

Start-time fair queueing (Goyal, Vin, Cheng 1996): a tenant's next job starts at the later of the
queue's virtual time and the end of the tenant's last job; the earliest start goes first and moves
the virtual time there; its end lies one over the tenant's weight behind. A tenant that was away
so gains no credit, and one with twice the weight gets twice the jobs. Only what every cap lets
through takes part, so a tenant or model that is full holds nobody else up.

Every process looks at all that wait: where the job of another one that lives is due first, that
job is given its turn, which stands on record until its own process hears of it. So turns come in
one order, whichever process looks. How many jobs are live is counted from the jobs themselves, in
the same transaction: there is no counter that could drift.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heapify, heappop, heapreplace
from typing import TYPE_CHECKING

from framewright.store.health import Doors
from framewright.store.queue_limits import Group, Limits, Live
from framewright.store.rates import Rates

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from framewright.domain.job import Wish
    from framewright.store.database import Operation, Question
    from framewright.store.engine import Connection
    from framewright.store.transaction import Transaction

STALE_MS = 6 * 3_600_000
"""After so long without news, whatever a provider may have of a job is over."""
HOUR_MS = 3_600_000
# What is followed came to its end by then; of what nobody knows, its submission counts.
_LIVE = """SELECT provider, model, tenant, COUNT(*) FROM job
    WHERE state IN ('leased', 'unknown')
        AND (state = 'unknown' OR phase = 'none' OR updated_ms > ?)
        AND (state = 'leased' OR COALESCE(started_ms, created_ms) > ?)
    GROUP BY provider, model, tenant"""
_NEXT = """SELECT id, rank FROM job WHERE state = 'queued' AND owner = ? AND tenant = ?
    AND provider = ? AND model = ? AND (rank, id) > (?, ?) ORDER BY rank, id LIMIT ?"""
# The next of the index behind a place, four columns at once: as many steps as there are groups.
_OTHERS = """SELECT 1 WHERE
    EXISTS (SELECT 1 FROM job WHERE state = 'queued' AND owner < ?)
    OR EXISTS (SELECT 1 FROM job WHERE state = 'queued' AND owner > ?)"""
_NEXT_GROUP = """SELECT owner, tenant, provider, model FROM job
    WHERE state = 'queued' AND (owner, tenant, provider, model) > (?, ?, ?, ?)
    ORDER BY owner, tenant, provider, model LIMIT 1"""
_GRANT = """UPDATE job SET state = 'leased', epoch = epoch + 1, updated_ms = ?
    WHERE id = ? AND state = 'queued' RETURNING epoch"""
_GIVE = """INSERT INTO turn (job, tenant, owner, epoch) VALUES (?, ?, ?, ?)
    ON CONFLICT (job) DO UPDATE SET owner = excluded.owner, epoch = excluded.epoch"""
# One that was taken back meanwhile, or has ended, is no turn any more.
_HEAR = """SELECT turn.job, turn.epoch FROM turn JOIN job ON job.id = turn.job
    WHERE turn.owner = ? AND job.owner = turn.owner AND job.epoch = turn.epoch
        AND job.state = 'leased' AND job.phase = 'none'
    ORDER BY job.rank, job.id"""
_HEARD = "DELETE FROM turn WHERE owner = ?"
_STALE_TURNS = """DELETE FROM turn WHERE NOT EXISTS (SELECT 1 FROM job
    WHERE job.id = turn.job AND job.owner = turn.owner AND job.epoch = turn.epoch
        AND job.state = 'leased' AND job.phase = 'none')"""
_SHARES = "SELECT tenant, finish FROM tenant_share"
_KEEP_SHARE = """INSERT INTO tenant_share (tenant, finish) VALUES (?, ?)
    ON CONFLICT (tenant) DO UPDATE SET finish = excluded.finish"""
# Work that ended with its process is begun anew; what a provider may have stays as it is known.
# It is nobody's then: one that only hung waits for its turn no more.
_REQUEUE = """UPDATE job SET state = 'queued', owner = NULL, epoch = epoch + 1, updated_ms = ?
    WHERE owner = ? AND state = 'leased' AND phase = 'none'"""
_REQUEUE_NOBODYS = """UPDATE job SET state = 'queued', epoch = epoch + 1, updated_ms = ?
    WHERE owner IS NULL AND state = 'leased' AND phase = 'none'"""
# One that never heard of a turn still waits for it, where it only hung: it stays its own.
_REQUEUE_UNHEARD = """UPDATE job SET state = 'queued', epoch = epoch + 1, updated_ms = ?
    WHERE owner = ? AND state = 'leased' AND phase = 'none'
        AND EXISTS (SELECT 1 FROM turn WHERE turn.job = job.id AND turn.epoch = job.epoch)"""
_GIVE_BACK = """UPDATE job SET state = 'queued', owner = NULL, epoch = epoch + 1, updated_ms = ?
    WHERE id = ? AND epoch = ? AND state = 'leased' AND phase = 'none'"""
_TAKE = """UPDATE job SET owner = ?, epoch = epoch + 1, updated_ms = ?, wish = ?,
        state = CASE WHEN state = 'unknown' THEN 'leased' ELSE state END
    WHERE id = ? AND epoch = ? AND state NOT IN ('succeeded', 'dead', 'cancelled')"""
_OPEN_OWN = """SELECT 1 FROM job WHERE id = ? AND owner = ?
    AND state NOT IN ('succeeded', 'dead', 'cancelled')"""
_OWNERS = """SELECT DISTINCT owner FROM job WHERE state = 'leased' AND phase = 'none'
    AND owner IS NOT NULL"""
# One state at a time: each has an index of its own, however many jobs are over.
_COUNT = """SELECT tenant, provider, model, state, COUNT(*), MIN(created_ms), owner,
        MIN(run_at_ms), MIN(correlation) FROM job
    WHERE {} GROUP BY tenant, provider, model, state, owner"""
_COUNTS = tuple(
    map(
        _COUNT.format,
        ("state = 'queued'", "state = 'waiting'", "state IN ('leased', 'unknown')"),
    )
)
_WHOLE = ""
"""The name under which the virtual time of the whole queue is kept."""
_BEFORE_ALL = -(2**62)
"""A rank before that of every job."""


@dataclass(frozen=True, slots=True)
class Granted:
    """A job that may begin."""

    job: str
    epoch: int
    owner: str
    """Who carries it."""


@dataclass(frozen=True, slots=True)
class Turns:
    """What a claim tells of turns."""

    begun: tuple[Granted, ...]
    """What may begin from now on, in the order of its turns, whoever carries it."""
    heard: tuple[Granted, ...]
    """Jobs of who claims to which another process gave their turns before."""

    def of(self, owner: str) -> tuple[Granted, ...]:
        """Return what an owner, who claimed, may begin."""
        return (*self.heard, *(each for each in self.begun if each.owner == owner))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many jobs of a kind and owner are in one state."""

    tenant: str
    provider: str
    model: str
    state: str
    count: int
    since_ms: int
    """When the oldest of them was accepted, in Unix time."""
    owner: str | None = None
    next_ms: int | None = None
    """When the first of them may be tried again, in Unix time, where they back off."""
    run: str = ""
    """One that some of them are of."""


def claim(
    owner: str,
    groups: Collection[Group],
    limits: Limits,
    is_alive: Callable[[str], bool],
    most: int = 256,
    providers: Collection[str] | None = None,
) -> Operation[Turns]:
    """Let jobs begin, as many as the caps allow, in fair order over all owners.

    It ends where nothing of this owner itself may begin any more; `groups` are those of which it
    has jobs waiting. Jobs of others begin where they are due before that; `is_alive` tells of
    another owner whether it still works: the jobs of one that does not wait for whoever takes
    them over, and hold up nobody. Where `providers` are named, nothing of another provider is
    given its turn: what it takes at once is known to others only.
    """

    def operation(transaction: Transaction) -> Turns:
        heard = _heard(owner, transaction)
        stale = _stale(transaction.now_ms, limits)
        live = Live(transaction.execute(_LIVE, (stale, stale)), limits)
        doors = Doors(transaction)
        rates = Rates.read(limits.per_second, transaction)
        fronts = [_Front(owner, group, transaction) for group in groups]
        others = tuple(_groups_of_others(owner, transaction))
        named = {other for other, _ in others}
        living = {other for other in named if is_alive(other)}
        fronts += [
            _Front(other, group, transaction)
            for other, group in others
            if other in living and (providers is None or group.provider in providers)
        ]
        # Who is alone with all there is owes nobody anything, and gains nothing.
        contested = len({front.group.tenant for front in fronts}) > 1
        finish = dict(transaction.execute(_SHARES).fetchall()) if contested else {}
        shares = _Shares(finish, limits.weights)

        def is_open(front: _Front) -> bool:
            group = front.group
            return (
                front.next is not None
                and live.has_room(group)
                and doors.is_open(group)
                and rates.is_open(group)
            )

        begun: list[Granted] = []
        for front in _in_turn(fronts, owner, shares, is_open):
            if len(begun) == most:
                break
            job, group = front.pop(), front.group
            live.add(group)
            shares.serve(group.tenant)
            doors.pass_through(group, job)
            rates.take(group)
            row = transaction.execute(_GRANT, (transaction.now_ms, job)).fetchone()
            if row is None:
                continue
            begun.append(Granted(job, row[0], front.owner))
            if front.owner != owner:
                transaction.execute(_GIVE, (job, group.tenant, front.owner, row[0]))
        rates.keep(transaction)
        if contested:
            transaction.execute_many(_KEEP_SHARE, shares.to_keep())
        return Turns(tuple(begun), heard)

    return operation


def _heard(owner: str, transaction: Transaction) -> tuple[Granted, ...]:
    """Take off the record what turns others gave to jobs of an owner."""
    rows = transaction.execute(_HEAR, (owner,)).fetchall()
    if rows:
        transaction.execute(_HEARD, (owner,))
    return tuple(Granted(job, epoch, owner) for job, epoch in rows)


def _stale(now_ms: int, limits: Limits) -> int:
    return now_ms - max(STALE_MS, int(limits.most_seconds * 1_000) + HOUR_MS)


def live(limits: Limits, now_ms: int) -> Question[Live]:
    """Ask how many jobs hold a place under each cap."""
    stale = _stale(now_ms, limits)
    return lambda connection: Live(connection.execute(_LIVE, (stale, stale)), limits)


def _in_turn(
    fronts: Sequence[_Front], owner: str, shares: _Shares, is_open: Callable[[_Front], bool]
) -> Iterator[_Front]:
    """Yield whose turn it is, for as long as an owner itself has something that may begin.

    Within one claim a front that is not open never opens again, and no start grows earlier: so
    one that turns out to come later than it seemed to is put back, and only what comes first is
    ever read.
    """
    own = [each for each in fronts if each.owner == owner]
    line = [(shares.earliest(each), at, each) for at, each in enumerate(fronts)]
    heapify(line)
    while line:
        while own and not is_open(own[-1]):
            own.pop()
        if not own:
            return
        order, at, front = line[0]
        if not is_open(front):
            heappop(line)
        elif (now := shares.order(front)) != order:
            heapreplace(line, (now, at, front))
        else:
            yield front


def _groups_of_others(owner: str, transaction: Transaction) -> Iterator[tuple[str, Group]]:
    """Yield the kinds of jobs that wait for other owners; mostly there are none."""
    if transaction.execute(_OTHERS, (owner, owner)).fetchone() is None:
        return
    row = transaction.execute(_NEXT_GROUP, ("", "", "", "")).fetchone()
    while row is not None:
        other, tenant, provider, model = row
        if other == owner:
            row = (owner, "\U0010ffff", "", "")
        else:
            yield other, Group(tenant, provider, model)
        row = transaction.execute(_NEXT_GROUP, row).fetchone()


@dataclass(slots=True)
class _Shares:
    """How far each tenant has come, and which of it is to be written down."""

    finish: dict[str, float]
    weights: Mapping[str, float]
    _begun: set[str] = field(default_factory=set)
    """Tenants of which something begins now."""

    def order(self, front: _Front) -> tuple[float, str, int, str]:
        """Return what goes first: the earliest start; of one tenant its lowest rank."""
        assert front.next is not None
        job, rank = front.next
        return (self._start(front.group.tenant), front.group.tenant, rank, job)

    def earliest(self, front: _Front) -> tuple[float, str, int, str]:
        """Return an order that a front can not come before, whatever waits there."""
        tenant = front.group.tenant
        return (self._start(tenant), tenant, _BEFORE_ALL, "")

    def serve(self, tenant: str) -> None:
        """Count a job in for a tenant."""
        start = self._start(tenant)
        self.finish[_WHOLE] = start
        self.finish[tenant] = start + 1.0 / self.weights.get(tenant, 1.0)
        self._begun |= {_WHOLE, tenant}

    def to_keep(self) -> list[tuple[str, float]]:
        """Return what is to be written down."""
        return [(each, self.finish[each]) for each in self._begun]

    def _start(self, tenant: str) -> float:
        return max(self.finish.get(_WHOLE, 0.0), self.finish.get(tenant, 0.0))


class _Front:
    """The waiting jobs of one group and owner, the next one first."""

    _AT_ONCE = 32

    def __init__(self, owner: str, group: Group, transaction: Transaction) -> None:
        self.group = group
        self.owner = owner
        self._transaction = transaction
        self._behind = (_BEFORE_ALL, "")
        self._known: list[tuple[str, int]] | None = None

    @property
    def next(self) -> tuple[str, int] | None:
        """The job whose turn it would be, with its rank."""
        if self._known is None:
            # Of most groups nothing but the first is ever asked for.
            self._known = self._read(1)
        return self._known[-1] if self._known else None

    def pop(self) -> str:
        """Return the next job and step behind it."""
        assert self.next is not None
        assert self._known is not None
        job, rank = self._known.pop()
        self._behind = (rank, job)
        if not self._known:
            self._known = self._read(self._AT_ONCE)
        return job

    def _read(self, most: int) -> list[tuple[str, int]]:
        group = self.group
        kind = (self.owner, group.tenant, group.provider, group.model)
        rows = self._transaction.execute(_NEXT, (*kind, *self._behind, most))
        return rows.fetchall()[::-1]


def give_back(job: str, epoch: int) -> Operation[None]:
    """Let a job wait again that may begin and that nobody wants to begin any more."""

    def operation(transaction: Transaction) -> None:
        transaction.execute(_GIVE_BACK, (transaction.now_ms, job, epoch))

    return operation


def take_over(job: str, epoch: int, owner: str, wish: Wish | None = None) -> Operation[bool]:
    """Make a job that has not ended another owner's; False when it changed hands meanwhile.

    What was wished of it before is over; what is wished now stands there for whoever is next.
    """

    def operation(transaction: Transaction) -> bool:
        row = (owner, transaction.now_ms, wish, job, epoch)
        return transaction.execute(_TAKE, row).rowcount == 1

    return operation


def lost(owner: str, waiting: Collection[str]) -> Operation[tuple[str, ...]]:
    """Ask which of the jobs that an owner waits for are over, or its own no more."""

    def operation(transaction: Transaction) -> tuple[str, ...]:
        own = ((job, transaction.execute(_OPEN_OWN, (job, owner))) for job in waiting)
        return tuple(job for job, found in own if found.fetchone() is None)

    return operation


def release_dead(owner: str, is_alive: Callable[[str], bool]) -> Operation[int]:
    """Let what ended with processes that are gone wait again, so that it holds no place.

    So does what is held by one whose lease is over: it hangs, or cannot reach the store.

    What a provider may have got of it stays live: it still works there, or nobody knows.
    """

    def operation(transaction: Transaction) -> int:
        named = [each for (each,) in transaction.execute(_OWNERS).fetchall()]
        dead = [each for each in named if each != owner and not is_alive(each)]
        nobodys = transaction.execute(_REQUEUE_NOBODYS, (transaction.now_ms,)).rowcount
        freed = nobodys + requeue_of(dead)(transaction)
        transaction.execute(_STALE_TURNS)
        return freed

    return operation


def requeue_of(owners: Sequence[str]) -> Operation[int]:
    """Let what these processes had begun in themselves wait again; return how much it is."""

    def operation(transaction: Transaction) -> int:
        at = transaction.now_ms
        return sum(
            transaction.execute(requeue, (at, each)).rowcount
            for each in owners
            for requeue in (_REQUEUE_UNHEARD, _REQUEUE)
        )

    return operation


def waiting() -> Question[tuple[Waiting, ...]]:
    """Ask how many jobs wait, are live, or of unknown outcome, by kind and owner."""

    def question(connection: Connection) -> tuple[Waiting, ...]:
        found = [Waiting(*row) for each in _COUNTS for row in connection.execute(each)]
        return tuple(sorted(found, key=lambda each: (each.tenant, each.provider, each.model)))

    return question
