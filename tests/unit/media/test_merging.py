from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest

from framewright.errors import MediaError
from framewright.media.clips import merge
from framewright.media.frames import first_frame, frame_at, frames_every
from framewright.media.picture import split
from framewright.media.probe import probe
from framewright.media.resize import resize_video
from framewright.media.sound import read_sound
from framewright.media.transitions import TRANSITIONS, between
from framewright.media.write import VideoWriter
from media_samples import number_of, tone, video


def numbers(path, fps=24):
    return [number_of(image) for _, image in frames_every(path, 1 / fps)]


def coded(path):
    """The bytes of all packets of the picture."""
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def flat(path, level, frames=24, size=(128, 72)):
    with VideoWriter(path, *size, Fraction(24)) as writer:
        for _ in range(frames):
            writer.frame(np.full((size[1], size[0], 3), level, np.uint8))
    return path


def test_clips_of_one_kind_are_joined_without_encoding_them_again(tmp_path):
    one = video(tmp_path / "1.mp4", 30, sound=tone(1.25, 300))
    two = video(tmp_path / "2.mp4", 20, first=100, sound=tone(1, 900))
    merge([one, two, one], tmp_path / "all.mp4")
    assert coded(tmp_path / "all.mp4") == coded(one) + coded(two) + coded(one)
    assert numbers(tmp_path / "all.mp4") == [*range(30), *range(100, 120), *range(30)]
    sound = read_sound(tmp_path / "all.mp4")
    assert sound.shape[1] == 80 * 2_000
    assert np.abs(sound[0, 62_000:98_000] - tone(1, 900)[0, 2_000:38_000]).max() < 0.05


def test_silent_clips_of_one_kind_stay_silent(tmp_path):
    one = video(tmp_path / "1.mp4", 10)
    merge([one, one], tmp_path / "all.mp4")
    assert coded(tmp_path / "all.mp4") == coded(one) * 2
    assert probe(tmp_path / "all.mp4").audio is None


@pytest.mark.parametrize("odd", ["rate", "size", "fade", "asked"])
def test_clips_that_differ_are_encoded_again(tmp_path, odd):
    one = video(tmp_path / "1.mp4", 24)
    rate, size = (25 if odd == "rate" else 24), ((160, 90) if odd == "size" else (128, 72))
    two = video(tmp_path / "2.mp4", rate, rate, size=size)
    more = {"fade": {"transition": "fade-black"}, "asked": {"fps": Fraction(12)}}.get(odd, {})
    merge([one, two], tmp_path / "all.mp4", **more)
    info = probe(tmp_path / "all.mp4")
    frames = {"fade": 36, "asked": 24}.get(odd, 48)
    assert (info.width, info.height, info.video.frames) == (128, 72, frames)
    assert coded(tmp_path / "all.mp4") != coded(one) + coded(two)


def test_a_size_and_rate_can_be_asked_for(tmp_path):
    one = video(tmp_path / "1.mp4", 24, sound=tone(1))
    merge([one, one], tmp_path / "a.mp4", size=(96, 96), fps=Fraction(30), how="cover")
    info = probe(tmp_path / "a.mp4")
    assert (info.width, info.height, info.video.frames) == (96, 96, 60)
    assert read_sound(tmp_path / "a.mp4").shape[1] == 96_000


@pytest.mark.parametrize("transition", [each for each in TRANSITIONS if each != "cut"])
def test_a_transition_goes_from_one_to_the_other(tmp_path, transition):
    dark, light = flat(tmp_path / "1.mp4", 40), flat(tmp_path / "2.mp4", 220)
    merge([dark, light], tmp_path / "a.mp4", transition=transition, transition_seconds=0.5)
    assert probe(tmp_path / "a.mp4").video.frames == 36
    seen = [np.asarray(frame.convert("L")).astype(int) for _, frame in every(tmp_path / "a.mp4")]
    assert np.abs(seen[11] - 40).max() < 8
    assert np.abs(seen[24] - 220).max() < 8
    # Six of eleven frames between: about the middle.
    middle = seen[17]
    if transition == "fade-black":
        assert middle.max() < 40
        return
    if transition == "crossfade":
        assert np.abs(middle - 130).max() < 14
        return
    edges = {
        "left": (middle[36, -12], middle[36, 12]),
        "right": (middle[36, 12], middle[36, -12]),
        "up": (middle[-12, 64], middle[12, 64]),
        "down": (middle[12, 64], middle[-12, 64]),
    }
    new, old = edges[transition.partition("-")[2]]
    assert new > 200
    assert old < 60


def every(path):
    return frames_every(path, 1 / 24)


def test_a_wipe_uncovers_and_a_slide_pushes(tmp_path):
    one = flat(tmp_path / "1.mp4", 40)
    with VideoWriter(tmp_path / "2.mp4", 128, 72, Fraction(24)) as writer:
        halves = np.full((72, 128, 3), 100, np.uint8)
        halves[:, 64:] = 220
        for _ in range(24):
            writer.frame(halves)
    seen = {}
    for name in ("wipe", "slide"):
        merge([one, tmp_path / "2.mp4"], tmp_path / "a.mp4", transition=f"{name}-left")
        seen[name] = np.asarray(frame_at(tmp_path / "a.mp4", 17.5 / 24).convert("L")).astype(int)
    # Half-way the right half of the coming picture is in its own place, or its left half there.
    assert abs(seen["wipe"][36, 100] - 220) < 10
    assert abs(seen["slide"][36, 100] - 100) < 10


def test_a_transition_that_is_not_known_is_refused(tmp_path):
    one = video(tmp_path / "1.mp4", 5)
    for wrong in ({"transition": "star"}, {"transition": "crossfade", "transition_seconds": 61}):
        with pytest.raises(MediaError):
            merge([one, one], tmp_path / "a.mp4", **wrong)


def test_a_blurred_frame_fills_its_bars_with_the_picture_itself(tmp_path):
    with VideoWriter(tmp_path / "tall.mp4", 72, 128, Fraction(24)) as writer:
        for _ in range(3):
            writer.frame(np.full((128, 72, 3), (200, 40, 40), np.uint8))
    resize_video(tmp_path / "tall.mp4", tmp_path / "a.mp4", width=256, height=128, how="blur")
    seen = np.asarray(first_frame(tmp_path / "a.mp4")).astype(int)
    assert np.abs(seen[64, 128] - (200, 40, 40)).max() < 8
    side = seen[64, 20]
    assert 60 < side[0] < 160
    assert side[0] > side[1] + 40


@pytest.mark.parametrize("way", ["left", "right", "up", "down"])
@pytest.mark.parametrize("kind", ["wipe", "slide"])
def test_brightness_and_colour_part_at_one_place(kind, way):
    leaving, coming = (np.full((108, 128), level, np.uint8) for level in (50, 200))
    for step in range(1, 13):
        made = between(f"{kind}-{way}", leaving, coming, Fraction(step, 13))
        brightness, *colours = split(made)
        for colour in colours:
            assert np.array_equal(brightness, colour.repeat(2, axis=0).repeat(2, axis=1))
        share = (brightness == 200).mean()
        assert abs(share - step / 13) < 2 / 72
