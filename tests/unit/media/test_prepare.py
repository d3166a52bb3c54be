"""Sounds and videos made to fit: every format, every size, and what can not be made to be."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framewright.domain.media import MediaKind
from framewright.errors import MediaError
from framewright.media.forms import FILMS, SOUNDS
from framewright.media.frames import first_frame, frames_every
from framewright.media.prepare_clip import _Limits, prepare_clip
from framewright.media.prepare_sound import LEAST_BITS, WRITABLE, prepare_sound
from framewright.media.probe import probe
from framewright.media.read_back import read_back
from framewright.media.sound import read_sound, write_wav
from framewright.media.sound_stream import sound_blocks
from framewright.media.source import examine
from framewright.media.stream_copy import can_carry
from framewright.media.write import write_sound
from media_samples import hiss, noise_film, number_of, tone, turned_video, video

if TYPE_CHECKING:
    from pathlib import Path

CODECS = {"wav": "pcm_s16le", "mp3": "mp3", "flac": "flac", "ogg": "opus", "m4a": "aac"}


def strength(path: Path, hertz: float) -> float:
    sound = read_sound(path)[0, 4_800:-4_800]
    wave = np.exp(-2j * np.pi * hertz * np.arange(sound.size) / 48_000)
    return float(2 * abs((sound * wave).mean()))


@pytest.mark.parametrize("form", WRITABLE)
@pytest.mark.parametrize(("rate", "channels"), [(48_000, 2), (44_100, 1), (8_000, 1)])
def test_every_format_keeps_length_channels_and_what_is_heard(tmp_path, form, rate, channels):
    write_wav(tmp_path / "a.wav", tone(1.37, rate=rate, channels=channels), rate)
    chosen, info = prepare_sound(tmp_path / "a.wav", tmp_path / "b", formats=("xyz", form))
    assert chosen == form
    assert info == probe(tmp_path / "b")
    assert info.kind is MediaKind.AUDIO
    assert (info.audio.codec.removesuffix("float"), info.container) == (
        CODECS.get(form, "aac"),
        form,
    )
    assert info.audio.channels == channels
    assert abs(info.duration.seconds - 1.37) < 0.05
    assert strength(tmp_path / "b", 440) == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("form", SOUNDS)
def test_every_format_is_read_as_well_as_written(tmp_path, form):
    with_rate = 44_100 if form != "ogg" else 48_000
    write_sound(tmp_path / "a", [tone(1, rate=with_rate)], with_rate, 2, SOUNDS[form])
    chosen, info = prepare_sound(tmp_path / "a", tmp_path / "b", formats=("wav",))
    assert (chosen, info.mime) == ("wav", "audio/wav")
    assert strength(tmp_path / "b", 440) == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("form", ["mp3", "m4a", "ogg", "aac"])
@pytest.mark.parametrize("most", [40_000, 20_000, 12_000])
def test_bit_rate_falls_until_the_bytes_are_kept_to(tmp_path, form, most):
    write_wav(tmp_path / "a.wav", hiss(2), 48_000)
    _, info = prepare_sound(tmp_path / "a.wav", tmp_path / "b", formats=(form,), max_bytes=most)
    assert most / 2 < info.bytes <= most
    assert info.audio.channels == 2


def test_no_bit_rate_falls_below_the_floor(tmp_path):
    write_wav(tmp_path / "a.wav", hiss(4), 48_000)
    least = LEAST_BITS // 8 * 4
    for form in ("mp3", "m4a", "ogg", "aac"):
        with pytest.raises(MediaError, match="falling apart"):
            prepare_sound(tmp_path / "a.wav", tmp_path / "b", formats=(form,), max_bytes=least - 99)
        assert not (tmp_path / "b").exists()


@pytest.mark.parametrize(("most", "rate"), [(96_100, 24_000), (128_100, 32_000), (64_100, 16_000)])
def test_wav_shrinks_by_samples_per_second_down_to_speech(tmp_path, most, rate):
    write_wav(tmp_path / "a.wav", tone(2, channels=1), 48_000)
    _, info = prepare_sound(tmp_path / "a.wav", tmp_path / "b", formats=("wav",), max_bytes=most)
    assert (info.audio.sample_rate, info.bytes <= most) == (rate, True)
    with pytest.raises(MediaError, match="falling apart"):
        prepare_sound(tmp_path / "a.wav", tmp_path / "b", formats=("wav",), max_bytes=64_000)


@pytest.mark.parametrize(
    ("source", "formats", "most", "chosen"),
    [
        ("wav", ("mp3", "flac"), None, "flac"),
        ("wav", ("mp3", "wav"), 1_000_000, "wav"),
        ("wav", ("mp3", "wav"), 40_000, "mp3"),
        ("mp3", ("wav", "ogg"), None, "ogg"),
        ("mp3", ("ogg", "mp3"), 9_000, "mp3"),
        ("mp3", ("wav",), None, "wav"),
    ],
)
def test_the_format_that_keeps_most_is_chosen(tmp_path, source, formats, most, chosen):
    prepare_sound(_wav(tmp_path), tmp_path / "s", formats=(source,))
    found, _ = prepare_sound(tmp_path / "s", tmp_path / "b", formats=formats, max_bytes=most)
    assert found == chosen


def _wav(folder: Path) -> Path:
    write_wav(folder / "first.wav", tone(1), 48_000)
    return folder / "first.wav"


def test_surround_becomes_two_channels(tmp_path):
    with av.open(str(tmp_path / "six.wav"), "w", format="wav") as container:
        stream = container.add_stream("pcm_s16le", rate=48_000, layout="5.1")
        frame = av.AudioFrame.from_ndarray(
            np.zeros((1, 6 * 48_000), np.int16), format="s16", layout="5.1"
        )
        frame.sample_rate = 48_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert probe(tmp_path / "six.wav").audio.channels == 6
    _, info = prepare_sound(tmp_path / "six.wav", tmp_path / "b", formats=("mp3",))
    assert info.audio.channels == 2


@pytest.mark.parametrize("prepare", [prepare_sound, prepare_clip])
def test_formats_that_are_not_written_are_named(tmp_path, prepare):
    clip = video(tmp_path / "a.mp4", 6, sound=tone(0.25))
    with pytest.raises(MediaError, match="wma or xyz, which is not written here") as told:
        prepare(clip, tmp_path / "b", formats=("wma", "xyz"))
    assert "Convert it" in told.value.action


@pytest.mark.parametrize("form", ["mov", "mkv"])
def test_another_container_gets_the_same_pictures_and_sound_as_they_are(
    tmp_path, form, monkeypatch
):
    def never(*_: object) -> None:
        pytest.fail("pictures were made anew")

    monkeypatch.setattr("framewright.media.prepare_clip.render", never)
    clip = video(tmp_path / "a.mp4", 48, sound=_click_at(1))
    chosen, info = prepare_clip(clip, tmp_path / "b", formats=(form,))
    assert (chosen, info.video.codec, info.audio.codec) == (form, "h264", "aac")
    assert _packets(tmp_path / "b") == _packets(clip)
    # And back again.
    prepare_clip(tmp_path / "b", tmp_path / "c", formats=("mp4",))
    assert _packets(tmp_path / "c") == _packets(clip)
    assert _numbers(tmp_path / "c") == list(range(48))
    for made in (clip, tmp_path / "b", tmp_path / "c"):
        assert abs(_click(made) - 48_000) <= 48, "sound and picture came apart"


def _click_at(seconds: float) -> np.ndarray:
    sound = np.zeros((2, 96_000), np.float32)
    sound[:, round(seconds * 48_000)] = 0.9
    return sound


def _click(path: Path) -> int:
    """Which sample after the first picture the click is at."""
    blocks = sound_blocks(path, 48_000, 2, examine(path).span.start)
    return int(np.abs(np.concatenate(list(blocks), axis=1)[0]).argmax())


def _packets(path: Path) -> list[int]:
    with av.open(str(path)) as container:
        return [packet.size for packet in container.demux(video=0) if packet.size]


def _numbers(path: Path) -> list[int]:
    return [number_of(image) for _, image in frames_every(path, 1 / 24)]


def test_a_turned_video_stays_upright(tmp_path):
    clip = turned_video(tmp_path / "a.mp4", 90)
    for number, how in enumerate(({"formats": ("mov",)}, {"max_side": 80})):
        _, info = prepare_clip(clip, tmp_path / f"{number}", **how)
        assert info.width < info.height
        before, after = (np.asarray(first_frame(each)) for each in (clip, tmp_path / f"{number}"))
        assert np.abs(before[5, 5].astype(int) - after[5, 5]).max() < 30


def test_what_is_not_meant_for_the_container_is_made_anew(tmp_path):
    clip = noise_film(tmp_path / "a.mp4")
    assert not can_carry(clip, FILMS["webm"])
    _, web = prepare_clip(clip, tmp_path / "b", formats=("webm",))
    assert (web.mime, web.video.codec, web.audio.codec) == ("video/webm", "vp9", "opus")
    assert abs(web.duration.seconds - 1) < 0.05
    _, info = prepare_clip(tmp_path / "b", tmp_path / "c", formats=("mp4", "mov"))
    assert (info.container, info.video.codec, info.video.pixel_format) == ("mp4", "h264", "yuv420p")
    assert info.audio.codec == "aac"
    assert strength(tmp_path / "c", 440) == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize(
    ("size", "limits", "made"),
    [
        ((320, 170), {"max_side": 160}, (160, 84)),
        ((320, 180), {"max_pixels": 14_400}, (160, 90)),
        ((108, 72), {"max_side": 90}, (90, 60)),
        ((170, 320), {"max_side": 200, "max_pixels": 10_000}, (72, 136)),
        ((64, 48), {"min_side": 96}, (128, 96)),
        ((64, 48), {"min_side": 97}, (130, 98)),
        ((64, 48), {"min_side": 32, "max_side": 64, "formats": ("mp4",)}, (64, 48)),
    ],
)
def test_sizes_are_kept_to_with_even_sides_and_the_same_shape(tmp_path, size, limits, made):
    clip = video(tmp_path / "a.mp4", 8, size=size)
    _, info = prepare_clip(clip, tmp_path / "b", **limits)
    assert (info.width, info.height) == made
    assert info.audio is None
    assert _numbers(tmp_path / "b") == list(range(8))


def test_a_shape_that_fits_no_limits_is_refused(tmp_path):
    clip = video(tmp_path / "a.mp4", 2, size=(320, 32))
    with pytest.raises(MediaError, match="too long and thin"):
        prepare_clip(clip, tmp_path / "b", max_side=160, min_side=32)
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("most", [150_000, 60_000, 30_000])
@pytest.mark.parametrize("form", ["mp4", "webm"])
def test_bytes_are_kept_to_in_a_few_tries(tmp_path, form, most):
    clip = noise_film(tmp_path / "a.mp4")
    assert clip.stat().st_size > 2 * most
    _, info = prepare_clip(clip, tmp_path / "b", formats=(form,), max_bytes=most)
    assert info.bytes <= most
    assert info.bytes > most / 4, "much smaller than it had to be"
    assert abs(info.duration.seconds - 1) < 0.05
    assert abs(info.width / info.height - 16 / 9) < 0.05
    assert info.audio is not None


def test_quality_falls_before_size_does(tmp_path):
    clip = noise_film(tmp_path / "a.mp4")
    sizes = [
        prepare_clip(clip, tmp_path / "b", max_bytes=most)[1].width
        for most in (150_000, 40_000, 8_000)
    ]
    assert sizes[0] == 192
    assert sizes[-1] < 192
    assert all(one >= other for one, other in pairwise(sizes))


def test_bytes_that_leave_no_picture_are_refused(tmp_path):
    clip = noise_film(tmp_path / "a.mp4")
    with pytest.raises(MediaError, match="falling apart") as told:
        prepare_clip(clip, tmp_path / "b", max_bytes=3_000)
    assert "shorter" in told.value.action
    assert not (tmp_path / "b").exists()


def test_sound_that_goes_on_beyond_its_picture_is_not_cut(tmp_path):
    clip = video(tmp_path / "a.mp4", 24, sound=tone(2))
    prepare_clip(clip, tmp_path / "b", max_side=64)
    assert _numbers(tmp_path / "b") == list(range(24))
    assert abs(read_sound(tmp_path / "b").shape[1] - 96_000) < 2_400


def test_the_same_file_is_prepared_to_the_same_bytes(tmp_path):
    clip = noise_film(tmp_path / "a.mp4")
    for form in FILMS:
        made = [tmp_path / f"{form}{number}" for number in range(2)]
        for each in made:
            prepare_clip(clip, each, formats=(form,), max_side=128, max_bytes=30_000)
        assert made[0].read_bytes() == made[1].read_bytes(), form
    for form in WRITABLE:
        made = [tmp_path / f"{form}{number}" for number in range(2)]
        for each in made:
            prepare_sound(_wav(tmp_path), each, formats=(form,))
        assert made[0].read_bytes() == made[1].read_bytes(), form


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        (tone(1), None, "lost its sound"),
        (None, tone(1), "gave it a sound"),
    ],
)
def test_a_result_that_lost_a_stream_is_refused(tmp_path, before, after, lost):
    first = video(tmp_path / "a.mp4", 24, sound=before)
    made = video(tmp_path / "b.mp4", 24, sound=after)
    with pytest.raises(MediaError, match=lost):
        read_back(made, probe(first))


def test_a_result_of_another_length_is_refused(tmp_path):
    first = probe(video(tmp_path / "a.mp4", 24))
    assert read_back(video(tmp_path / "b.mp4", 25), first).video.frames == 25
    with pytest.raises(MediaError, match=r"1\.08 of its 1\.00 seconds"):
        read_back(video(tmp_path / "c.mp4", 26), first)
    with pytest.raises(MediaError, match="made it audio"):
        read_back(_wav(tmp_path), first)


@pytest.mark.parametrize("limits", [{"formats": ("mov",)}, {"max_side": 64}])
def test_a_file_that_breaks_off_is_not_passed_on_as_whole(tmp_path, limits):
    clip = noise_film(tmp_path / "a.mp4", frames=48)
    clip.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2])
    assert probe(clip).duration.seconds == 2
    with pytest.raises(MediaError, match=r"of its 2\.00 seconds"):
        prepare_clip(clip, tmp_path / "b", **limits)
    assert not (tmp_path / "b").exists()


def test_even_sides_are_met_whatever_floats_make_of_them(tmp_path):
    missed = [
        (width, side)
        for width in range(200, 2_000, 6)
        for side in range(100, 200, 2)
        if _Limits(None, None, side, None).size(width, width // 2)[0] != side
    ]
    assert missed == []
