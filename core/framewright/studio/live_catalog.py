"""The catalog of an open workspace, which follows its files: what changes there counts at once."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from framewright.errors import FramewrightError
from framewright.keys import FILE_NAME, settings_folder
from framewright.studio.catalogs import load_catalog, own_catalogs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from framewright.catalog.catalog import Catalog
    from framewright.studio.readiness import Readiness

_log = logging.getLogger("framewright.catalog")
Mark = tuple[tuple[str, int, int, int], ...]
"""Of each file: its path, its number on the disk, when it was written, and its size."""


class LiveCatalog:
    """Shipped models, the workspace's own and those of further files, as they are now.

    Also a provider's key that another process has put into the keyring, or taken out, counts.
    """

    def __init__(
        self, folder: Path, further: Iterable[Path], readiness: Callable[[], Readiness]
    ) -> None:
        """Read the catalog; raises `InputError` and `NotFoundError` for a wrong file."""
        self._folder = folder
        self._further = tuple(further)
        self._readiness = readiness
        self._mark = self._marked()
        self._catalog = self._read()

    def now(self) -> Catalog:
        """Return the catalog, read anew where a file has changed: a few looks at the disk.

        It is another object each time it was read, so what was worked out of the one before is
        gone with it. A file that has become wrong changes nothing until it is mended.
        """
        mark = self._marked()
        if mark != self._mark:
            self._mark = mark
            try:
                self._catalog = self._read()
            except FramewrightError as error:
                _log.warning("the catalogs stay as they were: %s", error)
        return self._catalog

    def _read(self) -> Catalog:
        return load_catalog([*own_catalogs(self._folder), *self._further], self._readiness())

    def _marked(self) -> Mark:
        found = []
        for path in (
            *own_catalogs(self._folder),
            *self._further,
            settings_folder() / FILE_NAME,
        ):
            try:
                told = path.stat()
            except OSError:
                continue
            found.append((str(path), told.st_ino, told.st_mtime_ns, told.st_size))
        return tuple(found)
