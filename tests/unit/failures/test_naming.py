"""An input that only the words of a provider name is found in them."""

from __future__ import annotations

import pytest

from framewright.failures.naming import named_field


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Unknown parameter: 'response_format'.", "response_format"),
        ("Missing required parameter: 'prompt'.", "prompt"),
        ("Invalid parameter 'promptText'", "promptText"),
        ("unwanted field: seedx", "seedx"),
        ("- input.width: Must be less than or equal to 1440", "width"),
        ("cfg_scale: must be at most 35", "cfg_scale"),
        ("keyframes.frame0.url: Could not fetch image.", "keyframes.frame0.url"),
        ("`durationSeconds` value of 12 is out of bound.", "durationSeconds"),
        ("reference_video_urls duration is too long", None),
        ("max_resolution must be 720 or 1080", "max_resolution"),
        ("Prompt is required", "Prompt"),
        ("The parameter `content[1]` specified in the request is not valid", "content[1]"),
        ("Error: it broke", None),
        ("Please try again", None),
        ("https://x.example is down", None),
    ],
)
def test_the_input_that_is_named(text: str, field: str | None) -> None:
    assert named_field([text]) == field
