"""The camera: it goes where it is told, eased, without jumps, and never looks past the picture."""

from __future__ import annotations

from dataclasses import astuple
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framewright_providers.local.motion.choose import choose_move
from framewright_providers.local.motion.clips import moving_frames
from framewright_providers.local.motion.plate import Ground, Plate, look_of
from framewright_providers.local.motion.project import plate_map
from framewright_providers.local.motion.stage import picture_stage
from framewright_providers.local.motion.view import MOVES, view_at
from motion_measures import cloudy, luma, shift

ENDLESS = {"handheld"}


def frames_of(move: str, count: int, picture: np.ndarray | None = None) -> list[np.ndarray]:
    stage = picture_stage(cloudy() if picture is None else picture, focus=move == "rack-focus")
    return list(moving_frames(stage, move, frames=count, fps=24, seed=5))


@pytest.mark.parametrize("move", MOVES)
def test_frames_keep_the_size_and_are_the_same_twice(move: str) -> None:
    once, again = frames_of(move, 9), frames_of(move, 9)
    assert [frame.shape for frame in once] == [(270, 320)] * 9
    assert all(np.array_equal(*both) for both in zip(once, again, strict=True))


@pytest.mark.parametrize(
    ("move", "down", "right"),
    [
        ("pan-right", 0, -1),
        ("pan-left", 0, 1),
        ("tilt-down", -1, 0),
        ("tilt-up", 1, 0),
        ("truck-right", 0, -1),
        ("truck-left", 0, 1),
        ("crane-up", 1, 0),
        ("crane-down", -1, 0),
    ],
)
def test_the_picture_moves_against_the_camera(move: str, down: int, right: int) -> None:
    frames = frames_of(move, 49)
    moved = shift(luma(frames[16]), luma(frames[24]))
    assert [round(part) and np.sign(part) for part in moved] == [down, right]


@pytest.mark.parametrize(
    ("move", "closer"),
    [("push-in", True), ("pull-out", False), ("zoom-in", True), ("zoom-out", False)],
)
def test_going_closer_pushes_things_outwards(move: str, closer: bool) -> None:
    first, last = (luma(frame) for frame in (frames_of(move, 41)[at] for at in (14, 22)))
    left, right = (shift(first[:, half], last[:, half])[1] for half in (np.s_[:160], np.s_[160:]))
    assert (left < -0.3 and right > 0.3) if closer else (left > 0.3 and right < -0.3)


@pytest.mark.parametrize("move", ["pan-right", "truck-left", "tilt-up", "crane-down"])
def test_steps_are_even_below_the_pixel(move: str) -> None:
    """No step of a slow move stands out from its neighbours: nothing is rounded to pixels."""
    frames = [luma(frame) for frame in frames_of(move, 97)]
    axis = 1 if move in {"pan-right", "truck-left"} else 0
    steps = np.array([shift(one, other)[axis] for one, other in pairwise(frames)][24:72])
    smooth = np.polyval(np.polyfit(np.arange(steps.size), steps, 4), np.arange(steps.size))
    assert np.abs(smooth).max() > 0.15
    assert np.abs(steps - smooth).max() < 0.03


@pytest.mark.parametrize("move", sorted(set(MOVES) - ENDLESS - {"still"}))
def test_moves_start_and_end_gently(move: str) -> None:
    views = [figures(move, at / 95) for at in range(96)]
    steps = [float(np.abs(b - a).sum()) for a, b in pairwise(views)]
    assert max(steps[0], steps[-1]) < 0.05 * max(steps)


@pytest.mark.parametrize("move", MOVES)
def test_nothing_jumps_from_frame_to_frame(move: str) -> None:
    frames = [luma(frame) for frame in frames_of(move, 72)]
    steps = np.asarray([np.abs(b - a).mean() for a, b in pairwise(frames)])
    # What a focus changes in a frame is about one level of 255, and so coarse.
    assert np.abs(np.diff(steps)).max() < (0.7 if move == "rack-focus" else 0.3) * steps.max()


def figures(move: str, share: float) -> np.ndarray:
    return np.array([0.0 if part is None else part for part in astuple(view_at(move, share))])


