"""What an operator sees of the queue."""

from __future__ import annotations

import pytest

from framewright.router.queue_view import Doors, queue_rows
from framewright.store.health import Health
from framewright.store.queue import Waiting
from framewright.store.queue_limits import Limits

NOW = 1_700_000_000_000
HOUR = 3_600_000


def _doors(*ailing: Health, **used_up: int) -> Doors:
    return Doors({(each.provider, each.model): each for each in ailing}, used_up, NOW)


def test_states_of_one_kind_are_one_row_with_its_nearest_cap() -> None:
    counts = [
        Waiting("ann", "far", "far/a", "queued", 5, NOW - 9),
        Waiting("ann", "far", "far/a", "waiting", 2, NOW - 99),
        Waiting("ann", "far", "far/a", "leased", 3, NOW - 999),
        Waiting("bob", "far", "far/a", "unknown", 1, NOW),
    ]
    limits = Limits(providers={"far": 9}, models={"far/a": 4})
    ann, bob = queue_rows(counts, _doors(), limits)
    assert (ann.waiting, ann.backing_off, ann.running, ann.unknown) == (5, 2, 3, 0)
    assert (ann.oldest_ms, ann.cap, ann.closed_by) == (NOW - 9, 4, None)
    assert (bob.tenant, bob.unknown) == ("bob", 1)


@pytest.mark.parametrize(
    ("health", "used_up", "expected"),
    [
        (Health("far", "far/a", open_until_ms=NOW + 5, open_ms=9), {}, (NOW + 5, "breaker")),
        (Health("far", "far/a", throttled_until_ms=NOW + 5), {}, (NOW + 5, "rate-limit")),
        (Health("far", "far/a"), {"far": NOW + 7}, (NOW + 7, "rate-limit")),
        (
            Health("far", "far/a", open_until_ms=NOW + 5, open_ms=9),
            {"far": NOW + 3},
            (NOW + 5, "breaker"),
        ),
        # Over, or by a clock that was put back.
        (Health("far", "far/a", open_until_ms=NOW), {"far": NOW - 1}, (None, None)),
        (Health("far", "far/a", open_until_ms=NOW + 99 * HOUR, open_ms=9), {}, (None, None)),
    ],
)
def test_what_holds_jobs_up_is_said(
    health: Health, used_up: dict[str, int], expected: tuple[int | None, str | None]
) -> None:
    counts = [Waiting("ann", "far", "far/a", "queued", 5, NOW)]
    (row,) = queue_rows(counts, _doors(health, **used_up), Limits())
    assert (row.closed_until_ms, row.closed_by) == expected


def test_a_model_that_is_down_is_seen_also_where_nothing_waits_for_it() -> None:
    down = Health("far", "far/a", open_until_ms=NOW + 5, open_ms=9)
    (row,) = queue_rows([], _doors(down, Health("far", "far/b")), Limits())
    assert (row.model, row.waiting, row.closed_by) == ("far/a", 0, "breaker")
