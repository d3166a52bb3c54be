"""Runs and their steps: where each stands, written together with the event that tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from framewright.domain.asset import Output
from framewright.domain.event import (
    RunCreated,
    RunEnded,
    RunReplanned,
    RunStarted,
    StepChanged,
    StepMended,
    StepProgressed,
    StepRetried,
    StepsReused,
)
from framewright.domain.job import JobError
from framewright.domain.run import RunState, StepState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from framewright.domain.finding import Finding
    from framewright.store.database import Operation, Question
    from framewright.store.engine import Connection
    from framewright.store.transaction import Transaction

OUTPUTS = TypeAdapter(tuple[Output, ...])

_INSERT = """INSERT INTO run (id, tenant, plan, title, state, cancel_requested, created_ms)
    VALUES (?, ?, ?, ?, ?, FALSE, ?)"""
_INSERT_STEP = """INSERT INTO step_run (run, tenant, step, state, outputs, key, cycle)
    VALUES (?, ?, ?, ?, ?, ?, 1)"""
_REUSE = """UPDATE step_run SET key = ?, state = 'reused', outputs = ?
    WHERE run = ? AND step = ?"""
_BY_KEYS = """SELECT key, outputs FROM step_run WHERE rowid IN (SELECT MAX(rowid) FROM step_run
    WHERE tenant = ? AND key IN ({}) AND state IN ('succeeded', 'reused') GROUP BY key)"""
_PAST_BY_KEYS = """SELECT key, outputs FROM past_step WHERE id IN (SELECT MAX(id) FROM past_step
    WHERE tenant = ? AND key IN ({}) GROUP BY key)"""
_AT_ONCE = 500
"""How many keys are asked for in one statement."""
# What was asked of whoever worked on it before is not asked of who does now.
_START = """UPDATE run SET state = ?, cancel_requested = FALSE, next_plan = NULL, ended_ms = NULL
    WHERE id = ?"""
_END = "UPDATE run SET state = ?, ended_ms = ? WHERE id = ?"
_FIND = """SELECT id, plan, title, state, created_ms, ended_ms FROM run
    WHERE tenant = ? AND id = ?"""
_NEXT_CYCLE = "UPDATE step_run SET cycle = cycle + 1 WHERE run = ? AND step = ?"
_REPLAN = """UPDATE run SET plan = ?, title = ?, next_plan = NULLIF(next_plan, ?)
    WHERE id = ?"""
# What a step made is kept for whoever asks for the same again.
_LEAVE_PAST = """INSERT INTO past_step (tenant, key, outputs)
    SELECT tenant, key, outputs FROM step_run
    WHERE run = ? AND step = ? AND key IS NOT NULL AND state IN ('succeeded', 'reused')"""
_RENEW = """INSERT INTO step_run (run, step, tenant, state, cycle, outputs, key)
    VALUES (?, ?, ?, 'pending', 1, '[]', ?)
    ON CONFLICT (run, step) DO UPDATE SET state = 'pending', cycle = step_run.cycle + 1,
        outputs = '[]', error = NULL, approved = NULL, key = excluded.key"""
_STEPS = """SELECT step, state, cycle, outputs, error, approved FROM step_run
    WHERE run = ? ORDER BY rowid"""
# Moving on, within one cycle.
_MOVE = "UPDATE step_run SET state = ? WHERE run = ? AND step = ?"
# An ended step keeps what came of it.
_SETTLE = "UPDATE step_run SET state = ?, outputs = ?, error = ? WHERE run = ? AND step = ?"
# The states as the index of live jobs has them, so that it is used.
_UNRESOLVED = """SELECT step_run.key, job.id FROM job
    JOIN step_run ON step_run.run = job.correlation
        AND job.key = step_run.run || ':' || step_run.step || ':' || step_run.cycle
    WHERE job.state IN ('leased', 'unknown') AND job.state = 'unknown' AND job.tenant = ?
        AND step_run.key IS NOT NULL"""
_FORGET_KEY = "UPDATE step_run SET key = NULL WHERE run = ? AND step = ?"
# Begun anew; one cycle further, its next job gets a new idempotency key.
_REOPEN = """UPDATE step_run SET state = 'pending', cycle = cycle + ?, outputs = '[]', error = NULL
    WHERE run = ? AND step = ?"""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run as it stands in the store."""

    id: str
    plan: str
    title: str
    state: RunState
    created_ms: int
    ended_ms: int | None


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step of a run as it stands in the store."""

    step: str
    state: StepState
    cycle: int
    outputs: tuple[Output, ...]
    error: JobError | None
    approved: bool | None = None
    """What a person said of it; None for nothing yet."""


def create(
    tenant: str,
    run: str,
    body: RunCreated,
    keys: Mapping[str, str] | None = None,
    reused: Mapping[str, tuple[Output, ...]] | None = None,
) -> Operation[None]:
    """Accept a run: its row, a row for each step, and the events, all or nothing.

    `keys` say what each step's result depends on; those of `reused` are done already.
    """
    known, done = keys or {}, reused or {}
    rows = [(step.id, *_row(done.get(step.id)), known.get(step.id)) for step in body.steps]

    def operation(transaction: Transaction) -> None:
        at = transaction.now_ms
        row = (run, tenant, body.plan, body.title, RunState.RUNNING.value, at)
        transaction.execute(_INSERT, row)
        transaction.execute_many(_INSERT_STEP, ((run, tenant, *row) for row in rows))
        transaction.record(tenant, run, body)
        if done:
            transaction.record(tenant, run, StepsReused(steps=dict(done)))

    return operation


def _row(outputs: tuple[Output, ...] | None) -> tuple[str, str]:
    """Return state and outputs of a step's first row."""
    if outputs is None:
        return StepState.PENDING.value, "[]"
    return StepState.REUSED.value, OUTPUTS.dump_json(outputs).decode()


