"""How jobs end that did not succeed, in words for a person."""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING

from framewright.domain.job import ErrorCategory, JobError, JobResult, JobState
from framewright.domain.money import charged, dollars, words
from framewright.errors import BusyError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from framewright.domain.job import JobRequest
    from framewright.protocols import Finished, ProviderFailure

OPEN_CODES = frozenset({"unknown-outcome", "not-fetched", "not-stopped"})
"""Of jobs that may still come to a good end."""
STOPPED = "stopped"
"""Says of an attempt that it was to end, and nothing of how well its model works."""
_log = logging.getLogger("framewright.router")


def failed(failure: ProviderFailure) -> JobResult:
    """Return the end of a job that its provider could not do."""
    if failure.detail:
        _log.warning("%s: %s", failure.message, failure.detail)
    cost = dollars(charged(failure.cost))
    return JobResult(state=JobState.DEAD, error=job_error(failure), cost=cost)


def job_error(failure: ProviderFailure) -> JobError:
    """Return what a provider says of its failure, without its raw text."""
    return JobError(
        category=failure.category,
        code=failure.code or failure.category.value,
        message=failure.message,
        action=failure.action,
        retryable=failure.retryable,
        retry_after_seconds=_sane(failure.retry_after_seconds),
    )


def _sane(seconds: float | None) -> float | None:
    """Return a time that a provider says, where it is one."""
    return seconds if seconds is not None and 0 <= seconds < math.inf else None


def cost_of(request: JobRequest, status: Finished) -> tuple[float, tuple[str, ...]]:
    """Return what a job has cost in US dollars, and its notes: that it was too much is one."""
    expected = request.reserve
    booked = charged(status.cost, expected or 0)
    if expected is None or booked <= expected:
        return dollars(booked), status.notes
    least = f"{words(expected)} at most" if expected else "nothing"
    return dollars(booked), (*status.notes, f"It cost {words(booked)}; {least} was expected.")


_FETCH_AGAIN = "Resume the run to fetch it again; it is not paid for a second time."


def not_fetched(failure: ProviderFailure) -> JobResult:
    """Return what is said of a job that is done at its provider, which does not hand it out."""
    error = JobError(
        category=failure.category,
        code="not-fetched",
        message=f"It is done, but its result could not be fetched: {failure.message}",
        action=f"{failure.action} {_FETCH_AGAIN}".strip(),
    )
    return JobResult(state=JobState.UNKNOWN, error=error)


def broken(message: str, action: str = "", cost: float = 0.0) -> JobResult:
    """Return the end of a job that something unforeseen broke, whatever it has cost by then."""
    error = JobError(category=ErrorCategory.UNKNOWN, code="unknown", message=message, action=action)
    return JobResult(state=JobState.DEAD, error=error, cost=cost)


def never_arrived(request: JobRequest) -> JobResult:
    """Return the end of an attempt whose submission its provider surely has not got."""
    error = JobError(
        category=ErrorCategory.OUTAGE,
        code="not-arrived",
        message=f"The job never reached {request.provider}.",
        retryable=True,
    )
    return JobResult(state=JobState.DEAD, error=error)


def taken_away(request: JobRequest) -> BusyError:
    """Return what is said of a job that another process took over, or ended."""
    message = f"Another process carries {request.key} now, or has ended it."
    return BusyError(message, action="`framewright resume` the run when it has ended.")


def model_down(message: str) -> JobResult:
    """Return the end of a job that went elsewhere before it was ever submitted."""
    error = JobError(
        category=ErrorCategory.OUTAGE,
        code="model-down",
        message=message,
        action="Run the step again when it works again.",
    )
    return JobResult(state=JobState.DEAD, error=error)


def no_provider(request: JobRequest, known: Iterable[str]) -> JobResult:
    """Return the end of a job whose provider is not installed; `known` are those that are."""
    error = JobError(
        category=ErrorCategory.OUTAGE,
        code="provider-missing",
        message=f"{request.model} needs the provider {request.provider}, which is not installed.",
        action=f"Choose a model of {', '.join(sorted(known)) or 'an installed provider'}.",
    )
    return JobResult(state=JobState.DEAD, error=error)


def overdue(request: JobRequest, hours: float, cost: float) -> JobResult:
    """Return the end of a job that took too long and was stopped for that."""
    error = JobError(
        category=ErrorCategory.UNKNOWN,
        code="overdue",
        message=f"{request.provider} worked on it for {hours:g} hours and came to no end.",
        action="Run the step again, or raise limits.hours in settings.toml.",
    )
    return JobResult(state=JobState.DEAD, error=error, cost=dollars(charged(cost)))


def cancelled(failure: ProviderFailure) -> JobResult:
    """Return the end of a job that was called off, and what it cost all the same."""
    return JobResult(state=JobState.CANCELLED, cost=dollars(charged(failure.cost)))


def not_stopped(job: str, request: JobRequest) -> JobResult:
    """Return what is said of a job whose provider does not say that it stopped it."""
    error = JobError(
        category=ErrorCategory.UNKNOWN,
        code="not-stopped",
        message=f"{request.provider} has not said yet that it stopped this job.",
        action="It keeps its place, and is looked after until it has ended there. "
        f"See `framewright jobs show {job}`.",
    )
    return JobResult(state=JobState.UNKNOWN, error=error)


def was_stopped(failure: ProviderFailure) -> JobResult:
    """Return the end of an attempt that was called off, of a job that is wanted again."""
    error = JobError(
        category=ErrorCategory.OUTAGE,
        code=STOPPED,
        message="It was stopped when it was called off before.",
        retryable=True,
    )
    return JobResult(state=JobState.DEAD, error=error, cost=dollars(charged(failure.cost)))


def unknown_outcome(job: str, request: JobRequest) -> JobResult:
    """Return what is said of a job that the provider may or may not have."""
    error = JobError(
        category=ErrorCategory.UNKNOWN,
        code="unknown-outcome",
        message=f"{request.provider} may or may not have got this job, and be paid for it.",
        action=f"Look there for it. If it is there: framewright jobs retry {job} --remote-id ID; "
        f"if not: framewright jobs retry {job} --even-if-paid-twice",
    )
    return JobResult(state=JobState.UNKNOWN, error=error)
