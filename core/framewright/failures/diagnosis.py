"""What a failed answer means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framewright.domain.job import ErrorCategory as Category


class Fault(StrEnum):
    """Whose it is to mend."""

    YOURS = "yours"
    """The request, its files, the key, the credit, or how fast you ask."""
    PROVIDER = "provider"
    NOBODY = "nobody"
    """It was called off."""
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a failed answer means. Nothing in it holds a secret or a provider's raw text."""

    category: Category
    retryable: bool
    """Whether the very same request may go through later. Never for what a person must mend."""
    fault: Fault
    field: str | None
    """The input at fault where the body names it, such as `voice_settings.stability`."""
    message: str
    """What happened, to which thing: one sentence."""
    action: str
    """What a person can do next."""
    retry_after_seconds: float | None
    """How long the provider asks to wait."""
    code: str
    """The provider's own code or type; empty where it gives none."""
    urgent: bool
    """Whether a person should hear of it at once: nothing will work there before it is mended."""
