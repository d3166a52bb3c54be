"""Jobs: what the router carries for a step run, where each is, and how it ended."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from framewright.domain.asset import Output
from framewright.domain.value import Value


class JobState(StrEnum):
    """Where a job is."""

    QUEUED = "queued"
    WAITING = "waiting"
    """Backing off before the next attempt."""
    LEASED = "leased"
    """A worker owns it."""
    UNKNOWN = "unknown"
    """A crash left open whether the provider has it."""
    SUCCEEDED = "succeeded"
    DEAD = "dead"
    CANCELLED = "cancelled"

    @property
    def word(self) -> str:
        """What a person calls it."""
        return "running" if self is JobState.LEASED else self.value


TERMINAL = frozenset({JobState.SUCCEEDED, JobState.DEAD, JobState.CANCELLED})
"""States that end a submission cycle."""


class Phase(StrEnum):
    """How far a leased job has come with its provider."""

    NONE = "none"
    SUBMITTING = "submitting"
    """Written before the request leaves: from here on the provider may have it."""
    SUBMITTED = "submitted"
    """The provider answered with its own id."""


class ErrorCategory(StrEnum):
    """Why a provider could not do a job; each has a next action."""

    BILLING = "billing"
    RATE_LIMIT = "rate-limit"
    CAPACITY = "capacity"
    OUTAGE = "outage"
    CONTENT_POLICY = "content-policy"
    INPUT_MEDIA = "input-media"
    INVALID_PARAMETERS = "invalid-parameters"
    AUTHENTICATION = "authentication"
    """The key is wrong or missing, or may not do this."""
    NOT_FOUND = "not-found"
    """There is no such model, voice or job there, or no longer."""
    CANCELLED = "cancelled"
    """Somebody called it off there."""
    UNKNOWN = "unknown"


URGENT = frozenset({ErrorCategory.BILLING, ErrorCategory.AUTHENTICATION})
"""Why nothing more will go at a provider before a person has mended it."""
OF_OUR_BUDGET = "budget"
"""Code of a job that is not begun because of a budget that a person set here."""


class JobError(Value):
    """Why a job failed, in words for a person; raw provider text is not in here."""

    category: ErrorCategory
    code: str
    message: str
    action: str = ""
    retryable: bool = False
    retry_after_seconds: float | None = None
    """How long its provider asks to wait."""

    @property
    def urgent(self) -> bool:
        """Whether a person should hear of it at once: it fails the same for every other step."""
        return self.category in URGENT and self.code != OF_OUR_BUDGET


class Wish(StrEnum):
    """What a person wants of a job that somebody carries."""

    CANCEL = "cancel"
    NOW = "now"
    """Not to wait any longer before its next attempt."""


class BackingOff(Value):
    """A job's attempt failed; it waits before the next."""

    attempt: int
    """The one that failed, from 1."""
    pause_seconds: float
    error: JobError


class Attempt(Value):
    """One submission of a job that did not succeed."""

    number: int
    """Counts all of a job's failed submissions, from 1."""
    began_ms: int | None
    """Unix time in milliseconds when it was handed to its provider; None if it never was."""
    ended_ms: int
    remote_id: str | None
    error: JobError
    inputs: dict[str, Any] | None = None
    """What was asked, where a person changed it afterwards."""


class JobRequest(Value):
    """What is to be done: one call of one model with everything resolved."""

    tenant: str
    key: str
    """Idempotency key: same tenant, key and content give the same job and its result."""
    correlation: str
    """Follows the work from chat turn to provider call."""
    provider: str
    model: str
    task: str
    inputs: dict[str, Any]
    """Literals as a plan writes them; media stand as `$asset.<hash>`."""
    seed: int = Field(ge=0, lt=2**31)
    reserve: int | None = Field(default=0, ge=0)
    """The most it may cost, in millionths of a US dollar; None where nobody knows. No part of
    what its key stands for."""


class JobSummary(Value):
    """One job for people and programs that look on."""

    id: str
    key: str
    """The idempotency key; an executor's is run:step:cycle."""
    correlation: str
    """The run it is part of."""
    provider: str
    model: str
    state: JobState
    phase: Phase
    created_ms: int
    """Unix time in milliseconds when it was accepted."""
    started_ms: int | None
    """When it was first handed to its provider; None before that."""
    updated_ms: int
    remote_id: str | None = None
    """What its provider calls it."""
    called_off: bool = False
    """Whether it was called off, and its provider has not said yet that it is over."""
    cost: float = 0.0
    """In US dollars."""
    error: JobError | None = None
    """Why it ended, or why it waits for its next attempt."""
    attempt: int = 1
    """Counts its submissions."""
    run_at_ms: int | None = None
    """When its next attempt may begin, in Unix time, while it backs off."""
    attempts: tuple[Attempt, ...] = ()
    """Its submissions that failed; only where one job is asked for."""
    inputs: dict[str, Any] | None = None
    """What it is made from; only where one job is asked for."""
    outputs: tuple[Output, ...] = ()
    """What it made."""


class Hold(Value):
    """What keeps jobs from beginning just now."""

    by: Literal["cap", "rate", "provider", "breaker"]
    """A cap that is full, a rate that a person set, the provider's own word, or its failures."""
    of: str
    """What it is a limit of, for a person: `provider far`, `model far/a`, `tenant ann`."""
    limit: str | None = None
    """How much it allows: `4`, or `600/minute`; None where that is not known."""
    until_ms: int | None = None
    """When it may be over, in Unix time; None where that depends on other jobs."""


class QueueRow(Value):
    """How many jobs of a tenant and model are where."""

    tenant: str
    provider: str
    model: str
    waiting: int = 0
    running: int = 0
    unknown: int = 0
    """Nobody knows whether the provider has them; they hold a place."""
    backing_off: int = 0
    """They wait before their next attempt; they hold no place."""
    next_ms: int | None = None
    """When the first of those may be tried again, in Unix time."""
    left: int = 0
    """Nobody has them in hand: whoever did is gone. They are counted nowhere else here; what
    their provider has of them still holds its places."""
    left_runs: tuple[str, ...] = ()
    """Runs to resume so that they go on; a few of them."""
    holds: tuple[Hold, ...] = ()
    """All that keeps those that wait from beginning; nothing where their turn comes now."""
    closed_until_ms: int | None = None
    """Until when nothing is handed to the model: it failed too often, or wants no more."""
    closed_by: str | None = None
    """`breaker` or `rate-limit`."""
    cap: int | None = None
    """How many may run at once by the nearest cap; None for no cap."""
    oldest_ms: int | None = None
    """When the oldest of those that wait was accepted, in Unix time."""


class JobResult(Value):
    """How a job ended."""

    state: JobState
    outputs: tuple[Output, ...] = ()
    error: JobError | None = None
    cost: float = 0.0
    """In US dollars."""
    notes: tuple[str, ...] = ()
    """What the provider says of the result, for a person."""
    inputs: dict[str, Any] | None = None
    """What it was made from, where a person changed that; None for what was asked."""
