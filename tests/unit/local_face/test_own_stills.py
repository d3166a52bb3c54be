"""Stills of ours know where they show the lips: a person of ours speaks in any manner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from framewright_providers.local.face.finding import find_mouth
from framewright_providers.local.models import defaults
from framewright_providers.local.pictures import still
from framewright_providers.local.scene.note import note_of
from framewright_providers.local.scene.still import draw_still

if TYPE_CHECKING:
    from pathlib import Path


def test_the_lips_are_where_they_are_found() -> None:
    """Where looking finds them too, both say the same place."""
    drawn = draw_still("close-up portrait of a young woman, facing the camera", seed=2)
    found = find_mouth(Image.fromarray(drawn.pixels))
    assert found is not None
    assert drawn.mouth is not None
    x, y, wide = drawn.mouth
    height, width, _ = drawn.pixels.shape
    assert (x * width, y * height) == pytest.approx((found.x, found.y), abs=wide * width * 0.2)
    assert wide * width == pytest.approx(2 * found.half, rel=0.4)


@pytest.mark.parametrize(
    "prompt",
    [
        "close-up of an old man with a white beard, front view",
        "close-up of a woman with dark skin, film noir",
        "close-up portrait of an old woman, watercolour",
        "medium shot of a boy with red hair in a park",
    ],
)
def test_a_face_is_dark_or_red_at_its_lips_in_any_manner(prompt: str) -> None:
    drawn = draw_still(prompt, seed=5)
    assert drawn.mouth is not None
    x, y, wide = drawn.mouth
    height, width, _ = drawn.pixels.shape
    light = drawn.pixels.astype(float).mean(axis=2)
    row, column, half = round(y * height), round(x * width), max(2, round(wide * width / 2))
    lips = light[row - half // 3 : row + half // 3 + 1, column - half // 2 : column + half // 2]
    cheeks = light[row - 2 * half : row - half, column - half : column + half]
    assert np.percentile(lips, 10) < np.percentile(cheeks, 60)


@pytest.mark.parametrize("prompt", ["close-up of a woman from behind", "a mountain lake"])
def test_who_shows_no_lips_has_none(prompt: str) -> None:
    assert draw_still(prompt, seed=5).mouth is None


def test_the_place_travels_with_the_file(tmp_path: Path) -> None:
    inputs = defaults()["local/previz-still"] | {"prompt": "close-up of a man with a beard"}
    path = still(inputs, 3, tmp_path, lambda _: None)
    note = note_of(path)
    assert note is not None
    assert note.mouth == draw_still(inputs["prompt"], seed=3).mouth
