"""Money under every order of events: budgets hold, sums are right; seeded faults are found."""

from __future__ import annotations

import math
import sqlite3
import time
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase as Stage
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from framewright.domain.budget import Budgets, Window
from framewright.domain.job import ErrorCategory, JobError, JobRequest, JobResult, JobState, Phase
from framewright.errors import FramewrightError
from framewright.store import (
    attempts,
    budget_audit,
    budgets,
    dead_letters,
    ends,
    jobs,
    queue,
    queue_limits,
    schema,
)
from framewright.store.postgres_connection import connect
from framewright.store.postgres_statements import Statements
from framewright.store.queue_limits import Limits
from framewright.store.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import psycopg

    from framewright.store.place import PostgresUrl

DAY_MS = 86_400_000
TENANTS = ("ann", "bob")
RUNS = ("r1", "r2", "r3")
"""Each run belongs to the tenant of its place, the third to the first."""
OF = {"r1": "ann", "r2": "bob", "r3": "ann"}
LIVE = {JobState.QUEUED, JobState.WAITING, JobState.LEASED, JobState.UNKNOWN}
BUSY = JobError(category=ErrorCategory.CAPACITY, code="capacity", message="Too busy.")
HOSTILE = (math.nan, math.inf, -math.inf, -1e9, -0.5, 1e300)


@cache
def _empty() -> bytes:
    at = sqlite3.connect(":memory:", isolation_level=None)
    schema.bring_up_to_date(at)
    return at.serialize()


@dataclass
class Booked:
    """What a naive book-keeper knows of one job."""

    tenant: str
    run: str
    wanted: int | None
    day: int
    held: int | None = None
    spent: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def used(self, counts: Callable[[int], bool]) -> int:
        """Return what counts against a budget of some days."""
        held = self.held or 0 if counts(self.day) else 0
        return held + sum(cost for day, cost in self.spent.items() if counts(day))


