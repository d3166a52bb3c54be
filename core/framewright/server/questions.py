"""What callers ask: the bodies and queries of requests. Unknown fields are an error."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from framewright.domain.job import JobState
from framewright.domain.plan import Plan, Task
from framewright.domain.priority import Priority
from framewright.domain.value import Value

MOST_AT_ONCE = 200
"""Entries of one page of a list."""
Dollars = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class RunQuestion(Value):
    """A brief or a plan to be run."""

    brief: str | None = Field(default=None, min_length=1, max_length=100_000)
    """What is wanted, in words; instead of a plan."""
    plan: Plan | None = None
    """The steps themselves; instead of a brief."""
    uploads: tuple[Name, ...] = Field(default=(), max_length=1_000)
    """Ids of uploads that the brief is about."""
    reuse: bool = True
    """Whether what a finished step made of the same inputs is taken instead of made anew."""
    approve: bool = False
    """Whether every step that waits for a person may run."""
    budget: Dollars | None = None
    """The most it may spend, in US dollars."""
    priority: Priority = Priority.NORMAL

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.brief is None) == (self.plan is None):
            raise ValueError("Give either a brief or a plan.")
        if self.uploads and self.plan is not None:
            raise ValueError("A plan names its uploads itself, as $upload.<id>.")
        return self


class JobQuestion(Value):
    """One call of one model."""

    model: Name
    """Id of a model card."""
    inputs: dict[str, Any] = Field(default_factory=dict)
    """Field to value; media as `$upload.<id>` or `$asset.<hash>`."""
    budget: Dollars | None = None
    """The most it may cost, in US dollars."""
    priority: Priority = Priority.NORMAL


class ResumeQuestion(Value):
    """How a run is to go on."""

    again: tuple[Name, ...] = Field(default=(), max_length=1_000)
    """Steps of unknown outcome to be submitted again, although that may cost twice."""
    budget: Dollars | None = None
    """The most that the whole run may spend, in US dollars."""
    priority: Priority = Priority.NORMAL


class ApprovalQuestion(Value):
    """A person's word on steps that wait for it."""

    steps: tuple[Name, ...] = Field(default=(), max_length=1_000)
    """Which; all that wait, where none is named."""
    approved: bool = True
    """False to leave them out."""


class PageQuery(Value):
    """Which part of a list."""

    limit: int = Field(default=50, ge=1, le=MOST_AT_ONCE)
    cursor: str | None = Field(default=None, pattern=r"^[0-9]{1,15}\.[0-9a-z_]{1,80}$")
    """`next` of the page before."""

    @property
    def before(self) -> tuple[int, str] | None:
        """Where the page before ended."""
        if self.cursor is None:
            return None
        at, _, name = self.cursor.partition(".")
        return int(at), name


class JobsQuery(PageQuery):
    """Which jobs."""

    state: JobState | None = None
    run: Name | None = None


class ModelsQuery(Value):
    """Which models."""

    task: Task | None = None


class EventsQuery(Value):
    """From where on events are told."""

    after: int = Field(default=0, ge=0, lt=2**63)
    """The `seq` of the last event that was seen; `Last-Event-ID` wins."""


class UploadQuery(Value):
    """What a file is called that comes as the body itself."""

    name: str = Field(default="upload", max_length=255)
