from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framewright.errors import MediaError
from framewright.media import sound
from framewright.media.digest import sha256_of
from framewright.media.inspect import is_silent
from framewright.media.levels import hop_peaks, measure
from framewright.media.limiter import tamed
from framewright.media.sound import mix, read_sound, write_wav
from framewright.media.sound_stream import SoundReader
from media_samples import tone, video


def strength(samples: np.ndarray, hertz: float, begin: float, end: float) -> float:
    part = samples[0, round(begin * 48_000) : round(end * 48_000)]
    wave = np.exp(-2j * np.pi * hertz * np.arange(part.size) / 48_000)
    return float(2 * abs((part * wave).mean()))


def test_wav_keeps_its_samples(tmp_path):
    sound = tone(0.5)
    write_wav(tmp_path / "a.wav", sound, 48_000)
    write_wav(tmp_path / "b.wav", sound, 48_000)
    read = read_sound(tmp_path / "a.wav")
    assert read.shape == sound.shape
    # The last 5 ms are faded, because the tone breaks off.
    assert np.abs(read - sound)[:, :-240].max() < 1 / 16_000
    assert sha256_of(tmp_path / "a.wav") == sha256_of(tmp_path / "b.wav")


@pytest.mark.parametrize(("rate", "channels"), [(48_000, 2), (44_100, 1), (24_000, 2), (8_000, 1)])
def test_sound_of_a_video_has_its_true_length_place_and_level(tmp_path, rate, channels):
    path = video(tmp_path / "a.mp4", sound=tone(1, rate=rate, channels=channels), rate=rate)
    read = read_sound(path)
    assert read.shape == (2, 48_000)
    inner = slice(4_000, 44_000)
    assert np.abs(read[:, inner] - tone(1)[:, inner]).max() < (0.03 if rate > 8_000 else 0.1)


def test_a_reader_starts_anywhere_and_ends_in_silence(tmp_path):
    path = video(tmp_path / "a.mp4", sound=tone(1))
    reader = SoundReader(path, 48_000, 2, Fraction(1, 2))
    assert np.abs(reader.take(20_000) - tone(1)[:, 24_000:44_000]).max() < 0.03
    rest = reader.take(48_000)
    assert is_silent(rest[:, 5_000:])
    assert reader.exhausted


def test_sound_that_breaks_off_is_faded(tmp_path):
    write_wav(tmp_path / "a.wav", np.full((2, 4_800), 0.5, np.float32), 48_000)
    taken = SoundReader(tmp_path / "a.wav", 48_000).take(9_600)[0]
    assert taken[4_500] == pytest.approx(0.5, abs=0.001)
    assert np.abs(np.diff(taken)[4_000:]).max() < 0.01
    assert taken[4_800:].max() == 0


def test_files_without_sound_are_refused(tmp_path):
    with pytest.raises(MediaError, match="no sound"):
        read_sound(video(tmp_path / "a.mp4", 3))


def test_music_steps_back_for_the_voice(tmp_path):
    write_wav(tmp_path / "voice.wav", tone(2, 1_000, channels=1), 48_000)
    write_wav(tmp_path / "music.wav", tone(8, 220), 48_000)
    tracks = [tmp_path / "voice.wav", tmp_path / "music.wav"]
    mix(tracks, tmp_path / "mix.wav", starts_seconds=[3, 0], duck=True)
    mixed = read_sound(tmp_path / "mix.wav")
    assert mixed.shape == (2, 8 * 48_000)
    assert strength(mixed, 220, 1, 2) == pytest.approx(0.5, abs=0.01)
    assert strength(mixed, 220, 3.2, 5) == pytest.approx(0.125, abs=0.01)
    assert strength(mixed, 220, 6.5, 7.9) == pytest.approx(0.5, abs=0.01)
    assert strength(mixed, 1_000, 3.2, 4.8) == pytest.approx(0.5, abs=0.01)
    # No step in the curve: neighbouring tenths differ by less than a factor of 2.2.
    curve = [strength(mixed, 220, at / 10, at / 10 + 0.1) for at in range(10, 75)]
    assert max(max(a / b, b / a) for a, b in pairwise(curve)) < 2.2


def test_a_mix_never_clips_and_quiet_ones_are_left_alone(tmp_path):
    write_wav(tmp_path / "a.wav", tone(1, 200), 48_000)
    write_wav(tmp_path / "b.wav", tone(1, 300), 48_000)
    tracks = [tmp_path / "a.wav", tmp_path / "b.wav"]
    mix(tracks, tmp_path / "loud.wav", gains_db=[6, 6])
    levels = measure(read_sound(tmp_path / "loud.wav"), 48_000)
    assert levels.peak_dbfs <= -0.99
    assert levels.clipped == 0
    mix(tracks, tmp_path / "soft.wav", gains_db=[-6.0206, -6.0206])
    soft = read_sound(tmp_path / "soft.wav")
    wanted = (tone(1, 200) + tone(1, 300)) / 2
    assert np.abs(soft - wanted)[:, :-300].max() < 0.001


