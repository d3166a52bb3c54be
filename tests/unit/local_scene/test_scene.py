"""Previz pictures follow the words, are the same every time, and never fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framewright_providers.local.scene import still as still_module
from framewright_providers.local.scene.creatures import CREATURES
from framewright_providers.local.scene.raster import Layer, joined, laid_over
from framewright_providers.local.scene.still import SIZES, render_still
from framewright_providers.local.scene.things import THINGS
from framewright_providers.local.scene.words import _lists, read

if TYPE_CHECKING:
    from numpy.typing import NDArray


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Render small pictures: what is tested does not depend on the size."""
    sizes = {shape: (w // 8 * 2, h // 8 * 2) for shape, (w, h) in SIZES.items()}
    monkeypatch.setattr(still_module, "SIZES", sizes)


def _small(prompt: str, seed: int = 1, shape: str = "16:9") -> NDArray[np.uint8]:
    return render_still(prompt, aspect_ratio=shape, seed=seed)


@pytest.mark.usefixtures("small")
class TestStill:
    def test_the_same_seed_gives_the_same_bytes(self) -> None:
        one, other = (_small("a fox in a forest at dusk, watercolour", 7) for _ in range(2))
        assert np.array_equal(one, other)
        assert not np.array_equal(one, _small("a fox in a forest at dusk, watercolour", 8))

    @pytest.mark.parametrize("shape", SIZES)
    def test_every_shape_has_even_sides_of_its_ratio(self, shape: str) -> None:
        width, height = SIZES[shape]
        assert width % 2 == height % 2 == 0
        wide, high = map(int, shape.split(":"))
        assert abs(width / height / (wide / high) - 1) < 0.01
        assert _small("a boat", shape=shape).dtype == np.uint8

    @pytest.mark.parametrize("setting", sorted(_lists()["setting"]))
    def test_no_place_is_blank(self, setting: str) -> None:
        word = _lists()["setting"][setting][0]
        assert _small(f"a scene, {word}").std() > (6 if setting == "studio" else 15)

    @pytest.mark.parametrize("style", sorted(_lists()["style"]))
    def test_every_style_changes_the_picture(self, style: str) -> None:
        plain = _small("a castle over a lake").astype(int)
        styled = _small(f"a castle over a lake, {_lists()['style'][style][0]}").astype(int)
        assert np.abs(plain - styled).mean() > 2

    def test_night_is_darker_than_dusk_and_dusk_than_noon(self) -> None:
        night, dusk, noon = (
            np.mean([_small(f"mountains at {time}", seed).mean() for seed in range(4)])
            for time in ("night", "dusk", "noon")
        )
        assert night < dusk < noon

    def test_a_named_colour_tints_the_thing(self) -> None:
        red, blue = (
            _small(f"a {colour} car on a road at noon", 3).astype(float)
            for colour in ("red", "blue")
        )
        changed = np.abs(red - blue).max(-1) > 40
        assert changed.mean() > 0.02
        redness = (red - blue)[changed].mean(0)
        assert redness[0] > 40
        assert redness[2] < -40

    def test_black_and_white_has_no_colour(self) -> None:
        picture = _small("a red kite, black and white").astype(int)
        assert np.abs(picture - picture.mean(-1, keepdims=True)).max() <= 2

    @settings(max_examples=25)
    @given(st.text(max_size=200), st.integers(0, 2**31 - 1))
    def test_any_text_gives_a_picture(self, prompt: str, seed: int) -> None:
        assert _small(prompt, seed).ndim == 3

    def test_a_long_prompt_is_no_matter(self) -> None:
        assert _small("a mug " * 4_000).ndim == 3


@pytest.mark.parametrize("name", sorted({**THINGS, **CREATURES}))
def test_every_thing_has_words_and_the_other_way_round(name: str) -> None:
    assert read(f"a {_lists()['subject'][name][0]}").subject == name
    assert set(_lists()["subject"]) == {*THINGS, *CREATURES}


def test_two_layers_joined_look_like_both_laid_one_after_the_other() -> None:
    random = np.random.Generator(np.random.PCG64(3))

    def layer(near: float) -> Layer:
        alpha = np.clip(random.random((20, 30)) * 3 - 1, 0, 1).astype(np.float32)
        return Layer(random.random((20, 30, 3)).astype(np.float32), alpha, near)

    below, above = layer(0.2), layer(0.4)
    background = random.random((20, 30, 3)).astype(np.float32)
    both = laid_over(laid_over(background, below), above)
    as_one = joined(below, above)
    assert as_one.near == above.near
    assert np.abs(laid_over(background, as_one) - both).max() < 1e-5
