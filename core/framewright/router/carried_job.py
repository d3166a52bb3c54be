"""A job in this process's hands."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from framewright.domain.job import Phase

if TYPE_CHECKING:
    from framewright.domain.job import JobRequest
    from framewright.protocols import Provider, Status
    from framewright.store.jobs import JobRecord


@dataclass(slots=True)
class CarriedJob:
    """A job in this process's hands, and what its provider may have of it."""

    id: str
    request: JobRequest
    provider: Provider
    phase: Phase
    remote_id: str | None
    record: JobRecord
    """As it stood when it was accepted, or found."""
    attempt: int
    """Counts its submissions since it was accepted, or begun anew by a person."""
    submission: int
    """Counts all its submissions."""
    sent_ms: int | None = None
    """When its present submission began, in Unix time."""
    epoch: int | None = None
    """Its epoch while it is this process's turn; None before that."""
    task: asyncio.Task[object] | None = None
    """Who waits for it."""
    called_off: bool = False
    """Whether a person called it off, and not who waits for it."""
    hurry: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a person wants its next attempt now."""
    news: asyncio.Queue[Status] = field(default_factory=asyncio.Queue)
    """What its provider said of it by itself."""


def carried(record: JobRecord, request: JobRequest, provider: Provider) -> CarriedJob:
    """Return a job as this process begins with it."""
    in_process = provider.in_process
    # What an earlier process had handed over to itself ended with it.
    return CarriedJob(
        id=record.id,
        request=request,
        provider=provider,
        phase=Phase.NONE if in_process else record.phase,
        remote_id=None if in_process else record.remote_id,
        record=record,
        attempt=record.attempt,
        submission=record.failures + 1,
        sent_ms=record.started_ms,
    )
