"""Files made to fit in several tries: what stood there stays until one turns out well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framewright.errors import MediaError
from framewright.media import prepare_clip as clips
from framewright.media import prepare_sound as sounds
from framewright.media.prepare_clip import prepare_clip
from framewright.media.prepare_sound import prepare_sound
from framewright.media.sound import write_wav
from media_samples import hiss, noise_film

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.domain.media import MediaInfo


def _source(folder: Path, work: object) -> Path:
    if work is prepare_clip:
        return noise_film(folder / "a")
    write_wav(folder / "a", hiss(1), 48_000)
    return folder / "a"


@pytest.mark.parametrize(("work", "form"), [(prepare_clip, "webm"), (prepare_sound, "flac")])
def test_what_is_too_large_never_stands_where_it_was_to_be(tmp_path, monkeypatch, work, form):
    target = tmp_path / "b"
    target.write_bytes(b"older")
    seen: list[bytes] = []
    monkeypatch.setattr(clips, "_within", lambda film, *_: film)
    with pytest.raises(MediaError, match="falling apart"):
        work(
            _source(tmp_path, work),
            target,
            formats=(form,),
            max_bytes=3_000,
            tell=lambda _: seen.append(target.read_bytes()),
        )
    assert len(seen) > 4
    assert set(seen) == {b"older"}
    assert target.read_bytes() == b"older"
    assert {each.name for each in tmp_path.iterdir()} == {"a", "b"}


@pytest.mark.parametrize("work", [prepare_clip, prepare_sound])
def test_what_lost_something_never_stands_where_it_was_to_be(tmp_path, monkeypatch, work):
    def refused(made: Path, _: MediaInfo) -> None:
        assert made.stat().st_size > 100
        message = "Converting it lost something."
        raise MediaError(message)

    monkeypatch.setattr(clips, "read_back", refused)
    monkeypatch.setattr(sounds, "read_back", refused)
    (tmp_path / "b").write_bytes(b"older")
    with pytest.raises(MediaError, match="lost something"):
        work(_source(tmp_path, work), tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"older"
    assert {each.name for each in tmp_path.iterdir()} == {"a", "b"}
