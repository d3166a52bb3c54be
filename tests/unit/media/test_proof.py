from __future__ import annotations

import pytest

from framewright.errors import FramewrightError, StorageError
from framewright.media import tracks
from framewright.media.proof import prove
from media_samples import tone, video


def test_a_file_that_is_whole_is_proved(tmp_path):
    prove(video(tmp_path / "a.mp4", 30, sound=tone(1)), "a.mp4")


def test_a_file_that_lacks_its_end_is_refused(tmp_path):
    whole = video(tmp_path / "a.mp4", 60, sound=tone(2))
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[:-2_000])
    with pytest.raises(StorageError, match="not whole"):
        prove(cut, "cut.mp4")


def test_what_a_disk_lost_never_takes_the_place_of_what_was_there(tmp_path, monkeypatch):
    target = video(tmp_path / "a.mp4", 12)
    older = target.read_bytes()

    def losing(path, name):
        data = path.read_bytes()
        path.write_bytes(data[: len(data) // 2] + bytes(len(data) - len(data) // 2))
        prove(path, name)

    monkeypatch.setattr(tracks, "prove", losing)
    with pytest.raises(FramewrightError):
        video(target, 60)
    assert target.read_bytes() == older
    assert list(tmp_path.iterdir()) == [target]
