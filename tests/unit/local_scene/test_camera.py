"""The camera: it goes where it is told, eased, without jumps or steps."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageFilter

from framewright_providers.local.scene.camera import MOVES, choose_move, move_frames, view_at
from framewright_providers.local.scene.clip import Sprite, _frame, _sprite, scene_frames
from framewright_providers.local.scene.raster import Layer
from framewright_providers.local.scene.still import as_pixels


def cloudy(height: int = 180, width: int = 320) -> np.ndarray:
    noise = np.random.Generator(np.random.PCG64(1)).integers(0, 256, (height, width, 3), np.uint8)
    soft = Image.fromarray(noise).filter(ImageFilter.GaussianBlur(4))
    wide = np.asarray(soft, np.float32)
    spread = (wide - wide.min()) / (wide.max() - wide.min()) * 255
    return spread.astype(np.uint8)


def shift(one: np.ndarray, other: np.ndarray) -> tuple[int, int]:
    """How far down and right the second picture's content lies from the first's."""
    first, second = (part.astype(float).mean(-1) for part in (one, other))
    first, second = first - first.mean(), second - second.mean()
    match = np.fft.ifft2(np.fft.fft2(first).conj() * np.fft.fft2(second)).real
    down, right = np.unravel_index(int(match.argmax()), match.shape)
    height, width = match.shape
    return (
        int(down - height if down > height // 2 else down),
        int(right - width if right > width // 2 else right),
    )


@pytest.mark.parametrize("move", MOVES)
def test_frames_keep_the_size_and_are_the_same_twice(move: str) -> None:
    image = cloudy()
    once = list(move_frames(image, move, frames=12, seed=5))
    again = list(move_frames(image, move, frames=12, seed=5))
    assert len(once) == 12
    assert all(frame.shape == image.shape and frame.dtype == np.uint8 for frame in once)
    assert all(np.array_equal(*both) for both in zip(once, again, strict=True))


@pytest.mark.parametrize(
    ("move", "down", "right"),
    [("pan-right", 0, -1), ("pan-left", 0, 1), ("tilt-down", -1, 0), ("tilt-up", 1, 0)],
)
def test_the_picture_moves_against_the_camera(move: str, down: int, right: int) -> None:
    frames = list(move_frames(cloudy(), move, frames=24, seed=1))
    moved = shift(frames[6], frames[17])
    assert np.sign(moved).tolist() == [down, right]


def test_push_in_sees_less_and_pull_out_ends_on_everything() -> None:
    assert view_at("push-in", 1)[2] < view_at("push-in", 0)[2] == 1
    assert view_at("pull-out", 0)[2] < view_at("pull-out", 1)[2] == 1


@pytest.mark.parametrize("move", [move for move in MOVES if move != "still"])
def test_moves_start_and_end_gently(move: str) -> None:
    views = [np.asarray(view_at(move, at / 95)) for at in range(96)]
    steps = [float(np.abs(b - a).sum()) for a, b in pairwise(views)]
    assert max(steps[0], steps[-1]) < 0.05 * max(steps)


@pytest.mark.parametrize("move", MOVES)
def test_moves_are_smooth_without_stair_steps(move: str) -> None:
    frames = [frame.astype(float) for frame in move_frames(cloudy(), move, frames=96, seed=1)]
    steps = np.asarray([np.abs(b - a).mean() for a, b in pairwise(frames)])
    jumps = np.abs(np.diff(steps))
    assert jumps.max() < 0.25 * steps.max()


def test_a_held_camera_still_breathes() -> None:
    frames = list(move_frames(cloudy(), "still", frames=48, seed=1))
    change = np.abs(frames[0].astype(int) - frames[24]).mean()
    assert 0.1 < change < 12


def test_the_last_view_is_where_the_move_ends_whatever_its_length() -> None:
    image = cloudy()
    short = list(move_frames(image, "push-in", frames=3, seed=1))[-1]
    long = list(move_frames(image, "push-in", frames=30, seed=1))[-1]
    assert np.array_equal(short, long)


def test_one_frame_is_allowed() -> None:
    assert len(list(move_frames(cloudy(), "orbit", frames=1, seed=1))) == 1


@pytest.mark.parametrize(
    ("prompt", "move"),
    [
        ("Slow push in on the mug", "push-in"),
        ("we ZOOM OUT to see the city", "pull-out"),
        ("camera pans left along the shelf", "pan-left"),
        ("pan to the right", "pan-right"),
        ("tilt up to the sky", "tilt-up"),
        ("the camera orbits the statue", "orbit"),
        ("static shot of a door", "still"),
        ("aerial view of a coast", "pull-out"),
    ],
)
def test_a_prompt_names_its_move(prompt: str, move: str) -> None:
    assert choose_move(prompt, seed=9) == move


def test_without_a_word_chance_chooses_among_gentle_moves() -> None:
    chosen = {choose_move("a mug", seed) for seed in range(40)}
    assert len(chosen) >= 3
    assert chosen <= set(MOVES)
    assert choose_move("a mug", 4) == choose_move("a mug", 4)


def test_scene_frames_are_the_same_twice_and_move() -> None:
    def frames() -> list[np.ndarray]:
        return list(
            scene_frames(
                "a sailboat at dawn", aspect_ratio="16:9", move="pan-right", frames=5, seed=3
            )
        )

    once, again = frames(), frames()
    assert all(np.array_equal(*both) for both in zip(once, again, strict=True))
    assert np.abs(once[0].astype(int) - once[-1]).mean() > 2


def test_near_things_move_more_than_far_ones() -> None:
    image = Image.fromarray(cloudy(360, 640))
    still = np.zeros((360, 640, 3), np.int16)

    def moved(near: float) -> int:
        sprites = [Sprite(image, 0, 0.0), Sprite(image, 0, near)]
        first, last = (_frame(sprites, still, (), "pan-right", at, 0) for at in (0.4, 0.6))
        return -shift(first, last)[1]

    assert 0 < moved(0.1) < moved(0.5) < moved(0.9)


def test_a_sprite_cut_to_its_rows_looks_like_the_whole_layer() -> None:
    colour = cloudy(180, 320).astype(np.float32) / 255
    alpha = np.zeros((180, 320), np.float32)
    alpha[60:130, 40:200] = 1
    layer = Layer(colour, alpha, 0.7)
    whole = Image.fromarray(np.dstack([as_pixels(colour), as_pixels(alpha)]))
    back = Sprite(Image.new("RGB", (320, 180)), 0, 0.0)
    still = np.zeros((180, 320, 3), np.int16)
    cut, full = (
        _frame([back, sprite], still, (), "push-in", 0.63, 0).astype(int)
        for sprite in (_sprite(layer), Sprite(whole, 0, 0.7))
    )
    assert np.abs(cut - full).max() <= 3


@pytest.mark.parametrize("weather", ["rain", "snowfall"])
def test_weather_falls_while_the_camera_is_held(weather: str) -> None:
    frames = list(
        scene_frames(
            f"a meadow in the {weather}", aspect_ratio="16:9", move="still", frames=3, seed=3
        )
    )
    changed = np.abs(frames[0].astype(int) - frames[1]).max(-1) > 12
    assert changed[:360].mean() > 0.004


@pytest.mark.parametrize("move", MOVES)
def test_rounding_never_shows_more_than_the_picture(move: str) -> None:
    shares = [0.0, *(1 - step * 2**-53 for step in range(64)), 1.0]
    assert all(view_at(move, share)[2] <= 1 for share in shares)
