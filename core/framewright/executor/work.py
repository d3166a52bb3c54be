"""What a run is made of, and what it works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from framewright.domain.priority import Priority
from framewright.isolation import Isolation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from framewright.catalog.catalog import Catalog
    from framewright.domain.event import StepOutline
    from framewright.domain.job import JobRequest
    from framewright.domain.plan import Plan
    from framewright.projection.pricing import Measured
    from framewright.protocols import Clock
    from framewright.router.router import Router
    from framewright.store.blobs import Blobs
    from framewright.store.database import Database
    from framewright.store.runs import StepRecord


@dataclass(frozen=True, slots=True)
class Tools:
    """What the executor works with."""

    database: Database
    router: Router
    blobs: Blobs
    clock: Clock
    isolation: Isolation = field(default_factory=Isolation)
    """Where files are looked into that nobody vouches for."""


@dataclass(frozen=True, slots=True)
class Work:
    """One run, as far as it has come."""

    tenant: str
    run: str
    plan: Plan
    catalog: Catalog
    steps: tuple[StepOutline, ...]
    records: tuple[StepRecord, ...]
    uploads: Mapping[str, str]
    """Hash of the file behind each upload id."""
    parallel: int
    """How many steps may be in the router's hands at once."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """What each step's result depends on."""
    history: Mapping[str, Sequence[Measured]] = field(default_factory=dict)
    """What was measured of the models whose price nobody knows."""
    asked: Mapping[str, JobRequest] = field(default_factory=dict)
    """What the steps asked for whose jobs are on record and to be carried further: a later try
    may have asked for other things than the plan does, or somebody else."""
    priority: Priority = Priority.NORMAL
