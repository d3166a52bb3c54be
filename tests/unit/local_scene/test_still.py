"""The stills: the same every time, whole in every shape, and faithful to the prompt's words."""

from __future__ import annotations

import numpy as np
import pytest

from framewright_providers.local.scene import still as still_module
from framewright_providers.local.scene.still import SIZES, render_still
from framewright_providers.local.scene.words import read

DEMO = "a ceramic mug on a beach at dawn"


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Render at half size: what is tested does not depend on it."""
    half = {shape: (width // 4 * 2, height // 4 * 2) for shape, (width, height) in SIZES.items()}
    monkeypatch.setattr(still_module, "SIZES", half)


def saturation(picture: np.ndarray) -> float:
    return float((picture.max(-1).astype(int) - picture.min(-1)).mean())


def test_seeds_compose_differently() -> None:
    one, other = (render_still(DEMO, seed=seed).astype(int) for seed in (1, 2))
    assert np.abs(one - other).mean() > 6


@pytest.mark.parametrize("shape", sorted(SIZES))
def test_every_shape_has_even_sides_and_its_proportion(shape: str) -> None:
    picture = render_still(DEMO, aspect_ratio=shape, seed=5)
    height, width, _ = picture.shape
    across, down = (int(part) for part in shape.split(":"))
    assert picture.dtype == np.uint8
    assert (width % 2, height % 2) == (0, 0)
    assert width / height == pytest.approx(across / down, rel=0.01)
    assert picture.std() > 12


@pytest.mark.parametrize(
    ("prompt", "seed"),
    [
        ("", 0),
        ("\x00\u202e\ufdfa🦊 ☃ 猫 " * 200, 2**31 - 1),
        ("a " * 2_000, 7),
        ("-" * 4_000, 7),
    ],
)
def test_odd_text_gives_a_whole_picture(prompt: str, seed: int) -> None:
    picture = render_still(prompt, aspect_ratio="21:9", seed=seed)
    assert picture.shape == (274, 640, 3)
    assert picture.std() > 5


def test_dawn_is_warmer_than_noon() -> None:
    def warmth(time: str) -> float:
        picture = render_still(f"a beach at {time}", seed=3).astype(float)
        return float(picture[..., 0].mean() - picture[..., 2].mean())

    assert warmth("dawn") > warmth("noon") + 25


@pytest.mark.parametrize(("word", "channel"), [("red", 0), ("green", 1), ("blue", 2)])
def test_a_colour_word_colours_the_thing(word: str, channel: int) -> None:
    plain = render_still("a bag in a studio", seed=4).astype(int)
    tinted = render_still(f"a {word} bag in a studio", seed=4).astype(int)
    middle = (slice(150, 280), slice(260, 380))

    def excess(picture: np.ndarray) -> float:
        mean = picture[middle].mean(axis=(0, 1))
        return float(mean[channel] - (mean.sum() - mean[channel]) / 2)

    assert excess(tinted) > excess(plain) + 20


def test_a_named_thing_changes_the_picture_where_it_stands() -> None:
    empty = render_still("a beach at dawn, close up", seed=6).astype(int)
    with_mug = render_still("a ceramic mug on a beach at dawn, close up", seed=6).astype(int)
    middle = np.abs(empty - with_mug)[165:300, 240:380].mean()
    sky = np.abs(empty - with_mug)[:60].mean()
    assert middle > 20
    assert sky < 8


def test_black_and_white_has_no_colour_and_neon_has_more() -> None:
    plain = render_still("a city street at night", seed=2)
    assert saturation(render_still("a city street at night, film noir", seed=2)) < 3
    assert saturation(render_still("a neon city street at night", seed=2)) > saturation(plain)


def test_progress_rises_to_one() -> None:
    told: list[float] = []
    render_still(DEMO, seed=1, tell=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_telling_can_stop_the_work() -> None:
    class StopError(Exception):
        pass

    def stop(fraction: float) -> None:
        raise StopError(fraction)

    with pytest.raises(StopError):
        render_still(DEMO, seed=1, tell=stop)


@pytest.mark.parametrize("time", ["golden hour", "blue hour"])
def test_a_time_of_day_is_no_colour_of_the_thing(time: str) -> None:
    assert read(f"a house by a lake at {time}").colour is None
    assert read(f"a red house by a lake at {time}").colour is not None
