"""When a model is swapped, its wires follow by what they mean."""

import pytest

from framewright.checks.repair.plan.names import counterpart


@pytest.mark.parametrize(
    ("field", "known", "expected"),
    [
        ("prompt", ("text_prompt", "image_url"), "text_prompt"),
        ("first_frame", ("text_prompt", "image_url"), "image_url"),
        ("image_url", ("first_frame", "last_frame", "prompt"), "first_frame"),
        ("end_image", ("first_frame", "last_frame"), "last_frame"),
        ("duration_seconds", ("length", "prompt"), "length"),
        ("ratio", ("aspect_ratio", "seed"), "aspect_ratio"),
        ("audio_url", ("video", "sound"), "sound"),
        ("mask_image", ("prompt", "duration"), None),
        ("camera", ("prompt", "duration"), None),
        ("seed", ("seed", "random_seed"), "seed"),
    ],
)
def test_each_field_has_its_counterpart(field, known, expected):
    assert counterpart(field, dict.fromkeys(known)) == expected
