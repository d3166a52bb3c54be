"""What previz can not draw is said, and what it can is not."""

import pytest

from framewright_providers.local.scene.remarks import remarks


@pytest.mark.parametrize(
    "prompt",
    [
        "a ceramic mug on a beach at dawn, product image",
        "a fox in snow",
        "an astronaut on the moon",
        "a woman in a red dress in a kitchen",
        "a girl in the rain, in the foreground",
        "a ship in a storm in watercolour style",
        "mountains at dusk",
    ],
)
def test_what_is_drawn_needs_no_remark(prompt):
    assert remarks(prompt) == ()


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("An elephant by a lake", "“elephant”"),
        ("a dancer on a trampoline at night", "“trampoline” as a place"),
        ("bees, documentary", "plain landscape"),
    ],
)
def test_what_is_not_drawn_is_said(prompt, said):
    (remark,) = remarks(prompt)
    assert said in remark


@pytest.mark.parametrize("prompt", ["", "in the", "a " * 3000, "in a " * 3000])
def test_any_text_has_an_answer(prompt):
    remarks(prompt)


def test_what_has_no_drawing_from_above_is_said() -> None:
    (remark,) = remarks("bird's eye view of a castle in a meadow")
    assert "from above" in remark
    assert remarks("bird's eye view of a red car on a road") == ()
