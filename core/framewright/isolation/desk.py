"""Where an errand puts what it makes: a folder of its own, from which its owner takes it."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from framewright.errors import MediaCrashError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def desk(beside: Path) -> Iterator[Path]:
    """Give an empty folder in a folder, on the same disk, and remove it with all that is left."""
    made = Path(tempfile.mkdtemp(prefix=".framewright-", dir=beside)).absolute()
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


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
