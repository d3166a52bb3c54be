"""P1 to P10: real routers on one store, killed anywhere, with a provider that does its worst."""

from __future__ import annotations

import logging
import os
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import Phase as Stage
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from framewright.domain.job import ErrorCategory, JobResult, JobState, Phase
from framewright.errors import BusyError
from framewright.protocols import Finished, ProviderFailure, Status, Working
from framewright.router import (
    carrier,
    dispatch,
    hearing,
    retry,
    router,
    stopping,
    trying,
    turning_up,
)
from framewright.router.dispatch import Priority
from framewright.router.lateness import Watched
from framewright.store import attempts, dead_letters, ends, health, jobs, queue, queue_limits
from framewright.store.inbox import Delivery
from router_world.far import Line
from router_world.laws import ENDS
from router_world.process import Stall
from router_world.world import ALL, Store, World

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path
    from random import Random

    from framewright.domain.job import JobError
    from framewright.store.place import PostgresUrl
    from router_world.far import Call, Work
    from router_world.process import Ask, Process

SOAK = int(os.environ.get("SOAK", "1"))
"""How many times as many examples as usual."""
SHRINK = "SHRINK" in os.environ
"""Whether the shortest way to a broken law is looked for: minutes, and mostly the story tells."""
SEED = 0
"""Where the search for seeded faults begins, so that it takes as long each time."""
MOST_PROCESSES = 3
KEYS = 9
CATEGORIES = (
    ErrorCategory.OUTAGE,
    ErrorCategory.CAPACITY,
    ErrorCategory.RATE_LIMIT,
    ErrorCategory.CONTENT_POLICY,
    ErrorCategory.UNKNOWN,
)
LINES = (Line.PROMPT, Line.PROMPT, Line.SLOW, *Line)
TROUBLES = ("killed", "killed soon", "leaves", "stalls", "its clock")
PICK = st.integers(0, 5)


