"""`framewright subtitle`: words into the picture, or beside it as a track."""

from __future__ import annotations

from typing import TYPE_CHECKING

from command import run

from framewright.media.text_track import read_text_track
from media_samples import tone, video

if TYPE_CHECKING:
    from pathlib import Path

WORDS = "WEBVTT\n\n00:00.500 --> 00:01.500\nWake up slowly\n"


def test_words_come_into_the_picture_or_beside_it(tmp_path: Path) -> None:
    video(tmp_path / "a.mp4", 48, sound=tone(2))
    (tmp_path / "a.vtt").write_text(WORDS, "utf-8")
    asked = ("subtitle", "a.mp4", "a.vtt", "-o")
    found = run(*asked, "hard.mp4", "--json", cwd=tmp_path)
    assert found.code == 0
    assert found.data["info"]["video"]["frames"] == 48
    assert read_text_track(tmp_path / "hard.mp4") == ()
    assert run(*asked, "soft.mp4", "--soft", "--language", "eng", cwd=tmp_path).code == 0
    assert [cue.text for cue in read_text_track(tmp_path / "soft.mp4")] == ["Wake up slowly"]
    assert run(*asked, "soft.mp4", "--soft", cwd=tmp_path).code == 2
    assert run(*asked, "a.mp4", "--force", cwd=tmp_path).code == 2
    failed = run(*asked, "x.mp4", "--soft", "--language", "english", cwd=tmp_path)
    assert failed.code != 0
    assert "three letters" in failed.err
    assert not (tmp_path / "x.mp4").exists()
