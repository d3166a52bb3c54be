"""Writing a file so that it is there whole or not at all."""

from __future__ import annotations

import errno
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from framewright.errors import StorageError, StorageFullError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give the path of a temporary neighbour that takes the target's place when all went well.

    Whatever is raised inside, the neighbour is removed and the target stays as it was.
    """
    # Not derived from the target's name, which may already be as long as names can be.
    draft = target.parent / f".framewright-{os.getpid()}-{threading.get_ident()}.part"
    try:
        yield draft
        draft.replace(target)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            message = f"The disk is full: {target.name} could not be written."
            raise StorageFullError(message) from error
        if error.errno in {errno.EACCES, errno.EROFS, errno.ENOENT, errno.ENOTDIR}:
            message = f"{target.name} cannot be written in {target.parent}."
            raise StorageError(message) from error
        raise
    finally:
        draft.unlink(missing_ok=True)