class RouterMachine(RuleBasedStateMachine):
    """What people, providers, clocks and the power supply do to routers, in any order."""

    store: Store
    laws: Collection[str] = ALL
    found: list[str]
    """What did not hold."""

    def __init__(self) -> None:
        super().__init__()
        self.world: World

    @initialize(
        lists=st.booleans(),
        deduplicates=st.sampled_from([False, False, True]),
        line=st.sampled_from(LINES),
        number=st.integers(0, KEYS - 1),
        more=st.integers(0, KEYS),
    )
    def begin(self, lists: bool, deduplicates: bool, line: Line, number: int, more: int) -> None:
        self.store.clear()
        self.world = World(self.store, lists=lists, deduplicates=deduplicates, laws=self.laws)
        self.world.start()
        self.world.start()
        self.world.far.line = line
        self.some_ask(0, number, more, 0, Priority.NORMAL)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            try:
                if not self.world.laws.broken:
                    self.world.calm()
            finally:
                self.found += self.world.laws.broken
                self.world.close()

    # ---- people

    @rule(
        who=PICK,
        number=st.integers(0, KEYS - 1),
        more=st.sampled_from([1, 2, 3, 6]),
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

    @precondition(lambda self: any(each.is_open for each in self.asks()))
    @rule(which=PICK)
    def who_asked_goes_away(self, which: int) -> None:
        asks = [each for each in self.asks() if each.is_open]
        ask = asks[which % len(asks)]
        assert ask.task is not None
        ask.task.cancel()
        self.world.still()

    @precondition(lambda self: self.jobs_in("waiting"))
    @rule(who=PICK, which=PICK)
    def one_is_hurried(self, who: int, which: int) -> None:
        rows = self.jobs_in("waiting")
        row, process = rows[which % len(rows)], self.process(who)
        self.world.laws.hurried(row["id"])
        self.world.do(process, process.router.hurry(row["tenant"], row["key"]))

    @precondition(lambda self: self.jobs_in("dead"))
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

    @precondition(lambda self: self.jobs_in("unknown"))
    @rule(who=PICK, which=PICK)
    def one_is_given_up(self, who: int, which: int) -> None:
        rows = self.jobs_in("unknown")
        process = self.process(who)
        if rows and process.database.stall is Stall.NO and process.fuse is None:
            self.world.give_up(process, rows[which % len(rows)])

    @precondition(lambda self: self.jobs_in(*ENDS))
    @rule(who=PICK, which=PICK, how=st.sampled_from(["settle", "call off", "give up"]))
    def an_end_comes_late(self, who: int, which: int, how: str) -> None:
        rows, process = self.jobs_in(*ENDS), self.process(who)
        row, late = rows[which % len(rows)], JobResult(state=JobState.CANCELLED, cost=0.75)
        job, epoch = row["id"], row["epoch"]
        process.database.write(
            {
                "settle": ends.settle(job, late, epoch),
                "call off": ends.call_off(job, row["owner"] or "", epoch, late),
                "give up": ends.give_up(row["tenant"], row["key"], late),
            }[how]
        )
        self.world.still()

    # ---- the provider

    @rule(line=st.sampled_from(LINES), refusal=st.sampled_from(CATEGORIES))
    def the_line_is(self, line: Line, refusal: ErrorCategory) -> None:
        self.world.far.line, self.world.far.refusal = line, refusal

    @rule(stubborn=st.booleans())
    def it_is_stubborn(self, stubborn: bool) -> None:
        self.world.far.stubborn = stubborn

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

    @precondition(lambda self: self.world.far.running())
    @rule(category=st.sampled_from([None, None, *CATEGORIES[:3]]))
    def all_works_end(self, category: ErrorCategory | None) -> None:
        for work in self.world.far.running():
            self.end(work, category, None)
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

    @precondition(lambda self: self.world.far.works)
    @rule(times=st.integers(1, 8))
    def results_can_not_be_fetched(self, times: int) -> None:
        self.world.far.unfetchable = times

    @precondition(lambda self: any(self.made_here(each) for each in self.world.alive()))
    @rule(which=PICK, category=st.none() | st.sampled_from(CATEGORIES))
    def what_is_made_here_ends(self, which: int, category: ErrorCategory | None) -> None:
        works = [work for each in self.world.alive() for work in self.made_here(each)]
        self.end(works[which % len(works)], category, None)
        self.world.still()

    # ---- processes, time and the power supply

    @precondition(lambda self: len(self.world.alive()) < MOST_PROCESSES)
    @rule()
    def a_process_starts(self) -> None:
        self.world.start()

    @rule(
        who=PICK,
        what=st.sampled_from(TROUBLES),
        data=st.data(),
    )
    def one_is_in_trouble(self, who: int, what: str, data: st.DataObject) -> None:
        process, world = self.process(who), self.world
        if what == "killed":
            process.kill()
        elif what == "killed soon":
            # Behind a statement, whichever.
            process.fuse = data.draw(st.integers(0, 120))
        elif what == "stalls":
            process.database.stall = data.draw(st.sampled_from([Stall.BEFORE, Stall.BEHIND]))
            world.laws.tell("", f"{process.name} stalls: {process.database.stall.name}")
        elif what == "its clock":
            self.its_clock_is_set(data.draw(st.sampled_from([-3_600, -60, 45, 3_600])))
        elif process.database.stall is Stall.NO and not any(
            each.process is process for each in world.far.open_calls()
        ):
            world.leave(process)
        world.still()
        self.keep_one()

    @precondition(lambda self: any(not each.process.dead for each in self.world.far.open_calls()))
    @rule(who=PICK, which=PICK, line=st.sampled_from([Line.PROMPT, Line.PROMPT, Line.SLOW]))
    def one_dies_as_it_submits(self, who: int, which: int, line: Line) -> None:
        calls = [each for each in self.world.far.open_calls() if not each.process.dead]
        call = calls[which % len(calls)]
        call.process.kill()
        self.world.far.line = line
        process = self.process(who)
        self.world.do(process, process.router.sweep())
        row = self.world.laws.jobs[call.request.job]
        process.submit(self.world.request(int(row["key"][1:])))
        self.world.still()

    @precondition(lambda self: self.world.far.running())
    @rule(who=PICK, category=st.sampled_from(CATEGORIES[:3]))
    def none_can_be_stopped(self, who: int, category: ErrorCategory) -> None:
        self.world.far.line = Line.DOWN
        for ask in self.asks():
            if ask.is_open and ask.task is not None:
                ask.task.cancel()
        self.world.still()
        self.world.far.line = Line.PROMPT
        self.all_works_end(category)
        process = self.process(who)
        self.world.do(process, process.router.sweep())

    @precondition(lambda self: self.stalled())
    @rule(which=PICK)
    def the_store_answers_again(self, which: int) -> None:
        process = self.stalled()[which % len(self.stalled())]
        self.world.laws.tell("", f"{process.name} goes on")
        process.database.resume()
        self.world.still()

    @rule(who=PICK)
    def one_sweeps(self, who: int) -> None:
        process = self.process(who)
        self.world.do(process, process.router.sweep())

    @rule(seconds=st.sampled_from([0.02, 0.3, 3.0, 3.0, 3.0]))
    def a_moment_goes_by(self, seconds: float) -> None:
        self.world.advance(seconds)

    @rule(seconds=st.sampled_from([20.0, 70.0, 130.0]))
    def time_goes_by(self, seconds: float) -> None:
        self.world.advance(seconds)

    def its_clock_is_set(self, by_s: int) -> None:
        world = self.world
        world.set_clock(by_s * 1_000)

    # ---- whom it befalls

    def process(self, which: int) -> Process:
        self.keep_one()
        alive = self.world.alive()
        return alive[which % len(alive)]

    def stalled(self) -> list[Process]:
        return [each for each in self.world.alive() if each.database.stall is not Stall.NO]

    def asks(self) -> list[Ask]:
        return [ask for each in self.world.alive() for ask in each.asks]

    def made_here(self, process: Process) -> list[Work]:
        return [each for each in process.near.works.values() if not each.is_over]

    def keep_one(self) -> None:
        if not self.world.alive():
            self.world.start()

    def job(self, which: int) -> dict[str, Any]:
        rows = list(self.world.laws.jobs.values())
        return rows[which % len(rows)]

    def jobs_in(self, *states: str) -> list[dict[str, Any]]:
        return [row for row in self.world.laws.jobs.values() if row["state"] in states]

    def end(self, work: Work, category: ErrorCategory | None, told: float | None) -> None:
        if category is None:
            work.ends(Finished(cost=0.25))
            return
        work.told_failed = True
        after = told if category is ErrorCategory.RATE_LIMIT else None
        work.ends(ProviderFailure(category, "It failed.", retry_after_seconds=after))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "workspace.db")
    yield opened
    opened.close()


