"""Pauses in a sound track: they keep their length, however long, unless the clock is broken."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from framewright.media import sound_stream
from framewright.media.loudness import loudness
from framewright.media.mux import mux
from framewright.media.probe import probe
from framewright.media.reverse import reverse
from framewright.media.sound import mix, read_sound
from framewright.media.sound_stream import SoundReader, sound_blocks
from framewright.media.trim import trim
from framewright.media.waveform import peaks
from media_samples import tone, video

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

RATE = 8_000


def sounding(path: Path, at_seconds: Sequence[int], *, fps: int = 0, picture_seconds: int = 0):
    """A Matroska with two seconds of sound at each of these times, and a picture or none."""
    with av.open(str(path), "w", format="matroska") as container:
        packets = []
        if fps:
            stream = container.add_stream("libx264", rate=fps)
            stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        sound = container.add_stream("pcm_s16le", rate=RATE)
        sound.codec_context.layout = "mono"
        for number in range(fps * picture_seconds):
            frame = av.VideoFrame.from_ndarray(
                np.full((64, 64, 3), number % 255, np.uint8), format="rgb24"
            )
            frame.pts, frame.time_base = number, Fraction(1, fps)
            packets += stream.encode(frame)
        if fps:
            packets += stream.encode(None)
        hum = (tone(0.1, 440, RATE, 1) * 20_000).astype(np.int16)
        for at in at_seconds:
            for number in range(20):
                frame = av.AudioFrame.from_ndarray(hum, format="s16", layout="mono")
                frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
                frame.pts = at * RATE + number * hum.shape[1]
                packets += sound.encode(frame)
        packets += sound.encode(None)
        for packet in sorted(packets, key=lambda each: each.dts * each.time_base):
            container.mux(packet)
    return path


def heard_seconds(samples: np.ndarray, rate: int) -> list[int]:
    """The whole seconds in which something is heard."""
    whole = samples[:, : samples.shape[1] // rate * rate]
    loud = np.abs(whole).mean(axis=0).reshape(-1, rate).mean(axis=1) > 0.1
    return np.flatnonzero(loud).tolist()


def test_a_long_pause_is_heard_as_long_as_it_is(tmp_path):
    path = sounding(tmp_path / "a.mka", [0, 100])
    blocks = list(sound_blocks(path, RATE, 1))
    read = np.concatenate(blocks, axis=1)
    assert read.shape[1] / RATE == pytest.approx(probe(path).duration.seconds, abs=0.01)
    assert heard_seconds(read, RATE) == [0, 1, 100, 101]
    assert max(block.shape[1] for block in blocks) <= RATE, "silence comes in small blocks"


@pytest.mark.parametrize("start", [0, 5, 60, 95])
def test_a_reader_meets_sound_that_begins_late_where_it_is(tmp_path, start):
    path = sounding(tmp_path / "a.mkv", [100], fps=1, picture_seconds=105)
    taken = SoundReader(path, RATE, 1, Fraction(start)).take(104 * RATE)
    assert heard_seconds(taken, RATE) == [100 - start, 101 - start]


def test_what_is_made_of_a_clip_has_its_late_sound_in_its_place(tmp_path):
    path = sounding(tmp_path / "a.mkv", [70], fps=5, picture_seconds=75)
    trim(path, tmp_path / "first.mp4", start_seconds=0, end_seconds=3)
    assert heard_seconds(read_sound(tmp_path / "first.mp4"), 48_000) == []
    trim(path, tmp_path / "last.mp4", start_seconds=66, end_seconds=74)
    assert heard_seconds(read_sound(tmp_path / "last.mp4"), 48_000) == [4, 5]
    reverse(path, tmp_path / "back.mp4")
    assert heard_seconds(read_sound(tmp_path / "back.mp4"), 48_000) == [3, 4]


def test_a_pause_stays_where_sound_is_mixed_set_under_a_picture_and_drawn(tmp_path):
    path = sounding(tmp_path / "a.mka", [0, 100])
    mix([path], tmp_path / "mix.wav")
    assert heard_seconds(read_sound(tmp_path / "mix.wav"), 48_000) == [0, 1, 100, 101]
    mux(video(tmp_path / "v.mp4", 10, 1), path, tmp_path / "m.mp4")
    assert heard_seconds(read_sound(tmp_path / "m.mp4"), 48_000) == [0, 1, 100, 101]
    drawn = peaks(path, 1_020)[:, 1]
    assert drawn[25:995].max() < 0.01 < 0.1 < min(drawn[:20].max(), drawn[1_000:].max())
    assert loudness(sound_blocks(path, 48_000, 2), 48_000).lufs > -20


def test_a_jump_beyond_the_length_the_file_tells_is_no_pause(tmp_path, monkeypatch):
    path = sounding(tmp_path / "a.mka", [0, 100])
    monkeypatch.setattr(sound_stream, "_LONGEST_TOLD_SECONDS", 99)
    assert read_sound(path, RATE).shape[1] == 4 * RATE
    # Nor is the way to a first sound that lies there.
    late = SoundReader(sounding(tmp_path / "b.mka", [100]), RATE, 1, Fraction(0))
    monkeypatch.setattr(sound_stream, "_latest", lambda _: Fraction(90))
    assert heard_seconds(late.take(4 * RATE), RATE) == [0, 1]