def test_tracks_in_turn_begin_when_those_before_them_are_over(tmp_path):
    for name, seconds, hertz in (("a", 1.0, 200), ("b", 0.5, 400), ("c", 0.25, 800)):
        write_wav(tmp_path / f"{name}.wav", tone(seconds, hertz), 48_000)
    tracks = [tmp_path / f"{name}.wav" for name in "abc"]
    # A start is the pause before a track: 1 s, a pause of 0.4, 0.5 s, and no pause.
    mix(tracks, tmp_path / "row.wav", starts_seconds=[0, 0.4], in_turn=True)
    row = read_sound(tmp_path / "row.wav")
    assert row.shape[1] == round((1 + 0.4 + 0.5 + 0.25) * 48_000)
    assert strength(row, 200, 0.1, 0.9) > 0.1
    assert np.abs(row[:, round(1.01 * 48_000) : round(1.39 * 48_000)]).max() == 0
    assert strength(row, 400, 1.45, 1.85) > 0.1
    assert strength(row, 800, 1.92, 2.12) > 0.1
    assert strength(row, 800, 1.45, 1.85) < 0.01


def test_a_mix_is_the_same_every_time_and_tells_and_stops(tmp_path):
    write_wav(tmp_path / "a.wav", tone(2), 48_000)
    tracks = [tmp_path / "a.wav"] * 3
    told: list[float] = []
    for name in ("x.wav", "y.wav"):
        mix(tracks, tmp_path / name, starts_seconds=[0, 0.5], duck=True, tell=told.append)
    assert sha256_of(tmp_path / "x.wav") == sha256_of(tmp_path / "y.wav")
    half = told[: len(told) // 2]
    assert half == sorted(half)
    assert half[-1] == 1.0

    def stop(fraction: float) -> None:
        if fraction > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mix(tracks, tmp_path / "z.wav", tell=stop)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.wav", "x.wav", "y.wav"]


def test_a_mix_refuses_nonsense(tmp_path):
    write_wav(tmp_path / "a.wav", tone(0.1), 48_000)
    tracks = [tmp_path / "a.wav"]
    for wrong in ({"gains_db": [0, 0]}, {"gains_db": [99]}, {"starts_seconds": [-1]}):
        with pytest.raises(MediaError):
            mix(tracks, tmp_path / "b.wav", **wrong)
    with pytest.raises(MediaError):
        mix([], tmp_path / "b.wav")


@given(
    st.lists(st.floats(0, 4), min_size=1, max_size=40),
    st.integers(1, 700),
    st.floats(0.1, 1.0),
)
def test_the_limiter_never_lets_anything_over_the_ceiling(peaks, size, ceiling):
    sound = np.repeat(np.array(peaks, np.float32), 150)[None]
    cuts = [sound[:, at : at + size] for at in range(0, sound.shape[1], size)]
    out = np.concatenate(list(tamed(lambda: iter(cuts), ceiling)), axis=1)
    assert out.shape == sound.shape
    assert out.max() <= ceiling * (1 + 1e-5)
    if sound.max() <= ceiling:
        assert (out == sound).all()


def test_levels_are_measured():
    sound = np.concatenate([np.zeros((2, 4_800), np.float32), tone(0.2)], axis=1)
    levels = measure(sound, 48_000)
    assert levels.peak_dbfs == pytest.approx(-6.02, abs=0.01)
    assert levels.leading_silence == pytest.approx(0.1)
    assert levels.silent_seconds == pytest.approx(0.1)
    assert levels.trailing_silence == 0
    assert measure(sound * 0, 48_000).silent_seconds == pytest.approx(0.3)


def test_a_disk_that_gives_back_something_else_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    target = tmp_path / "a.wav"
    write_wav(target, tone(1, 200), 48_000)
    before = target.read_bytes()
    original = sound._written

    def spoilt(path):
        with path.open("r+b") as file:
            file.seek(5_000)
            file.write(b"?")
        return original(path)

    monkeypatch.setattr(sound, "_written", spoilt)
    with pytest.raises(MediaError, match="does not give back"):
        write_wav(target, tone(1, 300), 48_000)
    assert target.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["a.wav"]


def test_a_sound_too_long_for_a_wav_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sound, "_MOST_WAV_BYTES", 96_000)
    with pytest.raises(MediaError, match="too long for a WAV"):
        write_wav(tmp_path / "a.wav", tone(1, 200), 48_000)
    assert list(tmp_path.iterdir()) == []


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(1, 30))
def test_hops_are_measured_over_the_edges_of_blocks(lengths, hop):
    whole = np.random.default_rng(1).uniform(-1, 1, (2, sum(lengths))).astype(np.float32)
    blocks = np.split(whole, np.cumsum(lengths)[:-1], axis=1) if lengths else []
    loudest = np.abs(whole).max(axis=0)
    expected = [loudest[at : at + hop].max() for at in range(0, loudest.size, hop)]
    assert hop_peaks(blocks, hop).tolist() == expected