@pytest.fixture
def postgres_store(postgres_place: PostgresUrl) -> Iterator[Store]:
    opened = Store.open(postgres_place)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def _looks_in_leaps(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # Time goes in leaps, in each of which a process looks once: so it says at each that it lives.
    monkeypatch.setattr(hearing, "RENEWED_EVERY", 1)
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


def _run(
    store: Store,
    laws: Collection[str],
    found: list[str] | None = None,
    begins: int | None = None,
    **more: Any,
) -> None:
    told = {"store": store, "laws": laws, "found": [] if found is None else found}
    machine = type("Machine", (RouterMachine,), told)
    if begins is not None:
        machine = seed(begins)(machine)
    if not SHRINK:
        more.setdefault("phases", [Stage.reuse, Stage.generate])
    checks = list(HealthCheck)
    chosen = settings(
        deadline=None, suppress_health_check=checks, report_multiple_bugs=False, **more
    )
    run_state_machine_as_test(machine, settings=chosen)


def test_whatever_happens_every_law_holds(store: Store) -> None:
    _run(store, ALL, max_examples=100 * SOAK, stateful_step_count=40)


def test_every_law_holds_on_a_server_too(postgres_store: Store) -> None:
    _run(postgres_store, ALL, max_examples=15 * SOAK, stateful_step_count=40)


def test_who_hung_waits_no_more_for_what_was_taken_over(store: Store) -> None:
    with closing(World(store)) as world:
        hangs, other = world.start(), world.start()
        # Two places, and a third job that waits for one of them.
        waits = [hangs.submit(world.request(number)) for number in (0, 3, 6)][-1]
        world.advance(30)
        hangs.database.stall = Stall.BEFORE
        world.do(other, other.router.sweep())
        world.advance(130)
        world.do(other, other.router.sweep())
        other.submit(world.request(6))
        world.still()
        row = world.laws.by_key("ann", "k6")
        assert row is not None
        assert row["owner"] == other.name
        hangs.database.resume()
        world.advance(30)
        assert waits.task is not None
        assert isinstance(waits.task.exception(), BusyError)
        world.calm()


def test_who_woke_just_now_hears_what_is_called_off_after_that(store: Store) -> None:
    with closing(World(store)) as world:
        hangs, other = world.start(), world.start()
        waits = [hangs.submit(world.request(number)) for number in (0, 3, 6)][-1]
        world.advance(30)
        hangs.database.stall = Stall.BEFORE
        world.do(other, other.router.sweep())
        world.advance(130)
        world.do(other, other.router.sweep())
        hangs.database.resume()
        world.still()
        # The other one takes it for dead still, and ends what it waits for.
        wanted = world.request(6)
        world.do(other, other.router.call_off(wanted.tenant, wanted.key))
        world.advance(60)
        assert waits.task is not None
        assert waits.task.done()
        world.calm()


def _never_back_off(patch: pytest.MonkeyPatch) -> None:
    never = attempts._BACK_OFF.replace("state = 'leased'", "state = 'queued'")
    patch.setattr(attempts, "_BACK_OFF", never)


def _let_old_hands_write(patch: pytest.MonkeyPatch) -> None:
    for module, name in ((jobs, "_ADVANCE"), (ends, "_SETTLE")):
        held = getattr(module, name)
        free = held.replace("epoch = COALESCE(?, epoch)", "COALESCE(?, epoch) >= 0")
        patch.setattr(module, name, free)


def _take_from_the_living(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Watched, "is_alive", lambda _watched, _name: False)


def _forget_caps(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(queue_limits, "below", lambda _count, _cap: True)


def _forget_what_waits_at_providers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(queue, "_LIVE", queue._LIVE.replace("('leased', 'unknown')", "('leased')"))


def _hide_what_runs(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(queue, "_COUNTS", queue._COUNTS[:2])


def _look_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(dispatch, "LOOK_SECONDS", 1e6)


def _hear_of_no_turn(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(queue, "_HEAR", queue._HEAR.replace("WHERE", "WHERE FALSE AND"))


def _end_again(patch: pytest.MonkeyPatch) -> None:
    again = ends._SETTLE.replace("'succeeded', 'dead', 'cancelled'", "''")
    patch.setattr(ends, "_SETTLE", again)


def _take_any_request_for_the_same(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(router, "request_hash", lambda _: "same")


def _go_on_counting(patch: pytest.MonkeyPatch) -> None:
    anew = dead_letters._BEGIN_ANEW.replace("attempt = 1", "attempt = attempt + 1")
    patch.setattr(dead_letters, "_BEGIN_ANEW", anew)


def _forget_the_last_failure(patch: pytest.MonkeyPatch) -> None:
    last = attempts._RECORD.replace("COALESCE(MAX(number), 0) + 1", "COALESCE(MAX(number), 1)")
    last += " ON CONFLICT (job, number) DO UPDATE SET error = excluded.error"
    patch.setattr(attempts, "_RECORD", last)


def _try_for_ever(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(retry, "attempts", lambda _error: 100)


def _wait_as_long_each_time(patch: pytest.MonkeyPatch) -> None:
    def shrinking(error: JobError, attempt: int, chance: Random) -> float | None:
        seconds = retry.pause_seconds(error, attempt, chance)
        return None if seconds is None else 5.0 / attempt + (error.retry_after_seconds or 0.0)

    patch.setattr(trying, "pause_seconds", shrinking)


def _open_every_door(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(health.Health, "is_closed_to_all", lambda _health, _now_ms: False)


def _submit_before_it_is_on_record(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(carrier, "Phase", _NoTrace)


class _NoTrace:
    NONE = SUBMITTING = Phase.NONE
    SUBMITTED = Phase.SUBMITTED


def _believe_in_absence_at_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(turning_up, "ABSENT_SECONDS", 0.0)


def _believe_that_it_stopped(patch: pytest.MonkeyPatch) -> None:
    async def at_once(*_: object) -> ProviderFailure:
        return ProviderFailure(ErrorCategory.UNKNOWN, "It was told to stop.")

    patch.setattr(stopping, "_end", at_once)


FAULTS = (
    ("P1", _never_back_off),
    ("P2", _let_old_hands_write),
    ("P2", _take_from_the_living),
    ("P3", _forget_caps),
    ("P4", _forget_what_waits_at_providers),
    ("P4", _hide_what_runs),
    ("P6", _look_once),
    ("P6", _hear_of_no_turn),
    ("P7", _end_again),
    ("P8", _take_any_request_for_the_same),
    ("P9", _go_on_counting),
    ("P9", _forget_the_last_failure),
    ("P10", _try_for_ever),
    ("P10", _wait_as_long_each_time),
    ("P10", _open_every_door),
    ("once", _submit_before_it_is_on_record),
    ("once", _believe_in_absence_at_once),
    ("stops", _believe_that_it_stopped),
)


@pytest.mark.parametrize(("law", "fault"), FAULTS)
def test_a_seeded_fault_is_found_by_its_own_law(
    law: str,
    fault: Callable[[pytest.MonkeyPatch], None],
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fault(monkeypatch)
    # Found is enough here: nobody needs the shortest way to it, nor the same one twice.
    quick: dict[str, Any] = {"database": None, "phases": [Stage.generate]}
    found: list[str] = []
    with suppress(AssertionError, Flaky):
        _run(store, {law}, found, SEED, max_examples=2_000, stateful_step_count=40, **quick)
    assert found
    assert found[0].startswith(f"{law}: ")
