"""A workspace: one folder with its database, assets and settings."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from framewright.domain.media import suffix
from framewright.errors import StorageError, as_storage_error
from framewright.settings import FILE_NAME, TEMPLATE
from framewright.store.blobs import Blobs
from framewright.store.locks import FileLock

if TYPE_CHECKING:
    from framewright.domain.asset import Output

VARIABLE = "FRAMEWRIGHT_WORKSPACE"
"""Environment variable that names the workspace to use."""
DATABASE = "workspace.db"


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where things lie in a workspace."""

    folder: Path

    @property
    def database(self) -> Path:
        """The database file."""
        return self.folder / DATABASE

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
        return self.database.is_file()

    def owner_lock(self, name: str) -> FileLock:
        """Return the lock that a process holds as long as it owns jobs under that name."""
        return FileLock(self.folder / ".locks" / f"{name}.lock")

    def run_lock(self, run: str) -> FileLock:
        """Return the lock that whoever works on a run holds."""
        return FileLock(self.folder / ".locks" / f"{run}.lock")


def prepare(folder: Path) -> Workspace:
    """Make the folders of a workspace and its settings file, where they are missing.

    Raises `StorageError` when the folder can not be made or written.
    """
    workspace = Workspace(folder.absolute())
    try:
        workspace.assets.mkdir(parents=True, exist_ok=True)
        (workspace.folder / ".locks").mkdir(exist_ok=True)
        if not os.access(workspace.folder, os.W_OK | os.X_OK):
            raise StorageError(f"The workspace {workspace.folder} can not be written.")
        settings = workspace.folder / FILE_NAME
        if not settings.exists():
            settings.write_text(TEMPLATE, "utf-8")
    except OSError as error:
        raise as_storage_error(error, workspace.folder) from error
    return workspace


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
