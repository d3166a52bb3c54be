"""How steps end that no job could carry to an end, in words for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.domain.event import StepChanged
from framewright.domain.job import ErrorCategory, JobError
from framewright.domain.run import StepState

if TYPE_CHECKING:
    from framewright.errors import FramewrightError


def blocked_by(step: str, cause: str) -> StepChanged:
    """Return the end of a step that needs one which did not succeed."""
    error = JobError(
        category=ErrorCategory.UNKNOWN,
        code="blocked",
        message=f"It needs {cause}, which did not succeed.",
    )
    return StepChanged(step=step, state=StepState.BLOCKED, error=error)


def failed_by(step: str, error: FramewrightError) -> StepChanged:
    """Return the end of a step that something kept from being asked for."""
    said = JobError(
        category=ErrorCategory.UNKNOWN,
        code=error.code,
        message=error.message,
        action=error.action,
        retryable=error.retryable,
    )
    return StepChanged(step=step, state=StepState.FAILED, error=said)
