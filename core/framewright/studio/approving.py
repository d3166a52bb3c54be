"""Which steps of a run a person's word is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.domain.run import FINISHED, StepState
from framewright.errors import InputError, NotFoundError
from framewright.store import run_requests, runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.domain.plan import Plan
    from framewright.store.database import Database


async def to_say(run: str, plan: Plan, steps: Sequence[str], database: Database) -> tuple[str, ...]:
    """Return the steps that wait for a person: those named, else all that wait now.

    Raises `NotFoundError` for a step that is not in the run, and `InputError` for one that
    waits for nobody, or where none does.
    """
    here = {each.step: each.state for each in await database.read(runs.steps(run))}
    asks = {step.id for step in plan.steps if step.approval} & here.keys()
    for step in steps:
        if step not in here:
            message = f"{run} has no step {step}."
            raise NotFoundError(message, action=f"`framewright show {run}` lists its steps.")
        if step not in asks or here[step] in FINISHED:
            raise InputError(f"{step} does not wait for anybody's approval.")
    said_already = await database.read(run_requests.approvals(run))
    waiting = [
        step for step in asks - said_already.keys() if here[step] is StepState.WAITING_APPROVAL
    ]
    said = tuple(steps) or tuple(sorted(waiting))
    if not said:
        raise InputError(f"Nothing in {run} waits for anybody's approval.")
    return said
