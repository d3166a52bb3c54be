"""Jobs: accepted once, carried by one process at a time; how they end is in `ends`."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from framewright.domain.budget import Budgets
from framewright.domain.job import JobRequest, JobResult, JobState, Phase, Wish
from framewright.errors import InputError
from framewright.store import budgets, ends

if TYPE_CHECKING:
    from collections.abc import Iterable

    from framewright.store.database import Operation, Question
    from framewright.store.engine import Connection
    from framewright.store.transaction import Transaction

# Accept: the same key again changes nothing.
_ACCEPT = """INSERT INTO job (id, tenant, key, request_hash, correlation, provider, model, owner,
        state, phase, request, rank, created_ms, updated_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'queued', 'none', ?, ?, ?, ?)
    ON CONFLICT (tenant, key) DO NOTHING"""
_BY_KEY = """SELECT id, request_hash, state, phase, remote_id, result, owner, epoch, attempt,
        run_at_ms, updated_ms, amended, started_ms, wish,
        (SELECT COUNT(*) FROM attempt WHERE attempt.job = job.id) FROM job
    WHERE tenant = ? AND key = ?"""
# Advance: only while nobody has ended it, and only by who holds it now. A submission that leaves
# once more begins anew: the last one's age says nothing of it.
_ADVANCE = """UPDATE job SET state = ?, phase = ?, remote_id = ?, updated_ms = ?,
        started_ms = COALESCE(CAST(? AS BIGINT), started_ms, ?)
    WHERE id = ? AND epoch = COALESCE(?, epoch)
        AND state NOT IN ('succeeded', 'dead', 'cancelled')"""
# Who lost the job in the meantime still tells what the provider calls it, where nobody knows.
_ANSWERED_LATE = """UPDATE job SET phase = 'submitted', remote_id = ?, updated_ms = ?
    WHERE id = ? AND attempt = ? AND phase = 'submitting' AND remote_id IS NULL
        AND state NOT IN ('succeeded', 'dead', 'cancelled')"""
# What a person changed since is in the job; what was asked before stays with its attempts.
_FIRST_ASKED = """SELECT COALESCE((SELECT attempt.request FROM attempt
        WHERE attempt.job = job.id AND attempt.number = 1), request)
    FROM job WHERE tenant = ? AND key = ?"""
# Leave open whether the provider has it; what is known of its way there stays. It is nobody's.
_LEAVE_UNKNOWN = """UPDATE job SET state = 'unknown', owner = NULL, updated_ms = ?,
        wish = COALESCE(?, wish)
    WHERE id = ? AND epoch = ? AND state NOT IN ('succeeded', 'dead', 'cancelled')"""
# Let go: nobody waits for it here any more, so whoever asks for it may have it at once.
_LET_GO = """UPDATE job SET owner = NULL, epoch = epoch + 1, updated_ms = ?,
        state = CASE WHEN state = 'leased' AND phase = 'none' THEN 'queued' ELSE state END
    WHERE id = ? AND owner = ? AND epoch = COALESCE(?, epoch)
        AND state NOT IN ('succeeded', 'dead', 'cancelled')"""
_FOUND = """UPDATE job SET phase = 'submitted', remote_id = ?, updated_ms = ?, wish = NULL
    WHERE id = ? AND state = 'unknown' AND remote_id IS NULL"""
_WHOSE = "SELECT id FROM job WHERE provider = ? AND remote_id = ? LIMIT 1"
# What a model's jobs took; the newest tell most.
_TIMES = """SELECT json_extract(request, '$.model'), json_extract(request, '$.inputs'),
        updated_ms - started_ms, CAST(json_extract(result, '$.cost') AS DOUBLE PRECISION)
    FROM job WHERE tenant = ? AND state = 'succeeded' AND started_ms <= updated_ms
    ORDER BY created_ms DESC LIMIT ?"""


@dataclass(frozen=True, slots=True)
class JobRecord:
    """One job as it stands in the store."""

    id: str
    state: JobState
    phase: Phase
    remote_id: str | None
    result: JobResult | None
    owner: str | None = None
    epoch: int = 0
    attempt: int = 1
    run_at_ms: int | None = None
    """When its next attempt may begin, in Unix time, while it backs off."""
    updated_ms: int = 0
    amended: bool = False
    """Whether a person changed what it is to do."""
    started_ms: int | None = None
    """When its present submission began, in Unix time."""
    failures: int = 0
    """How many of its submissions failed."""
    to_be_stopped: bool = False
    """Whether it was called off, and its provider has not said that it ended."""


NO_BUDGETS = Budgets()


def accept(
    job: str,
    request: JobRequest,
    request_hash: str,
    owner: str | None = None,
    ahead_ms: int = 0,
    limits: Budgets = NO_BUDGETS,
) -> Operation[JobRecord]:
    """Accept a job for an owner, or find the one that was accepted under the same key.

    It goes before jobs of its tenant and model that were accepted up to `ahead_ms` earlier. One
    that does not fit in a budget is dead when it is accepted, and so is one that a person let
    begin anew: nothing of it was handed over.
    Raises `InputError` inside the writer when the key stands for another request.
    """
    body = request.model_dump_json()

    def operation(transaction: Transaction) -> JobRecord:
        at = transaction.now_ms
        row = (job, request.tenant, request.key, request_hash, request.correlation)
        kind = (request.provider, request.model, owner)
        rank = transaction.latest_ms - ahead_ms
        inserted = transaction.execute(_ACCEPT, (*row, *kind, body, rank, at, at))
        if inserted.rowcount == 1:
            record = JobRecord(job, JobState.QUEUED, Phase.NONE, None, None, owner)
            return _within(transaction, record, request, limits)
        found = transaction.execute(_BY_KEY, (request.tenant, request.key)).fetchone()
        if found[1] != request_hash:
            message = f"The key {request.key} was used for another request before."
            raise InputError(message, action="Use a new key for a new request.")
        record = _record(found)
        asked = None if record.amended else request
        return _reserved(transaction, record, limits, asked)

    return operation


def again(tenant: str, key: str, limits: Budgets) -> Operation[JobRecord | None]:
    """Find a job that was accepted before, with its reservation made; None where there is none."""

    def operation(transaction: Transaction) -> JobRecord | None:
        found = transaction.execute(_BY_KEY, (tenant, key)).fetchone()
        return None if found is None else _reserved(transaction, _record(found), limits)

    return operation


def _reserved(
    transaction: Transaction, record: JobRecord, limits: Budgets, asked: JobRequest | None = None
) -> JobRecord:
    """Return a job as it was found; dead, where it is to begin anew and does not fit any more."""
    begins = record.state in {JobState.QUEUED, JobState.WAITING}
    if not begins or budgets.holds(transaction, record.id):
        return record
    # It was left by who is gone, or let begin anew, perhaps with other inputs.
    return _within(transaction, record, asked or _asked(transaction, record.id), limits)


def _within(
    transaction: Transaction, record: JobRecord, request: JobRequest, limits: Budgets
) -> JobRecord:
    """Return a job that waits with its reservation made, or dead where it does not fit."""
    shortage = budgets.reserve(transaction, record.id, request, limits)
    if shortage is None:
        return record
    refused = JobResult(state=JobState.DEAD, error=shortage.error(request.correlation))
    ends.end(transaction, record.id, refused)
    return replace(record, state=JobState.DEAD, result=refused)


def _record(row: tuple[Any, ...]) -> JobRecord:
    identity, _, state, phase, remote_id, result, owner, epoch, *more = row
    attempt, run_at, at, amended, started, wish, failures = more
    return JobRecord(
        id=identity,
        state=JobState(state),
        phase=Phase(phase),
        remote_id=remote_id,
        result=None if result is None else JobResult.model_validate_json(result),
        owner=owner,
        epoch=epoch,
        attempt=attempt,
        run_at_ms=run_at,
        updated_ms=at,
        amended=bool(amended),
        started_ms=started,
        failures=failures,
        to_be_stopped=wish == Wish.CANCEL,
    )


def advance(
    job: str,
    state: JobState,
    phase: Phase,
    remote_id: str | None = None,
    epoch: int | None = None,
) -> Operation[bool]:
    """Move a job that has not ended, where its epoch is still this one; None for any.

    Answers False, and changes nothing, where it has ended or changed hands.
    """

    def operation(transaction: Transaction) -> bool:
        at = transaction.now_ms
        began = at if phase is Phase.SUBMITTING else None
        row = (state.value, phase.value, remote_id, at, began, at, job, epoch)
        return transaction.execute(_ADVANCE, row).rowcount == 1

    return operation


def submitted(job: str, remote_id: str, epoch: int | None, attempt: int) -> Operation[None]:
    """Write down what a provider calls a job that it has taken.

    Where another process took the job over while the answer was on its way, nobody else can know
    that: it is told all the same, as long as this attempt is the one of which it is not known.
    """
    known = advance(job, JobState.LEASED, Phase.SUBMITTED, remote_id, epoch)

    def operation(transaction: Transaction) -> None:
        if not known(transaction):
            row = (remote_id, transaction.now_ms, job, attempt)
            transaction.execute(_ANSWERED_LATE, row)

    return operation


def leave_unknown(job: str, epoch: int, *, to_be_stopped: bool = False) -> Operation[bool]:
    """Say of a job that has this epoch that nobody knows how it stands at its provider.

    Its phase and remote id stay; it belongs to nobody then. Whoever looks after it stops it,
    where that is wished.
    """
    wish = Wish.CANCEL.value if to_be_stopped else None

    def operation(transaction: Transaction) -> bool:
        row = (transaction.now_ms, wish, job, epoch)
        return transaction.execute(_LEAVE_UNKNOWN, row).rowcount == 1

    return operation


def let_go(job: str, owner: str, epoch: int | None = None) -> Operation[None]:
    """Leave a job of an owner, with this epoch or any, to whoever asks for it next."""

    def operation(transaction: Transaction) -> None:
        transaction.execute(_LET_GO, (transaction.now_ms, job, owner, epoch))

    return operation


def found(job: str, remote_id: str) -> Operation[bool]:
    """Say what a provider calls a job of unknown outcome; False where that is known, or over."""

    def operation(transaction: Transaction) -> bool:
        return transaction.execute(_FOUND, (remote_id, transaction.now_ms, job)).rowcount == 1

    return operation


def called(provider: str, remote_id: str) -> Question[str | None]:
    """Ask which job a provider calls so."""

    def question(connection: Connection) -> str | None:
        row = connection.execute(_WHOSE, (provider, remote_id)).fetchone()
        return None if row is None else str(row[0])

    return question


def find(tenant: str, keys: Iterable[str]) -> Question[dict[str, JobRecord]]:
    """Ask for the jobs that were accepted under these keys; others are not in the answer."""
    wanted = tuple(keys)

    def question(connection: Connection) -> dict[str, JobRecord]:
        found = {key: connection.execute(_BY_KEY, (tenant, key)).fetchone() for key in wanted}
        return {key: _record(row) for key, row in found.items() if row is not None}

    return question


def requests(tenant: str, keys: Iterable[str]) -> Question[dict[str, JobRequest]]:
    """Ask what the jobs of these keys were first asked for; others are not in the answer."""
    wanted = tuple(keys)

    def question(connection: Connection) -> dict[str, JobRequest]:
        found = {key: connection.execute(_FIRST_ASKED, (tenant, key)).fetchone() for key in wanted}
        return {
            key: JobRequest.model_validate_json(row[0])
            for key, row in found.items()
            if row is not None
        }

    return question


def _asked(at: Connection | Transaction, job: str) -> JobRequest:
    (body,) = at.execute("SELECT request FROM job WHERE id = ?", (job,)).fetchone()
    return JobRequest.model_validate_json(body)


def request(job: str) -> Question[JobRequest]:
    """Ask what an accepted job is to do."""
    return lambda connection: _asked(connection, job)


def times(
    tenant: str, most: int = 2_000
) -> Question[tuple[tuple[str, dict[str, Any], float, float], ...]]:
    """Ask for model, inputs, seconds and cost of the newest jobs that succeeded."""

    def question(connection: Connection) -> Any:
        return tuple(
            (model, json.loads(inputs), lasted / 1_000, cost or 0.0)
            for model, inputs, lasted, cost in connection.execute(_TIMES, (tenant, most))
        )

    return question
