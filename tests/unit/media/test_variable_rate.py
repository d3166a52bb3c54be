"""Files whose frames last unevenly: told apart, read at the right times, brought to one rate."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framewright.media.clips import merge
from framewright.media.frames import first_frame, frame_at, frames_every, last_frame
from framewright.media.guards import open_container
from framewright.media.normalise import normalise_video
from framewright.media.pace import Pace, pace_of
from framewright.media.probe import probe
from framewright.media.sound import read_sound
from framewright.media.source import examine, nearest
from framewright.quality.measures import measure_picture
from media_samples import number_of, numbered, tone, video

if TYPE_CHECKING:
    from pathlib import Path

RATE = 48_000
UNEVEN = [round(20 + 60 * (number * 0.37 % 1)) for number in range(100)]
"""Milliseconds for which each of a hundred frames is shown: 20 to 80."""
FORMS = [("a.mp4", "libx264"), ("a.mkv", "libx264"), ("a.webm", "libvpx-vp9"), ("a.ts", "libx264")]


def written(path, lengths, codec="libx264", *, white=(), sound=None, clock=1000, reorder=True):
    """A video of numbered frames shown for so many milliseconds each; some are white."""
    starts = [0, *accumulate(lengths)]

    def lasting(packets):
        for packet in packets:
            at = round(packet.pts * packet.time_base * 1000)
            packet.duration = round(lengths[starts.index(at)] / 1000 / packet.time_base)
        return packets

    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=30, options={"g": "40"})
        if not reorder:
            # MP4 says how long that frame is shown which is decoded last.
            stream.codec_context.max_b_frames = 0
        stream.width, stream.height, stream.pix_fmt = 128, 72, "yuv420p"
        stream.codec_context.time_base = stream.time_base = Fraction(1, clock)
        heard = None
        if sound is not None:
            heard = container.add_stream("aac", rate=RATE, layout="stereo")
        for number, at in enumerate(starts[:-1]):
            pixels = np.full((72, 128, 3), 255, np.uint8) if number in white else numbered(number)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = at * clock // 1000, Fraction(1, clock)
            container.mux(lasting(stream.encode(frame)))
        container.mux(lasting(stream.encode(None)))
        if sound is not None and heard is not None:
            for place in range(0, sound.shape[1], 1024):
                part = np.ascontiguousarray(sound[:, place : place + 1024])
                block = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
                block.sample_rate, block.pts = RATE, place
                container.mux(heard.encode(block))
            container.mux(heard.encode(None))
    return path


@pytest.mark.parametrize(("name", "codec"), FORMS)
@pytest.mark.parametrize("count", [False, True])
def test_variable_rates_are_told_from_constant_ones(tmp_path, name, codec, count):
    video = written(tmp_path / name, UNEVEN, codec)
    info = probe(video, count=count)
    assert info.video.variable is True
    assert info.video.fps.seconds == pytest.approx(100_000 / sum(UNEVEN), rel=0.02)
    # A clock of milliseconds turns thirds of a hundredth into 33 and 34.
    steady = [33 + (number % 3 == 2) for number in range(100)]
    assert probe(written(tmp_path / f"b{name}", steady, codec), count=count).video.variable is False


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts"])
@pytest.mark.parametrize("changed", [range(400, 520), range(700, 780)])
def test_a_rate_that_changes_late_is_seen_without_reading_everything(
    tmp_path, monkeypatch, name, changed
):
    lengths = [40 if number not in changed else 25 + number % 2 * 30 for number in range(800)]
    video = written(tmp_path / name, lengths)
    read = count_packets(monkeypatch)
    assert probe(video).video.variable is True
    assert read[0] < 500


def test_frames_are_counted_by_decoding_them_only_where_that_is_asked(tmp_path):
    video = written(tmp_path / "a.mkv", UNEVEN)
    assert probe(video).video.frames is None
    assert probe(video, count=True).video.frames == 100
    assert probe(written(tmp_path / "a.ts", UNEVEN), count=True).video.frames == 100


def test_damaged_frames_are_not_counted(tmp_path):
    video = written(tmp_path / "a.mp4", UNEVEN)
    data = bytearray(video.read_bytes())
    with open_container(video) as container:
        hit = [packet.pos for packet in container.demux(video=0) if packet.size][50]
    data[hit + 4 : hit + 60] = bytes(56)
    video.write_bytes(data)
    info = probe(video, count=True)
    with av.open(str(video)) as container:
        assert container.streams.video[0].frames == 100
    assert 90 <= info.video.frames < 100


def test_without_a_clock_nothing_is_said(tmp_path):
    with av.open(str(tmp_path / "a.h264"), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 128, 72, "yuv420p"
        for number in range(10):
            frame = av.VideoFrame.from_ndarray(numbered(number), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert probe(tmp_path / "a.h264").video.variable is None
    assert probe(video(tmp_path / "one.mp4", 1)).video.variable is None


@pytest.mark.parametrize(("name", "codec"), FORMS)
def test_frames_at_times_are_those_shown_then(tmp_path, name, codec):
    video = written(tmp_path / name, UNEVEN, codec)
    starts = [0, *accumulate(UNEVEN)]
    assert number_of(first_frame(video)) == 0
    assert number_of(last_frame(video)) == 99
    for number in range(0, 100, 9):
        # Only some containers say how long the last one is shown.
        last = starts[number + 1] - 3 if number < 99 else starts[number] + 6
        for milliseconds in (starts[number] + 3, last):
            assert number_of(frame_at(video, milliseconds / 1000)) == number
    shown = {at: number_of(image) for at, image in frames_every(video, 0.25)}
    for at, number in shown.items():
        assert starts[number] - 2 <= at * 1000 <= starts[number + 1] + 2
    assert len(shown) == 20


def test_a_long_last_frame_is_held(tmp_path):
    video = written(tmp_path / "a.mp4", [40, 40, 1500], reorder=False)
    assert number_of(frame_at(video, 1.5)) == 2
    merge([video], tmp_path / "b.mp4", fps=Fraction(25))
    info = probe(tmp_path / "b.mp4")
    assert info.video.frames == 40  # 1.58 s, to the nearest tick
    assert info.video.variable is False


def test_joining_brings_uneven_clips_to_the_rate_that_is_asked_with_sound_in_step(tmp_path):
    marks = (10, 37, 55, 91)
    starts = [0, *accumulate(UNEVEN)]
    sound = 0.05 * tone(sum(UNEVEN) / 1000)
    for mark in marks:
        first = starts[mark] * RATE // 1000
        sound[:, first : first + 480] = 0.9 * np.sign(np.sin(np.arange(480) * 0.26))
    forms = FORMS[:2]
    clips = [written(tmp_path / f"{n}", UNEVEN, c, white=marks, sound=sound) for n, c in forms]
    merge([*clips, *clips], tmp_path / "all.mp4", fps=Fraction(30))
    info = probe(tmp_path / "all.mp4")
    assert info.video.fps.seconds == 30
    assert info.video.variable is False
    # Matroska does not say how long the last frame is shown.
    counts = [nearest(examine(clip).span.length * 30) for clip in clips] * 2
    assert info.video.frames == sum(counts)
    light = [
        float(np.asarray(image).min()) for _, image in frames_every(tmp_path / "all.mp4", 1 / 30)
    ]
    loud = np.abs(read_sound(tmp_path / "all.mp4")).max(axis=0)
    for clip in range(4):
        for mark in marks:
            due = sum(counts[:clip]) / 30 + starts[mark] / 1000
            around = range(round((due - 0.2) * 30), round((due + 0.2) * 30))
            flash = next(number for number in around if light[number] > 200) / 30
            begin = round((due - 0.1) * RATE)
            click = begin + int(np.argmax(loud[begin:] > 0.5))
            assert abs(flash - due) <= 0.5 / 30 + 0.001
            assert abs(click / RATE - due) < 0.005


def test_pictures_are_those_of_their_times_at_another_rate(tmp_path):
    video = written(tmp_path / "a.mkv", UNEVEN)
    merge([video], tmp_path / "b.mp4", fps=Fraction(50))
    starts = [0, *accumulate(UNEVEN)]
    for at, image in frames_every(tmp_path / "b.mp4", 1 / 50):
        number = number_of(image)
        assert starts[number] - 11 <= at * 1000 <= starts[number + 1] + 11


def test_a_new_loudness_keeps_uneven_pictures_as_they_are(tmp_path):
    sound = tone(sum(UNEVEN) / 1000)
    video = written(tmp_path / "a.mp4", UNEVEN, sound=sound)
    normalise_video(video, tmp_path / "b.mp4")
    assert moments(tmp_path / "b.mp4") == moments(video)
    assert probe(tmp_path / "b.mp4").video.variable is True


@pytest.mark.parametrize(
    ("lengths", "rate"),
    [
        ([17, 16, 17, 17, 16] * 20 + [1000] * 20, 60),
        ([33, 34, 33, 45, 22] * 20, 30),
        ([40] * 50 + [80] * 50, 25),
        ([1000, 3000, 2000] * 10, 1),
        # Time stamps that some recorders write twice, nearly.
        (([1] + [40] * 7) * 30, 25),
        (([5] + [100] * 7) * 20, 10),
        ([8, 9, 8] * 20 + [1000] * 80, 120),
    ],
)
def test_without_a_rate_the_quicker_parts_say_it(tmp_path, lengths, rate):
    assert examine(written(tmp_path / "a.mp4", lengths)).rate == rate


def test_measures_say_how_uneven_frames_are(tmp_path):
    found = measure_picture(written(tmp_path / "a.mp4", UNEVEN, clock=90_000))
    assert found.variable is True
    assert found.shortest_frame_seconds == pytest.approx(min(UNEVEN[:-1]) / 1000)
    assert found.longest_frame_seconds == pytest.approx(max(UNEVEN[:-1]) / 1000)
    assert measure_picture(video(tmp_path / "b.mp4")).variable is False


def test_a_pace_is_even_where_only_clocks_round():
    tick = Fraction(1, 100)
    assert pace_of([0, 3, 7, 10, 13], tick) == Pace(
        3 * tick, 4 * tick, Fraction(13, 4) * tick, 3 * tick, tick
    )
    assert pace_of([0, 3, 7, 10, 13], tick).even
    assert not pace_of([0, 3, 8], tick).even
    assert pace_of([5], tick) is None


def moments(path: Path) -> list[float]:
    with open_container(path) as container:
        packets = [each for each in container.demux(video=0) if each.size]
    return [round(float(each.pts * each.time_base), 4) for each in packets]


def count_packets(monkeypatch) -> list[int]:
    """How many packets are read from now on."""
    from framewright.media import decode

    read, real = [0], decode.packets

    def counted(*given):
        for packet in real(*given):
            read[0] += 1
            yield packet

    monkeypatch.setattr(decode, "packets", counted)
    return read
