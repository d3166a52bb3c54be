from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from framewright.domain.media import MediaKind, RationalTime
from framewright.errors import MediaError
from framewright.media.digest import sha256_of
from framewright.media.frames import first_frame, frame_at, frames_every, last_frame
from framewright.media.images import contact_sheet, fit, open_image, resize_image, write_png
from framewright.media.probe import probe
from framewright.media.sound import write_wav
from media_samples import number_of, photo, tone, turned_video, video


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return video(tmp_path_factory.mktemp("clip") / "clip.mp4", 120, 24, sound=tone(5))


def test_probe_says_what_a_video_is_exactly(tmp_path):
    path = video(tmp_path / "no-name", 30, Fraction(30000, 1001), sound=tone(1.0))
    info = probe(path)
    assert (info.kind, info.mime, info.width, info.height) == (
        MediaKind.VIDEO,
        "video/mp4",
        128,
        72,
    )
    assert info.duration == RationalTime.of(Fraction(1001, 1000))
    assert info.video is not None
    assert info.video.fps == RationalTime.of(Fraction(30000, 1001))
    assert (info.video.codec, info.video.frames, info.video.rotation) == ("h264", 30, 0)
    assert info.audio is not None
    assert (info.audio.codec, info.audio.sample_rate, info.audio.channels) == ("aac", 48_000, 2)


def test_probe_goes_by_content(tmp_path):
    photo().save(tmp_path / "picture.mp4", format="JPEG")
    write_wav(tmp_path / "sound.png", tone(0.5, channels=1), 48_000)
    photo().save(tmp_path / "still.gif")
    photo().save(
        tmp_path / "moving.gif", save_all=True, duration=100, append_images=[photo().rotate(90)]
    )
    assert probe(tmp_path / "picture.mp4").mime == "image/jpeg"
    sound = probe(tmp_path / "sound.png")
    assert (sound.kind, sound.duration) == (MediaKind.AUDIO, RationalTime(value=1, rate=2))
    assert probe(tmp_path / "still.gif").kind is MediaKind.IMAGE
    assert probe(tmp_path / "moving.gif").kind is MediaKind.VIDEO


@pytest.mark.parametrize("place", [0, 1, 59, 118, 119])
def test_the_frame_at_a_time_is_the_one_shown_then(clip, place):
    for part in (0.0, 0.5, 0.9):
        assert number_of(frame_at(clip, (place + part) / 24)) == place


def test_first_last_and_the_very_end(clip):
    assert number_of(first_frame(clip)) == 0
    assert number_of(last_frame(clip)) == 119
    assert number_of(frame_at(clip, 5.0)) == 119


def test_a_time_outside_says_how_long_the_video_is(clip):
    with pytest.raises(MediaError, match=r"5\.00 seconds"):
        frame_at(clip, 5.1)
    for wrong in (-0.1, float("nan")):
        with pytest.raises(MediaError):
            frame_at(clip, wrong)


def test_frames_every_meets_each_moment(clip):
    found = [(time, number_of(image)) for time, image in frames_every(clip, 0.5)]
    assert found == [(half / 2, half * 12) for half in range(10)]
    sought = [(time, number_of(image)) for time, image in frames_every(clip, 4.5)]
    assert sought == [(0.0, 0), (4.5, 108)]


