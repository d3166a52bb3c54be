"""What a repair answers: how it ended, the plan, and everything that was changed on the way."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from framewright.domain.finding import Finding
from framewright.domain.plan import Plan
from framewright.domain.value import SparseValue, Value


class Outcome(StrEnum):
    """How a repair ended."""

    ACCEPTED = "accepted"
    """Nothing had to be done."""
    REPAIRED = "repaired"
    """Fixed rules led to the one right plan."""
    ASK_MODEL = "ask_model"
    """Only another call of the language model can help."""
    ASK_USER = "ask_user"
    """Only the person can decide."""
    REJECTED = "rejected"
    """Refused, with a reason."""


class Operation(SparseValue):
    """One change as a program reads it.

    `read` is a change of the text or its frame; the others change the plan: `set` and `unset`
    a field of a step, `rename` its id, `add`, `remove` or `move` a step.
    """

    op: Literal["read", "set", "unset", "rename", "add", "remove", "move"]
    step: str | None = None
    path: str | None = None
    """Place in the step, for example `inputs.videos[1]`."""
    before: Any = None
    after: Any = None


class Change(Value):
    """One thing a repair did."""

    code: str
    """Which defect it mends, in the vocabulary of the findings."""
    message: str
    """One sentence for a person."""
    operation: Operation


class Question(Value):
    """What only the person can decide."""

    code: str
    message: str
    choices: tuple[str, ...] = ()


class Repair(Value):
    """The answer to one raw output of a language model."""

    outcome: Outcome
    plan: Plan | None
    """The plan as far as it could be mended; absent where there is none."""
    findings: tuple[Finding, ...]
    """What still keeps the plan from running, or from being what was asked for."""
    changes: tuple[Change, ...]
    questions: tuple[Question, ...]
    """For the person; only where the outcome is `ask_user`."""
    instruction: str | None
    """For the next call of the language model; only where the outcome is `ask_model`."""
