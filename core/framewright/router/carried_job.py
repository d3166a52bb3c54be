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
    record: JobRecord
    """As it stood when it was accepted, or found."""
    phase: Phase = Phase.NONE
    remote_id: str | None = None
    attempt: int = 1
    """Counts its submissions since it was accepted, or begun anew by a person."""
    submission: int = 1
    """Counts all its submissions."""
    held: int = 0
    """The last epoch that it is known to have had in these hands."""
    mine: bool = False
    """Whether it is in these hands: accepted here, or taken over."""
    epoch: int | None = None
    """Its epoch while it is this process's turn; None before that."""
    task: asyncio.Task[object] | None = None
    """Who waits for it."""
    called_off: bool = False
    """Whether a person called it off, and not who waits for it."""
    to_be_stopped: bool = False
    """Whether it was called off before, and its provider has not said that it ended."""
    sent_ms: int | None = None
    """When an earlier process submitted what its provider has of it, in Unix time."""
    hurry: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a person wants its next attempt now."""
    news: asyncio.Queue[Status] = field(default_factory=asyncio.Queue)
    """What its provider said of it by itself."""

    def stands_as(self, record: JobRecord) -> None:
        """Take a job as it was found to stand."""
        in_process = self.provider.in_process
        # What an earlier process had handed over to itself ended with it.
        self.phase = Phase.NONE if in_process else record.phase
        self.remote_id = None if in_process else record.remote_id
        self.record = record
        self.sent_ms = record.started_ms if self.remote_id is not None else None
        self.to_be_stopped = record.to_be_stopped and self.phase is not Phase.NONE
        self.attempt = record.attempt
        self.submission = record.failures + 1
        self.held = record.epoch

    def begins(self, epoch: int) -> None:
        """Take a job's turn, or take it over where it stands."""
        self.epoch = self.held = epoch
        self.mine = True


def carried(record: JobRecord, request: JobRequest, provider: Provider) -> CarriedJob:
    """Return a job as this process begins with it."""
    job = CarriedJob(record.id, request, provider, record)
    job.stands_as(record)
    return job
