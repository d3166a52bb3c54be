"""A file that a person gave, as planning sees it."""

from __future__ import annotations

import math

from pydantic import field_validator

from framewright.domain.media import MediaKind
from framewright.domain.value import Value


class Upload(Value):
    """A file of this session; `$upload.<id>` points to it."""

    id: str
    kind: MediaKind
    name: str
    """Its file name, without folders."""
    seconds: float | None = None
    """How long it plays; absent for images, and where nobody knows."""

    @field_validator("seconds")
    @classmethod
    def _is_a_length(cls, seconds: float | None) -> float | None:
        if seconds is not None and not (math.isfinite(seconds) and seconds >= 0):
            raise ValueError("A length is a finite number of seconds over 0.")
        return seconds or None