@given(
    st.sampled_from(sorted(MOVES)),
    st.floats(0, 1),
    st.floats(0, 60),
    st.integers(0, 99),
    st.floats(0, 1),
    st.floats(0.3, 0.8),
)
def test_the_camera_never_looks_past_the_picture(
    move: str, share: float, seconds: float, seed: int, near: float, horizon: float
) -> None:
    view = view_at(move, share, seconds, seed)
    look = look_of(np.zeros((2, 2, 3), np.uint8))
    for plate in (Plate((look,), near), Plate((look,), 1.0, ground=Ground(horizon, 0.1))):
        seen = plate_map(plate, view, horizon, flat=False)
        for corner in ((0, 0), (1, 0), (0, 1), (1, 1)):
            x, y, scale = seen @ np.array([*corner, 1.0])
            if plate.ground is None or corner[1] == 1:
                assert -1e-9 <= x / scale <= 1 + 1e-9
                assert -1e-9 <= y / scale <= 1 + 1e-9


@given(st.floats(0, 1))
def test_circling_a_flat_picture_never_shows_what_lies_beside_it(share: float) -> None:
    look = look_of(np.zeros((2, 2, 3), np.uint8))
    seen = plate_map(Plate((look,), 0.6), view_at("orbit", share), 0.5, flat=True)
    for corner in ((0, 0), (1, 0), (0, 1), (1, 1)):
        x, y, scale = seen @ np.array([*corner, 1.0])
        assert 0 <= x / scale <= 1
        assert 0 <= y / scale <= 1


@pytest.mark.parametrize("move", MOVES)
def test_a_grey_picture_stays_grey_to_its_edges(move: str) -> None:
    grey = np.full((90, 160, 3), 128, np.uint8)
    for frame in frames_of(move, 7, grey):
        assert int(frame[:90].min()) == int(frame[:90].max()) == 126


def test_a_held_camera_still_breathes() -> None:
    frames = frames_of("still", 49)
    change = np.abs(luma(frames[0]) - luma(frames[24])).mean()
    assert 0.1 < change < 12


def test_the_focus_goes_from_the_back_to_the_middle() -> None:
    """The middle is soft at first and the edge sharp; at the end it is the other way round."""
    first, *_, last = (luma(frame) for frame in frames_of("rack-focus", 25))

    def detail(frame: np.ndarray, middle: bool) -> float:
        part = frame[60:120, 130:190] if middle else frame[60:120, 4:44]
        return float(np.abs(np.diff(part, axis=1)).mean())

    assert detail(first, True) < 0.7 * detail(last, True)
    assert detail(last, False) < 0.7 * detail(first, False)


def test_a_held_hand_is_another_one_with_another_seed() -> None:
    assert view_at("handheld", 0.5, 1.0, 1) != view_at("handheld", 0.5, 1.0, 2)


def test_one_frame_is_allowed() -> None:
    assert len(frames_of("orbit", 1)) == 1


@pytest.mark.parametrize(
    ("prompt", "move"),
    [
        ("Slow push in on the mug", "push-in"),
        ("we ZOOM OUT to see the city", "zoom-out"),
        ("camera pans left along the shelf", "pan-left"),
        ("pan to the right", "pan-right"),
        ("tilt up to the sky", "tilt-up"),
        ("the camera orbits the statue", "orbit"),
        ("static shot of a door", "still"),
        ("aerial view of a coast", "pull-out"),
        ("dolly in on her face", "push-in"),
        ("the camera trucks left along the wall", "truck-left"),
        ("tracking shot of a horse", "truck-right"),
        ("crane up over the roofs", "crane-up"),
        ("booming down to the street", "crane-down"),
        ("handheld, through the crowd", "handheld"),
        ("rack focus from the door to the key", "rack-focus"),
    ],
)
def test_a_prompt_names_its_move(prompt: str, move: str) -> None:
    assert choose_move(prompt, seed=9) == move


def test_without_a_word_chance_chooses_among_gentle_moves() -> None:
    chosen = {choose_move("a mug", seed) for seed in range(40)}
    assert len(chosen) >= 3
    assert chosen <= set(MOVES)
