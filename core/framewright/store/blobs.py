"""Stored files: named by what is in them, written whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from framewright.errors import as_storage_error

if TYPE_CHECKING:
    from pathlib import Path


class Blobs:
    """The `assets/` folder of a workspace: `<first two digits>/<hash><suffix>`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, file_hash: str, suffix: str) -> Path:
        """Return where the file of this hash lies."""
        return self.folder / file_hash[:2] / f"{file_hash}{suffix}"

    def incoming(self, name: str) -> Path:
        """Return a folder on the same disk for files on their way in; it is not made here."""
        return self.folder / ".incoming" / name

    def adopt(self, source: Path, file_hash: str, suffix: str) -> Path:
        """Move a file of this disk into its place and see it safely on disk."""
        target = self.path(file_hash, suffix)
        try:
            if target.exists():
                source.unlink()
                return target
            if not target.parent.is_dir():
                target.parent.mkdir(parents=True, exist_ok=True)
                _sync(self.folder)
            source.chmod(0o444)
            _sync(source)
            source.replace(target)
            _sync(target.parent)
        except OSError as error:
            raise as_storage_error(error, self.folder) from error
        return target


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
