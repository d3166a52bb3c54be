"""Assets and uploads: what is stored, and where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright.domain.media import MediaInfo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from framewright.domain.asset import Provenance
    from framewright.store.database import Operation, Question
    from framewright.store.engine import Connection
    from framewright.store.transaction import Transaction

_INSERT = """INSERT INTO asset (tenant, hash, suffix, kind, info, created_ms)
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, hash) DO NOTHING"""
_INSERT_PROVENANCE = """INSERT INTO provenance (tenant, asset, origin, body)
    VALUES (?, ?, ?, ?) ON CONFLICT (tenant, asset, origin) DO NOTHING"""
_INSERT_UPLOAD = """INSERT INTO upload (tenant, id, asset, name, created_ms)
    VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (tenant, id) DO UPDATE SET asset = excluded.asset, name = excluded.name,
        created_ms = excluded.created_ms"""
_FIND = "SELECT hash, suffix, info FROM asset WHERE tenant = ? AND hash = ?"
_UPLOADS = """SELECT upload.id, upload.name, asset.hash, asset.suffix, asset.info
    FROM upload JOIN asset ON asset.tenant = upload.tenant AND asset.hash = upload.asset
    WHERE upload.tenant = ? ORDER BY upload.created_ms, upload.rowid"""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that lies in the workspace's assets."""

    hash: str
    suffix: str
    info: MediaInfo


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """A file the person gave, under the id that plans use for it."""

    id: str
    name: str
    file: StoredFile


def insert(
    tenant: str, files: Iterable[StoredFile], origin: str, provenance: Provenance
) -> Operation[None]:
    """Register stored files and where they came from; known ones stay as they are."""
    kept = tuple(files)
    body = provenance.model_dump_json()

    def operation(transaction: Transaction) -> None:
        for file in kept:
            row = (tenant, file.hash, file.suffix, file.info.kind.value)
            info = file.info.model_dump_json()
            transaction.execute(_INSERT, (*row, info, transaction.now_ms))
            transaction.execute(_INSERT_PROVENANCE, (tenant, file.hash, origin, body))

    return operation


def insert_upload(tenant: str, upload: str, name: str, file_hash: str) -> Operation[None]:
    """Let `$upload.<upload>` point to a registered file from now on."""

    def operation(transaction: Transaction) -> None:
        row = (tenant, upload, file_hash, name, transaction.now_ms)
        transaction.execute(_INSERT_UPLOAD, row)

    return operation


def find(tenant: str, hashes: Iterable[str]) -> Question[dict[str, StoredFile]]:
    """Ask for files by their hashes; unknown ones are left out."""
    wanted = tuple(hashes)

    def question(connection: Connection) -> dict[str, StoredFile]:
        rows = (connection.execute(_FIND, (tenant, each)).fetchone() for each in wanted)
        return {row[0]: _stored(*row) for row in rows if row is not None}

    return question


def uploads(tenant: str) -> Question[tuple[StoredUpload, ...]]:
    """Ask for all uploads, oldest first."""

    def question(connection: Connection) -> tuple[StoredUpload, ...]:
        return tuple(
            StoredUpload(row[0], row[1], _stored(*row[2:]))
            for row in connection.execute(_UPLOADS, (tenant,))
        )

    return question


def _stored(file_hash: str, suffix: str, info: str) -> StoredFile:
    return StoredFile(file_hash, suffix, MediaInfo.model_validate_json(info))
