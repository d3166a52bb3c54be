"""The queue under every order of events: caps, shares and ownership hold; seeded faults do not."""

from __future__ import annotations

import itertools
import sqlite3
from collections import Counter, deque
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase as Stage
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from framewright.domain.job import JobRequest, JobResult, JobState, Phase
from framewright.domain.priority import Priority
from framewright.router.dispatch import HEAD_START_MS
from framewright.store import ends, jobs, queue, queue_limits, schema
from framewright.store.postgres_connection import connect
from framewright.store.postgres_statements import Statements
from framewright.store.queue import Turns
from framewright.store.queue_limits import Limits
from framewright.store.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Generator
    from random import Random

    import psycopg

    from framewright.store.engine import Connection
    from framewright.store.place import PostgresUrl

TENANTS = ("ann", "bob", "cy")
MODELS = {"fake/a": "fake", "fake/b": "fake", "far/c": "far"}
OWNERS = ("p1", "p2")
LIMITS = Limits(
    providers={"fake": 3},
    models={"fake/a": 2, "far/c": 2},
    tenants={"ann": 3},
    tenant_models={("bob", "fake/b"): 1},
    weights={"ann": 2.0},
)
ONE_PLACE = Limits(models={"fake/b": 1})
LIVE = {JobState.LEASED, JobState.UNKNOWN}


@cache
def _empty() -> bytes:
    at = sqlite3.connect(":memory:", isolation_level=None)
    schema.bring_up_to_date(at)
    return at.serialize()


class Store:
    """A database of one example, and a clock that is turned by hand."""

    def __init__(self) -> None:
        at = sqlite3.connect(":memory:", isolation_level=None)
        at.deserialize(_empty())
        self._at: Connection = at
        self.now_ms = 1_000_000
        self.alive = set(OWNERS)
        self._count = 0

    def do(self, operation: Any) -> Any:
        self._at.execute("BEGIN IMMEDIATE")
        answer = operation(Transaction(self._at, self.now_ms))
        self._at.execute("COMMIT")
        return answer

    def accept(
        self, tenant: str, model: str, owner: str, priority: Priority = Priority.NORMAL
    ) -> str:
        self._count += 1
        job = f"job_{self._count:05}"
        request = JobRequest(
            tenant=tenant,
            key=job,
            correlation="",
            provider=MODELS[model],
            model=model,
            task="",
            inputs={},
            seed=0,
        )
        self.do(jobs.accept(job, request, "hash", owner, HEAD_START_MS[priority]))
        return job

    def claim(self, owner: str, limits: Limits = LIMITS, most: int = 256) -> list[str]:
        """Return what begins, of whichever owner, in its order."""
        return [each.job for each in self.turns(owner, limits, most).begun]

    def turns(self, owner: str, limits: Limits = LIMITS, most: int = 256) -> Turns:
        rows = self._at.execute(
            "SELECT DISTINCT tenant, provider, model FROM job WHERE state = 'queued' AND owner = ?",
            (owner,),
        )
        own = [queue_limits.Group(*row) for row in rows]
        operation = queue.claim(owner, own, limits, lambda name: name in self.alive, most)
        turns = self.do(operation)
        assert isinstance(turns, Turns)
        return turns

    def rows(self) -> dict[str, dict[str, Any]]:
        names = [name for _, name, *_ in self._at.execute("PRAGMA table_info(job)")]
        rows = [dict(zip(names, row, strict=True)) for row in self._at.execute("SELECT * FROM job")]
        return {row["id"]: row for row in rows}


class ServerStore(Store):
    """The like on a PostgreSQL server; every example begins with empty tables."""

    def __init__(self, server: psycopg.Connection) -> None:
        super().__init__()
        self._server = server
        self._at = Statements(server)
        server.execute("TRUNCATE job, attempt, tenant_share, turn, health")

    def do(self, operation: Any) -> Any:
        with self._server.transaction():
            return operation(Transaction(self._at, self.now_ms))

    def rows(self) -> dict[str, dict[str, Any]]:
        found = self._server.execute("SELECT * FROM job")
        names = [column.name for column in found.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in found]
        return {row["id"]: row for row in rows}


