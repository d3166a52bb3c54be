"""Files that a person gives by name: nothing of theirs is lost, and nothing odd goes unsaid."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from framewright.errors import InputError, MediaError
from framewright.media.probe import probe
from framewright.studio import files
from media_samples import noise_film, video

if TYPE_CHECKING:
    from pathlib import Path


def broken(folder: Path) -> Path:
    """A film whose index is whole and whose second half is gone."""
    import av

    whole = noise_film(folder / "whole.mp4", frames=96)
    moved = folder / "broken.mp4"
    with (
        av.open(str(whole)) as given,
        av.open(str(moved), "w", options={"movflags": "faststart"}) as made,
    ):
        copies = {each.index: made.add_stream_from_template(each) for each in given.streams}
        for packet in given.demux():
            if packet.dts is not None:
                packet.stream = copies[packet.stream.index]
                made.mux(packet)
    moved.write_bytes(moved.read_bytes()[: moved.stat().st_size // 2])
    return moved


def test_a_picture_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    film = video(tmp_path / "a.mp4", 24)
    (tmp_path / "a-first.png").write_bytes(b"mine")
    which = files.Which(first=True)
    with pytest.raises(InputError, match="is there already"):
        asyncio.run(files.frames(film, tmp_path, which))
    assert (tmp_path / "a-first.png").read_bytes() == b"mine"
    asyncio.run(files.frames(film, tmp_path, which, overwrite=True))
    assert probe(tmp_path / "a-first.png").width == 128


def test_frames_are_taken_at_several_times(tmp_path: Path) -> None:
    film = video(tmp_path / "a.mp4", 48)
    found = asyncio.run(files.frames(film, tmp_path / "out", files.Which(at=(0.5, 1.0))))
    assert [frame.seconds for frame in found] == [0.5, 1.0]
    assert len({frame.path for frame in found}) == 2


def test_a_clip_that_breaks_off_is_named(tmp_path: Path) -> None:
    whole, half = video(tmp_path / "a.mp4", 24), broken(tmp_path)
    film = asyncio.run(files.merge([whole, half], tmp_path / "film.mp4"))
    (remark,) = film.remarks
    assert remark.startswith("broken.mp4 breaks off after ")
    assert asyncio.run(files.merge([whole, whole], tmp_path / "two.mp4")).remarks == ()


def test_subtitles_that_are_left_out_are_counted(tmp_path: Path) -> None:
    film, words = video(tmp_path / "a.mp4", 24), tmp_path / "w.srt"
    words.write_text(
        "1\n00:00:00,100 --> 00:00:00,400\nHello --> you\n\n"
        "2\n00:00:00,900 --> 00:00:00,500\nBackwards\n\n3\n00:00:00,600 --> 00:00:00,800\n\n"
    )
    made = asyncio.run(files.subtitle(film, words, tmp_path / "b.mp4"))
    assert made.remarks == (
        "2 subtitles are left out: without words, or ending before the beginning.",
    )
    words.write_text("1\n00:00:00,100 --> 00:00:00,400\nHello --> you\n")
    assert asyncio.run(files.subtitle(film, words, tmp_path / "c.mp4")).remarks == ()


@pytest.mark.parametrize("frames", [24, 25, 31])
def test_the_advice_on_a_transition_can_be_followed(tmp_path: Path, frames: int) -> None:
    clips = [video(tmp_path / f"{n}.mp4", n) for n in (72, frames, 73)]
    with pytest.raises(MediaError) as caught:
        asyncio.run(files.merge(clips, tmp_path / "x.mp4", transition="crossfade", seconds=1.0))
    longest = float(caught.value.action.removesuffix(" s.").rpartition(" ")[2])
    work = files.merge(clips, tmp_path / "y.mp4", transition="crossfade", seconds=longest)
    assert asyncio.run(work).info.duration
