"""The tables of a workspace's database; every row names its tenant.

These classes are the schema: migrations are compared with them in the tests, and lists for
people are read through them. The writer's statements stand beside what they serve: `jobs`,
`runs`, `assets`, `plans`, `events`.
"""

from __future__ import annotations

from sqlalchemy import Index, Integer, false, text
from sqlmodel import AutoString, Field, SQLModel

from framewright.store.column_types import WHOLE, WORDS


def _partial(name: str, *columns: str, where: str) -> Index:
    """Return an index of some rows only."""
    rows = text(where)
    return Index(name, *columns, sqlite_where=rows, postgresql_where=rows)


class PlanRow(SQLModel, table=True):
    """One plan as it was accepted."""

    __tablename__ = "plan"

    id: str = Field(primary_key=True)
    tenant: str
    title: str
    body: str
    """The plan's JSON form."""
    created_ms: int


class RunRow(SQLModel, table=True):
    """One execution of a plan."""

    __tablename__ = "run"
    __table_args__ = (Index("run_by_time", "tenant", "created_ms"),)

    id: str = Field(primary_key=True)
    tenant: str
    plan: str = Field(foreign_key="plan.id")
    title: str
    state: str
    """A `RunState`."""
    cancel_requested: bool = Field(default=False)
    created_ms: int
    ended_ms: int | None = None
    next_plan: str | None = None
    """Id of the plan that whoever works on the run is asked to go on with."""


class StepRunRow(SQLModel, table=True):
    """One step in one run: where it stands, and what came of it."""

    __tablename__ = "step_run"
    __table_args__ = (Index("step_run_by_key", "tenant", "key"),)

    run: str = Field(primary_key=True, foreign_key="run.id")
    step: str = Field(primary_key=True)
    tenant: str
    state: str
    """A `StepState`."""
    cycle: int = 1
    """Counts the times this step was begun anew; part of its job's idempotency key."""
    outputs: str = "[]"
    """JSON list of `Output`."""
    error: str | None = None
    """JSON of a `JobError`."""
    key: str | None = None
    """What its result depends on; a later step of the same key need not run."""
    approved: bool | None = None
    """What a person said of a step that waits for that; None for nothing yet."""


