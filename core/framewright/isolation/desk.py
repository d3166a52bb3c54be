"""Where an errand puts what it makes: a folder of its own, from which its owner takes it."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING

from framewright.errors import MediaCrashError
from framewright.isolation.own_folder import OwnFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PREFIX = ".framewright-"


@contextmanager
def desk(beside: Path) -> Iterator[Path]:
    """Give an empty folder in a folder, on the same disk, and remove it with all that is left."""
    made = OwnFolder.make(beside, _PREFIX)
    try:
        yield made.path
    finally:
        made.close()


def take_from(made: Path, target: Path) -> None:
    """Put a file that an errand has made where it belongs, in place of what is there.

    Raises `MediaCrashError` for what is no plain file: a link would lead elsewhere.
    """
    check_made(made)
    os.replace(made, target)  # noqa: PTH105 - a link in the target's place is replaced, not followed


def check_made(made: Path) -> None:
    """Refuse what is no plain file, or has another name somewhere; raises `MediaCrashError`."""
    try:
        found = made.lstat()
    except OSError as error:
        raise MediaCrashError(f"{made.name} was to be made, and is not there.") from error
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
        raise MediaCrashError(f"{made.name} was to be made, and is no plain file.")
