"""What went wrong in a job, in words for a person; the rest goes to the log."""

from __future__ import annotations

import errno
import traceback

from framewright.domain.job import ErrorCategory
from framewright.errors import FramewrightError, InputError, MediaError
from framewright.protocols import ProviderFailure


def as_failure(error: Exception) -> ProviderFailure:
    """Return the failure that stands for an error of the work."""
    detail = "".join(traceback.format_exception(error))
    if isinstance(error, FramewrightError):
        category = ErrorCategory.UNKNOWN
        if isinstance(error, MediaError):
            category = ErrorCategory.INPUT_MEDIA
        elif isinstance(error, InputError):
            category = ErrorCategory.INVALID_PARAMETERS
        return ProviderFailure(category, error.message, error.action, retryable=error.retryable)
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        message = "The disk for temporary files is full."
        action = "Free some space, or point TMPDIR to another disk."
        return ProviderFailure(ErrorCategory.OUTAGE, message, action, detail, retryable=True)
    if isinstance(error, MemoryError):
        message = "There is not enough memory for this step."
        action = "Ask for a smaller size or a shorter length."
        return ProviderFailure(ErrorCategory.CAPACITY, message, action, detail, retryable=True)
    message = f"The local renderer failed: {type(error).__name__}."
    action = "Please report this with the log."
    return ProviderFailure(ErrorCategory.UNKNOWN, message, action, detail)
