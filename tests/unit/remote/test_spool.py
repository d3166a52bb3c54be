"""What is kept of answers that are the result: whole or not at all, and for some days."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from framewright.domain.job import ErrorCategory
from framewright.protocols import SubmitError
from framewright_providers.http_job.spool import FOLDER_VARIABLE, KEPT_DAYS, Spool

if TYPE_CHECKING:
    from pathlib import Path


def keep(spool: Spool, key: str, text: str = "sound") -> None:
    coming = spool.begin(key)
    (coming / "result1.mp3").write_text(text)
    spool.finish(key, (coming / "result1.mp3",), urls=("https://a/b",), cost=0.5, notes=("Hm.",))


def test_what_was_kept_is_found_by_everybody(tmp_path: Path) -> None:
    keep(Spool("acme", tmp_path), "job-1")
    kept = Spool("acme", tmp_path).copy("job-1", tmp_path / "out" / "here")
    assert [path.read_text() for path in kept.files] == ["sound"]
    assert kept.files[0].parent == tmp_path / "out" / "here"
    assert (kept.urls, kept.cost, kept.notes) == (("https://a/b",), 0.5, ("Hm.",))
    assert Spool("other", tmp_path).find("job-1") is None


def test_what_was_not_finished_is_not_there(tmp_path: Path) -> None:
    spool = Spool("acme", tmp_path)
    (spool.begin("job-1") / "result1.mp3").write_text("so")
    assert spool.find("job-1") is None
    # Who begins anew begins with nothing.
    assert not list(spool.begin("job-1").iterdir())
    spool.drop("job-1")
    assert not list((tmp_path / "acme").iterdir())


def test_a_whole_answer_is_found_though_a_full_disk_stopped_its_keeping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    spool = Spool("acme", tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            keep(spool, "job-1")
    assert spool.copy("job-1", tmp_path / "out").files[0].read_text() == "sound"
    # Who begins anew loses nothing of it.
    assert not list(spool.begin("job-1").iterdir())
    assert spool.copy("job-1", tmp_path / "again").files[0].read_text() == "sound"


def test_an_answer_that_is_shorter_than_it_was_is_not_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    spool = Spool("acme", tmp_path)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        keep(spool, "job-1")
    (tmp_path / "acme" / ".job-1.coming" / "result1.mp3").write_text("so")
    assert spool.find("job-1") is None


def test_what_was_made_anew_takes_the_place_of_the_old(tmp_path: Path) -> None:
    spool = Spool("acme", tmp_path)
    keep(spool, "job-1")
    keep(spool, "job-1", "another")
    assert spool.copy("job-1", tmp_path / "out").files[0].read_text() == "another"


@pytest.mark.parametrize("lost", ["file", "about", "all"])
def test_what_is_damaged_or_gone_says_so(lost: str, tmp_path: Path) -> None:
    spool = Spool("acme", tmp_path)
    if lost != "all":
        keep(spool, "job-1")
        name = "result1.mp3" if lost == "file" else "about.json"
        (tmp_path / "acme" / "job-1" / name).unlink()
    with pytest.raises(SubmitError) as caught:
        spool.copy("job-1", tmp_path / "out")
    assert caught.value.failure.category is ErrorCategory.NOT_FOUND
    assert str(tmp_path / "acme") in caught.value.failure.action


def test_nothing_is_asked_for_that_could_not_be_kept(tmp_path: Path) -> None:
    (tmp_path / "acme").write_text("a file where the folder should be")
    with pytest.raises(SubmitError) as caught:
        Spool("acme", tmp_path).begin("job-1")
    assert caught.value.failure.action


def test_old_results_are_forgotten(tmp_path: Path) -> None:
    spool = Spool("acme", tmp_path)
    for key, days in {"old": KEPT_DAYS + 1, "new": KEPT_DAYS - 1}.items():
        keep(spool, key)
        at = time.time() - days * 86_400
        os.utime(tmp_path / "acme" / key, (at, at))
    spool.begin("job-1")
    assert spool.find("old") is None
    assert spool.find("new") is not None


def test_old_results_that_vanish_meanwhile_disturb_nobody(tmp_path: Path) -> None:
    spool = Spool("acme", tmp_path)
    keep(spool, "old")
    (tmp_path / "acme" / "gone").symlink_to(tmp_path / "nowhere")
    assert spool.begin("job-1").is_dir()


@pytest.mark.parametrize("key", ["", "../up", ".hidden", "a/b", "a" * 200])
def test_no_key_leads_out_of_the_folder(key: str, tmp_path: Path) -> None:
    (tmp_path / "about.json").write_text('{"files": []}')
    spool = Spool("acme", tmp_path)
    assert spool.find(key) is None
    with pytest.raises(ValueError, match="no key"):
        spool.begin(key)


def test_a_person_can_say_where_results_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "framewright" in Spool("acme").folder.parts
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert Spool("acme").folder == tmp_path / "acme"