def start(
    tenant: str, run: str, *, resumed: bool = False, reopened: Mapping[str, bool] | None = None
) -> Operation[None]:
    """Say that work begins or goes on.

    The `reopened` steps are pending again; True puts them into their next cycle, so that their
    next job is a new one, False lets them find the job they had.
    """

    def operation(transaction: Transaction) -> None:
        transaction.execute(_START, (RunState.RUNNING.value, run))
        transaction.record(tenant, run, RunStarted(resumed=resumed))
        for step, renewed in (reopened or {}).items():
            transaction.execute(_REOPEN, (int(renewed), run, step))
            transaction.record(tenant, run, StepChanged(step=step, state=StepState.PENDING))

    return operation


def fresh(
    step: str, outputs: tuple[Output, ...] | None, approved: bool | None = None
) -> StepRecord:
    """Return how a step of a prepared run stands: pending, or reused with these outputs."""
    if outputs is None:
        return StepRecord(step, StepState.PENDING, 1, (), None, approved)
    return StepRecord(step, StepState.REUSED, 1, outputs, None, approved)


def finished(tenant: str, keys: Mapping[str, str]) -> Question[dict[str, tuple[Output, ...]]]:
    """Ask for the outputs of finished steps: for each name in `keys`, the newest of its key."""

    def question(connection: Connection) -> dict[str, tuple[Output, ...]]:
        known: dict[str, str] = {}
        for statement in (_BY_KEYS, _PAST_BY_KEYS):
            wanted: list[str] = list(set(keys.values()) - known.keys())
            for at in range(0, len(wanted), _AT_ONCE):
                some = wanted[at : at + _AT_ONCE]
                asked = statement.format(",".join("?" * len(some)))
                rows = connection.execute(asked, (tenant, *some))
                known.update((key, outputs) for key, outputs in rows)
        return {
            name: OUTPUTS.validate_json(known[key]) for name, key in keys.items() if key in known
        }

    return question


def end(tenant: str, run: str, state: RunState) -> Operation[None]:
    """Say that the run is over."""

    def operation(transaction: Transaction) -> None:
        transaction.execute(_END, (state.value, transaction.now_ms, run))
        transaction.record(tenant, run, RunEnded(state=state))

    return operation


