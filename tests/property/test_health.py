"""Breaker and throttle under every order of ends, claims and clocks; seeded faults do not hold."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pytest
from hypothesis import Phase as Stage
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from framewright.domain.job import ErrorCategory, JobError, JobRequest, JobResult, JobState
from framewright.store import ends, health, jobs, queue, schema
from framewright.store.health import FAILURES, FIRST_OPEN_MS, MOST_OPEN_MS, MOST_THROTTLED_MS
from framewright.store.queue_limits import Group, Limits
from framewright.store.transaction import Transaction

GROUP = Group("ann", "fake", "fake/a")
OTHER = Group("ann", "fake", "fake/b")
DOWN = (ErrorCategory.OUTAGE, ErrorCategory.CAPACITY)
ANSWERED = (ErrorCategory.CONTENT_POLICY, ErrorCategory.INVALID_PARAMETERS, ErrorCategory.UNKNOWN)


@cache
def _empty() -> bytes:
    at = sqlite3.connect(":memory:", isolation_level=None)
    schema.bring_up_to_date(at)
    return at.serialize()


@dataclass
class _Expected:
    """A model as a person would keep account of it, in words as plain as the rule itself."""

    in_a_row: int = 0
    opened_ms: int | None = None
    lasts_ms: int = 0
    probe: str | None = None
    throttled_ms: int = 0
    """Until when its provider wants no more."""
    doubtful: list[int] = field(default_factory=list)
    """The like, as it was before the clock was put back: nobody knows when that is now."""

    def is_shut(self, now_ms: int) -> bool:
        if now_ms < self.throttled_ms:
            return True
        return self.opened_ms is not None and self.opened_ms <= now_ms < self.ends_ms

    def may_be_shut(self, now_ms: int) -> bool:
        return any(now_ms < end <= now_ms + MOST_THROTTLED_MS for end in self.doubtful)

    @property
    def ends_ms(self) -> int:
        assert self.opened_ms is not None
        return self.opened_ms + self.lasts_ms

    def answers(self) -> None:
        self.in_a_row, self.opened_ms, self.probe = 0, None, None

    def is_down(self, job: str, now_ms: int) -> None:
        self.in_a_row += 1
        if self.opened_ms is None:
            if self.in_a_row >= FAILURES:
                self.opened_ms, self.lasts_ms = now_ms, FIRST_OPEN_MS
        elif job == self.probe:
            self.opened_ms, self.lasts_ms = now_ms, min(2 * self.lasts_ms, MOST_OPEN_MS)


class Breaker(RuleBasedStateMachine):
    """Jobs of one model begin and end as they like; one of another model is never held up."""

    def __init__(self) -> None:
        super().__init__()
        self.at = sqlite3.connect(":memory:", isolation_level=None)
        self.at.deserialize(_empty())
        self.now_ms = 1_700_000_000_000
        self.live: list[str] = []
        self.expected = _Expected()
        self.count = 0

    @initialize()
    def some_are_under_way(self) -> None:
        """Begin with what could open a breaker and outlast it."""
        self.fill(FAILURES + 3)
        self.live = self.claim(GROUP)

    def teardown(self) -> None:
        self.at.close()

    def do(self, operation: Any) -> Any:
        self.at.execute("BEGIN IMMEDIATE")
        answer = operation(Transaction(self.at, self.now_ms))
        self.at.execute("COMMIT")
        return answer

    def fill(self, many: int, group: Group = GROUP) -> None:
        for _ in range(many):
            self.count += 1
            request = JobRequest(
                tenant=group.tenant,
                key=f"k{self.count}",
                correlation="",
                provider=group.provider,
                model=group.model,
                task="",
                inputs={},
                seed=0,
            )
            self.do(jobs.accept(f"job_{self.count:04}", request, "hash", "me"))

    def claim(self, group: Group, owner: str = "me") -> list[str]:
        operation = queue.claim(owner, (group,), Limits(), lambda _: True)
        return [each.job for each in self.do(operation).of(owner)]

    def waiting(self) -> int:
        rows = "SELECT COUNT(*) FROM job WHERE state = 'queued' AND model = 'fake/a'"
        return int(self.at.execute(rows).fetchone()[0])

    @rule(more=st.integers(1, 4))
    def they_ask(self, more: int) -> None:
        self.fill(more)
        waiting = self.waiting()
        begun = self.claim(GROUP)
        self.live += begun
        expected = self.expected
        if expected.is_shut(self.now_ms):
            assert begun == [], "shut lets nothing through"
        elif not begun and expected.may_be_shut(self.now_ms):
            return
        elif expected.opened_ms is not None:
            assert len(begun) == 1, "half open lets one through"
            # Until that one ends, or its time is over.
            expected.probe, expected.opened_ms = begun[0], self.now_ms
        else:
            assert len(begun) == waiting, "a healthy model holds up nobody"

    @rule()
    def another_model_is_asked(self) -> None:
        self.fill(1, OTHER)
        assert len(self.claim(OTHER)) == 1

    @precondition(lambda self: self.live)
    @rule(data=st.data(), category=st.sampled_from(DOWN), many=st.sampled_from([1, 1, FAILURES]))
    def some_fail(self, data: st.DataObject, category: ErrorCategory, many: int) -> None:
        for _ in range(min(many, len(self.live))):
            job = self._ends(data)
            self._suffers(job, category, 0)
            self.expected.is_down(job, self.now_ms)

    @precondition(lambda self: self.expected.probe in self.live)
    @rule(category=st.sampled_from(DOWN))
    def the_probe_fails(self, category: ErrorCategory) -> None:
        job = self.expected.probe or ""
        self.live.remove(job)
        self._suffers(job, category, 0)
        self.expected.is_down(job, self.now_ms)

    @precondition(lambda self: self.expected.opened_ms is not None)
    @rule(probes=st.integers(1, 6))
    def it_stays_down(self, probes: int) -> None:
        for _ in range(probes):
            for early in (True, False):
                self.the_breaker_is_about_to_let_through(early)
                self.they_ask(1)
            if self.expected.probe in self.live:
                self.the_probe_fails(ErrorCategory.OUTAGE)

    @precondition(lambda self: self.live)
    @rule(data=st.data(), category=st.sampled_from(ANSWERED))
    def one_was_asked_wrongly(self, data: st.DataObject, category: ErrorCategory) -> None:
        self._suffers(self._ends(data), category, 0)
        self.expected.answers()

    @precondition(lambda self: self.live)
    @rule(data=st.data(), pause_ms=st.sampled_from([0, 5_000, 90_000, MOST_THROTTLED_MS]))
    def one_is_told_to_come_later(self, data: st.DataObject, pause_ms: int) -> None:
        self._suffers(self._ends(data), ErrorCategory.RATE_LIMIT, pause_ms)
        self.expected.throttled_ms = max(self.expected.throttled_ms, self.now_ms + pause_ms)

    @precondition(lambda self: self.live)
    @rule(data=st.data())
    def one_succeeds(self, data: st.DataObject) -> None:
        job = self._ends(data)
        self.do(ends.settle(job, JobResult(state=JobState.SUCCEEDED)))
        self.do(health.recovered(GROUP.provider, GROUP.model))
        self.expected.answers()

    @rule(waits_ms=st.sampled_from([1, 4_999, 29_999, 30_000, 60_000, 300_000, 600_000]))
    def time_goes_by(self, waits_ms: int) -> None:
        self.now_ms += waits_ms

    @precondition(lambda self: self.expected.opened_ms is not None)
    @rule(early=st.booleans())
    def the_breaker_is_about_to_let_through(self, early: bool) -> None:
        self.now_ms = max(self.now_ms, self.expected.ends_ms - early)

    @rule(back_ms=st.sampled_from([10_000, 700_000, 3_600_000, 86_400_000]))
    def the_clock_is_put_back(self, back_ms: int) -> None:
        self.now_ms -= back_ms
        self.expected.doubtful.append(self.expected.throttled_ms)
        self.expected.throttled_ms = 0

    @rule()
    def nobody_is_kept_out_for_ever(self) -> None:
        self.fill(1)
        for _ in range(3):
            self.now_ms += MOST_THROTTLED_MS
            if begun := self.claim(GROUP):
                break
        assert begun
        self.live += begun
        if self.expected.opened_ms is not None:
            self.expected.probe, self.expected.opened_ms = begun[0], self.now_ms

    def _ends(self, data: st.DataObject) -> str:
        job: str = data.draw(st.sampled_from(self.live))
        self.live.remove(job)
        return job

    def _suffers(self, job: str, category: ErrorCategory, pause_ms: int) -> None:
        error = JobError(category=category, code="", message="")
        self.do(ends.settle(job, JobResult(state=JobState.DEAD, error=error)))
        self.do(health.suffered(GROUP.provider, GROUP.model, job, error, pause_ms))


TestBreaker = Breaker.TestCase
TestBreaker.settings = settings(max_examples=60, stateful_step_count=40)


def _never_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "FAILURES", 1_000)


def _never_forget_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_answering", lambda before: before)


def _double_for_stragglers(monkeypatch: pytest.MonkeyPatch) -> None:
    right = health._after

    def wrong(before: health.Health, job: str, *rest: Any) -> health.Health:
        return right(replace(before, probe=job), job, *rest)

    monkeypatch.setattr(health, "_after", wrong)


def _never_double(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "MOST_OPEN_MS", FIRST_OPEN_MS)


def _double_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "MOST_OPEN_MS", 10 * MOST_OPEN_MS)


def _let_all_through_when_half_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.Health, "lets_one_through", False)


def _probe_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_PROBE", health._PROBE.replace("? + open_ms", "? + 0 * open_ms"))


def _stay_shut_when_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def ends(ailing: health.Health, now_ms: int) -> int | None:
        return ailing.open_until_ms if now_ms < (ailing.open_until_ms or 0) else None

    monkeypatch.setattr(health.Health, "breaker_ends_ms", ends)


def _forget_a_throttle_with_a_success(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        health, "_answering", lambda before: health.Health(before.provider, before.model)
    )


@pytest.mark.parametrize(
    "fault",
    [
        _never_open,
        _never_forget_failures,
        _double_for_stragglers,
        _never_double,
        _double_without_end,
        _let_all_through_when_half_open,
        _probe_again_at_once,
        _stay_shut_when_the_clock_goes_back,
        _forget_a_throttle_with_a_success,
    ],
)
def test_a_seeded_fault_is_found(fault: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fault(monkeypatch)
    # Found is enough here: nobody needs the shortest way to it.
    quick = settings(
        max_examples=1_000, stateful_step_count=40, database=None, phases=[Stage.generate]
    )
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Breaker, settings=quick)
