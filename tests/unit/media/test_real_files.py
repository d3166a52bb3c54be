"""Frames of real files, equal to a full decode's; skipped where the files are not.

They lie in the folder that FRAMEWRIGHT_TEST_VIDEOS names, else in `shared/data/video` beside or
above the project.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from framewright.errors import MediaError
from framewright.media import decode
from framewright.media.frames import first_frame, frame_at, last_frame
from framewright.media.guards import open_container
from framewright.media.picture import upright_image
from framewright.media.probe import probe
from framewright.media.shape import view_of


def folder() -> Path:
    named = os.environ.get("FRAMEWRIGHT_TEST_VIDEOS")
    if named:
        return Path(named)
    beside = (parent / "shared" / "data" / "video" for parent in Path(__file__).parents)
    return next((each for each in beside if each.is_dir()), Path("/nowhere"))


FOLDER = folder()
FILES = sorted(path for path in FOLDER.glob("*.*") if path.suffix != ".txt")
BROKEN = {"g_zero.mp4", "g_trunc_nomoov.mp4"}
OPENABLE = [path for path in FILES if path.name not in BROKEN]

pytestmark = pytest.mark.skipif(not FILES, reason="the real files are not here")


def decoded(path):
    """Every frame of a file with its time, from one pass without a seek, and how it is shown."""
    with open_container(path) as container:
        stream = decode.need_picture_stream(container, path.name)
        view = None
        for time, frame in decode.pictures(container, stream):
            view = view or view_of(stream, frame)
            yield time, frame, view


@pytest.mark.parametrize("path", OPENABLE, ids=lambda path: path.name)
def test_first_and_last_frame_are_those_of_a_full_decode(path):
    first = last = None
    for time, frame, view in decoded(path):
        first = first or (frame, view)
        if last is None or time >= last[0]:
            last = (time, frame, view)
    assert last_frame(path).tobytes() == upright_image(*last[1:]).tobytes()
    assert first_frame(path).tobytes() == upright_image(*first).tobytes()


@pytest.mark.parametrize("path", OPENABLE, ids=lambda path: path.name)
def test_frames_at_times_are_those_of_a_full_decode(path):
    shown = sorted({time for time, _, _ in decoded(path)})
    wanted = {shown[len(shown) * part // 5] for part in range(5)}
    for time, frame, view in decoded(path):
        if time not in wanted:
            continue
        after = next((each for each in shown if each > time), time)
        middle = (time + after) / 2 - shown[0]
        found = frame_at(path, float(middle))
        assert found.tobytes() == upright_image(frame, view).tobytes(), float(middle)


@pytest.mark.parametrize("path", OPENABLE, ids=lambda path: path.name)
def test_a_variable_rate_is_told_as_it_is_by_reading_everything(path):
    told, counted = probe(path).video, probe(path, count=True).video
    assert told.variable == counted.variable
    assert bool(told.variable) == (path.suffix == ".gif")
    assert counted.frames == sum(1 for _ in decoded(path))


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_file_is_a_clear_error(name):
    for read in (probe, first_frame, last_frame):
        with pytest.raises(MediaError, match=name.replace(".", r"\.")):
            read(FOLDER / name)
