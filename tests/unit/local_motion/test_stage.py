"""Scenes with depth: near things move more than far ones, and everything stays on its ground."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageOps

from framewright.media.frames import frame_at
from framewright.media.probe import probe
from framewright.protocols import MediaFile, silent
from framewright_providers.local.models import defaults
from framewright_providers.local.motion import clips
from framewright_providers.local.motion.compose import Stage, frame
from framewright_providers.local.motion.elements import ELEMENTS, elements_of, named_elements
from framewright_providers.local.motion.plate import Ground, Plate, look_of, spread
from framewright_providers.local.motion.project import plate_map
from framewright_providers.local.motion.stage import picture_stage
from framewright_providers.local.motion.view import MOVES, View, view_at
from framewright_providers.local.pictures import still
from framewright_providers.local.scene.note import note_of, write_noted
from framewright_providers.local.scene.still import render_still
from motion_measures import cloudy, luma, shift

if TYPE_CHECKING:
    from pathlib import Path

SIDEWAYS = {"truck-right": 1, "truck-left": 1, "crane-up": 0, "crane-down": 0}


@pytest.mark.parametrize("move", SIDEWAYS)
def test_near_things_move_more_than_far_ones(move: str) -> None:
    look = look_of(cloudy(360, 640))

    def moved(near: float) -> float:
        stage = Stage(640, 360, (Plate((look,), near),))
        first, last = (luma(frame(stage, view_at(move, at), 0)) for at in (0.42, 0.58))
        return abs(shift(first, last)[SIDEWAYS[move]])

    assert 0.4 < 1.8 * moved(0.1) < moved(0.4) < 0.6 * moved(0.9)


@pytest.mark.parametrize("move", ["pan-right", "tilt-up", "zoom-in"])
def test_turning_the_camera_moves_everything_alike(move: str) -> None:
    look = look_of(cloudy())
    near, far = (Stage(320, 180, (Plate((look,), near),)) for near in (0.05, 0.95))
    view = view_at(move, 0.7)
    assert np.array_equal(frame(near, view, 0), frame(far, view, 0))


def test_the_ground_moves_more_the_nearer_it_is() -> None:
    cover = Image.new("L", (640, 240), 255)
    ground = Plate(
        (look_of(cloudy(240, 640)),),
        1.0,
        cover,
        cover.reduce(2),
        top=120,
        ground=Ground(1 / 3, 0.1),
    )
    back = Plate((look_of(np.full((360, 640, 3), 128, np.uint8)),), 0.0)
    stage = Stage(640, 360, (back, ground), horizon=1 / 3)
    first, last = (luma(frame(stage, View(right=at, size=0.84), 0)) for at in (-0.01, 0.01))
    high, low = (shift(first[rows], last[rows])[1] for rows in (np.s_[90:150], np.s_[290:350]))
    assert low < 2.5 * high < 0


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("row", [0.55, 0.7, 0.95])
def test_what_stands_on_the_ground_never_slides_on_it(move: str, row: float) -> None:
    """The foot of a thing and the ground under it are seen at one place in every move."""
    lies = Ground(0.5, 0.1)
    look = look_of(np.zeros((2, 2, 3), np.uint8))
    ground, thing = Plate((look,), 1.0, ground=lies), Plate((look,), lies.nearness(row))
    for share in (0.0, 0.3, 0.8, 1.0):
        view = replace(view_at(move, share, 7 * share), turn=0.0)
        foot = np.array([0.4, row, 1.0])
        places = []
        for plate in (ground, thing):
            place = np.linalg.inv(plate_map(plate, view, 0.5, flat=False)) @ foot
            places.append(place[:2] / place[2])
        assert places[0] == pytest.approx(places[1], abs=1e-9)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Render small scenes: what is tested does not depend on the size."""
    monkeypatch.setitem(clips.SIZES, "16:9", (320, 180))


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("prompt", ["a sailboat at dawn", "a fox in a forest", "an office desk"])
def test_a_scene_begins_as_its_still(prompt: str) -> None:
    stage = clips.staged(prompt, "16:9", "still", 3)
    begun = frame(stage, View(), 0).astype(int)
    still = np.asarray(render_still(prompt, seed=3))
    flat = frame(picture_stage(still), View(), 0).astype(int)
    assert np.abs(begun - flat).mean() < 1.0


