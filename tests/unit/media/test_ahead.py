from __future__ import annotations

import threading

import pytest

from framewright.media.ahead import ahead


def test_everything_comes_in_order_and_the_thread_ends():
    with ahead(iter(range(50)), depth=3) as coming:
        assert list(coming) == list(range(50))
    assert not [each for each in threading.enumerate() if each.name == "framewright-ahead"]


def test_no_more_is_made_than_may_wait():
    made: list[int] = []
    reached = threading.Event()

    def things():
        for number in range(50):
            made.append(number)
            if number == 3:
                reached.set()
            yield number

    with ahead(things(), depth=3) as coming:
        assert next(coming) == 0
        assert reached.wait(10)
    # Three may wait beside the one that was taken, and one more is in the maker's hands.
    assert len(made) <= 5


def test_what_goes_wrong_is_raised_to_whoever_takes_it():
    def things():
        yield 1
        raise ValueError("broken")

    with ahead(things()) as coming:
        assert next(coming) == 1
        with pytest.raises(ValueError, match="broken"):
            next(coming)


def test_leaving_early_closes_what_was_read():
    closed = threading.Event()

    def things():
        try:
            while True:
                yield 1
        finally:
            closed.set()

    with ahead(things(), depth=2) as coming:
        next(coming)
    assert closed.is_set()
    assert not [each for each in threading.enumerate() if each.name == "framewright-ahead"]
