"""People: as many as named, the same in every shot, framed and posed as the prompt says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from framewright_providers.local.scene.figure.body import body
from framewright_providers.local.scene.figure.pose import POSES
from framewright_providers.local.scene.figure.view import View, extent, look, turned
from framewright_providers.local.scene.still import compose
from framewright_providers.local.scene.words import read

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framewright_providers.local.scene.looks import Look

TALL, WIDE = 180, 320


def figure(prompt: str, seed: int = 3) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return colour and cover of the nearest person of a prompt."""
    random = np.random.Generator(np.random.PCG64(seed))
    _, layers = compose(prompt, TALL, WIDE, random)
    # Shadow and reflection lie at the same distance, and come first.
    near = max(reversed([layer for layer in layers if layer.near < 0.9]), key=lambda at: at.near)
    return near.colour, near.alpha


def whole(person: Look, pose: str) -> tuple[float, float, float, float]:
    return extent(turned(body(person, pose), View()))


@pytest.mark.parametrize(
    ("small", "large"),
    [
        ("extreme wide shot", "wide shot"),
        ("wide shot", "full shot"),
        ("full shot", "medium shot"),
        ("medium shot", "medium close-up"),
        ("medium close-up", "close-up"),
    ],
)
def test_a_closer_shot_shows_a_person_larger(small: str, large: str) -> None:
    far, close = (
        float(figure(f"{size} of a woman in a red coat in a desert at noon")[1].mean())
        for size in (small, large)
    )
    assert close > 1.2 * far > 0


def test_an_extreme_close_up_fills_the_frame() -> None:
    assert figure("extreme close-up of a man in a desert")[1].mean() > 0.85


@pytest.mark.parametrize(
    ("prompt", "people"),
    [
        ("a fox in snow", 0),
        ("an old fisherman with a grey beard", 1),
        ("two women sitting on a bench", 2),
        ("Tom and Anna argue in a kitchen", 2),
        ("Mara, a young woman with red hair, walks in Paris", 1),
        ("Portrait of Elena Voss", 1),
        ("a crowd cheering", 6),
        ("Paris in the rain", 0),
    ],
)
def test_as_many_people_as_are_named(prompt: str, people: int) -> None:
    assert len(read(prompt).cast) == people


def test_a_name_looks_the_same_in_every_shot_and_unlike_another() -> None:
    shots = ("Close-up of Mara smiling", "Wide shot: Mara walks through a forest at night")
    first, second = (read(shot).cast[0].look for shot in shots)
    assert first.palette == second.palette
    assert (first.hair, first.top) == (second.hair, second.top)
    assert first.palette != read("Close-up of Nora smiling").cast[0].look.palette


def test_what_is_said_of_somebody_goes_before_what_is_guessed() -> None:
    (member,) = read("an old man with a white beard in a green coat and a red scarf").cast
    assert (member.look.age, member.look.sex, member.look.top) == ("elder", "man", "coat")
    assert member.look.beard
    assert member.look.top_colour[1] > 1.3 * member.look.top_colour[0]
    assert member.look.scarf is not None
    assert member.look.scarf[0] > 2 * member.look.scarf[2]


def test_each_person_wears_their_own_colour() -> None:
    one, other = read("a woman in a red dress and a man in a blue suit").cast
    assert one.look.top_colour[0] > 2 * one.look.top_colour[2]
    assert other.look.top_colour[2] > 2 * other.look.top_colour[0]


@pytest.mark.parametrize(("word", "channel"), [("red", 0), ("blue", 2)])
def test_clothes_have_the_colour_that_is_said(word: str, channel: int) -> None:
    colour, cover = figure(f"full shot of a woman in a {word} dress in a studio")
    seen = colour[cover > 0.95]
    vivid = seen.max(1) - seen.min(1) > 0.2
    assert vivid.mean() > 0.3
    assert (seen[vivid].argmax(1) == channel).mean() > 0.6


def test_poses_change_the_outline() -> None:
    person = read("a man").cast[0].look
    left, right, _, high = whole(person, "standing")
    assert whole(person, "sitting")[3] < 0.88 * high
    run = extent(turned(body(person, "running"), View(yaw=90)))
    assert run[1] - run[0] > 1.5 * (right - left)
    assert whole(person, "cheering")[3] > 1.1 * high


@pytest.mark.parametrize("pose", sorted(POSES))
def test_feet_stand_on_the_ground_in_every_pose(pose: str) -> None:
    low = whole(read("a man").cast[0].look, pose)[2]
    assert abs(low) < 0.03


def test_children_are_smaller() -> None:
    grown, child = (whole(read(f"a {who}").cast[0].look, "standing")[3] for who in ("man", "boy"))
    assert child < 0.78 * grown


def test_a_face_looks_out_in_front_and_hair_behind() -> None:
    person = read("a woman with long black hair").cast[0].look
    dark = []
    for yaw in (0.0, 180.0):
        seen = look(turned(body(person), View(yaw=yaw)), -0.06, 1.0, 400, 60, 48)
        lit = seen.mask > 0
        dark.append(float((seen.colour[lit].max(1) < 0.2).mean()))
    front, back = dark
    assert back > front + 0.25


def test_over_the_shoulder_somebody_dark_stands_in_front() -> None:
    random = np.random.Generator(np.random.PCG64(3))
    _, layers = compose("over the shoulder shot, two people talking in a cafe", TALL, WIDE, random)
    front = layers[-1]
    assert front.near > 0.95
    assert front.alpha[:, : WIDE // 3].mean() > 0.4
    assert front.alpha[:, -WIDE // 3 :].mean() < 0.05
