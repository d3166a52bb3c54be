from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.store.locks import FileLock

if TYPE_CHECKING:
    from pathlib import Path


def test_only_one_holds_it(tmp_path: Path) -> None:
    one, other = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert one.try_acquire()
    assert not other.try_acquire()
    one.release()
    assert other.try_acquire()
    other.release(remove=True)
    assert not (tmp_path / "lock").exists()


def test_a_removed_file_guards_nothing(tmp_path: Path) -> None:
    one, other = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert one.try_acquire()
    one.release(remove=True)
    assert one.try_acquire()
    assert not other.try_acquire()
    one.release()
