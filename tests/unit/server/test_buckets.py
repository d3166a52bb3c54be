"""Rates of callers: never more than allowed, whatever the times at which they ask."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from framewright.server.buckets import MOST_CALLERS, Buckets

RATES = some.sampled_from(["1/second", "5/second", "60/minute", "7/hour", "100/day"])
SECONDS = {
    "1/second": 1,
    "5/second": 5,
    "60/minute": 1,
    "7/hour": 7 / 3_600,
    "100/day": 100 / 86_400,
}


@given(RATES, some.lists(some.floats(0, 500), min_size=1, max_size=60))
def test_no_more_is_allowed_than_the_bucket_and_what_flows_in(rate: str, gaps: list[float]) -> None:
    buckets, now, begun = Buckets(), 0.0, gaps[0]
    size = int(rate.partition("/")[0])
    allowed = 0
    for gap in gaps:
        now += gap
        taken = buckets.take("a", rate, now)
        allowed += taken.allowed
        assert 0 <= taken.remaining <= taken.limit == size
        assert (taken.retry_seconds > 0) or taken.remaining > 0 or taken.allowed
        assert ("Retry-After" in taken.headers) is not taken.allowed
    assert allowed <= size + (now - begun) * SECONDS[rate] + 1e-6


@given(RATES)
def test_whoever_waits_as_told_is_let_in(rate: str) -> None:
    buckets, now = Buckets(), 0.0
    for _ in range(int(rate.partition("/")[0])):
        assert buckets.take("a", rate, now).allowed
    taken = buckets.take("a", rate, now)
    assert not taken.allowed
    assert buckets.take("b", rate, now).allowed
    assert buckets.take("a", rate, now + int(taken.headers["Retry-After"])).allowed


def test_a_clock_that_goes_back_gives_nothing() -> None:
    buckets = Buckets()
    assert buckets.take("a", "1/hour", 100.0).allowed
    assert not buckets.take("a", "1/hour", 0.0).allowed
    assert not buckets.take("a", "1/hour", 50.0).allowed


def test_callers_are_forgotten_in_time() -> None:
    buckets = Buckets()
    for at in range(MOST_CALLERS + 5):
        buckets.take(str(at), "1/hour", 0.0)
    assert len(buckets._held) == MOST_CALLERS
    assert not buckets.take(str(MOST_CALLERS), "1/hour", 0.0).allowed