class Queue(RuleBasedStateMachine):
    """Jobs come, begin, end and change hands in any order."""

    def new_store(self) -> Store:
        return Store()

    def __init__(self) -> None:
        super().__init__()
        self.store = self.new_store()
        self.ended: dict[str, str] = {}
        self.given: dict[str, tuple[str, int]] = {}
        """Owner and epoch of what began without its owner having heard of it yet."""

    @rule(
        tenant=st.sampled_from(TENANTS),
        model=st.sampled_from(sorted(MODELS)),
        owner=st.sampled_from(OWNERS),
        priority=st.sampled_from(list(Priority)),
        later=st.integers(0, 90_000),
    )
    def a_job_comes(
        self, tenant: str, model: str, owner: str, priority: Priority, later: int
    ) -> None:
        self.store.now_ms += later
        self.store.accept(tenant, model, owner, priority)

    @rule(owner=st.sampled_from(OWNERS), most=st.sampled_from([1, 2, 256]))
    def some_begin(self, owner: str, most: int) -> None:
        before = self.store.rows()
        turns = self.store.turns(owner, most=most)
        after = self.store.rows()
        assert len({each.job for each in turns.begun}) == len(turns.begun) <= most
        for each in turns.begun:
            assert before[each.job]["state"] == JobState.QUEUED
            assert before[each.job]["owner"] == each.owner
            assert after[each.job]["epoch"] == each.epoch == before[each.job]["epoch"] + 1
            # Nobody of the same kind who waits came before, in whichever process.
            assert not [
                other
                for other in after.values()
                if other["state"] == JobState.QUEUED
                and _kind(other) == _kind(after[each.job])
                and other["owner"] is not None
                and (other["rank"], other["id"]) < (after[each.job]["rank"], each.job)
            ]
        own = [each for each in after.values() if _waits_for(each, owner)]
        # Whatever could still begin has begun: nothing that is full holds up the rest.
        assert len(turns.begun) == most or not [each for each in own if _has_room(each, after)]
        self.what_was_given_is_heard_once(owner, turns, before)

    def what_was_given_is_heard_once(
        self, owner: str, turns: Turns, before: dict[str, dict[str, Any]]
    ) -> None:
        due = {job: epoch for job, (whose, epoch) in self.given.items() if whose == owner}
        stands = {job for job, epoch in due.items() if _has_its_turn(before[job], owner, epoch)}
        assert {(each.job, each.epoch) for each in turns.heard} == {(j, due[j]) for j in stands}
        assert len(turns.heard) == len(stands)
        self.given = {job: of for job, of in self.given.items() if job not in due}
        given = [each for each in turns.begun if each.owner != owner]
        self.given |= {each.job: (each.owner, each.epoch) for each in given}

    @precondition(lambda self: any(row["state"] in LIVE for row in self.store.rows().values()))
    @rule(data=st.data(), old=st.booleans(), state=st.sampled_from(["succeeded", "dead"]))
    def one_ends(self, data: st.DataObject, old: bool, state: str) -> None:
        live = sorted(job for job, row in self.store.rows().items() if row["state"] in LIVE)
        job = data.draw(st.sampled_from(live))
        epoch = self.store.rows()[job]["epoch"] - int(old)
        won = self.store.do(ends.settle(job, JobResult(state=JobState(state)), epoch))
        # Who lost a job changes nothing about it.
        assert won is not old
        assert (self.store.rows()[job]["state"] == state) is won
        if won:
            self.ended[job] = state

    @precondition(lambda self: any(row["state"] == "leased" for row in self.store.rows().values()))
    @rule(data=st.data(), phase=st.sampled_from([Phase.SUBMITTING, Phase.SUBMITTED]))
    def one_is_handed_over(self, data: st.DataObject, phase: Phase) -> None:
        leased = sorted(
            job for job, row in self.store.rows().items() if row["state"] == JobState.LEASED
        )
        job = data.draw(st.sampled_from(leased))
        epoch = self.store.rows()[job]["epoch"]
        self.store.do(jobs.advance(job, JobState.LEASED, phase, "remote", epoch))

    @rule(owner=st.sampled_from(OWNERS))
    def a_process_dies(self, owner: str) -> None:
        before = self.store.rows()
        self.store.do(queue.requeue_of([owner]))
        for job, row in self.store.rows().items():
            freed = before[job]["state"] == "leased" and before[job]["phase"] == "none"
            if freed and before[job]["owner"] == owner:
                assert row["state"] == JobState.QUEUED
                assert row["epoch"] > before[job]["epoch"]
            else:
                # What its provider may have is never given to anybody again.
                assert row == before[job]

    @precondition(lambda self: self.store.rows())
    @rule(data=st.data(), owner=st.sampled_from(OWNERS), old=st.booleans())
    def one_changes_hands(self, data: st.DataObject, owner: str, old: bool) -> None:
        job = data.draw(st.sampled_from(sorted(self.store.rows())))
        before = self.store.rows()[job]
        taken = self.store.do(queue.take_over(job, before["epoch"] - int(old), owner))
        after = self.store.rows()[job]
        assert taken == (job not in self.ended and not old)
        assert after == before or (after["owner"], after["epoch"]) == (owner, before["epoch"] + 1)

    @invariant()
    def caps_hold(self) -> None:
        live = [row for row in self.store.rows().values() if row["state"] in LIVE]
        for names, caps in (
            (("provider",), LIMITS.providers),
            (("model",), LIMITS.models),
            (("tenant",), LIMITS.tenants),
            (("tenant", "model"), LIMITS.tenant_models),
        ):
            counts = Counter(
                row[names[0]] if len(names) == 1 else tuple(row[name] for name in names)
                for row in live
            )
            for name, cap in caps.items():
                assert counts[name] <= cap

    @invariant()
    def what_ended_stays_as_it_ended(self) -> None:
        rows = self.store.rows()
        assert {job: rows[job]["state"] for job in self.ended} == self.ended


