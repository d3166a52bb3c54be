"""Videos played backwards, at another speed, again and again; levelled, shrunk, subtitled."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest

from framewright.errors import MediaError
from framewright.media import loop as looping
from framewright.media import reverse as reversing
from framewright.media import sound_stream, source
from framewright.media.frames import first_frame, frame_at, frames_every, last_frame
from framewright.media.guards import open_container
from framewright.media.loop import loop
from framewright.media.loudness import loudness
from framewright.media.normalise import normalise_sound, normalise_video
from framewright.media.probe import probe
from framewright.media.proxy import make_proxy
from framewright.media.render import Piece, assembled
from framewright.media.reverse import reverse
from framewright.media.sound import read_sound, write_wav
from framewright.media.speed import change_speed
from framewright.media.subtitles import (
    Cue,
    read_subtitle_file,
    read_subtitles,
    set_subtitles,
    write_subtitles,
)
from media_samples import number_of, tone, turned_video, video


def numbers(path, fps=24):
    return [number_of(image) for _, image in frames_every(path, 1 / fps)]


def pitch(samples):
    """The strongest frequency, in Hertz."""
    strength = np.abs(np.fft.rfft(samples[0] * np.hanning(samples.shape[1])))
    return float(np.argmax(strength) * 48_000 / samples.shape[1])


def coded(path):
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


@pytest.mark.parametrize("stretch", [240, 7])
def test_backwards_is_every_frame_and_sample_from_the_end(tmp_path, monkeypatch, stretch):
    monkeypatch.setattr(reversing, "_LONGEST_STRETCH", stretch)
    monkeypatch.setattr(reversing, "_SOUND_SECONDS", 1)
    sound = np.concatenate([tone(2, 300), tone(3, 900)], axis=1)
    clip = video(tmp_path / "a.mp4", 120, sound=sound)
    reverse(clip, tmp_path / "b.mp4")
    assert numbers(tmp_path / "b.mp4") == list(range(119, -1, -1))
    heard = read_sound(tmp_path / "b.mp4")
    assert heard.shape[1] == 240_000
    assert np.abs(heard - sound[:, ::-1])[:, 4_000:140_000].max() < 0.06


def test_backwards_holds_no_more_than_a_stretch(tmp_path, monkeypatch):
    monkeypatch.setattr(reversing, "_ROOM_BYTES", 128 * 72 * 3 // 2 * 9)
    clip = video(tmp_path / "a.mp4", 60)
    most = 0
    held_of = reversing.steady_pictures

    def counted(*args, **more):
        nonlocal most
        most = max(most, args[3])
        return held_of(*args, **more)

    monkeypatch.setattr(reversing, "steady_pictures", counted)
    reverse(clip, tmp_path / "b.mp4")
    assert most == 9


@pytest.mark.parametrize(("factor", "frames"), [(2, 24), (0.5, 96), (1, 48), (0.25, 192)])
def test_another_speed_keeps_the_pitch(tmp_path, factor, frames):
    clip = video(tmp_path / "a.mp4", 48, sound=tone(2, 440))
    change_speed(clip, tmp_path / "b.mp4", factor=factor)
    info = probe(tmp_path / "b.mp4")
    assert (info.video.frames, info.video.fps.seconds) == (frames, 24)
    seen = numbers(tmp_path / "b.mp4")
    assert all(abs(number - at * factor) <= 1 for at, number in enumerate(seen))
    heard = read_sound(tmp_path / "b.mp4")
    assert heard.shape[1] == frames * 2_000
    middle = heard[:, 8_000:40_000]
    assert pitch(middle) == pytest.approx(440, abs=4)
    assert np.abs(middle).max() > 0.4


def test_a_click_is_where_its_picture_is_at_another_speed(tmp_path):
    click = tone(4, 200) * 0.01
    click[:, 96_000:96_960] = 0.9
    change_speed(video(tmp_path / "a.mp4", 96, sound=click), tmp_path / "b.mp4", factor=2)
    heard = np.abs(read_sound(tmp_path / "b.mp4")).max(axis=0)
    assert abs(int(np.argmax(heard)) - 48_000) < 2_000


def test_a_speed_beyond_reason_is_refused(tmp_path):
    clip = video(tmp_path / "a.mp4", 5)
    for factor in (0, -1, 0.05, 11, float("nan")):
        with pytest.raises(MediaError):
            change_speed(clip, tmp_path / "b.mp4", factor=factor)


def test_a_loop_has_the_length_and_no_click(tmp_path):
    hum = np.full((2, 20_000), 0.5, np.float32)
    hum[:, 10_000:] = -0.5
    clip = video(tmp_path / "a.mp4", 10, sound=hum)
    loop(clip, tmp_path / "b.mp4", seconds=1)
    assert numbers(tmp_path / "b.mp4") == [*range(10), *range(10), *range(4)]
    heard = read_sound(tmp_path / "b.mp4")
    assert heard.shape[1] == 48_000
    assert np.abs(np.diff(heard[0, 19_000:21_000])).max() < 0.05
    loop(clip, tmp_path / "c.mp4", seconds=0.25)
    assert numbers(tmp_path / "c.mp4") == list(range(6))
    for wrong in (0, -1, 4_000, float("nan")):
        with pytest.raises(MediaError):
            loop(clip, tmp_path / "c.mp4", seconds=wrong)


@pytest.mark.parametrize(("room", "opens"), [({}, 4), ({"_ROOM_BYTES": 1, "_ROOM_SECONDS": 0}, 22)])
def test_a_short_turn_is_read_once_and_a_long_one_gives_the_same(
    tmp_path, monkeypatch, room, opens
):
    clip = video(tmp_path / "a.mp4", 5, Fraction(24000, 1001), sound=tone(0.2, 700))
    loop(clip, tmp_path / "whole.mp4", seconds=2)
    for name, value in room.items():
        monkeypatch.setattr(looping, name, value)
    opened: list[str] = []
    for module in (source, sound_stream):
        monkeypatch.setattr(
            module, "open_container", lambda path: opened.append(path.name) or open_container(path)
        )
    loop(clip, tmp_path / "b.mp4", seconds=2)
    assert len(opened) == opens
    assert numbers(tmp_path / "b.mp4", 24000 / 1001) == [*range(5)] * 9 + [0, 1, 2]
    both = [read_sound(tmp_path / name) for name in ("whole.mp4", "b.mp4")]
    assert np.array_equal(*both)


def test_many_pieces_are_not_looked_through_for_each_block():
    class Watched(list):
        looks = 0

        def __iter__(self):
            self.looks += 1
            return super().__iter__()

    pieces = Watched(Piece(None, None, at, at + 10) for at in range(0, 48_000, 10))
    blocks = list(assembled(pieces, 480))
    assert (len(blocks), pieces.looks) == (400, 1)


def speech_like(seconds=6.0):
    """Bursts of noise with pauses and a few loud peaks."""
    rng = np.random.default_rng(3)
    at = np.arange(round(seconds * 48_000)) / 48_000
    bursts = rng.standard_normal(at.size) * 0.03 * (np.sin(2 * np.pi * 1.5 * at) > -0.3)
    bursts[::30_000] = 0.9
    return np.repeat(bursts[None], 2, 0).astype(np.float32)


@pytest.mark.parametrize("lufs", [-30.0, -23.0, -16.0])
def test_a_sound_gets_the_loudness_that_was_asked_for(tmp_path, lufs):
    write_wav(tmp_path / "a.wav", speech_like(), 48_000)
    told = normalise_sound(tmp_path / "a.wav", tmp_path / "b.wav", lufs=lufs)
    measured = loudness([read_sound(tmp_path / "b.wav")], 48_000)
    assert measured.lufs == pytest.approx(lufs, abs=0.3)
    assert measured.true_peak_dbtp <= -0.9
    assert told.lufs == pytest.approx(measured.lufs, abs=0.1)


def test_levelling_is_one_gain_where_peaks_have_room(tmp_path):
    before = tone(4, 440) * 0.1
    write_wav(tmp_path / "a.wav", before, 48_000)
    normalise_sound(tmp_path / "a.wav", tmp_path / "b.wav", lufs=-20)
    after = read_sound(tmp_path / "b.wav")
    ratio = after[0, 1_000:-1_000].std() / before[0, 1_000:-1_000].std()
    assert np.abs(after - before * ratio).max() < 0.002


def test_levelling_a_video_leaves_its_picture(tmp_path):
    clip = video(tmp_path / "a.mp4", 96, sound=speech_like(4.0))
    normalise_video(clip, tmp_path / "b.mp4", lufs=-20)
    assert coded(tmp_path / "b.mp4") == coded(clip)
    heard = read_sound(tmp_path / "b.mp4")
    assert heard.shape[1] == 192_000
    assert loudness([heard], 48_000).lufs == pytest.approx(-20, abs=0.6)


def test_silence_can_not_be_levelled(tmp_path):
    write_wav(tmp_path / "a.wav", tone(1) * 0, 48_000)
    with pytest.raises(MediaError, match="silent"):
        normalise_sound(tmp_path / "a.wav", tmp_path / "b.wav")
    with pytest.raises(MediaError, match="no sound"):
        normalise_video(video(tmp_path / "a.mp4", 5), tmp_path / "b.mp4")
    for wrong in ({"lufs": 0}, {"lufs": -50}, {"peak_dbtp": 1}):
        with pytest.raises(MediaError):
            normalise_sound(tmp_path / "a.wav", tmp_path / "b.wav", **wrong)
    assert not (tmp_path / "b.wav").exists()


def test_a_proxy_is_small_and_has_every_frame_close_to_a_keyframe(tmp_path):
    clip = video(tmp_path / "a.mp4", 48, size=(320, 180), sound=tone(2))
    make_proxy(clip, tmp_path / "b.mp4", height=90)
    assert first_frame(tmp_path / "b.mp4").size == (160, 90)
    assert numbers(tmp_path / "b.mp4") == list(range(48))
    with av.open(str(tmp_path / "b.mp4")) as container:
        keys = [
            packet.pts * packet.time_base
            for packet in container.demux(video=0)
            if packet.is_keyframe
        ]
    assert len(keys) == 8
    make_proxy(clip, tmp_path / "c.mp4", height=720)
    assert first_frame(tmp_path / "c.mp4").size == (320, 180)


def test_a_proxy_of_a_turned_video_is_upright(tmp_path):
    make_proxy(turned_video(tmp_path / "t.mp4", 90), tmp_path / "b.mp4", height=96)
    assert first_frame(tmp_path / "b.mp4").size == (64, 96)


SRT = (
    "1\r\n00:00:00,500 --> 00:00:01,000\r\nHello <i>you</i>\r\nthere\r\n\r\n"
    "2\r\n00:00:01,500 --> 00:00:02,000\r\nÜber {\\an8}alles\r\n"
)
VTT = (
    "WEBVTT\n\nNOTE x\n\n00:00.500 --> 00:01.000 line:0\nHello <c.loud>you</c>\nthere\n\n"
    "00:01.500 --> 00:02.000\nÜber alles\n"
)
CUES = (Cue(0.5, 1.0, "Hello you\nthere"), Cue(1.5, 2.0, "Über alles"))


@pytest.mark.parametrize("text", [SRT, VTT, "\ufeff" + SRT])
def test_subtitles_are_read_without_their_markup(text):
    assert read_subtitles(text) == CUES


@pytest.mark.parametrize("form", ["srt", "vtt"])
def test_subtitles_that_are_written_are_read_again(form):
    text = write_subtitles(CUES, form)
    assert text.startswith("WEBVTT" if form == "vtt" else "1\n00:00:00,500 --> 00:00:01,000\n")
    assert read_subtitles(text) == CUES


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_subtitle_files_come_in_several_encodings(tmp_path, encoding):
    (tmp_path / "a.srt").write_bytes(SRT.encode(encoding))
    assert read_subtitle_file(tmp_path / "a.srt") == CUES


@pytest.mark.parametrize(
    "text", ["", "no subtitles at all", "1\n00:00:02,000 --> 00:00:01,000\nx\n", "WEBVTT\n\n", "{}"]
)
def test_what_is_no_subtitles_is_refused(text):
    with pytest.raises(MediaError):
        read_subtitles(text)


def test_subtitles_beyond_all_measure_are_refused():
    with pytest.raises(MediaError, match="longer"):
        read_subtitles(SRT * 20_001)


def test_each_subtitle_is_there_in_its_time_and_no_longer(tmp_path):
    clip = video(tmp_path / "a.mp4", 72, size=(320, 180), first=0, sound=tone(3))
    set_subtitles(clip, tmp_path / "b.mp4", CUES)

    def changed(seconds):
        both = [
            np.asarray(frame_at(tmp_path / f"{name}.mp4", seconds)).astype(int) for name in "ab"
        ]
        return int((np.abs(both[0] - both[1]) > 60)[120:].sum())

    frame = 1 / 24
    for first, end in ((0.5, 1.0), (1.5, 2.0)):
        for shown in (first + frame / 2, end - frame / 2):
            assert changed(shown) > 300
        for not_shown in (first - frame / 2, end + frame / 2):
            assert changed(not_shown) < 30
    assert read_sound(tmp_path / "b.mp4").shape[1] == 144_000


def test_subtitles_of_another_video_are_refused(tmp_path):
    clip = video(tmp_path / "a.mp4", 12)
    for wrong in ([], [Cue(5, 6, "late")], [Cue(0, 1, "x" * 501)]):
        with pytest.raises(MediaError):
            set_subtitles(clip, tmp_path / "b.mp4", wrong)


def test_the_last_frame_backwards_is_the_first(tmp_path):
    clip = video(tmp_path / "a.mp4", 31, Fraction(30000, 1001))
    reverse(clip, tmp_path / "b.mp4")
    assert (
        number_of(first_frame(tmp_path / "b.mp4")),
        number_of(last_frame(tmp_path / "b.mp4")),
    ) == (30, 0)
