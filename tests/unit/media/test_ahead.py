from __future__ import annotations

import threading
from fractions import Fraction

import numpy as np
import pytest

from framewright.errors import MediaError
from framewright.media.ahead import ahead
from framewright.media.picture import planes_of
from framewright.media.render import Film, render
from framewright.protocols import silent
from media_samples import numbered


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


def test_sound_that_fails_on_its_thread_is_told_and_leaves_no_film(tmp_path):
    def sound():
        yield np.zeros((2, 12_000), np.float32)
        raise MediaError("The sound broke off.")

    film = Film(128, 72, Fraction(24), 48, 48_000)
    pictures = (planes_of(numbered(number)) for number in range(48))
    with pytest.raises(MediaError, match="broke off"):
        render(film, tmp_path / "a.mp4", pictures, sound(), silent)
    assert not list(tmp_path.iterdir())
    assert not [each for each in threading.enumerate() if each.name == "framewright-ahead"]