def replan(
    tenant: str,
    run: str,
    body: RunReplanned,
    renewed: Mapping[str, str],
    reused: Mapping[str, tuple[Output, ...]],
) -> Operation[None]:
    """Let a run go on with another plan.

    The `renewed` steps, each with its key, are pending in a new cycle, or there for the first
    time; those of `reused` are done already. What the steps before made, also those that are
    gone, can be taken over again.
    """

    def operation(transaction: Transaction) -> None:
        transaction.execute(_REPLAN, (body.plan, body.title, body.plan, run))
        transaction.record(tenant, run, body)
        for step, key in renewed.items():
            transaction.execute(_LEAVE_PAST, (run, step))
            transaction.execute(_RENEW, (run, step, tenant, key))
        for step, outputs in reused.items():
            row = (renewed[step], OUTPUTS.dump_json(outputs).decode(), run, step)
            transaction.execute(_REUSE, row)
        for step in renewed:
            change = StepChanged(step=step, state=StepState.PENDING)
            transaction.record(tenant, run, change)
        if reused:
            transaction.record(tenant, run, StepsReused(steps=dict(reused)))

    return operation


def move(tenant: str, run: str, step: str, state: StepState) -> Operation[None]:
    """Move a step to a state that is not its last."""
    body = StepChanged(step=step, state=state)

    def operation(transaction: Transaction) -> None:
        transaction.execute(_MOVE, (state.value, run, step))
        transaction.record(tenant, run, body)

    return operation


def next_cycle(tenant: str, run: str, body: StepRetried) -> Operation[None]:
    """Begin a step's next cycle: its next job is a new one."""

    def operation(transaction: Transaction) -> None:
        transaction.execute(_NEXT_CYCLE, (run, body.step))
        transaction.record(tenant, run, body)

    return operation


def mend(tenant: str, run: str, step: str, findings: tuple[Finding, ...]) -> Operation[None]:
    """Record what was changed about a step so that it can run."""
    body = StepMended(step=step, findings=findings)
    return lambda transaction: transaction.record(tenant, run, body)


def tell(tenant: str, run: str, body: StepProgressed | StepRetried) -> Operation[None]:
    """Record how far a running step has come, or that its job backs off."""
    return lambda transaction: transaction.record(tenant, run, body)


def settle(tenant: str, run: str, body: StepChanged) -> Operation[None]:
    """Write how a step ended."""
    outputs = OUTPUTS.dump_json(body.outputs).decode()
    error = None if body.error is None else body.error.model_dump_json()

    def operation(transaction: Transaction) -> None:
        transaction.execute(_SETTLE, (body.state.value, outputs, error, run, body.step))
        transaction.record(tenant, run, body)

    return operation


def unresolved(tenant: str, keys: Mapping[str, str]) -> Question[dict[str, str]]:
    """Ask for which of the steps with these keys another run has a job of unknown outcome."""

    def question(connection: Connection) -> dict[str, str]:
        found = connection.execute(_UNRESOLVED, (tenant,)).fetchall()
        by_key = dict(found)
        return {step: by_key[key] for step, key in keys.items() if key in by_key}

    return question


def forget_keys(run: str, names: Collection[str]) -> Operation[None]:
    """Let no later run take over what these steps make."""

    def operation(transaction: Transaction) -> None:
        transaction.execute_many(_FORGET_KEY, [(run, name) for name in sorted(names)])

    return operation


def find(tenant: str, run: str) -> Question[RunRecord | None]:
    """Ask for a run by its id."""

    def question(connection: Connection) -> RunRecord | None:
        row = connection.execute(_FIND, (tenant, run)).fetchone()
        if row is None:
            return None
        identity, plan, title, state, created_ms, ended_ms = row
        return RunRecord(identity, plan, title, RunState(state), created_ms, ended_ms)

    return question


def steps(run: str) -> Question[tuple[StepRecord, ...]]:
    """Ask for the steps of a run, in the plan's order."""

    def question(connection: Connection) -> tuple[StepRecord, ...]:
        return tuple(
            StepRecord(
                step,
                StepState(state),
                cycle,
                OUTPUTS.validate_json(outputs),
                None if error is None else JobError.model_validate_json(error),
                None if approved is None else bool(approved),
            )
            for step, state, cycle, outputs, error, approved in connection.execute(_STEPS, (run,))
        )

    return question
