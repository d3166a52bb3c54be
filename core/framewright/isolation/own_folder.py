"""Folders that do not outlive their process by long.

Each holds a file that its process has locked. A folder whose lock is free belonged to a process
that was killed; the next one that makes one there removes it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_LOCK = "in-use"
_YOUNG_SECONDS = 60.0
"""A folder this young may still be waiting for its lock."""


@dataclass(frozen=True, slots=True)
class OwnFolder:
    """A folder of this process; `close` removes it with all that is in it."""

    path: Path
    _handle: int

    @classmethod
    def make(cls, beside: Path, prefix: str) -> OwnFolder:
        """Make an empty one in a folder, and remove there what killed processes have left."""
        remove_abandoned(beside, prefix)
        path = Path(tempfile.mkdtemp(prefix=prefix, dir=beside)).absolute()
        handle = os.open(path / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return cls(path, handle)

    def close(self) -> None:
        """Remove it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._handle)


def remove_abandoned(parent: Path, prefix: str) -> None:
    """Remove the folders of killed processes of this user below `parent`."""
    for folder in parent.glob(prefix + "*"):
        with suppress(OSError):
            found = folder.stat(follow_symlinks=False)
            young = time.time() - found.st_mtime < _YOUNG_SECONDS
            if found.st_uid != os.getuid() or young:
                continue
            handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(handle)
