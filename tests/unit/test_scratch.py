"""Folders for work in progress go with their process, whichever way it ends."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from framewright.isolation.desk import desk
from framewright.isolation.own_folder import remove_abandoned
from framewright_providers.local.scratch import Scratch

KILLED = """
import os, signal
from framewright_providers.local.scratch import Scratch
print(Scratch().new_folder().parent, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def own_temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def _age(folder: Path) -> None:
    os.utime(folder, (0, 0))


def test_closing_removes_everything(own_temp: Path) -> None:
    scratch = Scratch()
    with ThreadPoolExecutor(8) as threads:
        folders = set(threads.map(lambda _: scratch.new_folder(), range(32)))
    assert len(folders) == 32
    assert len({folder.parent for folder in folders}) == 1
    scratch.close()
    scratch.close()
    assert list(own_temp.iterdir()) == []


def test_only_what_a_killed_process_left_is_removed(own_temp: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True)
    left = Path(killed.stdout.strip())
    assert left.is_dir()
    mine = Scratch()
    kept = mine.new_folder().parent
    foreign = own_temp / "framewright-notes"
    foreign.mkdir()
    for folder in (left, kept, foreign):
        _age(folder)
    remove_abandoned(own_temp, "framewright-")
    assert not left.exists()
    assert kept.is_dir()
    assert foreign.is_dir()
    mine.close()


def test_a_young_folder_is_left_alone(own_temp: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True)
    remove_abandoned(own_temp, "framewright-")
    assert Path(killed.stdout.strip()).is_dir()


def test_what_a_killed_merge_left_beside_a_film_is_removed_by_the_next(tmp_path: Path) -> None:
    begun = f"""
import os, signal
from pathlib import Path
from framewright.isolation.desk import desk
with desk(Path({str(tmp_path)!r})) as folder:
    (folder / "film.mp4").write_bytes(b"half of it")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", begun])
    (left,) = tmp_path.iterdir()
    _age(left)
    with desk(tmp_path) as folder:
        assert folder.parent == tmp_path
        assert not left.exists()
    assert list(tmp_path.iterdir()) == []
