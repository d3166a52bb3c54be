"""A folder for work in progress, which does not outlive its process by long."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path

from framewright.isolation.own_folder import OwnFolder

_PREFIX = "framewright-"


class Scratch:
    """The folder of this process; made when it is first needed, gone when closed.

    Any thread may ask for a new folder; whoever closes it sees to it that nobody does any more.
    """

    def __init__(self) -> None:
        self._making = threading.Lock()
        self._folder: OwnFolder | None = None

    def new_folder(self) -> Path:
        """Return a new, empty folder."""
        with self._making:
            if self._folder is None:
                self._folder = OwnFolder.make(Path(tempfile.gettempdir()), _PREFIX)
            return Path(tempfile.mkdtemp(dir=self._folder.path))

    def close(self) -> None:
        """Remove the folder with everything in it."""
        if self._folder is not None:
            self._folder.close()
            self._folder = None
