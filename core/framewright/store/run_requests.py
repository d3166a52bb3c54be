"""What people ask of a run, left in the store for whichever process works on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framewright.domain.event import CancelRequested, StepApproved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.store.database import Operation, Question
    from framewright.store.engine import Connection
    from framewright.store.transaction import Transaction

_ASK_TO_CANCEL = "UPDATE run SET cancel_requested = TRUE WHERE id = ?"
_ASK_TO_REPLAN = "UPDATE run SET next_plan = ? WHERE id = ?"
_WITHDRAW = "UPDATE run SET next_plan = NULL WHERE id = ? AND next_plan = ?"
_ASKED = "SELECT cancel_requested, next_plan FROM run WHERE id = ?"
_APPROVE = "UPDATE step_run SET approved = ? WHERE run = ? AND step = ?"
_APPROVED = "SELECT step, approved FROM step_run WHERE run = ? AND approved IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a run at one moment."""

    cancel: bool
    plan: str | None
    """Id of the plan it should go on with."""
    approvals: dict[str, bool]
    """What a person has said of its steps so far."""


def asked(run: str) -> Question[Asked]:
    """Ask for everything that people ask of the run."""

    def question(connection: Connection) -> Asked:
        cancel, plan = connection.execute(_ASKED, (run,)).fetchone()
        return Asked(bool(cancel), plan, approvals(run)(connection))

    return question


def ask_to_cancel(tenant: str, run: str) -> Operation[None]:
    """Leave word that a person wants the run stopped, for whichever process works on it."""

    def operation(transaction: Transaction) -> None:
        transaction.execute(_ASK_TO_CANCEL, (run,))
        transaction.record(tenant, run, CancelRequested())

    return operation


def ask_to_replan(run: str, plan: str) -> Operation[None]:
    """Leave a plan's id for whichever process works on the run to go on with."""

    def operation(transaction: Transaction) -> None:
        transaction.execute(_ASK_TO_REPLAN, (plan, run))

    return operation


def withdraw_plan(run: str, plan: str) -> Operation[None]:
    """Take back a plan that nobody has taken up."""

    def operation(transaction: Transaction) -> None:
        transaction.execute(_WITHDRAW, (run, plan))

    return operation


def approve(
    tenant: str, run: str, steps: Sequence[str], *, approved: bool = True
) -> Operation[None]:
    """Note what a person says of steps, for whichever process works on the run."""

    def operation(transaction: Transaction) -> None:
        for step in steps:
            transaction.execute(_APPROVE, (approved, run, step))
            transaction.record(tenant, run, StepApproved(step=step, approved=approved))

    return operation


def approvals(run: str) -> Question[dict[str, bool]]:
    """Ask what a person has said of the run's steps so far."""
    return lambda at: {step: bool(said) for step, said in at.execute(_APPROVED, (run,))}
