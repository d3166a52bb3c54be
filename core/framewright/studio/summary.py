"""Lines of the lists that people read: runs and assets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from framewright.domain.asset import Asset
from framewright.domain.media import MediaInfo
from framewright.domain.run import RunState
from framewright.domain.value import Value

if TYPE_CHECKING:
    from framewright.store.assets import StoredUpload
    from framewright.store.runs import RunRecord


class RunSummary(Value):
    """One run in a list."""

    id: str
    title: str
    state: RunState
    interrupted: bool
    """Whether it was left unfinished by a process that ended; `resume` goes on with it."""
    created_ms: int
    """Unix time in milliseconds."""
    ended_ms: int | None

    @classmethod
    def of(cls, record: RunRecord, *, live: bool) -> RunSummary:
        """Return the summary of a stored run; `live` says whether a process works on it."""
        return cls(
            id=record.id,
            title=record.title,
            state=record.state,
            interrupted=record.state is RunState.RUNNING and not live,
            created_ms=record.created_ms,
            ended_ms=record.ended_ms,
        )


class UploadSummary(Value):
    """One file that was given."""

    id: str
    """`$upload.<id>` stands for it."""
    name: str
    """Its file name, without folders."""
    hash: str
    """SHA-256 of its bytes in hexadecimal."""
    info: MediaInfo

    @classmethod
    def of(cls, upload: StoredUpload) -> UploadSummary:
        """Return the summary of a stored upload."""
        file = upload.file
        return cls(id=upload.id, name=upload.name, hash=file.hash, info=file.info)


class StoredAsset(Value):
    """One asset and where its file lies."""

    asset: Asset
    path: Path