def _kind(row: dict[str, Any]) -> tuple[str, str]:
    return row["tenant"], row["model"]


def _waits_for(row: dict[str, Any], owner: str) -> bool:
    return bool(row["state"] == JobState.QUEUED and row["owner"] == owner)


def _has_its_turn(row: dict[str, Any], owner: str, epoch: int) -> bool:
    """Tell whether a job may begin that nobody took back, ended or began."""
    stands = (row["state"], row["phase"], row["owner"], row["epoch"])
    return stands == (JobState.LEASED, Phase.NONE, owner, epoch)


def _has_room(job: dict[str, Any], rows: dict[str, dict[str, Any]]) -> bool:
    live = [row for row in rows.values() if row["state"] in LIVE]

    def below(cap: int | None, **names: str) -> bool:
        same = sum(all(row[key] == value for key, value in names.items()) for row in live)
        return cap is None or same < cap

    tenant, model = _kind(job)
    return (
        below(LIMITS.providers.get(job["provider"]), provider=job["provider"])
        and below(LIMITS.models.get(model), model=model)
        and below(LIMITS.tenants.get(tenant), tenant=tenant)
        and below(LIMITS.tenant_models.get((tenant, model)), tenant=tenant, model=model)
    )


TestQueue = Queue.TestCase
TestQueue.settings = settings(max_examples=60, stateful_step_count=40)


@pytest.fixture
def at_server(postgres_place: PostgresUrl) -> Generator[psycopg.Connection]:
    """A connection to an empty store on a PostgreSQL server."""
    with connect(postgres_place) as at:
        yield at


def test_queue_on_postgresql(at_server: psycopg.Connection) -> None:
    class OnServer(Queue):
        def new_store(self) -> Store:
            return ServerStore(at_server)

    fewer = settings(max_examples=25, stateful_step_count=30, deadline=None)
    run_state_machine_as_test(OnServer, settings=fewer)


@settings(max_examples=40)
@given(
    weights=st.lists(st.sampled_from([1.0, 2.0, 3.0, 5.0]), min_size=2, max_size=4),
    slots=st.integers(1, 4),
    rounds=st.integers(20, 80),
)
def test_backlogged_tenants_share_by_weight_to_within_a_job(
    weights: list[float], slots: int, rounds: int
) -> None:
    shared = {f"t{at}": weight for at, weight in enumerate(weights)}
    assert _gap(shared, _served(shared, slots, rounds, joins={})) <= 1e-9


