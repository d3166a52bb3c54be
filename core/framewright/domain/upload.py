"""A file that a person gave, as planning sees it."""

from __future__ import annotations

from framewright.domain.media import MediaKind
from framewright.domain.value import Value


class Upload(Value):
    """A file of this session; `$upload.<id>` points to it."""

    id: str
    kind: MediaKind
    name: str
    """Its file name, without folders."""
    seconds: float | None = None
    """How long it plays; absent for images."""
