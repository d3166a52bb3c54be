"""Assets: stored media files, addressed by what is in them, and where they came from."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from framewright.domain.media import MediaInfo, MediaKind
from framewright.domain.value import Value


class Output(Value):
    """One result of a step: a stored file, or a text that is kept as it is."""

    kind: MediaKind
    asset: str | None = None
    """Content hash of the stored file; absent for text."""
    text: str | None = None
    """The text itself; absent for files."""
    info: MediaInfo | None = None


class Provenance(Value):
    """Where an asset came from: enough to make it again."""

    run: str | None = None
    step: str | None = None
    model: str | None = None
    inputs: dict[str, Any] = Field(default_factory=dict)
    """The inputs as the model received them; media stand as `$asset.<hash>`."""
    seed: int | None = None
    cost: float = 0.0
    """In US dollars."""
    parents: tuple[str, ...] = ()
    """Hashes of the assets that went into it."""
    source: str | None = None
    """File name of an upload, without its folders."""


class Asset(Value):
    """One stored file."""

    hash: str
    """SHA-256 of the bytes in hexadecimal."""
    info: MediaInfo
    created_ms: int
    """Unix time in milliseconds."""
    provenance: tuple[Provenance, ...] = ()
    """Each way these bytes came to be, oldest first."""
