from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from framewright.domain.finding import Severity
from framewright.domain.media import MediaKind
from framewright.media.forms import SOUNDS
from framewright.media.loudness import loudness
from framewright.media.sound import write_wav
from framewright.media.write import VideoWriter, write_sound
from framewright.quality.review import Expectation
from framewright.quality.technical import review
from media_samples import numbered, photo, tone, video


def codes(path, kind, **wanted):
    found = review(path, Expectation(kind, **wanted))
    info, findings = found.info, found.findings
    assert all(finding.message.endswith(".") for finding in findings)
    assert info.bytes == (path.stat().st_size if path.exists() else 0)
    return [(finding.code, finding.severity is Severity.ERROR) for finding in findings]


def test_good_results_have_no_findings(tmp_path):
    clip = video(tmp_path / "a.mp4", 48, sound=tone(2))
    assert codes(clip, MediaKind.VIDEO, width=128, height=72, duration_seconds=2) == []
    assert codes(clip, MediaKind.VIDEO, aspect_ratio="16:9", duration_seconds=2.1) == []
    photo().save(tmp_path / "a.png")
    assert codes(tmp_path / "a.png", MediaKind.IMAGE, aspect_ratio="4:3") == []
    write_wav(tmp_path / "a.wav", tone(1), 48_000)
    assert codes(tmp_path / "a.wav", MediaKind.AUDIO, duration_seconds=1) == []


def test_wrong_size_and_length_are_warnings(tmp_path):
    clip = video(tmp_path / "a.mp4", 48)
    size, length = ("result_wrong_size", False), ("result_wrong_duration", False)
    assert codes(clip, MediaKind.VIDEO, width=256) == [size]
    assert codes(clip, MediaKind.VIDEO, aspect_ratio="1:1", duration_seconds=5) == [size, length]


def test_wrong_kinds_and_broken_files_are_errors(tmp_path):
    clip = video(tmp_path / "a.mp4", 48)
    assert codes(clip, MediaKind.AUDIO) == [("result_wrong_kind", True)]
    (tmp_path / "empty.png").touch()
    assert codes(tmp_path / "empty.png", MediaKind.IMAGE) == [("result_empty", True)]
    (tmp_path / "page.png").write_text("<html>502 Bad Gateway</html>" * 9)
    assert codes(tmp_path / "page.png", MediaKind.IMAGE) == [("result_unreadable", True)]
    assert codes(tmp_path / "gone.png", MediaKind.IMAGE) == [("result_unreadable", True)]


def test_a_download_that_broke_off_is_an_error(tmp_path):
    noise = np.random.default_rng(1)
    with VideoWriter(tmp_path / "a.mp4", 128, 72, Fraction(24)) as writer:
        for _ in range(48):
            writer.frame(noise.integers(0, 255, (72, 128, 3), dtype=np.uint8))
    whole = (tmp_path / "a.mp4").read_bytes()
    (tmp_path / "b.mp4").write_bytes(whole[: len(whole) // 2])
    findings = review(tmp_path / "b.mp4", Expectation(MediaKind.VIDEO)).findings
    assert [finding.code for finding in findings] == ["result_unreadable"]
    assert "of 2.00 seconds" in findings[0].message


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (20, 120, 220)])
def test_blank_pictures_are_errors(tmp_path, colour):
    Image.new("RGB", (64, 64), colour).save(tmp_path / "a.jpg")
    assert codes(tmp_path / "a.jpg", MediaKind.IMAGE) == [("result_blank", True)]
    with VideoWriter(tmp_path / "a.mp4", 64, 64, Fraction(12)) as writer:
        for _ in range(24):
            writer.frame(np.full((64, 64, 3), colour, np.uint8))
    assert codes(tmp_path / "a.mp4", MediaKind.VIDEO) == [("result_blank", True)]


def test_a_video_that_begins_in_black_is_not_blank(tmp_path):
    with VideoWriter(tmp_path / "a.mp4", 128, 72, Fraction(12)) as writer:
        for number in range(24):
            writer.frame(numbered(5) if number > 11 else np.zeros((72, 128, 3), np.uint8))
    assert codes(tmp_path / "a.mp4", MediaKind.VIDEO) == []


