"""Takes a person's files in: looked at, copied among the assets, and named for plans."""

from __future__ import annotations

import asyncio
import re
import shutil
import unicodedata
from typing import TYPE_CHECKING

from framewright.domain.asset import Provenance
from framewright.domain.media import suffix
from framewright.domain.upload import Upload
from framewright.errors import MediaError, NotFoundError, as_storage_error
from framewright.store import assets
from framewright.store.assets import StoredFile, StoredUpload

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Collection
    from pathlib import Path

    from framewright.isolation import Isolation
    from framewright.store.blobs import Blobs
    from framewright.store.database import Database

_MOST_LETTERS = 60
"""Of a file's name; in UTF-8 they are never more than the 255 bytes that a name may have."""


async def take_in(
    path: Path, tenant: str, name: str, database: Database, blobs: Blobs, isolation: Isolation
) -> StoredUpload:
    """Copy a file into the workspace and let `$upload.<id>` point to it.

    `name` is a unique name for the copy on its way in. The same file gets the same id again.
    Raises `NotFoundError` or `MediaError` for what is no media file.
    """
    stored = await asyncio.to_thread(_copy, path, name, blobs, isolation)
    known = await database.read(assets.uploads(tenant))
    same = next((each for each in known if each.file.hash == stored.hash), None)
    upload = same.id if same else upload_id(path.stem, {each.id for each in known})
    origin = f"upload:{path.name}"
    database.post(assets.insert(tenant, [stored], origin, Provenance(source=path.name)))
    await database.write(assets.insert_upload(tenant, upload, path.name, stored.hash))
    return StoredUpload(upload, path.name, stored)


async def received(
    folder: Path, file_name: str, blocks: AsyncIterable[bytes], most_bytes: int
) -> Path:
    """Write what comes into a file of a new folder and return it.

    Raises `MediaError` for more than `most_bytes`, and `StorageError` where it can not be written.
    """
    path = folder / plain_name(file_name)
    try:
        await asyncio.to_thread(folder.mkdir, parents=True)
        file = await asyncio.to_thread(path.open, "xb")
        try:
            size = 0
            async for block in blocks:
                size += len(block)
                if size > most_bytes:
                    message = f"The file is larger than {most_bytes // 10**6} MB."
                    raise MediaError(message, action="Give a smaller one.")
                await asyncio.to_thread(file.write, block)
        finally:
            await asyncio.to_thread(file.close)
    except OSError as error:
        raise as_storage_error(error, folder.parent) from error
    return path


def plain_name(file_name: str) -> str:
    """Return a name that is safe for a file, made from one that somebody sent."""
    last = re.split(r"[\\/]", file_name)[-1]
    kept = "".join(letter for letter in last if letter.isalnum() or letter in " ._-()+,")
    return kept.strip(" .")[-_MOST_LETTERS:].strip(" .") or "upload"


def upload_id(stem: str, taken: Collection[str]) -> str:
    """Return an id made from a file's name that is not taken: letters, digits, `_`, at most 40."""
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:40] or "upload"
    number, found = 1, slug
    while found in taken:
        number += 1
        found = f"{slug}_{number}"
    return found


def _copy(path: Path, name: str, blobs: Blobs, isolation: Isolation) -> StoredFile:
    from framewright.media.digest import sha256_of
    from framewright.media.errands import Probe

    info = isolation.run(Probe(path=path))
    folder = blobs.incoming(name)
    copy = folder / f"upload{suffix(info)}"
    try:
        folder.mkdir(parents=True)
        shutil.copyfile(path, copy)
        # The original may have changed since it was looked at: the copy is what counts.
        there = isolation.run(Probe(path=copy))
        stored = StoredFile(sha256_of(copy), suffix(info), there)
        blobs.adopt(copy, stored.hash, stored.suffix)
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {path}.") from error
    except PermissionError as error:
        raise MediaError(f"{path} can not be read: {error.strerror}.") from error
    except OSError as error:
        raise as_storage_error(error, blobs.folder) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return stored


def as_planning_sees(upload: StoredUpload) -> Upload:
    """Return an upload as planners know it."""
    length = upload.file.info.duration
    return Upload(
        id=upload.id,
        kind=upload.file.info.kind,
        name=upload.name,
        seconds=None if length is None else length.seconds,
    )
