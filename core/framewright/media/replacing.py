"""Writing a file so that it is there whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

from framewright.errors import as_storage_error

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ABOUT_WRITING = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EACCES,
    errno.EROFS,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.EISDIR,
}


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give the path of a temporary neighbour that takes the target's place when all went well.

    Whatever is raised inside, the neighbour is removed and the target stays as it was.
    """
    # Not derived from the target's name, which may already be as long as names can be; and made
    # here under a name nobody can foresee, so that no link that lies in wait leads it elsewhere.
    draft = target.parent / f".framewright-{secrets.token_hex(8)}.part"
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        yield draft
        draft.replace(target)
    except OSError as error:
        if error.errno in _ABOUT_WRITING:
            raise as_storage_error(error, target) from error
        raise
    finally:
        draft.unlink(missing_ok=True)