class Money(RuleBasedStateMachine):
    """Jobs are accepted, worked on, and end in every way; budgets come and change."""

    def open(self) -> Any:
        """Return an empty database of its own."""
        at = sqlite3.connect(":memory:", isolation_level=None)
        at.deserialize(_empty())
        return at

    def __init__(self) -> None:
        super().__init__()
        self.at = self.open()
        self.now_ms = 20_000 * DAY_MS
        self.budgets = Budgets()
        self.of_runs: dict[str, int] = {}
        self.books: dict[str, Booked] = {}
        self.gone: list[Booked] = []
        self.count = 0

    def do(self, operation: Any) -> Any:
        self.at.execute("BEGIN")
        try:
            answer = operation(Transaction(self.at, self.now_ms))
        except FramewrightError:
            self.at.execute("ROLLBACK")
            raise
        self.at.execute("COMMIT")
        return answer

    def states(self) -> dict[str, tuple[str, str, int, str]]:
        rows = self.at.execute("SELECT id, state, phase, epoch, key FROM job ORDER BY id")
        return {job: (state, phase, epoch, key) for job, state, phase, epoch, key in rows}

    def some(self, *wanted: JobState) -> list[str]:
        return [job for job, (state, *_) in self.states().items() if state in wanted]

    # ---- what a naive model says

    def counts(self, day: int) -> bool:
        then, now = (time.gmtime(at) for at in (day * 86_400, self.now_ms / 1_000))
        if self.budgets.window is Window.MONTH:
            return (then.tm_year, then.tm_mon) == (now.tm_year, now.tm_mon)
        same = (then.tm_year, then.tm_yday) == (now.tm_year, now.tm_yday)
        return same or self.budgets.window is Window.TOTAL

    def used(self, tenant: str | None, run: str | None, counts: Callable[[int], bool]) -> int:
        return sum(
            each.used(counts)
            for each in (*self.books.values(), *self.gone)
            if tenant in {None, each.tenant} and run in {None, each.run}
        )

    def fits(self, tenant: str, run: str, wanted: int | None) -> bool:
        if wanted == 0:
            return True
        left = [
            limit - self.used(*whose)
            for limit, whose in (
                (self.of_runs.get(run), (tenant, run, lambda _: True)),
                (self.budgets.tenants.get(tenant), (tenant, None, self.counts)),
                (self.budgets.project, (None, None, self.counts)),
            )
            if limit is not None
        ]
        return all(each >= (1 if wanted is None else wanted) for each in left)

    # ---- what people do

    @rule(
        run=st.sampled_from(RUNS),
        most=st.integers(0, 3_000),
    )
    def a_run_gets_a_budget(self, run: str, most: int) -> None:
        self.of_runs[run] = most
        self.do(budgets.give(OF[run], run, most))

    @rule(
        project=st.none() | st.integers(0, 5_000),
        tenants=st.dictionaries(st.sampled_from(TENANTS), st.integers(0, 3_000)),
        window=st.sampled_from(Window),
    )
    def the_settings_change(
        self, project: int | None, tenants: dict[str, int], window: Window
    ) -> None:
        self.budgets = Budgets(project, tenants, window)

    @rule(days=st.sampled_from([-1, 0, 1, 3, 31]), hours=st.integers(0, 23))
    def time_goes_by(self, days: int, hours: int) -> None:
        self.now_ms += days * DAY_MS + hours * 3_600_000

    # ---- what becomes of jobs

    @rule(run=st.sampled_from(RUNS), wanted=st.sampled_from([None, 0, 1, 400, 1_000, 2_500]))
    def a_job_is_accepted(self, run: str, wanted: int | None) -> None:
        self.count += 1
        self.accept(f"job_{self.count:05}", run, wanted)

    def accept(self, job: str, run: str, wanted: int | None) -> None:
        tenant = OF[run]
        fits = self.fits(tenant, run, wanted)
        request = JobRequest(
            tenant=tenant,
            key=job,
            correlation=run,
            provider="fake",
            model="fake/a",
            task="",
            inputs={},
            seed=0,
            reserve=wanted,
        )
        record = self.do(jobs.accept(job, request, "hash", "me", 0, self.budgets))
        assert record.id == job
        assert (record.result is None) == fits
        if not fits:
            assert record.result.error.category is ErrorCategory.BILLING
            assert record.result.error.code == "budget"
            assert record.state is JobState.DEAD
        day = self.now_ms // DAY_MS
        book = self.books.setdefault(job, Booked(tenant, run, wanted, day))
        book.day = day
        if fits and wanted != 0:
            book.held = wanted or 0

    @precondition(lambda self: self.some(*LIVE))
    @rule(data=st.data())
    def the_same_is_submitted_again(self, data: st.DataObject) -> None:
        job = data.draw(st.sampled_from(self.some(*LIVE)))
        book = self.books[job]
        waits_anew = book.wanted != 0 and book.held is None
        if waits_anew:
            self.accept(job, book.run, book.wanted)
            return
        before = self.states()[job]
        request = JobRequest(
            tenant=book.tenant,
            key=job,
            correlation=book.run,
            provider="fake",
            model="fake/a",
            task="",
            inputs={},
            seed=0,
            reserve=book.wanted,
        )
        self.do(jobs.accept("other", request, "hash", "me", 0, self.budgets))
        assert self.states()[job] == before

    @precondition(lambda self: self.some(JobState.QUEUED))
    @rule(most=st.integers(1, 3))
    def some_begin(self, most: int) -> None:
        groups = [queue_limits.Group(tenant, "fake", "fake/a") for tenant in TENANTS]
        self.do(queue.claim("me", groups, Limits(), lambda _: True, most))

    @precondition(lambda self: self.some(JobState.LEASED))
    @rule(data=st.data(), phase=st.sampled_from([Phase.SUBMITTING, Phase.SUBMITTED]))
    def one_is_handed_over(self, data: st.DataObject, phase: Phase) -> None:
        job = data.draw(st.sampled_from(self.some(JobState.LEASED)))
        self.do(jobs.advance(job, JobState.LEASED, phase, "remote"))

    @precondition(lambda self: self.some(JobState.LEASED))
    @rule(data=st.data())
    def one_backs_off_and_waits_again(self, data: st.DataObject) -> None:
        job = data.draw(st.sampled_from(self.some(JobState.LEASED)))
        epoch = self.states()[job][2]
        assert self.do(attempts.back_off(job, epoch, BUSY, 1_000))
        if data.draw(st.booleans()):
            assert self.do(attempts.try_again(job, epoch))

    @rule()
    def the_process_dies(self) -> None:
        self.do(queue.requeue_of(["me"]))

    @precondition(lambda self: self.some(JobState.LEASED))
    @rule(data=st.data())
    def nobody_knows_of_one(self, data: st.DataObject) -> None:
        job = data.draw(st.sampled_from(self.some(JobState.LEASED)))
        self.do(jobs.leave_unknown(job, self.states()[job][2]))

    @precondition(lambda self: self.some(*LIVE))
    @rule(
        data=st.data(),
        state=st.sampled_from([JobState.SUCCEEDED, JobState.DEAD]),
        cost=st.sampled_from([0.0, 0.0004, 0.001, 0.0025, 0.004, *HOSTILE]),
        old=st.booleans(),
    )
    def one_ends(self, data: st.DataObject, state: JobState, cost: float, old: bool) -> None:
        job = data.draw(st.sampled_from(self.some(*LIVE)))
        result = JobResult(state=state, cost=cost, error=BUSY if state is JobState.DEAD else None)
        won = self.do(ends.settle(job, result, self.states()[job][2] - int(old)))
        assert won is not old
        if won:
            self.booked(job, cost)

    @precondition(lambda self: self.some(*LIVE))
    @rule(data=st.data(), how=st.sampled_from(["call off", "give up"]), twice=st.booleans())
    def a_person_ends_one(self, data: st.DataObject, how: str, twice: bool) -> None:
        job = data.draw(st.sampled_from(self.some(*LIVE)))
        book, epoch = self.books[job], self.states()[job][2]
        for _ in range(1 + twice):
            if how == "give up":
                gone = JobResult(state=JobState.DEAD, error=BUSY)
                self.do(ends.give_up(book.tenant, job, gone))
            else:
                self.do(ends.call_off(job, "me", epoch, JobResult(state=JobState.CANCELLED)))
        # Given up, it may be paid for all the same.
        held = (self.books[job].held or 0) / 1e6
        self.booked(job, held if how == "give up" else 0.0)

    def booked(self, job: str, cost: float) -> None:
        book = self.books[job]
        sound = math.isfinite(cost) and 0 <= cost < 1e9
        booked = round(cost * 1e6) if sound else (book.held or 0)
        day = self.now_ms // DAY_MS if book.held is None else book.day
        book.spent[day] += booked
        book.held = None

    @precondition(lambda self: self.some(JobState.DEAD))
    @rule(data=st.data())
    def a_dead_one_begins_anew(self, data: st.DataObject) -> None:
        job = data.draw(st.sampled_from(self.some(JobState.DEAD)))
        assert self.do(dead_letters.redrive(self.books[job].tenant, job))

    @rule(tenant=st.sampled_from(TENANTS), dead=st.booleans())
    def old_ones_are_thrown_away(self, tenant: str, dead: bool) -> None:
        before = set(self.states())
        self.do(dead_letters.purge(tenant, self.now_ms, dead=dead))
        for job in before - set(self.states()):
            self.gone.append(self.books.pop(job))

    # ---- what always holds

    @invariant()
    def accounts_are_what_a_naive_recount_says(self) -> None:
        found = {}
        rows = "SELECT tenant, run, day, reserved, spent FROM account"
        for tenant, run, day, reserved, spent in self.at.execute(rows):
            assert reserved >= 0
            assert spent >= 0
            found[tenant, run, day] = (reserved, spent)
        wanted: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0])
        for book in (*self.books.values(), *self.gone):
            for names in ((book.tenant, ""), ("", ""), (book.tenant, book.run)):
                of_run = names[1] != ""
                if of_run and (book.tenant, book.run, -1) not in found:
                    # Nobody asked yet what it spent.
                    assert book.run not in self.of_runs
                    continue
                if book.held is not None:
                    wanted[*names, -1 if of_run else book.day][0] += book.held
                for day, spent in book.spent.items():
                    wanted[*names, -1 if of_run else day][1] += spent
        some = {name: sums for name, sums in found.items() if sums != (0, 0)}
        assert some == {name: tuple(sums) for name, sums in wanted.items() if any(sums)}

    @invariant()
    def the_audit_finds_nothing(self) -> None:
        assert budget_audit.audit()(self.at).is_right
        assert budget_audit.audit(self.now_ms // DAY_MS)(self.at).is_right

    @invariant()
    def only_what_is_under_way_holds_anything(self) -> None:
        held = {
            job for (job,) in self.at.execute("SELECT job FROM charge WHERE reserved IS NOT NULL")
        }
        states = self.states()
        assert held == {job for job, book in self.books.items() if book.held is not None}
        assert all(states[job][0] in LIVE for job in held)


@pytest.fixture
def at_server(postgres_place: PostgresUrl) -> Generator[psycopg.Connection]:
    """A connection to an empty store on a PostgreSQL server."""
    with connect(postgres_place) as at:
        yield at


def test_money_on_postgresql(at_server: psycopg.Connection) -> None:
    class OnServer(Money):
        def open(self) -> Any:
            # What an example left that failed halfway.
            at_server.rollback()
            at_server.execute("TRUNCATE job, attempt, tenant_share, health, charge, account")
            return Statements(at_server)

    run_state_machine_as_test(
        OnServer, settings=settings(max_examples=20, stateful_step_count=40, deadline=None)
    )


TestMoney = Money.TestCase
TestMoney.settings = settings(max_examples=100, stateful_step_count=40)


def _let_everything_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "_shortage", lambda *_: None)


