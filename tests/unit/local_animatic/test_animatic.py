"""An animatic is exactly as long as its shots, shows each in its time, and sounds with it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from framewright.errors import InputError
from framewright.media.frames import frame_at
from framewright.media.probe import probe
from framewright.media.sound import read_sound, write_wav
from framewright.media.write import VideoWriter
from framewright.protocols import MediaFile, Tell, silent
from framewright_providers.local.animatic.board import board_of
from framewright_providers.local.animatic.burn_in import burn_in, timecode
from framewright_providers.local.animatic.job import animatic
from framewright_providers.local.models import defaults
from framewright_providers.local.scene.still import SIZES

if TYPE_CHECKING:
    from pathlib import Path

RED, GREEN, BLUE = (200, 40, 40), (40, 180, 60), (40, 60, 200)
QUIET = {"burn_in": []}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SIZES, "16:9", (320, 180))


def given(path: Path) -> MediaFile:
    return MediaFile(path, probe(path), "0" * 64)


def picture(folder: Path, name: str, colour: tuple[int, int, int]) -> MediaFile:
    path = folder / f"{name}.png"
    Image.new("RGB", (400, 225), colour).save(path)
    return given(path)


def clip(folder: Path, colour: tuple[int, int, int], frames: int, fps: int) -> MediaFile:
    path = folder / "clip.mp4"
    with VideoWriter(path, 160, 90, Fraction(fps)) as writer:
        for _ in range(frames):
            writer.frame(np.full((90, 160, 3), colour, np.uint8))
    return given(path)


def tone(folder: Path, name: str, seconds: float, hertz: float = 440) -> MediaFile:
    path, rate = folder / f"{name}.wav", 48_000
    wave = 0.3 * np.sin(np.arange(round(seconds * rate)) * 2 * np.pi * hertz / rate)
    write_wav(path, wave[np.newaxis].astype(np.float32), rate)
    return given(path)


def made(folder: Path, tell: Tell = silent, **inputs: Any) -> Path:
    out = folder / "out"
    out.mkdir()
    return animatic(defaults()["local/animatic"] | inputs, 3, out, tell)


def seen(path: Path, seconds: float) -> str:
    """Which of the three colours a frame is, by its middle."""
    red, green, blue = np.asarray(frame_at(path, seconds))[60:120, 100:220].mean(axis=(0, 1))
    return "red" if red > max(green, blue) else "green" if green > blue else "blue"


@pytest.mark.parametrize("fps", [24, 25, 30])
def test_every_shot_stands_exactly_in_its_time(tmp_path: Path, fps: int) -> None:
    images = [picture(tmp_path, "a", RED), picture(tmp_path, "c", BLUE)]
    moving = clip(tmp_path, GREEN, 60, 30)
    film = made(
        tmp_path,
        images=images,
        clips=[moving],
        clip_shots=[2],
        lengths=[1, 0.6, 1.4],
        fps=fps,
        **QUIET,
    )
    info = probe(film)
    assert info.duration is not None
    assert Fraction(info.duration.value, info.duration.rate) == 3
    assert info.video is not None
    assert info.video.frames == 3 * fps
    assert info.audio is None
    half = 0.5 / fps
    at = [0, 1 - half, 1 + half, 1.6 - half, 1.6 + half, 3 - half]
    assert [seen(film, each) for each in at] == ["red", "red", "green", "green", "blue", "blue"]


def test_images_move_gently_unless_they_are_held(tmp_path: Path) -> None:
    image = np.random.Generator(np.random.PCG64(1)).integers(0, 256, (18, 32, 3), np.uint8)
    path = tmp_path / "a.png"
    Image.fromarray(image).resize((320, 180), Image.Resampling.BICUBIC).save(path)
    film = made(tmp_path, images=[given(path)], lengths=[1], cameras=["pan-right"], **QUIET)
    first, last = (np.asarray(frame_at(film, at), int) for at in (0, 0.98))
    assert np.abs(first - last).mean() > 5


def test_a_shot_lasts_as_long_as_what_is_said_in_it(tmp_path: Path) -> None:
    images = [picture(tmp_path, name, RED) for name in "abc"]
    inputs = defaults()["local/animatic"] | {
        "images": images,
        "voices": [tone(tmp_path, "v", 6), tone(tmp_path, "w", 1)],
        "voice_shots": [2, 2],
    }
    board = board_of(inputs, 24)
    assert [shot.frames for shot in board.shots] == [96, 180, 96]
    assert [shot.first for shot in board.shots] == [0, 96, 276]
    assert board.frames == 372
    assert [float(said.start) for said in board.said] == [4.0, 10.0]


def test_voices_begin_with_their_shots(tmp_path: Path) -> None:
    images = [picture(tmp_path, name, RED) for name in "ab"]
    film = made(
        tmp_path,
        images=images,
        lengths=[3, 3],
        voices=[tone(tmp_path, "v", 1)],
        voice_shots=[2],
        **QUIET,
    )
    sound = np.abs(read_sound(film)).max(axis=0)
    begins = np.flatnonzero(sound > 0.05)[0] / 48_000
    assert begins == pytest.approx(3, abs=0.01)
    assert sound.size == pytest.approx(6 * 48_000, abs=1100)


def level(sound: np.ndarray, hertz: float, start: float, end: float) -> float:
    """How loud one tone is between two times, in dB of full scale."""
    at = np.arange(round(start * 48_000), round(end * 48_000))
    wave = np.exp(-2j * np.pi * hertz * at / 48_000)
    return float(20 * np.log10(2 * np.abs((sound[0, at] * wave).mean()) + 1e-9))


def test_music_steps_back_under_the_voice_and_comes_again(tmp_path: Path) -> None:
    told: list[float] = []
    film = made(
        tmp_path,
        told.append,
        images=[picture(tmp_path, name, RED) for name in "abc"],
        lengths=[3, 3, 4],
        voices=[tone(tmp_path, "v", 2.5)],
        voice_shots=[2],
        music=tone(tmp_path, "m", 10, hertz=1_000),
        **QUIET,
    )
    sound = read_sound(film)
    before, under, after = (level(sound, 1_000, *when) for when in ((1, 2), (3.8, 5.2), (7.5, 8.4)))
    assert before == pytest.approx(20 * np.log10(0.3) - 6, abs=1)
    assert before - under == pytest.approx(12, abs=1.5)
    assert after == pytest.approx(before, abs=1)
    assert level(sound, 440, 3.8, 5.2) == pytest.approx(20 * np.log10(0.3), abs=1)
    assert level(sound, 440, 1, 2) < -60
    assert told == sorted(told), "it went back"
    assert len({each for each in told if each < 0.06}) > 2


def test_music_plays_to_the_end_and_no_further(tmp_path: Path) -> None:
    film = made(
        tmp_path,
        images=[picture(tmp_path, "a", RED)],
        lengths=[3],
        music=tone(tmp_path, "m", 9),
        **QUIET,
    )
    sound = np.abs(read_sound(film))
    assert sound.shape[1] == pytest.approx(3 * 48_000, abs=1100)
    assert sound[:, 20_000:60_000].max() > 0.2
    assert sound[:, 142_000:143_500].max() < 0.02, "it does not fade"


def test_the_time_code_is_that_of_the_frame(tmp_path: Path) -> None:
    del tmp_path
    assert timecode(0, 24) == "00:00:00:00"
    assert timecode(25 * 3661 + 7, 25) == "01:01:01:07"
    notes = burn_in((320, 180), ["timecode"], name="1", action="", guide=None, first=100, fps=24)

    def drawn(frame: int) -> np.ndarray:
        canvas = [Image.new("L", (320, 180), 90), *(Image.new("L", (160, 90), 60) for _ in "uv")]
        notes.over(canvas, frame / 24)
        return np.asarray(canvas[0])

    assert np.array_equal(drawn(5), drawn(5))
    changed = np.flatnonzero((drawn(5) != drawn(6)).any(axis=0))
    assert changed.size
    assert changed.min() > 280, "only the last sign changes from one frame to the next"


def test_what_is_not_asked_for_is_not_written() -> None:
    notes = burn_in((320, 180), [], name="1", action="He runs", guide=None, first=0, fps=24)
    assert notes.cover.getextrema() == (0, 0)
    assert not notes.glyphs


def test_the_guide_darkens_what_lies_outside_the_shape() -> None:
    notes = burn_in((320, 180), [], name="1", action="", guide=2.0, first=0, fps=24)
    covered = np.asarray(notes.cover) > 0
    assert covered[:10].all()
    assert covered[-10:].all()
    assert not covered[10:-10].any()


def covered(parts: list[str], size: tuple[int, int] = (1280, 720), **words: str) -> np.ndarray:
    given = {"name": "1", "action": ""} | words
    return np.asarray(burn_in(size, parts, **given, guide=None, first=0, fps=24).cover)


@pytest.mark.parametrize(
    "name", ["Shot 1\nInt. kitchen", "Shot 1\tInt.  kitchen\r\n", "Shot 1 \x07Int. kitchen\x00"]
)
def test_a_name_of_several_lines_stands_on_one(name: str) -> None:
    plain = covered(["shot"], name="Shot 1 Int. kitchen")
    assert np.array_equal(covered(["shot"], name=name), plain)
    plain = covered(["action"], action="Shot 1 Int. kitchen")
    assert np.array_equal(covered(["action"], action=name), plain)


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (320, 180)])
@pytest.mark.parametrize(
    "name", ["Interior of the old lighthouse at night, the storm " * 3, "W" * 9_000]
)
def test_a_long_name_is_cut_before_the_time_code(size: tuple[int, int], name: str) -> None:
    alone = covered(["timecode"], size)
    both = covered(["timecode", "shot"], size, name=name)
    begins = np.flatnonzero(alone.any(axis=0)).min()
    named = np.flatnonzero((both != alone).any(axis=0)).max()
    assert named < begins
    assert named > 0.8 * begins, "it is cut too short"
    without = np.flatnonzero(covered(["shot"], size, name=name).any(axis=0))
    assert without.max() < size[0] - 1


def test_a_name_for_which_there_is_room_is_whole() -> None:
    assert np.array_equal(covered(["shot"], name="12/12"), covered(["shot"], name=" 12/12 "))
    short, shorter = (covered(["shot", "timecode"], name=name) for name in ("Kitchen", "Kitche…"))
    assert not np.array_equal(short, shorter)


def test_long_actions_are_cut_to_two_lines_inside_the_frame() -> None:
    notes = burn_in(
        (320, 180),
        ["action"],
        name="1",
        action="He runs and runs. " * 30,
        guide=None,
        first=0,
        fps=24,
    )
    rows = np.flatnonzero(np.asarray(notes.cover).any(axis=1))
    assert rows.min() > 150
    assert rows.max() < 180


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({}, "no shot"),
        ({"clips": 2, "images": 1, "clip_shots": [1]}, "do not fit"),
        ({"clips": 1, "images": 1, "clip_shots": [3]}, "do not fit"),
        ({"clips": 2, "images": 1, "clip_shots": [2, 2]}, "do not fit"),
        ({"images": 1, "voices": 2}, "do not fit"),
        ({"images": 1, "voices": 1, "voice_shots": [4]}, "do not fit"),
    ],
)
def test_shots_that_do_not_add_up_are_refused(
    tmp_path: Path, inputs: dict[str, Any], message: str
) -> None:
    files = {
        "images": picture(tmp_path, "a", RED),
        "clips": clip(tmp_path, RED, 2, 24),
        "voices": tone(tmp_path, "v", 0.1),
    }
    whole = {
        name: [files[name]] * value if name in files else value for name, value in inputs.items()
    }
    with pytest.raises(InputError, match=message):
        made(tmp_path, **whole)
