from __future__ import annotations

import gc
from fractions import Fraction
from itertools import pairwise

import av
import numpy as np
import pytest

from framewright.errors import MediaError
from framewright.media.caption import caption
from framewright.media.clips import merge
from framewright.media.digest import sha256_of
from framewright.media.frames import first_frame, frame_at, frames_every, last_frame
from framewright.media.inspect import is_silent
from framewright.media.mux import mux
from framewright.media.probe import probe
from framewright.media.resize import resize_video
from framewright.media.sound import read_sound, write_wav
from framewright.media.source import examine, steady_pictures
from framewright.media.trim import trim
from framewright.media.write import VideoWriter
from media_samples import number_of, numbered, tone, turned_video, video


def numbers(path, fps=24):
    return [number_of(image) for _, image in frames_every(path, 1 / fps)]


def count(path):
    return probe(path).video.frames


def test_merge_keeps_every_frame_and_every_sample(tmp_path):
    one = video(tmp_path / "1.mp4", 20, sound=tone(20 / 24))
    two = video(tmp_path / "2.mp4", 15, sound=tone(15 / 24, 880), first=100)
    merge([one, two, one], tmp_path / "all.mp4")
    assert numbers(tmp_path / "all.mp4") == [*range(20), *range(100, 115), *range(20)]
    sound = read_sound(tmp_path / "all.mp4")
    assert sound.shape == (2, 55 * 2_000)
    assert np.abs(sound[0, 75_000:105_000] - tone(1)[0, 5_000:35_000]).max() < 0.05


def test_merge_brings_everything_to_the_first_clip(tmp_path):
    clips = [
        video(tmp_path / "1.mp4", 24, sound=tone(0.5)),
        video(tmp_path / "2.mp4", 30, 30, size=(72, 128), sound=tone(2, rate=44_100), rate=44_100),
        video(tmp_path / "3.mp4", 12, 12, size=(320, 180)),
        turned_video(tmp_path / "4.mp4", 90),
    ]
    merge(clips, tmp_path / "all.mp4")
    info = probe(tmp_path / "all.mp4")
    assert (info.width, info.height, info.video.frames) == (128, 72, 24 + 24 + 24 + 12)
    tall = np.asarray(frame_at(tmp_path / "all.mp4", 1.9))
    assert tall[:, :40].max() < 12
    assert tall[:, 44:84].max() > 200
    sound = read_sound(tmp_path / "all.mp4")
    assert sound.shape[1] == 84 * 2_000
    assert is_silent(sound[:, 26_000:46_000])
    assert np.abs(sound[:, 50_000:90_000]).max() > 0.4
    assert is_silent(sound[:, 99_000:])


def test_a_cut_does_not_click(tmp_path):
    hum = np.full((2, 48_000), 0.5, np.float32)
    clips = [video(tmp_path / f"{i}.mp4", sound=hum * sign) for i, sign in enumerate((1, -1))]
    merge(clips, tmp_path / "all.mp4")
    sound = read_sound(tmp_path / "all.mp4")
    around = sound[0, 47_000:49_000]
    assert around[0] > 0.45
    assert around[-1] < -0.45
    assert np.abs(np.diff(around)).max() < 0.05


def test_sound_that_goes_on_beyond_a_cut_does_not_click(tmp_path):
    hum = np.full((2, 96_000), 0.5, np.float32)
    clips = [video(tmp_path / "1.mp4", sound=hum), video(tmp_path / "2.mp4")]
    merge(clips, tmp_path / "all.mp4")
    around = read_sound(tmp_path / "all.mp4")[0, 47_000:49_000]
    assert around[0] > 0.45
    assert abs(around[-1]) < 0.05
    assert np.abs(np.diff(around)).max() < 0.05


def test_a_crossfade_mixes_picture_and_sound(tmp_path):
    dark = video(tmp_path / "1.mp4", 24, first=0, sound=tone(1, 300))
    with VideoWriter(tmp_path / "2.mp4", 128, 72, Fraction(24), sound_rate=48_000) as writer:
        for _ in range(24):
            writer.frame(np.full((72, 128, 3), 220, np.uint8))
        writer.sound(tone(1, 900))
    clips = [dark, tmp_path / "2.mp4"]
    merge(clips, tmp_path / "all.mp4", transition="crossfade", transition_seconds=0.5)
    assert count(tmp_path / "all.mp4") == 36
    # The last column is black in the first clip's frames, so it shows the second one's share.
    shares = [
        np.asarray(image)[36, 124, 0] for _, image in frames_every(tmp_path / "all.mp4", 1 / 24)
    ]
    assert shares[11] < 30
    assert shares[24] > 210
    assert all(b > a for a, b in pairwise(shares[11:25]))
    sound = read_sound(tmp_path / "all.mp4")
    assert sound.shape[1] == 72_000
    assert np.abs(sound).max() <= 1.01
    for hertz in (300, 900):
        # In the middle both have half of their power.
        middle = sound[0, 34_800:37_200]
        wave = np.exp(-2j * np.pi * hertz * np.arange(middle.size) / 48_000)
        assert 2 * abs((middle * wave).mean()) == pytest.approx(0.354, abs=0.02)


