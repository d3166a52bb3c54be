"""What came back from a provider that failed, as it came."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Answer:
    """A failed answer of a provider, or what was thrown where none came; hostile, all of it."""

    provider: str
    """Who answered: `replicate`, `fal`, `openai`, `comfyui`, or any other name."""
    status: int | None = None
    """HTTP status; None where a good answer tells of a failed job, or no answer came at all."""
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Names in any case."""
    body: str = ""
    """The text as it came: JSON, HTML, a traceback, the words of an exception."""