@settings(max_examples=40)
@given(
    weights=st.lists(st.sampled_from([1.0, 2.0, 3.0]), min_size=2, max_size=4),
    rounds=st.integers(20, 60),
)
def test_processes_share_as_tenants_do(weights: list[float], rounds: int) -> None:
    shared = {f"t{at}": weight for at, weight in enumerate(weights)}
    assert _gap(shared, _served(shared, 1, rounds, joins={}, owners=2)) <= 1e-9


@settings(max_examples=15)
@given(
    weights=st.lists(st.sampled_from([1.0, 2.0, 4.0]), min_size=2, max_size=4),
    slots=st.integers(2, 8),
    chance=st.randoms(use_true_random=False),
)
def test_at_every_turn_processes_share_many_places_to_within_a_job(
    weights: list[float], slots: int, chance: Random
) -> None:
    shared = {f"t{at}": weight for at, weight in enumerate(weights)}
    assert _widest_gap(shared, slots, chance, 200) <= 1e-9


def test_a_process_with_much_waiting_starves_no_other() -> None:
    store = Store()
    for _ in range(50):
        store.accept("ann", "fake/b", "p1")
    (running,) = store.claim("p1", ONE_PLACE)
    other = store.accept("bob", "fake/b", "p2")
    begun: list[str] = []
    while other not in begun:
        epoch = store.rows()[running]["epoch"]
        store.do(ends.settle(running, JobResult(state=JobState.SUCCEEDED), epoch))
        # Who has just ended one asks first, every time.
        (running,) = store.claim("p1", ONE_PLACE) or store.claim("p2", ONE_PLACE)
        begun.append(running)
    assert len(begun) <= 2
    # Who is gone holds up nobody.
    store.accept("cy", "fake/b", "p2")
    store.alive = {"p1"}
    store.do(ends.settle(running, JobResult(state=JobState.SUCCEEDED)))
    assert store.claim("p1", ONE_PLACE)


def test_a_turn_that_another_process_gave_is_heard_of_once() -> None:
    store, places = Store(), Limits(models={"fake/b": 2})
    theirs, mine = store.accept("ann", "fake/b", "p2"), store.accept("bob", "fake/b", "p1")
    # Both places are taken, whoever looks.
    assert store.claim("p1", places) == [theirs, mine]
    assert [each.job for each in store.turns("p2", places).of("p2")] == [theirs]
    assert store.turns("p2", places).of("p2") == ()


@settings(max_examples=40)
@given(late=st.integers(5, 40), rounds=st.integers(20, 60), weight=st.sampled_from([1.0, 2.0]))
def test_who_was_away_gains_no_credit(late: int, rounds: int, weight: float) -> None:
    shared = {"there": 1.0, "late": weight}
    served = _served(shared, 1, late + rounds, joins={"late": late})
    since = served["there"] - late
    assert abs(since / 1.0 - served["late"] / weight) <= 1.0 + 1 / weight + 1e-9


def _served(
    weights: dict[str, float], slots: int, rounds: int, joins: dict[str, int], owners: int = 1
) -> Counter[str]:
    """Return how many jobs each tenant was given, all of them always having more waiting.

    Of several owners each has jobs of its own tenants, and all look in turns.
    """
    store, served = Store(), Counter[str]()
    limits = Limits(models={"fake/a": slots}, weights=weights)
    home = {tenant: OWNERS[at % owners] for at, tenant in enumerate(weights)}
    for at in range(rounds):
        for tenant in weights:
            if joins.get(tenant, 0) <= at:
                store.accept(tenant, "fake/a", home[tenant])
                store.accept(tenant, "fake/a", home[tenant])
        begun = (job for owner in OWNERS[:owners] for job in store.claim(owner, limits, most=1))
        for job in itertools.islice(begun, 1):
            row = store.rows()[job]
            served[row["tenant"]] += 1
            store.do(ends.settle(job, JobResult(state=JobState.SUCCEEDED), row["epoch"]))
    return served


