"""What an operator sees of the queue."""

from __future__ import annotations

import asyncio
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from framewright.cli.outputs import QueueData
from framewright.cli.queue import picture
from framewright.domain.job import Hold
from framewright.protocols import HandClock
from framewright.router.queue_view import Doors, queue_rows
from framewright.store.health import Health
from framewright.store.queue import Waiting
from framewright.store.queue_limits import Limits, Live
from shop import Troubled, shop_in

if TYPE_CHECKING:
    from framewright.store.place import Place

NOW = 1_700_000_000_000
HOUR = 3_600_000


def _doors(*ailing: Health, **used_up: int) -> Doors:
    return Doors({(each.provider, each.model): each for each in ailing}, used_up, NOW)


def test_states_of_one_kind_are_one_row_with_its_nearest_cap() -> None:
    counts = [
        Waiting("ann", "far", "far/a", "queued", 4, NOW - 8, "me"),
        Waiting("ann", "far", "far/a", "queued", 1, NOW - 9, "you"),
        Waiting("ann", "far", "far/a", "waiting", 2, NOW - 99, "me", NOW + 9),
        Waiting("ann", "far", "far/a", "waiting", 0, NOW - 99, "you", NOW + 7),
        Waiting("ann", "far", "far/a", "leased", 3, NOW - 999, "you"),
        Waiting("bob", "far", "far/a", "unknown", 1, NOW, None),
    ]
    limits = Limits(providers={"far": 9}, models={"far/a": 4})
    ann, bob = queue_rows(counts, {"me", "you"}, _doors(), limits)
    assert ann.next_ms == NOW + 7
    assert ann.left == bob.left == 0
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
    counts = [Waiting("ann", "far", "far/a", "queued", 5, NOW, "me")]
    (row,) = queue_rows(counts, {"me"}, _doors(health, **used_up), Limits())
    assert max((hold.until_ms for hold in row.holds), default=None) == expected[0]
    assert (row.closed_until_ms, row.closed_by) == expected


def test_a_model_that_is_down_is_seen_also_where_nothing_waits_for_it() -> None:
    down = Health("far", "far/a", open_until_ms=NOW + 5, open_ms=9)
    (row,) = queue_rows([], (), _doors(down, Health("far", "far/b")), Limits())
    assert (row.model, row.waiting, row.closed_by) == ("far/a", 0, "breaker")


def test_what_nobody_has_in_hand_is_left_behind_and_runs_are_named() -> None:
    counts = [
        Waiting("ann", "far", "far/a", "queued", 5, NOW, "gone", run="run_1"),
        Waiting("ann", "far", "far/a", "leased", 2, NOW, "gone too", run="run_2"),
        Waiting("ann", "far", "far/a", "waiting", 1, NOW, "gone", NOW + 5, run="run_1"),
        Waiting("ann", "far", "far/a", "leased", 3, NOW, "me", run="run_3"),
    ]
    (row,) = queue_rows(counts, {"me"}, _doors(), Limits())
    assert (row.left, row.left_runs) == (8, ("run_1", "run_2"))
    assert (row.waiting, row.running, row.backing_off, row.next_ms) == (0, 3, 0, None)
    told = _printed(QueueData(rows=(row,)))
    assert "8 jobs are left behind by processes that are gone." in told
    assert "framewright resume run_1; framewright resume run_2" in told


def test_every_cap_and_rate_that_holds_jobs_up_is_named() -> None:
    limits = Limits(
        providers={"far": 9},
        models={"far/a": 4},
        tenants={"ann": 4},
        tenant_models={("ann", "far/a"): 3},
        per_second={"far": 10.0},
        written={"far": "600/minute"},
    )
    counts = [
        Waiting("ann", "far", "far/a", "queued", 5, NOW, "me"),
        Waiting("bob", "far", "far/b", "leased", 1, NOW, "me"),
    ]
    rows = [("far", "far/a", "ann", 3), ("far", "far/a", "bob", 1), ("far", "far/b", "ann", 1)]
    doors = Doors({}, {}, NOW, {"far": NOW + 50}, Live(rows, limits))
    ann, bob = queue_rows(counts, {"me"}, doors, limits)
    assert ann.holds == (
        Hold(by="rate", of="provider far", limit="600/minute", until_ms=NOW + 50),
        Hold(by="cap", of="model far/a", limit="4"),
        Hold(by="cap", of="tenant ann", limit="4"),
        Hold(by="cap", of="tenant ann on far/a", limit="3"),
    )
    # Nothing of it waits.
    assert bob.holds == ()
    told = _printed(QueueData(rows=(ann,)))
    assert "rate of far, 600/minute: next in 1 s" in told
    assert "model far/a is full, at 4" in told


def test_a_queue_that_waits_says_why_and_what_was_left_behind(place: Place) -> None:
    limits = Limits(per_second={"fake": 1 / 60}, written={"fake": "1/minute"})

    async def work() -> None:
        clock = HandClock()
        async with shop_in(place, Troubled(), clock=clock, limits=limits) as first:
            await first.submit("a")
            waits = asyncio.ensure_future(first.submit("b"))
            async with asyncio.timeout(20):
                # Until its acceptance is on record.
                while not any(row.waiting for row in await first.router.queue()):  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            (row,) = await first.router.queue()
            assert (row.waiting, row.running, row.left) == (1, 0, 0)
            paced = Hold(by="rate", of="provider fake", limit="1/minute")
            assert row.holds == (paced.model_copy(update={"until_ms": clock.at_ms + 60_000}),)
            async with shop_in(place, Troubled(), clock=clock, limits=limits) as second:
                # By itself it is the only one there is.
                (seen,) = await second.router.queue()
            assert (seen.waiting, seen.left, seen.left_runs) == (0, 1, ("run_1",))
            waits.cancel()
            await asyncio.gather(waits, return_exceptions=True)

    asyncio.run(work())


def _printed(found: QueueData) -> str:
    screen = Console(width=400, file=StringIO())
    screen.print(picture(found))
    return screen.file.getvalue()  # type: ignore[attr-defined]
