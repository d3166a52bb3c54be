"""Places, times, weathers and angles show where they should in the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from framewright_providers.local.scene import still as still_module
from framewright_providers.local.scene.grounds import paint_place
from framewright_providers.local.scene.light import light_of
from framewright_providers.local.scene.manners import MANNERS
from framewright_providers.local.scene.rooms import ROOMS
from framewright_providers.local.scene.still import SIZES, render_still
from framewright_providers.local.scene.words import _lists, read

if TYPE_CHECKING:
    from numpy.typing import NDArray


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Render at a quarter of the size: what is tested does not depend on it."""
    small = {shape: (width // 8 * 2, height // 8 * 2) for shape, (width, height) in SIZES.items()}
    monkeypatch.setattr(still_module, "SIZES", small)


def shown(prompt: str, seed: int = 5) -> NDArray[np.float32]:
    return render_still(prompt, seed=seed).astype(np.float32)


def test_every_kind_of_room_is_known_and_looks_different() -> None:
    kinds = {"kitchen", "office", "bedroom", "library", "cafe", "classroom", "warehouse"}
    pictures = {kind: shown(f"a {kind} in the morning") for kind in kinds}
    for kind, picture in pictures.items():
        assert read(f"a {kind} in the morning").room == kind
        for other in kinds - {kind}:
            assert np.abs(picture - pictures[other]).mean() > 4, (kind, other)
    assert set(_lists()["room"]) == set(ROOMS) - {"room"}


@pytest.mark.parametrize(
    ("place", "share"),
    [("a street", 0.78), ("a village", 0.6), ("a living room", 0.6), ("a park", 0.5)],
)
def test_night_is_darker_than_noon(place: str, share: float) -> None:
    assert shown(f"{place} at night").mean() < share * shown(f"{place} at noon").mean()


@pytest.mark.parametrize("place", ["a street", "a village"])
def test_windows_are_lit_at_night_and_not_at_noon(place: str) -> None:
    def lamps(picture: NDArray[np.float32]) -> float:
        warm = picture[..., 0] - picture[..., 2] > 60
        return float((warm & (picture[..., 0] > 190)).mean())

    assert lamps(shown(f"{place} at night")) > 0.002 + lamps(shown(f"{place} at noon"))


@pytest.mark.parametrize("place", ["a street", "a meadow", "a desert"])
def test_rain_streaks_the_air(place: str) -> None:
    def streaks(prompt: str) -> float:
        sky = shown(prompt)[:40].mean(axis=2)
        return float(np.abs(np.diff(sky, axis=1)).mean() / np.abs(np.diff(sky, axis=0)).mean())

    assert streaks(f"{place} in the rain") > 1.15 * streaks(f"{place} on a cloudy day")


def test_snow_lies_on_a_village() -> None:
    summer, winter = (shown(f"a village {when} at noon") for when in ("in summer", "in snow"))
    assert winter[130:].mean() > 1.3 * summer[130:].mean()


def test_autumn_turns_the_leaves() -> None:
    def warmth(when: str) -> float:
        trees = shown(f"a forest in {when} at noon")[10:90]
        return float((trees[..., 0] - trees[..., 1]).mean())

    assert warmth("autumn") > warmth("summer") + 15


@pytest.mark.parametrize("place", ["meadow", "street", "kitchen"])
def test_a_low_camera_sees_less_ground_and_a_high_one_more(place: str) -> None:
    horizons = []
    for angle in ("low angle shot of", "", "high angle shot of"):
        words = read(f"{angle} a {place} at noon")
        random = np.random.Generator(np.random.PCG64(2))
        light = light_of(words, random)
        horizons.append(paint_place(words, light, 90, 160, random).horizon)
    low, level, high = horizons
    assert low > level + 0.1
    assert high < level - 0.1


def test_a_birds_eye_view_has_no_sky() -> None:
    def blue(prompt: str) -> float:
        top = shown(prompt)[:40]
        return float((top[..., 2] - top[..., 0]).mean())

    assert blue("bird's eye view of a meadow at noon") < 0 < blue("a meadow at noon")


def test_a_dutch_angle_tilts_the_horizon() -> None:
    def lean(prompt: str) -> float:
        picture = shown(prompt)
        sky = picture[..., 2] > picture[..., 0] + 12
        foot = np.argmin(sky, axis=0).astype(float)
        return float(foot[-40:].mean() - foot[:40].mean())

    level, dutch = (lean(f"{angle}a desert at noon") for angle in ("", "Dutch angle: "))
    assert abs(dutch - level) > 25


@pytest.mark.parametrize("manner", sorted(MANNERS))
def test_every_manner_keeps_size_and_range(manner: str) -> None:
    random = np.random.Generator(np.random.PCG64(1))
    image = random.random((90, 160, 3), dtype=np.float32)
    made = MANNERS[manner](image, random)
    assert made.shape == image.shape
    assert float(made.min()) >= 0
    assert float(made.max()) <= 1
    assert np.abs(made - image).mean() > 0.02


def test_noir_has_no_colour_and_pixel_art_has_blocks() -> None:
    noir = shown("a detective in an alley, noir")
    assert np.ptp(noir, axis=2).max() <= 3
    # The block's size follows the picture's; here it is two.
    image = np.random.Generator(np.random.PCG64(1)).random((240, 320, 3), dtype=np.float32)
    blocks = MANNERS["pixel"](image, np.random.Generator(np.random.PCG64(1)))
    assert np.array_equal(blocks[::2, ::2], blocks[1::2, 1::2])