def test_a_crossfade_longer_than_a_clip_is_refused(tmp_path):
    long = video(tmp_path / "long.mp4", 48)
    short = video(tmp_path / "short.mp4", 12)
    with pytest.raises(MediaError, match=r"short\.mp4 is 0\.50 seconds") as raised:
        merge([long, short, long], tmp_path / "x.mp4", transition="crossfade")
    assert "0.25" in raised.value.action
    merge([long, short, long], tmp_path / "x.mp4", transition="crossfade", transition_seconds=0.25)
    assert count(tmp_path / "x.mp4") == 48 + 12 + 48 - 12


def test_long_films_do_not_drift(tmp_path):
    clip = video(tmp_path / "c.mp4", 10, Fraction(30000, 1001), sound=tone(1))
    merge([clip] * 12, tmp_path / "all.mp4")
    assert count(tmp_path / "all.mp4") == 120
    assert read_sound(tmp_path / "all.mp4").shape[1] == round(120 * 48_048 / 30)


def test_work_is_the_same_every_time(tmp_path):
    clip = video(tmp_path / "a.mp4", 30, sound=tone(1))
    for name in ("x", "y"):
        merge([clip, clip], tmp_path / f"{name}1.mp4", transition="crossfade")
        caption(clip, tmp_path / f"{name}2.mp4", text="Now")
        mux(clip, clip, tmp_path / f"{name}3.mp4", mode="mix")
    for work in "123":
        assert sha256_of(tmp_path / f"x{work}.mp4") == sha256_of(tmp_path / f"y{work}.mp4")


@pytest.mark.parametrize(
    ("start", "end", "kept"),
    [(0, 0.5, range(12)), (4.5, 9, range(108, 120)), (1.02, 1.08, range(24, 26))],
)
def test_trim_is_exact_to_the_frame(tmp_path, start, end, kept):
    clip = video(tmp_path / "a.mp4", 120, sound=tone(5))
    trim(clip, tmp_path / "b.mp4", start_seconds=start, end_seconds=end)
    assert numbers(tmp_path / "b.mp4") == list(kept)
    sound = read_sound(tmp_path / "b.mp4")
    assert sound.shape[1] == len(kept) * 2_000
    if len(kept) > 4:
        at = kept[0] * 2_000
        wanted = tone(5)[:, at + 2_000 : at + 20_000]
        assert np.abs(sound[:, 2_000:20_000] - wanted).max() < 0.06


def test_trim_refuses_what_is_not_there(tmp_path):
    clip = video(tmp_path / "a.mp4", 24)
    for start, end in ((1.5, 2), (0.5, 0.5), (-1, 1), (0.8, 0.2)):
        with pytest.raises(MediaError):
            trim(clip, tmp_path / "b.mp4", start_seconds=start, end_seconds=end)


def test_resize_keeps_the_shape_of_things(tmp_path):
    clip = video(tmp_path / "a.mp4", 5, sound=tone(0.2))
    resize_video(clip, tmp_path / "tall.mp4", aspect_ratio="9:16", how="cover")
    assert first_frame(tmp_path / "tall.mp4").size == (40, 72)
    resize_video(clip, tmp_path / "boxed.mp4", width=128, height=128)
    boxed = np.asarray(last_frame(tmp_path / "boxed.mp4"))
    assert boxed[:26].max() < 12
    assert number_of(last_frame(tmp_path / "boxed.mp4")) == 4
    assert read_sound(tmp_path / "boxed.mp4").shape[1] == 10_000
    with pytest.raises(MediaError):
        resize_video(clip, tmp_path / "c.mp4")


def test_mux_copies_the_picture_as_it_is(tmp_path):
    clip = video(tmp_path / "a.mp4", 48, sound=tone(2, 300))
    write_wav(tmp_path / "s.wav", tone(1, 900), 48_000)
    mux(clip, tmp_path / "s.wav", tmp_path / "b.mp4")
    assert last_frame(tmp_path / "b.mp4").tobytes() == last_frame(clip).tobytes()
    assert numbers(tmp_path / "b.mp4") == list(range(48))
    sound = read_sound(tmp_path / "b.mp4")
    assert sound.shape[1] == 96_000
    assert np.abs(sound[:, 2_000:40_000] - tone(1, 900)[:, 2_000:40_000]).max() < 0.05
    assert is_silent(sound[:, 50_000:])


def test_mux_holds_the_last_picture_or_cuts_the_sound(tmp_path):
    clip = video(tmp_path / "a.mp4", 24)
    write_wav(tmp_path / "s.wav", tone(2.5), 48_000)
    mux(clip, tmp_path / "s.wav", tmp_path / "long.mp4")
    assert numbers(tmp_path / "long.mp4") == [*range(24), *[23] * 36]
    assert read_sound(tmp_path / "long.mp4").shape[1] == 120_000
    mux(clip, tmp_path / "s.wav", tmp_path / "short.mp4", length="picture")
    assert count(tmp_path / "short.mp4") == 24
    assert read_sound(tmp_path / "short.mp4").shape[1] == 48_000


