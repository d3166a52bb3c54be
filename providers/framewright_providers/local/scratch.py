"""Folders for work in progress, which do not outlive their process by long.

Each process has one folder below the system's temporary one, and holds a lock on a file in it.
A folder whose lock is free belonged to a process that was killed; the next one removes it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

_PREFIX = "framewright-"
_LOCK = "in-use"
_YOUNG_SECONDS = 60.0
"""A folder this young may still be waiting for its lock."""


class Scratch:
    """The folder of this process; made when it is first needed, gone when closed.

    Any thread may ask for a new folder; whoever closes it sees to it that nobody does any more.
    """

    def __init__(self) -> None:
        self._making = threading.Lock()
        self._folder: Path | None = None
        self._handle = -1

    def new_folder(self) -> Path:
        """Return a new, empty folder."""
        with self._making:
            if self._folder is None:
                self._folder = self._begin()
        return Path(tempfile.mkdtemp(dir=self._folder))

    def _begin(self) -> Path:
        remove_abandoned(Path(tempfile.gettempdir()))
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._handle = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC)
        fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return folder

    def close(self) -> None:
        """Remove the folder with everything in it."""
        if self._folder is None:
            return
        shutil.rmtree(self._folder, ignore_errors=True)
        os.close(self._handle)
        self._folder = None


def remove_abandoned(parent: Path) -> None:
    """Remove the folders of killed processes of this user below `parent`."""
    for folder in parent.glob(_PREFIX + "*"):
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
