"""The operations that change a plan: one union, written as JSON with `op` first."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from framewright.domain.plan import (
    STEP_ID_PATTERN,
    Group,
    JsonValue,
    Step,
)
from framewright.domain.value import Value

StepId = Annotated[str, Field(pattern=STEP_ID_PATTERN)]


class AddStep(Value):
    """Put a new step in; `at` is its place in the list, the end where absent."""

    op: Literal["add"] = "add"
    step: Step
    at: int | None = Field(default=None, ge=0)


class RemoveStep(Value):
    """Take a step out; what took its output loses that input."""

    op: Literal["remove"] = "remove"
    step: str


class SetInput(Value):
    """Give an input a value."""

    op: Literal["set-input"] = "set-input"
    step: str
    field: str
    value: JsonValue


class UnsetInput(Value):
    """Take an input away, so that the model's own default counts."""

    op: Literal["unset-input"] = "unset-input"
    step: str
    field: str


class Connect(Value):
    """Lead an output into an input: the whole value, or a place in a list."""

    op: Literal["connect"] = "connect"
    source: str
    step: str
    field: str
    at: int | None = Field(default=None, ge=0)
    """Place in a list input; absent for an input of one value."""


class Disconnect(Value):
    """Cut every wire from one step into an input of another."""

    op: Literal["disconnect"] = "disconnect"
    source: str
    step: str
    field: str


class SwapModel(Value):
    """Let another model do a step; `fields` says under which names the inputs go on."""

    op: Literal["swap-model"] = "swap-model"
    step: str
    model: str
    kind: str | None = None
    """The new model's kind, where it is another."""
    fields: dict[str, str | None] = Field(default_factory=dict)
    """Old input name to new one; None leaves an input out, others keep their names."""


class Rename(Value):
    """Give a step another title, another id, or both; references follow."""

    op: Literal["rename"] = "rename"
    step: str
    title: str | None = None
    id: StepId | None = None


class Move(Value):
    """Put a step at another place in the list."""

    op: Literal["move"] = "move"
    step: str
    at: int = Field(ge=0)


class GroupSteps(Value):
    """Draw steps together; they leave the groups they were in."""

    op: Literal["group"] = "group"
    group: Group
    steps: tuple[str, ...]


class Ungroup(Value):
    """Let a group go; its steps stay."""

    op: Literal["ungroup"] = "ungroup"
    group: str


class Duplicate(Value):
    """Put a copy of a step behind it; nothing takes the copy's output yet."""

    op: Literal["duplicate"] = "duplicate"
    step: str
    id: StepId


class InsertBetween(Value):
    """Put a new step into the wire from one step to another.

    The new step takes the source in its input `into`; the target takes the new step instead.
    """

    op: Literal["insert-between"] = "insert-between"
    step: Step
    into: str
    source: str
    target: str
    field: str


class ReplaceStep(Value):
    """Put another step in a step's place; what took its output takes the new one's."""

    op: Literal["replace"] = "replace"
    step: str
    by: Step


class Patch(Value):
    """Set steps, their order and groups outright: the inverse of whatever was done."""

    op: Literal["patch"] = "patch"
    title: str
    order: tuple[str, ...] | None = None
    """Ids of all steps in their order; absent where the order and the ids stay."""
    steps: tuple[Step, ...] = ()
    """The steps that are other than they were."""
    groups: tuple[Group, ...] | None = None


Operation = Annotated[
    AddStep
    | RemoveStep
    | SetInput
    | UnsetInput
    | Connect
    | Disconnect
    | SwapModel
    | Rename
    | Move
    | GroupSteps
    | Ungroup
    | Duplicate
    | InsertBetween
    | ReplaceStep
    | Patch,
    Field(discriminator="op"),
]
OPERATIONS: TypeAdapter[Any] = TypeAdapter(Operation)
"""Reads an operation from JSON."""