def test_a_little_noise_is_still_blank(tmp_path):
    noise = np.random.default_rng(1).integers(100, 104, (40, 40, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "a.png")
    assert codes(tmp_path / "a.png", MediaKind.IMAGE) == [("result_blank", True)]


def test_one_star_in_the_dark_is_not_blank(tmp_path):
    sky = Image.new("RGB", (400, 300))
    sky.putpixel((200, 100), (255, 255, 255))
    sky.save(tmp_path / "a.png")
    assert codes(tmp_path / "a.png", MediaKind.IMAGE) == []
    Image.new("RGBA", (9, 9), (255, 0, 0, 0)).save(tmp_path / "b.png")
    assert codes(tmp_path / "b.png", MediaKind.IMAGE) == [("result_blank", True)]


def test_silent_sound_is_an_error(tmp_path):
    write_wav(tmp_path / "a.wav", tone(1) * 0.001, 48_000)
    assert codes(tmp_path / "a.wav", MediaKind.AUDIO) == [("result_silent", True)]
    late = np.concatenate([np.zeros((2, 96_000), np.float32), tone(0.2)], axis=1)
    write_wav(tmp_path / "b.wav", late, 48_000)
    assert codes(tmp_path / "b.wav", MediaKind.AUDIO) == []


def test_a_picture_that_stands_still_is_said_with_its_figures(tmp_path):
    with VideoWriter(tmp_path / "a.mp4", 128, 72, Fraction(24)) as writer:
        for _ in range(48):
            writer.frame(numbered(5))
    assert codes(tmp_path / "a.mp4", MediaKind.VIDEO) == []
    assert codes(tmp_path / "a.mp4", MediaKind.VIDEO, must_move=True) == [("result_frozen", False)]
    found = review(tmp_path / "a.mp4", Expectation(MediaKind.VIDEO, must_move=True))
    assert found.findings[0].message == "The picture stands still for 2.00 of 2.00 seconds."
    assert codes(video(tmp_path / "b.mp4", 48), MediaKind.VIDEO, must_move=True) == []


def test_much_black_and_a_wrong_rate_are_warnings(tmp_path):
    with VideoWriter(tmp_path / "a.mp4", 128, 72, Fraction(12)) as writer:
        for number in range(24):
            writer.frame(numbered(number) if number > 15 else np.zeros((72, 128, 3), np.uint8))
    black, rate = ("result_black", False), ("result_wrong_rate", False)
    assert codes(tmp_path / "a.mp4", MediaKind.VIDEO, fps=12) == [black]
    assert codes(tmp_path / "a.mp4", MediaKind.VIDEO, fps=24) == [black, rate]
    assert codes(tmp_path / "a.mp4", MediaKind.VIDEO, may_be_flat=True) == []


def test_clipped_sound_is_a_warning_and_a_loud_one_is_not(tmp_path):
    write_wav(tmp_path / "a.wav", np.clip(tone(1) * 4, -1, 1), 48_000)
    assert codes(tmp_path / "a.wav", MediaKind.AUDIO) == [("result_clipped", False)]
    write_wav(tmp_path / "b.wav", tone(1) * 1.98, 48_000)
    assert codes(tmp_path / "b.wav", MediaKind.AUDIO) == []


def test_damaged_frames_are_counted(tmp_path):
    noise = np.random.default_rng(1)
    with VideoWriter(tmp_path / "a.mp4", 128, 72, Fraction(24)) as writer:
        for _ in range(96):
            writer.frame(noise.integers(0, 255, (72, 128, 3), dtype=np.uint8))
    whole = bytearray((tmp_path / "a.mp4").read_bytes())
    place = whole.index(b"mdat") + 4
    for at in range(place + 40_000, place + 90_000, 997):
        whole[at] ^= 0xFF
    (tmp_path / "b.mp4").write_bytes(whole)
    found = review(tmp_path / "b.mp4", Expectation(MediaKind.VIDEO))
    assert found.measures.picture is not None
    assert found.measures.picture.damaged
    assert [finding.code for finding in found.findings] == ["result_damaged"]


def test_loudness_is_that_of_the_ebu_s_own_signals():
    # EBU Tech 3341, minimum requirements 1 and 2: a stereo sine of 1 kHz.
    for level in (-23.0, -33.0):
        at = np.arange(20 * 48_000) / 48_000
        sine = (10 ** (level / 20) * np.sin(2 * np.pi * 1_000 * at)).astype(np.float32)
        found = loudness([np.stack([sine, sine])], 48_000)
        assert found.lufs == pytest.approx(level, abs=0.1)
        assert found.true_peak_dbtp == pytest.approx(level, abs=0.4)
    silence = loudness([np.zeros((2, 48_000), np.float32)], 48_000)
    assert (silence.lufs, silence.true_peak_dbtp) == (None, None)


def _sound(path, seconds=6):
    samples = tone(seconds, 300) + np.random.default_rng(1).normal(0, 0.02, (2, seconds * 48_000))
    write_sound(path, iter([samples.astype(np.float32)]), 48_000, 2, SOUNDS[path.suffix[1:]])
    return path


@pytest.mark.parametrize("form", ["flac", "m4a"])
def test_sound_that_broke_off_is_an_error(tmp_path, form):
    whole = _sound(tmp_path / f"whole.{form}")
    assert codes(whole, MediaKind.AUDIO) == []
    half = tmp_path / f"half.{form}"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    found = review(half, Expectation(MediaKind.AUDIO)).findings
    assert [finding.code for finding in found] == ["result_unreadable"]
    assert "of 6.00 seconds" in found[0].message


def test_damaged_packets_of_sound_are_counted(tmp_path):
    body = bytearray(_sound(tmp_path / "a.m4a").read_bytes())
    begin, end = len(body) * 3 // 10, len(body) * 7 // 10
    body[begin:end] = np.random.default_rng(2).bytes(end - begin)
    (tmp_path / "b.m4a").write_bytes(body)
    found = review(tmp_path / "b.m4a", Expectation(MediaKind.AUDIO))
    assert found.measures.sound is not None
    assert found.measures.sound.damaged
    assert ("result_damaged", True) in codes(tmp_path / "b.m4a", MediaKind.AUDIO)


def test_the_sound_of_a_video_counts_too(tmp_path):
    good, silent = tmp_path / "good.mp4", tmp_path / "silent.mp4"
    video(good, 48, sound=tone(2))
    assert codes(good, MediaKind.VIDEO) == []
    video(silent, 48, sound=tone(2) * 0.0001)
    assert codes(silent, MediaKind.VIDEO) == [("result_silent", False)]