def _widest_gap(weights: dict[str, float], slots: int, chance: Random, looks: int) -> float:
    """Return the widest gap between two tenants at any turn.

    Every process has jobs of every tenant waiting; whenever jobs end, any of them looks.
    """
    store, served, live, most = Store(), Counter[str](), deque[str](), 0.0
    limits = Limits(models={"fake/a": slots}, weights=weights)
    for tenant, owner in itertools.product(weights, OWNERS):
        for _ in range(slots + 1):
            store.accept(tenant, "fake/a", owner)
    for _ in range(looks):
        for each in store.turns(chance.choice(OWNERS), limits).begun:
            tenant = store.rows()[each.job]["tenant"]
            store.accept(tenant, "fake/a", each.owner)
            live.append(each.job)
            served[tenant] += 1
            most = max(most, _gap(weights, served))
        for _ in range(chance.randint(1, len(live))):
            store.do(ends.settle(live.popleft(), JobResult(state=JobState.SUCCEEDED)))
    return most


@settings(max_examples=30)
@given(waits_s=st.integers(0, 200), flood=st.integers(1, 30))
def test_nobody_is_overtaken_for_longer_than_a_head_start(waits_s: int, flood: int) -> None:
    store = Store()
    patient = store.accept("ann", "fake/a", "p1")
    store.now_ms += waits_s * 1_000
    urgent = [store.accept("ann", "fake/a", "p1", Priority.HIGH) for _ in range(flood)]
    order: list[str] = []
    for _ in range(flood + 1):
        (job,) = store.claim("p1", Limits(models={"fake/a": 1}))
        order.append(job)
        epoch = store.rows()[job]["epoch"]
        store.do(ends.settle(job, JobResult(state=JobState.SUCCEEDED), epoch))
    first = order[0] == patient
    assert first == (waits_s * 1_000 >= HEAD_START_MS[Priority.HIGH])
    assert sorted(order) == sorted([patient, *urgent])


def _forget_caps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_limits, "below", lambda _count, _cap: True)


def _forget_unknown_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    live = queue._LIVE.replace("('leased', 'unknown')", "('unknown')")
    monkeypatch.setattr(queue, "_LIVE", live)


def _hold_up_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "_NEXT", queue._NEXT.replace("owner = ?", "owner = ? AND rank < 0"))


def _keep_old_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    free = ends._SETTLE.replace("epoch = COALESCE(?, epoch)", "(? IS NULL OR 1)")
    monkeypatch.setattr(ends, "_SETTLE", free)


def _take_without_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "_TAKE", queue._TAKE.replace("AND epoch = ?", "AND ? IS NOT NULL"))


def _give_again_what_was_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "_REQUEUE", queue._REQUEUE.replace("AND phase = 'none'", ""))


def _give_turns_that_nobody_hears_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "_GIVE", queue._GIVE.replace("?, ?, ?, ?", "?, ?, ?, ? - 1"))


def _hear_of_turns_that_were_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = queue._HEAR.replace("AND job.epoch = turn.epoch", "")
    heard = heard.replace("AND job.state = 'leased' AND job.phase = 'none'", "")
    monkeypatch.setattr(queue, "_HEAR", heard)


def _serve_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    newest = queue._NEXT.replace("ORDER BY rank, id", "ORDER BY rank DESC, id DESC")
    monkeypatch.setattr(queue, "_NEXT", newest)


@pytest.mark.parametrize(
    "fault",
    [
        _forget_caps,
        _forget_unknown_jobs,
        _hold_up_the_rest,
        _keep_old_hands,
        _take_without_asking,
        _give_again_what_was_handed_over,
        _give_turns_that_nobody_hears_of,
        _hear_of_turns_that_were_taken_back,
        _serve_the_newest,
    ],
)
def test_a_seeded_fault_is_found(fault: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fault(monkeypatch)
    # Found is enough here: nobody needs the shortest way to it.
    quick = settings(
        max_examples=300, stateful_step_count=30, database=None, phases=[Stage.generate]
    )
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Queue, settings=quick)


def _gap(shared: dict[str, float], served: Counter[str]) -> float:
    return max(
        abs(served[one] / own - served[other] / its) - 1 / own - 1 / its
        for one, own in shared.items()
        for other, its in shared.items()
    )


def test_seeded_faults_of_sharing_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    shared = {"ann": 1.0, "bob": 3.0}
    assert _gap(shared, _served(shared, 1, 40, joins={})) <= 1e-9
    # Whoever comes first by name is served first.
    monkeypatch.setattr(queue._Shares, "_start", lambda _, _tenant: 0.0)
    assert _gap(shared, _served(shared, 1, 40, joins={})) > 1
