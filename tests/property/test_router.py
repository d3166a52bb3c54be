"""P1 to P10: real routers on one store, killed anywhere, with a provider that does its worst."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import Phase as Stage
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from framewright.domain.job import ErrorCategory
from framewright.protocols import Finished, ProviderFailure, Status, Working
from framewright.router import hearing
from framewright.router.dispatch import Priority
from framewright.store import dead_letters
from framewright.store.inbox import Delivery
from router_world.far import Line
from router_world.process import Stall
from router_world.world import ALL, Store, World

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from framewright.store.place import Place
    from router_world.far import Call, Work
    from router_world.process import Process

SOAK = int(os.environ.get("SOAK", "1"))
"""How many times as many examples as usual."""
MOST_PROCESSES = 3
KEYS = 9
CATEGORIES = (
    ErrorCategory.OUTAGE,
    ErrorCategory.CAPACITY,
    ErrorCategory.RATE_LIMIT,
    ErrorCategory.CONTENT_POLICY,
    ErrorCategory.UNKNOWN,
)
PICK = st.integers(0, 5)


class RouterMachine(RuleBasedStateMachine):
    """What people, providers, clocks and the power supply do to routers, in any order."""

    store: Store
    laws: Collection[str] = ALL

    def __init__(self) -> None:
        super().__init__()
        self.world: World

    @initialize(lists=st.booleans(), deduplicates=st.sampled_from([False, False, True]))
    def begin(self, lists: bool, deduplicates: bool) -> None:
        self.store.clear()
        self.world = World(self.store, lists=lists, deduplicates=deduplicates, laws=self.laws)
        self.world.start()
        self.world.start()

    def teardown(self) -> None:
        if hasattr(self, "world"):
            try:
                if not self.world.laws.broken:
                    self.world.calm()
            finally:
                self.world.close()

    # ---- people

    @rule(
        who=PICK,
        number=st.integers(0, KEYS - 1),
        more=st.sampled_from([1, 1, 3, 6]),
        variant=st.sampled_from([0, 0, 0, 0, 1]),
        priority=st.sampled_from(list(Priority)),
    )
    def some_ask(self, who: int, number: int, more: int, variant: int, priority: Priority) -> None:
        process = self.process(who)
        for at in range(number, number + more):
            process.submit(self.world.request(at % KEYS, variant), priority)
        self.world.still()

    @precondition(lambda self: self.world.laws.jobs)
    @rule(who=PICK, which=PICK)
    def one_is_called_off(self, who: int, which: int) -> None:
        row, process = self.job(which), self.process(who)
        self.world.do(process, process.router.call_off(row["tenant"], row["key"]))

    @rule(who=PICK, which=PICK)
    def who_asked_goes_away(self, who: int, which: int) -> None:
        asks = [each for each in self.process(who).asks if each.task and not each.task.done()]
        if asks:
            ask = asks[which % len(asks)]
            assert ask.task is not None
            ask.task.cancel()
            self.world.still()

    @rule(who=PICK, which=PICK)
    def one_is_hurried(self, who: int, which: int) -> None:
        rows = self.jobs_in("waiting")
        if rows:
            row, process = rows[which % len(rows)], self.process(who)
            self.world.laws.hurried(row["id"])
            self.world.do(process, process.router.hurry(row["tenant"], row["key"]))

    @rule(who=PICK, which=PICK)
    def a_dead_one_is_begun_anew(self, who: int, which: int) -> None:
        rows = self.jobs_in("dead")
        process = self.process(who)
        if rows and process.database.stall is Stall.NO and process.fuse is None:
            row = rows[which % len(rows)]
            self.world.redrives = True
            self.world.laws.redriven.add(row["id"])
            operation = dead_letters.redrive(row["tenant"], row["id"])
            process.database.write(operation)
            self.world.still()
            process.submit(self.world.request(int(row["key"][1:])))
            self.world.still()

    @rule(who=PICK, which=PICK)
    def one_is_given_up(self, who: int, which: int) -> None:
        rows = self.jobs_in("unknown")
        process = self.process(who)
        if rows and process.database.stall is Stall.NO and process.fuse is None:
            self.world.give_up(process, rows[which % len(rows)])

    # ---- the provider

    @rule(line=st.sampled_from(list(Line)), refusal=st.sampled_from(CATEGORIES))
    def the_line_is(self, line: Line, refusal: ErrorCategory) -> None:
        self.world.far.line, self.world.far.refusal = line, refusal

    @precondition(lambda self: self.world.far.open_calls())
    @rule(which=PICK, how=st.sampled_from(["arrives", "is answered", "is lost"]))
    def a_call(self, which: int, how: str) -> None:
        calls = self.world.far.open_calls()
        call: Call = calls[which % len(calls)]
        far = self.world.far
        {"arrives": far.arrive, "is answered": far.answer, "is lost": far.lose}[how](call)
        self.world.still()

    @precondition(lambda self: self.world.far.running())
    @rule(
        which=PICK,
        many=st.sampled_from([1, 1, 5]),
        category=st.none() | st.sampled_from(CATEGORIES),
        told=st.sampled_from([None, None, 20.0]),
    )
    def works_end(
        self, which: int, many: int, category: ErrorCategory | None, told: float | None
    ) -> None:
        for _ in range(many):
            if running := self.world.far.running():
                self.end(running[which % len(running)], category, told)
        self.world.still()

    @precondition(lambda self: self.world.far.works)
    @rule(
        who=PICK,
        which=st.integers(0, 30),
        says=st.sampled_from(["truth", "truth", "works", "finished", "failed"]),
        name=st.integers(0, 3),
        named=st.booleans(),
    )
    def it_tells_by_itself(self, who: int, which: int, says: str, name: int, named: bool) -> None:
        works = list(self.world.far.works.values())
        work: Work = works[-1 - which % len(works)]
        statuses: dict[str, Status] = {
            "truth": work.status,
            "works": Working(0.5),
            "finished": Finished(cost=0.5),
            "failed": ProviderFailure(ErrorCategory.CAPACITY, "Too busy."),
        }
        status = statuses[says]
        work.told_failed |= isinstance(status, ProviderFailure)
        key = work.request.key if named else None
        delivery = Delivery("far", f"{work.id}-{name}", work.id, status, key)
        process = self.process(who)
        self.world.do(process, process.router.deliver(delivery))

    @rule(times=st.integers(1, 8))
    def results_can_not_be_fetched(self, times: int) -> None:
        self.world.far.unfetchable = times

    @rule(who=PICK, category=st.none() | st.sampled_from(CATEGORIES))
    def what_is_made_here_ends(self, who: int, category: ErrorCategory | None) -> None:
        process = self.process(who)
        for work in [each for each in process.near.works.values() if not each.is_over]:
            self.end(work, category, None)
        self.world.still()

    # ---- processes, time and the power supply

    @precondition(lambda self: len(self.world.alive()) < MOST_PROCESSES)
    @rule()
    def a_process_starts(self) -> None:
        self.world.start()

    @rule(who=PICK)
    def one_is_killed(self, who: int) -> None:
        self.process(who).kill()
        self.world.still()
        self.keep_one()

    @rule(who=PICK, statements=st.integers(0, 60))
    def one_will_be_killed_behind_a_statement(self, who: int, statements: int) -> None:
        self.process(who).fuse = statements

    @rule(who=PICK)
    def one_leaves(self, who: int) -> None:
        process = self.process(who)
        if process.database.stall is Stall.NO and not any(
            each.process is process for each in self.world.far.open_calls()
        ):
            self.world.leave(process)
            self.keep_one()

    @rule(who=PICK, stall=st.sampled_from(list(Stall)))
    def the_store_answers_one(self, who: int, stall: Stall) -> None:
        process = self.process(who)
        if stall is Stall.NO:
            process.database.resume()
        else:
            process.database.stall = stall
        self.world.still()

    @rule(who=PICK)
    def one_sweeps(self, who: int) -> None:
        process = self.process(who)
        self.world.do(process, process.router.sweep())

    @rule(seconds=st.sampled_from([0.02, 0.3, 3.0, 20.0, 70.0, 130.0]))
    def time_goes_by(self, seconds: float) -> None:
        self.world.advance(seconds)

    @rule(by_s=st.sampled_from([-3_600, -60, 45, 3_600]))
    def the_clock_is_set(self, by_s: int) -> None:
        self.world.set_clock(by_s * 1_000)

    # ---- whom it befalls

    def process(self, which: int) -> Process:
        self.keep_one()
        alive = self.world.alive()
        return alive[which % len(alive)]

    def keep_one(self) -> None:
        if not self.world.alive():
            self.world.start()

    def job(self, which: int) -> dict[str, Any]:
        rows = list(self.world.laws.jobs.values())
        return rows[which % len(rows)]

    def jobs_in(self, state: str) -> list[dict[str, Any]]:
        return [row for row in self.world.laws.jobs.values() if row["state"] == state]

    def end(self, work: Work, category: ErrorCategory | None, told: float | None) -> None:
        if category is None:
            work.ends(Finished(cost=0.25))
            return
        work.told_failed = True
        after = told if category is ErrorCategory.RATE_LIMIT else None
        work.ends(ProviderFailure(category, "It failed.", retry_after_seconds=after))


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    opened = Store.open(place)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def _looks_in_leaps(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # Time goes in leaps, in each of which a process looks once: so it says at each that it lives.
    monkeypatch.setattr(hearing, "RENEWED_EVERY", 1)
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


def _run(store: Store, laws: Collection[str], **more: Any) -> None:
    machine = type("Machine", (RouterMachine,), {"store": store, "laws": laws})
    checks = list(HealthCheck)
    if os.environ.get("QUICK"):
        more |= {"phases": [Stage.generate], "database": None}
    chosen = settings(suppress_health_check=checks, report_multiple_bugs=False, **more)
    run_state_machine_as_test(machine, settings=chosen)


def test_whatever_happens_every_law_holds(store: Store) -> None:
    _run(store, ALL, max_examples=30 * SOAK, stateful_step_count=40)
