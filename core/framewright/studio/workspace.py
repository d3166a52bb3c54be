"""A workspace: one folder with its assets and settings, and its database or where that is."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from framewright.domain.media import suffix
from framewright.errors import StorageError, as_storage_error
from framewright.settings import FILE_NAME, TEMPLATE, store_url
from framewright.store.blobs import Blobs
from framewright.store.locks import FileLocks, Locks
from framewright.store.place import Place, PostgresUrl

if TYPE_CHECKING:
    from framewright.domain.asset import Output

VARIABLE = "FRAMEWRIGHT_WORKSPACE"
"""Environment variable that names the workspace to use."""
DATABASE = "workspace.db"
LOCKS = ".locks"


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where things lie in a workspace."""

    folder: Path
    server: PostgresUrl | None = None
    """The database that replicas share; None for a file of the folder."""

    @property
    def place(self) -> Place:
        """Where the database is."""
        return self.server or self.folder / DATABASE

    @property
    def assets(self) -> Path:
        """The folder of stored files."""
        return self.folder / "assets"

    def file_of(self, output: Output) -> Path | None:
        """Return where the file of a step's output lies; None for a text."""
        if output.asset is None or output.info is None:
            return None
        return Blobs(self.assets).path(output.asset, suffix(output.info))

    def exists(self) -> bool:
        """Tell whether the folder holds a workspace already."""
        if (self.folder / DATABASE).is_file():
            return True
        return (self.folder / LOCKS).is_dir() and store_url(self.folder) is not None

    async def locks(self) -> Locks:
        """Return the locks that all processes share; to be closed. Raises `StorageError`.

        A process holds the one of its owner's name while it may carry jobs, and the one of a
        run's id while it works on that.
        """
        if self.server is None:
            return FileLocks(self.folder / LOCKS)
        # Nobody who keeps to SQLite needs the driver.
        from framewright.store.postgres_locks import PostgresLocks

        return await PostgresLocks.open(self.server)


def prepare(folder: Path) -> Workspace:
    """Make the folders of a workspace and its settings file, where they are missing.

    Raises `StorageError` when the folder can not be made or written, and `SettingsError` for
    settings that say of no database where it is.
    """
    workspace = Workspace(folder.absolute())
    try:
        workspace.assets.mkdir(parents=True, exist_ok=True)
        (workspace.folder / LOCKS).mkdir(exist_ok=True)
        if not os.access(workspace.folder, os.W_OK | os.X_OK):
            raise StorageError(f"The workspace {workspace.folder} can not be written.")
        settings = workspace.folder / FILE_NAME
        if not settings.exists():
            settings.write_text(TEMPLATE, "utf-8")
    except OSError as error:
        raise as_storage_error(error, workspace.folder) from error
    url = store_url(workspace.folder)
    return workspace if url is None else replace(workspace, server=PostgresUrl(url))


def discover(given: Path | None, start: Path) -> Path:
    """Return the workspace folder to use; it need not exist yet.

    The first of: the folder that was given; `FRAMEWRIGHT_WORKSPACE`; the nearest folder from
    `start` upwards that holds a workspace; the person's own data folder.
    """
    if given is not None:
        return given
    if named := os.environ.get(VARIABLE):
        return Path(named)
    for folder in (start, *start.parents):
        if Workspace(folder).exists():
            return folder
    from platformdirs import user_data_path

    return user_data_path("framewright") / "workspace"