def _forget_what_is_reserved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "_USED", budgets._USED.replace("reserved + spent", "spent"))


def _believe_every_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    def believed(cost: float, reserved: int = 0) -> int:
        return round(cost * 1e6) if abs(cost) < 1e12 else reserved

    monkeypatch.setattr(budgets, "charged", believed)


def _keep_what_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = budgets._RELEASE.replace("reserved = NULL, ", "")
    monkeypatch.setattr(budgets, "_RELEASE", kept)


def _refund_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    settle = budgets.settle

    def fully(transaction: Transaction, job: str, cost: float) -> None:
        held = transaction.execute(budgets._HELD, (job,)).fetchone()
        settle(transaction, job, cost or (held[3] / 1e6 if held else 0.0))

    monkeypatch.setattr(budgets, "settle", fully)


def _book_for_old_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    end = ends.end

    def booked(
        transaction: Transaction, job: str, result: JobResult, *rest: Any, **more: Any
    ) -> bool:
        won = end(transaction, job, result, *rest, **more)
        if not won:
            budgets.settle(transaction, job, result.cost)
        return won

    monkeypatch.setattr(ends, "end", booked)


def _refund_the_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    leave = jobs.leave_unknown

    def refunded(job: str, epoch: int) -> Any:
        def operation(transaction: Transaction) -> None:
            leave(job, epoch)(transaction)
            budgets.settle(transaction, job, 0.0)

        return operation

    monkeypatch.setattr(jobs, "leave_unknown", refunded)


def _reserve_whenever_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "holds", lambda *_: False)


def _begin_anew_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "holds", lambda *_: True)


def _throw_away_what_was_spent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "_accounts", lambda *_: ())


def _begin_a_new_count_with_a_raise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "_GIVE", budgets._GIVE.replace("most = ?", "most = ?, spent = 0"))


def _do_not_count_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "_MOVE_RUN", budgets._MOVE_RUN + " AND spent < 0")


@pytest.mark.parametrize(
    "fault",
    [
        _let_everything_through,
        _forget_what_is_reserved,
        _believe_every_cost,
        _keep_what_is_over,
        _refund_nothing,
        _book_for_old_hands,
        _refund_the_unknown,
        _reserve_whenever_asked,
        _begin_anew_for_nothing,
        _throw_away_what_was_spent,
        _begin_a_new_count_with_a_raise,
        _do_not_count_runs,
    ],
)
def test_a_seeded_fault_is_found(fault: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fault(monkeypatch)
    # Found is enough here: nobody needs the shortest way to it.
    quick = settings(
        max_examples=1_000, stateful_step_count=40, database=None, phases=[Stage.generate]
    )
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Money, settings=quick)