def test_mux_mixes_with_the_video_s_own_sound(tmp_path):
    clip = video(tmp_path / "a.mp4", 24, sound=tone(1, 300))
    write_wav(tmp_path / "s.wav", tone(1, 900) * 0.5, 48_000)
    mux(clip, tmp_path / "s.wav", tmp_path / "b.mp4", mode="mix")
    wanted = tone(1, 300) + tone(1, 900) * 0.5
    sound = read_sound(tmp_path / "b.mp4")
    assert np.abs(sound - wanted)[:, 2_000:45_000].max() < 0.05


def test_a_turned_video_is_muxed_upright(tmp_path):
    turned = turned_video(tmp_path / "t.mp4", 90)
    write_wav(tmp_path / "s.wav", tone(0.5), 48_000)
    mux(turned, tmp_path / "s.wav", tmp_path / "b.mp4")
    before, after = (np.asarray(first_frame(p)).astype(int) for p in (turned, tmp_path / "b.mp4"))
    assert before.shape == after.shape
    assert np.abs(before - after).mean() < 6


@pytest.mark.parametrize("position", ["center", "lower-third", "bottom", "top"])
@pytest.mark.parametrize("shade", [0, 128, 255])
def test_a_caption_can_be_read_on_any_picture_inside_the_margins(tmp_path, position, shade):
    with VideoWriter(tmp_path / "a.mp4", 320, 180, Fraction(10)) as writer:
        for _ in range(10):
            writer.frame(np.full((180, 320, 3), shade, np.uint8))
    text = "A rather long line that has to be wrapped, with 100% of “it” inside"
    caption(tmp_path / "a.mp4", tmp_path / "b.mp4", text=text, position=position)
    seen = np.asarray(frame_at(tmp_path / "b.mp4", 0.5).convert("L")).astype(int)
    assert seen.max() > 200
    assert seen.min() < 60
    changed = np.abs(seen - shade) > 40
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    assert rows[0] >= 6
    assert rows[-1] <= 173
    assert columns[0] >= 12
    assert columns[-1] <= 307


def test_a_caption_is_there_only_in_its_time(tmp_path):
    clip = video(tmp_path / "a.mp4", 48, sound=tone(2))
    caption(clip, tmp_path / "b.mp4", text="Now", start_seconds=0.5, end_seconds=1.5)
    difference = [
        float(
            np.abs(
                np.asarray(frame_at(tmp_path / "b.mp4", at)).astype(int) - numbered(int(at * 24))
            ).mean()
        )
        for at in (0.01, 0.46, 1.01, 1.51, 1.88)
    ]
    assert difference[2] > 4 * max(*difference[:2], *difference[3:])
    assert read_sound(tmp_path / "b.mp4").shape[1] == 96_000


def test_a_caption_refuses_nonsense(tmp_path):
    clip = video(tmp_path / "a.mp4", 5)
    for wrong in (
        {"text": " "},
        {"text": "x" * 501},
        {"text": "x", "position": "sideways"},
        {"text": "x", "start_seconds": 2},
        {"text": "x", "start_seconds": 0.1, "end_seconds": 0.1},
    ):
        with pytest.raises(MediaError):
            caption(clip, tmp_path / "b.mp4", **wrong)


def test_the_writer_refuses_what_it_cannot_write(tmp_path):
    with pytest.raises(MediaError, match="even"):
        VideoWriter(tmp_path / "a.mp4", 127, 72, Fraction(24))
    with (
        pytest.raises(MediaError),
        VideoWriter(tmp_path / "a.mp4", 128, 72, Fraction(24)) as writer,
    ):
        writer.frame(np.zeros((72, 126, 3), np.uint8))
    with pytest.raises(MediaError), VideoWriter(tmp_path / "a.mp4", 128, 72, Fraction(24)):
        pass

    def silent_film_with_sound() -> None:
        with VideoWriter(tmp_path / "a.mp4", 128, 72, Fraction(24)) as writer:
            writer.frame(numbered(1))
            writer.sound(tone(0.1))

    with pytest.raises(MediaError):
        silent_film_with_sound()
    assert list(tmp_path.iterdir()) == []


def test_frames_do_not_wait_for_the_garbage_collector(tmp_path):
    source = examine(video(tmp_path / "a.mp4", 60))
    gc.collect()
    gc.disable()
    try:
        for _ in steady_pictures(source, (64, 36), Fraction(24), 60):
            pass
        kept = sum(isinstance(thing, av.VideoFrame) for thing in gc.get_objects())
    finally:
        gc.enable()
    assert kept < 10


def test_the_encoder_does_not_ask_how_many_cores_there_are(tmp_path):
    resize_video(video(tmp_path / "a.mp4", 3), tmp_path / "b.mp4", width=1280, height=720)
    # x264 notes its settings in the file.
    assert b" threads=4 " in (tmp_path / "b.mp4").read_bytes()
