from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from framewright.errors import StorageError, StorageFullError
from framewright.store.blobs import Blobs


def _file(folder: Path, content: bytes = b"content") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "incoming"
    path.write_bytes(content)
    return path


def test_a_file_moves_to_the_place_its_hash_says(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "assets")
    source = _file(blobs.incoming("job"))
    kept = blobs.adopt(source, "ab" * 32, ".txt")
    assert kept == tmp_path / "assets" / "ab" / ("ab" * 32 + ".txt")
    assert kept.read_bytes() == b"content"
    assert not source.exists()
    assert not os.access(kept, os.W_OK) or os.geteuid() == 0
    assert kept.stat().st_mode & 0o222 == 0


def test_the_same_content_twice_is_one_file(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "assets")
    first = blobs.adopt(_file(blobs.incoming("one")), "cd" * 32, ".txt")
    second = blobs.adopt(_file(blobs.incoming("two")), "cd" * 32, ".txt")
    assert first == second
    assert not (blobs.incoming("two") / "incoming").exists()


@pytest.mark.parametrize(
    ("code", "error"), [(errno.ENOSPC, StorageFullError), (errno.EACCES, StorageError)]
)
def test_what_the_disk_refuses_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, error: type[StorageError]
) -> None:
    blobs = Blobs(tmp_path / "assets")
    source = _file(blobs.incoming("job"))

    def refuse(self: Path, target: Path) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(error):
        blobs.adopt(source, "ef" * 32, ".txt")
    assert source.exists()