@pytest.mark.usefixtures("small")
def test_scene_frames_are_the_same_twice_and_move() -> None:
    def frames() -> list[np.ndarray]:
        stage = clips.staged("a sailboat at dawn", "16:9", "truck-right", 3)
        return list(clips.moving_frames(stage, "truck-right", frames=5, fps=24, seed=3))

    once, again = frames(), frames()
    assert all(np.array_equal(*both) for both in zip(once, again, strict=True))
    assert np.abs(luma(once[0]) - luma(once[-1])).mean() > 2


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("prompt", ["a sailboat at dawn", "a car in a street in the rain at night"])
def test_the_manner_of_a_picture_travels_with_its_layers(prompt: str) -> None:
    """Ink lines and paper do not stand still on the screen while things move behind them."""
    stage = clips.staged(f"{prompt}, pencil drawing", "16:9", "truck-right", 3)
    calm = replace(stage, elements=())
    first, last = (luma(frame(calm, view_at("truck-right", at), 0)) for at in (0.3, 0.7))
    assert shift(first[110:], last[110:])[1] < -1


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("manner", ["storyboard sketch", "claymation"])
def test_what_a_thing_uncovers_is_drawn_like_the_rest(manner: str) -> None:
    """Strokes go on where the thing stood, and its outline does not stay behind."""
    stage = clips.staged(f"an astronaut in space, {manner}", "16:9", "truck-right", 3)
    place, things = stage.plates[0], [each for each in stage.plates[1:] if each.cover is not None]
    covered = np.zeros((180, 320), bool)
    for each in things:
        alpha = np.asarray(each.cover)
        covered[each.top : each.top + alpha.shape[0], each.left : each.left + alpha.shape[1]] |= (
            alpha > 250
        )
    sky = np.asarray(place.looks[0].y, np.float32)[:180, :320]
    strokes = np.abs(np.diff(sky, axis=1, append=sky[:, -1:]))
    assert covered.mean() > 0.01
    assert 0.4 < strokes[covered].mean() / strokes[~covered].mean() < 2.5


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("weather", ["rain", "snowfall"])
def test_weather_falls_while_the_camera_is_held(weather: str) -> None:
    stage = clips.staged(f"a meadow in the {weather}", "16:9", "still", 3)
    first, later = (luma(frame(stage, View(), seconds)) for seconds in (0, 1 / 24))
    changed = np.abs(first - later) > 8
    assert changed[:90].mean() > 0.004


@pytest.mark.parametrize("name", ELEMENTS)
def test_every_element_moves_smoothly_and_the_same_every_time(name: str) -> None:
    def shown(*times: float) -> list[np.ndarray]:
        random = np.random.Generator(np.random.PCG64(4))
        plain = picture_stage(np.full((180, 320, 3), 70, np.uint8))
        stage = replace(plain, elements=elements_of((name,), 180, 320, random))
        return [luma(frame(stage, View(), seconds)) for seconds in times]

    first, soon, later, again = shown(1.0, 1.004, 2.0, 1.0)
    assert np.array_equal(first, again)
    assert np.array_equal(first, shown(1.0)[0])
    little, much = np.abs(first - soon).mean(), np.abs(first - later).mean()
    assert much > 0.02
    assert 0 < little < 0.6 * much


@pytest.mark.parametrize(
    ("prompt", "names"),
    [
        ("a lane with falling leaves", ("leaves",)),
        ("a campfire at night", ("embers", "flicker")),
        ("dust in a beam of light", ("dust",)),
        ("a mug on a table", ()),
        ("a brainstorm in a trainstation", ()),
    ],
)
def test_words_name_what_moves(prompt: str, names: tuple[str, ...]) -> None:
    assert named_elements(prompt) == names


def test_a_cut_out_is_continued_beyond_its_edge() -> None:
    values = np.zeros((40, 60, 1), np.float32)
    weight = np.zeros((40, 60), np.float32)
    values[10:20, 10:30], weight[10:20, 10:30] = 0.8, 1.0
    spread_out = spread(values, weight)
    assert np.abs(spread_out - 0.8).max() < 0.02


def _filmed(path: Path, folder: Path, move: str) -> Path:
    inputs = defaults()["local/previz-camera"] | {"camera": move, "duration": 1}
    folder.mkdir()
    file = MediaFile(path, probe(path), "0" * 64)
    return clips.camera(inputs | {"first_frame": file}, 3, folder, silent)


@pytest.mark.usefixtures("small")
def test_a_still_of_ours_is_taken_apart_again(tmp_path: Path) -> None:
    """What is near moves more than what is far; in a changed copy everything moves alike."""
    inputs = {"prompt": "a wide meadow under clouds", "aspect_ratio": "16:9"}
    path = still(inputs, 3, tmp_path, silent)
    changed = tmp_path / "changed.png"
    picture = Image.open(path)
    note = note_of(path)
    assert note is not None
    write_noted(ImageOps.mirror(picture), note, changed)

    def moved(film: Path) -> tuple[float, float]:
        first, last = (np.asarray(frame_at(film, at).convert("L"), float) for at in (0.3, 0.65))
        far, near = (shift(first[rows], last[rows])[1] for rows in (np.s_[:80], np.s_[125:]))
        return far, near

    far, near = moved(_filmed(path, tmp_path / "own", "truck-right"))
    assert near < -4
    assert abs(far) < 0.4 * abs(near)
    far, near = moved(_filmed(changed, tmp_path / "other", "truck-right"))
    assert far == pytest.approx(near, rel=0.2)
    assert near < -4
