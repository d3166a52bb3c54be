"""What the emulated vendors share: their jobs, what goes wrong and when, and what they counted.

A job goes on by being asked for, so that nothing here waits for a clock; what is to go wrong is
said beforehand, job by job, or comes by chance from a seed.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    """What goes wrong with a submission or its result."""

    RATE_LIMIT = "rate limit, and how long to wait"
    RATE_LIMIT_BARE = "rate limit, and no word of how long"
    CAPACITY = "overloaded: nothing begun, said in the vendor's own form"
    GATEWAY = "an HTML page of whoever stands before the vendor"
    BILLING = "no credit"
    AUTHENTICATION = "wrong key"
    NOT_FOUND = "no such model"
    INVALID = "an input is wrong"
    LOST_BEFORE = "the connection is cut, and nothing was begun"
    LOST_AFTER = "the connection is cut, and the job was begun"
    FAILS = "the job fails in the vendor's machine"
    POLICY = "the job is refused for what it shows"
    EMPTY = "the job is done, and there is nothing"
    STUCK = "the job never ends by itself"
    EXPIRED = "the result's address is no longer good"
    SHORT = "the result breaks off before its announced length"
    HUGE = "the result is announced as larger than anybody takes"
    HTML = "a web page where the result should be"
    PRIVATE = "the result's address leads into a network"
    FOREIGN = "the result's address is on a host of somebody else"
    DRIP = "the result comes a few bytes at a time"


@dataclass(slots=True)
class Job:
    """One job that a vendor was handed."""

    id: str
    vendor: str
    model: str
    inputs: Any
    number: int
    """Counts a vendor's jobs, from 1."""
    fault: Fault | None = None
    asked: int = 0
    """How often it was asked for."""
    needs: int = 2
    """How often it must be asked for before it is done."""
    cancelled: bool = False
    over: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Seen:
    """One request as it arrived."""

    vendor: str
    method: str
    path: str
    headers: dict[str, str]
    query: dict[str, str]
    body: bytes


class World:
    """The vendors' side of everything; belongs to the server's event loop, read by tests."""

    def __init__(self, seed: int = 1, fault_share: float = 0.0) -> None:
        """`fault_share` of all submissions (0 to 1) meet a fault of `chances`."""
        self.chance = random.Random(seed)
        self.fault_share = fault_share
        self.chances: tuple[Fault, ...] = (
            Fault.RATE_LIMIT,
            Fault.RATE_LIMIT_BARE,
            Fault.CAPACITY,
            Fault.FAILS,
        )
        self.planned: dict[str, deque[Fault | None]] = {}
        self.jobs: dict[str, Job] = {}
        self.seen: list[Seen] = []
        self.submitted: Counter[str] = Counter()
        """Jobs begun, by vendor."""
        self.running: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        """Most jobs at the same time, by vendor."""
        self.media_served: Counter[str] = Counter()
        """How often the media of a job were fetched whole, by its id."""
        self.polls_needed = 2
        self.quirks: set[str] = set()
        """What a vendor's server is like, in words that its module knows."""
        self.kept: dict[str, dict[str, bytes]] = {}
        """Files that were uploaded, by vendor and name."""

    def plan(self, vendor: str, *faults: Fault | None) -> None:
        """Say what the next submissions to a vendor meet, one after the other; None for nothing."""
        self.planned.setdefault(vendor, deque()).extend(faults)

    def next_fault(self, vendor: str) -> Fault | None:
        """Return what a submission that just came in meets."""
        if planned := self.planned.get(vendor):
            return planned.popleft()
        if self.chance.random() < self.fault_share:
            return self.chance.choice(self.chances)
        return None

    def begin(self, vendor: str, model: str, inputs: Any, fault: Fault | None = None) -> Job:
        """Begin a job and count it."""
        self.submitted[vendor] += 1
        number = self.submitted[vendor]
        name = f"{vendor}-job-{number:04d}"
        job = Job(name, vendor, model, inputs, number, fault, needs=self.polls_needed)
        self.jobs[name] = job
        self.running[vendor] += 1
        self.most[vendor] = max(self.most[vendor], self.running[vendor])
        return job

    def asked(self, job: Job) -> Job:
        """Note that a job was asked for; it may end by that."""
        job.asked += 1
        if job.asked >= job.needs and job.fault is not Fault.STUCK:
            self.end(job)
        return job

    def end(self, job: Job, *, cancelled: bool = False) -> None:
        """End a job, unless it is over already."""
        if not job.over:
            job.over, job.cancelled = True, cancelled
            self.running[job.vendor] -= 1

    def of(self, vendor: str) -> list[Job]:
        """Return a vendor's jobs in the order they were begun."""
        return [job for job in self.jobs.values() if job.vendor == vendor]