def test_a_damaged_video_still_gives_its_last_whole_frame(clip, tmp_path):
    whole = clip.read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole[: len(whole) * 2 // 3])
    assert 40 < number_of(last_frame(cut)) < 119
    (tmp_path / "headless.mp4").write_bytes(whole[2000:])
    with pytest.raises(MediaError, match=r"headless\.mp4"):
        last_frame(tmp_path / "headless.mp4")


@pytest.mark.parametrize(
    ("degrees", "red"), [(0, "top"), (90, "left"), (180, "bottom"), (-90, "right")]
)
def test_a_turned_video_comes_upright(tmp_path, degrees, red):
    # FFmpeg counts display rotation against the clock.
    path = turned_video(tmp_path / "turned.mp4", degrees)
    image = np.asarray(first_frame(path)).astype(int)
    height, width = image.shape[:2]
    spots = {
        "top": image[4, width // 2],
        "bottom": image[-5, width // 2],
        "left": image[height // 2, 4],
        "right": image[height // 2, -5],
    }
    assert spots[red][0] > 200
    assert (
        sum(spot[0] > 200 and spot[2] < 60 for spot in spots.values())
        == 1 + (degrees % 180 == 0) * 0
    )
    info = probe(path)
    assert (
        (info.width, info.height)
        == (width, height)
        == ((96, 64) if degrees % 180 == 0 else (64, 96))
    )


def test_colours_survive_writing_and_reading(tmp_path):
    from framewright.media.write import VideoWriter

    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (30, 90, 200), (0, 0, 0)]
    pixels = np.zeros((64, 192, 3), np.uint8)
    for place, colour in enumerate(colours):
        pixels[:, place * 32 : (place + 1) * 32] = colour
    with VideoWriter(tmp_path / "c.mp4", 192, 64, Fraction(10)) as writer:
        for _ in range(3):
            writer.frame(pixels)
    seen = np.asarray(first_frame(tmp_path / "c.mp4")).astype(int)
    for place, colour in enumerate(colours):
        assert np.abs(seen[32, place * 32 + 16] - colour).max() <= 4


def test_images_fit_without_stretching():
    image = photo(64, 48)
    tall = np.asarray(fit(image, 48, 96, "contain"))
    assert tall[:28].max() == 0
    assert tall[40:56].max() > 0
    assert fit(image, 48, 96, "cover").size == (48, 96)
    assert np.asarray(fit(image.convert("RGBA"), 48, 96, "contain"))[0, 0, 3] == 0


@pytest.mark.parametrize(
    ("asked", "size"),
    [
        ({"width": 32}, (32, 24)),
        ({"height": 24}, (32, 24)),
        ({"width": 30, "height": 50}, (30, 50)),
        ({"aspect_ratio": "1:1"}, (64, 64)),
        ({"aspect_ratio": "1:1", "how": "cover"}, (48, 48)),
        ({"aspect_ratio": "16:9", "width": 160}, (160, 90)),
    ],
)
def test_resize_image_finds_the_size(tmp_path, asked, size):
    write_png(photo(64, 48), tmp_path / "a.png")
    resize_image(tmp_path / "a.png", tmp_path / "b.png", **asked)
    assert open_image(tmp_path / "b.png").size == size


def test_resize_image_refuses_nonsense(tmp_path):
    write_png(photo(), tmp_path / "a.png")
    for asked in ({}, {"aspect_ratio": "wide"}, {"width": 0}, {"width": 9000, "height": 9000}):
        with pytest.raises(MediaError):
            resize_image(tmp_path / "a.png", tmp_path / "b.png", **asked)
    assert not (tmp_path / "b.png").exists()


def test_png_is_the_same_every_time_and_carries_nothing_else(tmp_path):
    image = photo()
    image.info.update(dpi=(300, 300), comment="made by somebody", icc_profile=b"x")
    write_png(image, tmp_path / "a.png")
    write_png(photo(), tmp_path / "b.png")
    assert sha256_of(tmp_path / "a.png") == sha256_of(tmp_path / "b.png")
    assert b"somebody" not in (tmp_path / "a.png").read_bytes()


def test_contact_sheet_has_room_for_all():
    assert contact_sheet([photo()] * 5, 3).size == (3 * 326 + 6, 2 * 246 + 6)


@pytest.mark.parametrize("seconds", [1e-7, 0.0, -1.0, float("inf"), float("nan")])
def test_a_distance_or_time_that_is_none_is_refused(tmp_path, seconds):
    clip = video(tmp_path / "a.mp4", 5)
    with pytest.raises(MediaError, match="cannot be taken"):
        next(frames_every(clip, seconds))
    if 0 <= seconds < 1:
        assert number_of(frame_at(clip, seconds)) == 0
    else:
        with pytest.raises(MediaError, match="no frame at"):
            frame_at(clip, seconds)
