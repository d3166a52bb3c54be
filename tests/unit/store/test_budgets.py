"""Budgets in the store: windows of the calendar, and an audit that finds and mends what drifted."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framewright.domain.budget import Budgets, Scope, Shortage, Window
from framewright.domain.job import JobRequest, JobResult, JobState
from framewright.domain.money import MICRO, charged, micro, words
from framewright.errors import InputError
from framewright.protocols import HandClock
from framewright.store import budget_audit, budgets, ends, jobs
from framewright.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from framewright.store.place import Place
    from framewright.store.transaction import Transaction

NOW_MS = 20_000 * 86_400_000


@dataclass
class Store:
    """A store of either kind, one transaction after the other."""

    do: Callable[[Any], Any]

    def ask(self, question: Any) -> Any:
        return self.do(question)

    def execute(self, statement: str) -> Any:
        def operation(transaction: Transaction) -> Any:
            answer = transaction.execute(statement)
            return answer.fetchall() if statement.startswith("SELECT") else None

        return self.do(operation)


@pytest.fixture
def at(place: Place) -> Generator[Store]:
    with asyncio.Runner() as runner:

        async def opened() -> Database:
            return await Database.open(place, HandClock(NOW_MS))

        database = runner.run(opened())

        async def done(operation: Any) -> Any:
            return await database.write(operation)

        yield Store(lambda operation: runner.run(done(operation)))
        runner.run(database.close())


def _do(at: Store, operation: Any) -> Any:
    return at.do(operation)


def _accept(at: Store, job: str, reserve: int | None, **more: Any) -> Any:
    request = JobRequest(
        tenant="local",
        key=job,
        correlation="run_1",
        provider="fake",
        model="fake/a",
        task="",
        inputs={},
        seed=0,
        reserve=reserve,
    )
    return _do(at, jobs.accept(job, request, "hash", "me", **more))


@given(st.integers(0, 30_000), st.integers(0, 30_000), st.sampled_from(Window))
def test_a_window_is_that_of_the_calendar(now: int, other: int, window: Window) -> None:
    first, last = window.days(now * 86_400_000 + 5)
    then, here = time.gmtime(other * 86_400), time.gmtime(now * 86_400)
    same = {
        Window.DAY: now == other,
        Window.MONTH: (then.tm_year, then.tm_mon) == (here.tm_year, here.tm_mon),
        Window.TOTAL: True,
    }
    assert (first <= other <= last) == same[window]


@pytest.mark.parametrize(
    ("cost", "booked"),
    [
        (0.0, 0),
        (0.25, 250_000),
        (3, 3_000_000),
        (float("nan"), 7),
        (float("inf"), 7),
        (float("-inf"), 7),
        (-0.01, 7),
        (1e300, 7),
        (None, 7),
        ("1.5", 7),
        (True, 7),
    ],
)
def test_what_can_not_be_a_cost_books_what_was_reserved(cost: object, booked: int) -> None:
    assert charged(cost, 7) == booked


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -0.01, 2e9])
def test_what_is_no_amount_is_refused(wrong: float) -> None:
    with pytest.raises(InputError):
        micro(wrong)


def test_money_in_words() -> None:
    amounts = (0, 1, 10_000, 1_500_000, 1_234_560_000, -250_000, 123_456)
    assert [words(each) for each in amounts] == [
        "$0.00",
        "$0.000001",
        "$0.01",
        "$1.50",
        "$1,234.56",
        "-$0.25",
        "$0.123456",
    ]


def test_words_say_which_budget_and_what_to_do() -> None:
    def said(scope: Scope, name: str, window: Window, left: int, wanted: int | None) -> str:
        error = Shortage(scope, name, window, 10 * MICRO, left, wanted).error("run_1")
        return f"{error.message} {error.action}"

    assert said(Scope.RUN, "run_1", Window.TOTAL, 200_000, 505_000) == (
        "This may cost $0.505, and only $0.20 is left of the run's budget of $10.00. "
        "Raise it and go on: framewright resume run_1 --budget 10.31"
    )
    assert said(Scope.PROJECT, "", Window.MONTH, -5, 1) == (
        "This may cost $0.000001, and nothing is left of the workspace's budget of this month, "
        "$10.00. Raise budgets.project in settings.toml, or wait for the next month, then: "
        "framewright resume run_1"
    )
    assert said(Scope.TENANT, "ann", Window.TOTAL, 0, None) == (
        "Nobody knows what this costs, and nothing is left of ann's budget, $10.00. "
        "Raise budgets.tenants.ann in settings.toml, then: framewright resume run_1"
    )


def test_an_amount_that_was_told_suffices(at: Store) -> None:
    _do(at, budgets.give("local", "run_1", 1_000_000))
    _accept(at, "a", 999_999)
    refused = _accept(at, "b", 10_001).result
    assert refused is not None
    told = refused.error.action.rpartition(" ")[2]
    assert told == "1.01"
    _do(at, budgets.give("local", "run_1", micro(float(told))))
    assert _accept(at, "c", 10_001).result is None


def test_the_accounts_are_proved_and_mended(at: Store) -> None:
    _do(at, budgets.give("local", "run_1", 10 * MICRO))
    for number in range(3):
        _accept(at, f"j{number}", 500_000)
    _do(at, ends.settle("j0", JobResult(state=JobState.SUCCEEDED, cost=0.25)))
    assert at.ask(budget_audit.audit()).is_right
    right = at.execute("SELECT * FROM account ORDER BY tenant, run, day")

    # One statement that moved money and was forgotten, and one job that ended behind its back.
    at.execute("UPDATE account SET spent = spent - 200000 WHERE tenant = '' AND run = ''")
    at.execute("UPDATE job SET state = 'cancelled' WHERE id = 'j1'")
    found = at.ask(budget_audit.audit())
    assert [(each.tenant, each.spent) for each in found.drifts] == [("", -200_000)]
    assert found.still_held == ("j1",)
    assert "all on day 20000 said" in str(found.drifts[0])
    mended = _do(at, budget_audit.mend())
    assert mended.still_held == ("j1",)
    assert at.ask(budget_audit.audit()).is_right
    _do(at, ends.settle("j2", JobResult(state=JobState.CANCELLED)))
    now = at.execute("SELECT * FROM account ORDER BY tenant, run, day")
    assert [row[:4] for row in now] == [row[:4] for row in right]
    assert [row[4:6] for row in now] == [(0, 250_000)] * 3


def test_a_day_is_proved_by_itself(at: Store) -> None:
    _do(at, budgets.give("local", "run_1", 10 * MICRO))
    _accept(at, "j", 500_000)
    at.execute("INSERT INTO account VALUES ('local', '', 19990, NULL, 0, 5, 0)")
    assert at.ask(budget_audit.audit(19_995, 19_991)).is_right
    assert not at.ask(budget_audit.audit(19_990)).is_right
    assert not at.ask(budget_audit.audit()).is_right


def test_what_is_free_leaves_no_trace(at: Store) -> None:
    none_left = Budgets(project=0, tenants={"local": 0})
    _do(at, budgets.give("local", "run_1", 0))
    assert _accept(at, "free", 0, limits=none_left).result is None
    _do(at, ends.settle("free", JobResult(state=JobState.SUCCEEDED)))
    assert at.execute("SELECT COUNT(*) FROM charge") == [(0,)]
    # What it cost after all is booked.
    assert _accept(at, "not free", 0, limits=none_left).result is None
    _do(at, ends.settle("not free", JobResult(state=JobState.SUCCEEDED, cost=0.5)))
    spent, reserved = at.ask(budgets.of_run("local", "run_1"))[1:]
    assert (spent, reserved) == (500_000, 0)
    assert at.ask(budget_audit.audit()).is_right