class PastStepRow(SQLModel, table=True):
    """What a step had made when an edit began it anew; undoing the edit takes it up again."""

    __tablename__ = "past_step"
    __table_args__ = (Index("past_step_by_key", "tenant", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    tenant: str
    key: str
    """As in `StepRunRow`."""
    outputs: str
    """JSON list of `Output`."""


class JobRow(SQLModel, table=True):
    """What the router carries for a step run."""

    __tablename__ = "job"
    __table_args__ = (
        Index("job_by_key", "tenant", "key", unique=True),
        _partial(
            "job_ready",
            *("owner", "tenant", "provider", "model", "rank", "id"),
            where="state = 'queued'",
        ),
        _partial("job_live", "provider", "model", "tenant", where="state IN ('leased', 'unknown')"),
        _partial("job_waiting", "tenant", "provider", "model", where="state = 'waiting'"),
        _partial("job_wish", "owner", where="wish IS NOT NULL"),
        _partial("job_dead", "tenant", "updated_ms", where="state = 'dead'"),
    )

    id: str = Field(primary_key=True)
    tenant: str
    key: str
    request_hash: str
    """SHA-256 of the request: the same key with another request is refused."""
    correlation: str
    provider: str
    state: str
    """A `JobState`."""
    phase: str
    """A `Phase`."""
    remote_id: str | None = None
    request: str
    """JSON of the `JobRequest`."""
    result: str | None = None
    """JSON of the `JobResult`, once it ended."""
    created_ms: int
    updated_ms: int
    started_ms: int | None = None
    """When its present attempt was handed to its provider."""
    model: str = Field(default="", sa_column_kwargs={"server_default": ""})
    rank: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Its place among the waiting jobs of its tenant and model: Unix time in milliseconds when
    it was accepted, less the head start of its priority."""
    epoch: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Counts the times it changed hands; who holds an older one changes nothing any more."""
    owner: str | None = None
    """The process that waits for it, and carries it once it is its turn."""
    attempt: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    """Counts its submissions since it was accepted, or begun anew by a person."""
    run_at_ms: int | None = None
    """When its next attempt may begin, while it backs off."""
    wish: str | None = None
    """What a person wants of whoever carries it: a `Wish`."""
    amended: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether a person changed what it is to do; its key stands for what was first asked."""


class AttemptRow(SQLModel, table=True):
    """One submission of a job that did not succeed; never changed."""

    __tablename__ = "attempt"

    job: str = Field(primary_key=True, foreign_key="job.id")
    number: int = Field(primary_key=True)
    tenant: str
    epoch: int
    began_ms: int | None = None
    ended_ms: int
    remote_id: str | None = None
    request: str | None = None
    """JSON of what was asked, where a person changed it afterwards."""
    error: str
    """JSON of a `JobError`."""


class ChargeRow(SQLModel, table=True):
    """What a job that is not free may cost, and did, in millionths of a US dollar."""

    __tablename__ = "charge"
    __table_args__ = (
        Index("charge_of_run", "tenant", "run"),
        Index("charge_by_day", "day"),
        _partial("charge_held", "job", where="reserved IS NOT NULL"),
    )

    job: str = Field(primary_key=True)
    """Its charge stays when the job is thrown away, until that is counted as gone."""
    day: int = Field(primary_key=True)
    """When it was reserved, in days since 1970; a job that is begun anew on another has two."""
    tenant: str
    run: str
    """The job's correlation."""
    reserved: int | None = None
    """The most it may cost, 0 where nobody knows; None once it ended."""
    spent: int
    """What it cost."""


class AccountRow(SQLModel, table=True):
    """The sum of the charges of a day or a run, in millionths of a US dollar."""

    __tablename__ = "account"

    tenant: str = Field(primary_key=True)
    """Empty: of all tenants."""
    run: str = Field(primary_key=True)
    """Empty: of all runs."""
    day: int = Field(primary_key=True)
    """In days since 1970; -1: of all days."""
    most: int | None = None
    """The budget, where it is a run's."""
    reserved: int
    spent: int
    gone: int
    """How much of `spent` belongs to charges that were thrown away."""


class HealthRow(SQLModel, table=True):
    """A model that fails, or asks to be left alone for a while; a healthy one has no row."""

    __tablename__ = "health"

    tenant: str = Field(primary_key=True)
    """Empty: it concerns all."""
    provider: str = Field(primary_key=True)
    model: str = Field(primary_key=True)
    failures: int
    """In a row."""
    open_until_ms: int | None = None
    """Until when the circuit breaker lets nothing through; one job then probes."""
    open_ms: int
    """For how long it opened last."""
    probe: str | None = None
    """The job that is let through to see whether it works again."""
    throttled_until_ms: int | None = None
    """Until when its provider wants no more."""


class InboxRow(SQLModel, table=True):
    """What a provider said of one of its jobs by itself."""

    __tablename__ = "inbox"
    __table_args__ = (
        _partial("inbox_unheard", "provider", "remote_id", where="NOT heard"),
        Index("inbox_by_key", "provider", "key"),
    )

    provider: str = Field(primary_key=True)
    delivery: str = Field(primary_key=True)
    """The same however often it is delivered."""
    tenant: str
    """Empty: it is of a provider."""
    remote_id: str
    key: str | None = None
    """The key the job was submitted under, where the message tells it."""
    body: str
    """JSON of a `Status`."""
    at_ms: int
    heard: bool


class RateRow(SQLModel, table=True):
    """How fast a provider, or one of its models, takes jobs."""

    __tablename__ = "rate"

    tenant: str = Field(primary_key=True)
    """Empty: it concerns all."""
    name: str = Field(primary_key=True)
    """Of a provider, or the id of a model."""
    tokens: float | None = None
    """What its bucket held, where a person gave it a rate."""
    at_ms: int
    """When it held that."""
    remaining: int | None = None
    """How many jobs it said to take until `resets_ms`."""
    resets_ms: int | None = None


class LeaseRow(SQLModel, table=True):
    """What a process holds for a bounded time."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    """An office there is once; of a process's own life, its name."""
    tenant: str
    """Empty: it concerns all."""
    owner: str
    until_ms: int


class TurnRow(SQLModel, table=True):
    """A job that may begin, of which the process that waits for it has not heard yet."""

    __tablename__ = "turn"
    __table_args__ = (Index("turn_by_owner", "owner"),)

    job: str = Field(primary_key=True)
    tenant: str
    owner: str
    epoch: int
    """The job's, since it may begin."""


class TenantShareRow(SQLModel, table=True):
    """How far a tenant has come with its share of all work."""

    __tablename__ = "tenant_share"

    tenant: str = Field(primary_key=True)
    """The empty name holds the virtual time of the whole queue."""
    finish: float
    """Virtual time at which the last job it was given is paid for."""


class AssetRow(SQLModel, table=True):
    """One stored file, addressed by what is in it."""

    __tablename__ = "asset"
    __table_args__ = (Index("asset_by_time", "tenant", "created_ms"),)

    tenant: str = Field(primary_key=True)
    hash: str = Field(primary_key=True)
    suffix: str
    """File name ending with its dot, so that people can open the file."""
    kind: str
    info: str
    """JSON of a `MediaInfo`."""
    created_ms: int


class ProvenanceRow(SQLModel, table=True):
    """One way an asset came to be."""

    __tablename__ = "provenance"
    __table_args__ = (Index("provenance_once", "tenant", "asset", "origin", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    tenant: str
    asset: str
    origin: str
    """Idempotency key of the job that made it, or `upload:` and the file name."""
    body: str
    """JSON of a `Provenance`."""


class UploadRow(SQLModel, table=True):
    """A file the person gave; `$upload.<id>` points to it."""

    __tablename__ = "upload"

    tenant: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    asset: str
    name: str
    created_ms: int


class ApiKeyRow(SQLModel, table=True):
    """A key of a program that asks over the network; the key itself is kept nowhere."""

    __tablename__ = "api_key"

    id: str = Field(primary_key=True)
    tenant: str
    digest: str
    """SHA-256 of the key, in hexadecimal."""
    rate: str
    """How often it may ask, such as `600/minute`."""
    created_ms: int
    revoked_ms: int | None = None


class SubmissionRow(SQLModel, table=True):
    """What was asked for once under a key of the asker's own, and the run that it became."""

    __tablename__ = "submission"
    __table_args__ = (Index("submission_of_run", "run"),)

    tenant: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    digest: str
    """Of what was asked for."""
    run: str
    created_ms: int


class EventRow(SQLModel, table=True):
    """One line of the append-only log."""

    __tablename__ = "event"
    __table_args__ = (Index("event_of_run", "run", "seq"), {"sqlite_autoincrement": True})

    seq: int | None = Field(default=None, primary_key=True)
    tenant: str
    run: str | None = None
    at_ms: int
    body: str
    """JSON of the event's body."""


for _column in (column for table in SQLModel.metadata.tables.values() for column in table.columns):
    if isinstance(_column.type, Integer):
        _column.type = WHOLE
    elif isinstance(_column.type, AutoString):
        _column.type = WORDS
