from __future__ import annotations

from typing import Any

import pytest

from framewright.domain.media import MediaKind
from framewright.executor.expectation import expectation
from framewright.studio.catalogs import load_catalog

CARDS = load_catalog().cards


@pytest.mark.parametrize(
    ("model", "inputs", "seconds"),
    [
        ("local/previz-camera", {"duration": 4}, 4),
        ("local/previz-camera", {}, 5),
        ("local/music", {"duration_seconds": 12.5}, 12.5),
        ("local/trim", {"start_seconds": 1, "end_seconds": 3.5}, 2.5),
        ("local/caption", {"text": "x", "end_seconds": 3}, None),
        ("local/merge-videos", {"transition_seconds": 1}, None),
    ],
)
def test_the_length_that_was_asked_for(
    model: str, inputs: dict[str, Any], seconds: float | None
) -> None:
    assert expectation(CARDS[model], inputs).duration_seconds == seconds


def test_kind_size_and_shape() -> None:
    still = expectation(CARDS["local/previz-still"], {"aspect_ratio": "1:1"})
    assert (still.kind, still.aspect_ratio) == (MediaKind.IMAGE, "1:1")
    small = expectation(CARDS["local/resize-image"], {"width": 160, "height": 90})
    assert (small.width, small.height) == (160, 90)
