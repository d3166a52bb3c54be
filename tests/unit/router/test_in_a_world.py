"""What the simulation of tests/property/test_router.py found once, each in its shortest form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framewright.domain.job import ErrorCategory
from framewright.protocols import ProviderFailure, Working
from framewright.router import hearing
from framewright.store.inbox import Delivery
from router_world.far import Line
from router_world.process import Stall
from router_world.world import Store, World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framewright.store.place import Place

BUSY = ProviderFailure(ErrorCategory.CAPACITY, "Too busy.")
FAR, HERE = 0, 2
"""Numbers of a job for the remote provider, and of one for that of the process itself."""


@pytest.fixture
def world(place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(hearing, "RENEWED_EVERY", 1)
    store = Store.open(place)
    store.clear()
    world = World(store, lists=True)
    try:
        yield world
        world.calm()
    finally:
        world.close()
        store.close()


def _state(world: World, number: int = FAR) -> str:
    row = world.laws.by_key("ann", f"k{number}")
    assert row is not None
    return str(row["state"])


def test_what_is_said_of_a_failed_submission_says_nothing_of_the_next(world: World) -> None:
    one = world.start()
    one.submit(world.request(FAR))
    world.still()
    # Said twice, as deliveries are: the second is still to be heard when the first is acted on.
    for name in ("first", "second"):
        one.run(one.router.deliver(Delivery("far", name, "r1", BUSY)))
    world.far.works["r1"].told_failed = True
    world.still()
    world.advance(10)
    assert len(world.far.works) == 2
    assert isinstance(world.far.works["r2"].status, Working)
    assert _state(world) == "leased"


def test_a_submission_that_leaves_once_more_is_as_young_as_it_is(world: World) -> None:
    one, two = world.start(), world.start()
    world.far.line = Line.CUT_BEFORE
    one.submit(world.request(FAR))
    world.still()
    world.far.line = Line.SLOW
    # It is looked for over and over, until it surely never arrived.
    world.advance(160)
    (under_way,) = world.far.open_calls()
    one.kill()
    world.do(two, two.router.sweep())
    two.submit(world.request(FAR))
    world.still()
    # That the first one never arrived says nothing of the second, which does now.
    assert world.far.open_calls() == [under_way]
    world.far.arrive(under_way)


def test_who_cancels_twice_leaves_nothing_halfway(world: World) -> None:
    one = world.start()
    one.database.stall = Stall.BEFORE
    ask = one.submit(world.request(FAR))
    for _ in range(2):
        world.still()
        assert ask.task is not None
        ask.task.cancel()
    world.still()
    one.database.resume()
    world.still()
    world.advance(1)
    assert _state(world) == "cancelled"


def test_who_asks_for_a_job_of_another_and_goes_away_does_not_end_it(world: World) -> None:
    one, two = world.start(), world.start()
    one.submit(world.request(FAR))
    world.still()
    two.database.stall = Stall.BEFORE
    ask = two.submit(world.request(FAR))
    world.still()
    assert ask.task is not None
    ask.task.cancel()
    world.still()
    two.database.resume()
    world.still()
    assert (_state(world), world.far.works["r1"].cancelled) == ("leased", False)


def test_what_could_not_be_stopped_is_stopped_later(world: World) -> None:
    one = world.start()
    ask = one.submit(world.request(FAR))
    world.still()
    world.far.line = Line.DOWN
    assert ask.task is not None
    ask.task.cancel()
    world.still()
    world.advance(1)
    assert _state(world) == "unknown"
    world.far.line = Line.PROMPT
    # By the process that lives on, too.
    world.do(one, one.router.sweep())
    world.advance(1)
    assert (_state(world), world.far.works["r1"].cancelled) == ("cancelled", True)


def test_what_was_taken_from_who_hung_is_called_off_all_the_same(world: World) -> None:
    one, two = world.start(), world.start()
    ask = one.submit(world.request(HERE))
    world.still()
    world.advance(1)
    world.do(two, two.router.sweep())
    one.database.stall = Stall.BEFORE
    world.advance(70)
    world.do(two, two.router.sweep())
    assert _state(world, HERE) == "queued"
    assert ask.task is not None
    ask.task.cancel()
    one.database.resume()
    world.still()
    world.advance(1)
    assert _state(world, HERE) == "cancelled"


def test_what_was_taken_from_who_hung_waits_for_nobody(world: World) -> None:
    one, two = world.start(), world.start()
    one.submit(world.request(HERE))
    world.still()
    world.advance(1)
    world.do(two, two.router.sweep())
    one.database.stall = Stall.BEFORE
    world.advance(70)
    world.do(two, two.router.sweep())
    # Whoever asks for it takes it, though the other one lives.
    two.submit(world.request(HERE))
    one.database.resume()
    world.advance(1)
    row = world.laws.by_key("ann", f"k{HERE}")
    assert row is not None
    assert (row["state"], row["owner"]) == ("leased", two.name)
