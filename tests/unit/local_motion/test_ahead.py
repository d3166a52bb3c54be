"""Frames are made ahead, given in order, and dropped when nobody wants them any more."""

from __future__ import annotations

import threading

import pytest

from framewright_providers.local.motion.ahead import made_ahead


def test_results_come_in_order_and_from_several_threads() -> None:
    together = threading.Barrier(2, timeout=20)

    def make(number: int) -> int:
        if number < 2:
            # Neither would go on if they were made one after the other.
            together.wait()
        return number * number

    assert list(made_ahead(50, make)) == [number * number for number in range(50)]


def test_an_error_of_a_frame_is_raised_at_its_place() -> None:
    def make(number: int) -> int:
        if number == 3:
            raise ValueError("frame 3")
        return number

    making = made_ahead(9, make)
    assert [next(making) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="frame 3"):
        next(making)


def test_leaving_early_leaves_the_rest_unmade() -> None:
    made = []
    for number in made_ahead(1_000, lambda number: made.append(number) or number):
        if number == 2:
            break
    assert len(made) < 40
    assert not [
        each for each in threading.enumerate() if each.name.startswith("framewright-frames")
    ]


def test_nothing_to_make_gives_nothing() -> None:
    assert list(made_ahead(0, lambda number: number)) == []
