"""Subtitles carried as a track of their own: read back as given, with pictures as they were."""

from __future__ import annotations

from itertools import pairwise

import av
import numpy as np
import pytest

from framewright.errors import MediaError
from framewright.media.probe import probe
from framewright.media.sound import read_sound
from framewright.media.subtitles import Cue
from framewright.media.text_track import add_text_track, read_text_track, read_text_tracks
from framewright.protocols import silent
from media_samples import tone, video

CUES = (
    Cue(0.5, 1.25, "Wake up slowly"),
    Cue(1.25, 2.0, "{braces} & \\back\nsecond line"),
    Cue(2.4, 9.0, "ein Straßencafé, 日本語"),
)


def shown(path):
    """What a decoder that is not ours makes of the track: (start ms, length ms, text)."""
    with av.open(str(path)) as container:
        stream = container.streams.subtitles[0]
        found = []
        for packet in container.demux(stream):
            for rect in stream.decode(packet) if len(bytes(packet)) > 2 else ():
                start = round(packet.pts * packet.time_base * 1000)
                length = round(packet.duration * packet.time_base * 1000)
                found.append((start, length, rect.dialogue.decode()))
        return stream, found


def pictures(path):
    with av.open(str(path)) as container:
        return [bytes(each) for each in container.demux(video=0) if each.size]


def test_words_are_read_back_as_they_were_given(tmp_path):
    film = video(tmp_path / "a.mp4", 72, sound=tone(3))
    add_text_track(film, tmp_path / "b.mp4", CUES, language="eng")
    stream, found = shown(tmp_path / "b.mp4")
    assert stream.codec_context.name == "mov_text"
    assert stream.language == "eng"
    assert [each[:2] for each in found] == [(500, 750), (1250, 750), (2400, 600)]
    assert found[0][2] == "Wake up slowly"
    assert "second line" in found[1][2]
    assert found[2][2] == CUES[2].text
    # A cue ends with the video at the latest.
    assert read_text_track(tmp_path / "b.mp4") == (*CUES[:2], Cue(2.4, 3.0, CUES[2].text))
    assert read_text_track(film) == ()


def test_picture_and_sound_are_copied_as_they_are(tmp_path):
    film = video(tmp_path / "a.mp4", 72, sound=tone(3))
    add_text_track(film, tmp_path / "b.mp4", CUES)
    assert pictures(tmp_path / "b.mp4") == pictures(film)
    assert np.array_equal(read_sound(tmp_path / "b.mp4"), read_sound(film))
    before, after = probe(film), probe(tmp_path / "b.mp4")
    assert after.model_copy(update={"bytes": 0}) == before.model_copy(update={"bytes": 0})


def test_what_an_mp4_can_not_carry_is_made_anew(tmp_path):
    with av.open(str(tmp_path / "a.webm"), "w") as container:
        stream = container.add_stream("libvpx", rate=24)
        stream.width, stream.height, stream.pix_fmt = 128, 72, "yuv420p"
        for _ in range(72):
            frame = av.VideoFrame.from_ndarray(np.zeros((72, 128, 3), np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    remarks = add_text_track(tmp_path / "a.webm", tmp_path / "b.mp4", CUES)
    assert remarks == ("a.webm was encoded anew: an MP4 does not carry it as it is.",)
    info = probe(tmp_path / "b.mp4")
    assert (info.container, info.video.codec, info.duration.seconds) == ("mp4", "h264", 3)
    assert len(read_text_track(tmp_path / "b.mp4")) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.webm", "b.mp4"]


def test_words_at_the_same_time_stand_together(tmp_path):
    film = video(tmp_path / "a.mp4", 72)
    cues = [Cue(0, 2, "one"), Cue(1, 3, "two"), Cue(1.5, 1.6, "three"), Cue(5, 6, "beyond")]
    add_text_track(film, tmp_path / "b.mp4", cues)
    found = read_text_track(tmp_path / "b.mp4")
    assert [each.text for each in found] == [
        "one",
        "one\ntwo",
        "one\ntwo\nthree",
        "one\ntwo",
        "two",
    ]
    assert [each.start_seconds for each in found] == [0, 1, 1.5, 1.6, 2]
    assert all(one.end_seconds == other.start_seconds for one, other in pairwise(found))
    assert found[-1].end_seconds == 3


def test_the_same_words_give_the_same_bytes(tmp_path):
    film = video(tmp_path / "a.mp4", 72)
    for name in ("b.mp4", "c.mp4"):
        add_text_track(film, tmp_path / name, CUES)
    assert (tmp_path / "b.mp4").read_bytes() == (tmp_path / "c.mp4").read_bytes()


@pytest.mark.parametrize(
    ("cues", "language", "said"),
    [
        (CUES, "english", "not the code of a language"),
        (CUES, "EN", "not the code of a language"),
        ((), "eng", "no subtitles"),
        ([Cue(7, 8, "late")], "eng", "ends before the first"),
        ([Cue(0, 1, "x" * 501)], "eng", "501 characters"),
    ],
)
def test_what_can_not_be_done_is_said_and_leaves_nothing(tmp_path, cues, language, said):
    film = video(tmp_path / "a.mp4", 24)
    with pytest.raises(MediaError, match=said):
        add_text_track(film, tmp_path / "b.mp4", cues, language=language)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


def test_many_words_are_written_in_time_order(tmp_path):
    film = video(tmp_path / "a.mp4", 24 * 10)
    cues = [Cue(number / 250, number / 250 + 0.004, str(number)) for number in range(2_500)]
    add_text_track(film, tmp_path / "b.mp4", cues, tell=silent)
    found = read_text_track(tmp_path / "b.mp4")
    assert [each.text for each in found] == [str(number) for number in range(2_500)]


def test_tracks_of_other_languages_stay(tmp_path):
    film = video(tmp_path / "a.mp4", 72)
    add_text_track(film, tmp_path / "b.mp4", CUES, language="eng")
    assert add_text_track(tmp_path / "b.mp4", tmp_path / "c.mp4", CUES[:1], language="deu") == ()
    tracks = read_text_tracks(tmp_path / "c.mp4")
    assert [(language, len(cues)) for language, cues in tracks] == [("deu", 1), ("eng", 3)]
    (remark,) = add_text_track(tmp_path / "c.mp4", tmp_path / "d.mp4", CUES[:2], language="eng")
    assert "1 track of subtitles was left out" in remark
    tracks = read_text_tracks(tmp_path / "d.mp4")
    assert [(language, len(cues)) for language, cues in tracks] == [("eng", 2), ("deu", 1)]


@pytest.mark.parametrize(
    ("codec", "pixels"),
    [("libx265", "yuv420p10le"), ("libvpx-vp9", "yuv420p"), ("libsvtav1", "yuv420p")],
)
def test_a_picture_that_an_mp4_holds_is_not_encoded_again(tmp_path, codec, pixels):
    with av.open(str(tmp_path / "a.mkv"), "w") as container:
        stream = container.add_stream(codec, rate=24)
        stream.width, stream.height, stream.pix_fmt = 128, 72, pixels
        for number in range(72):
            pixels_of = np.full((72, 128, 3), number, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels_of, format="rgb24")))
        container.mux(stream.encode(None))
    assert add_text_track(tmp_path / "a.mkv", tmp_path / "b.mp4", CUES) == ()
    before, after = probe(tmp_path / "a.mkv").video, probe(tmp_path / "b.mp4").video
    assert (after.codec, after.pixel_format) == (before.codec, before.pixel_format)
    assert pictures(tmp_path / "b.mp4") == pictures(tmp_path / "a.mkv")
