"""What providers say of their jobs by themselves: each delivery is kept once, and heard once.

It may come before the answer to the submission it is about, more than once, and while nobody
carries the job: so it is on record before anybody acts on it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from framewright.domain.job import ErrorCategory
from framewright.protocols import Finished, ProviderFailure, Status, Working

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.store.database import Operation, Question
    from framewright.store.engine import Connection
    from framewright.store.transaction import Transaction

_KEEP = """INSERT INTO inbox (tenant, provider, delivery, remote_id, key, body, at_ms, heard)
    VALUES ('', ?, ?, ?, ?, ?, ?, FALSE) ON CONFLICT (provider, delivery) DO NOTHING"""
_ANY = "SELECT 1 FROM inbox WHERE NOT heard LIMIT 1"
_FOR_JOB = """SELECT delivery, body FROM inbox
    WHERE NOT heard AND provider = ? AND remote_id = ? ORDER BY at_ms"""
_HEARD = "UPDATE inbox SET heard = TRUE WHERE provider = ? AND delivery = ?"
_REMOTE_ID = """SELECT remote_id FROM inbox WHERE provider = ? AND key = ?
    ORDER BY at_ms LIMIT 1"""
_FORGET = "DELETE FROM inbox WHERE at_ms < ?"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message of a provider about one of its jobs, proved to be from it."""

    provider: str
    id: str
    """The same however often it is delivered."""
    remote_id: str
    status: Status
    key: str | None = None
    """The key the job was submitted under, where the message tells it."""


def keep(delivery: Delivery) -> Operation[bool]:
    """Put a delivery on record; False where it was there before."""
    body = json.dumps([type(delivery.status).__name__, asdict(delivery.status)])

    def operation(transaction: Transaction) -> bool:
        where = (delivery.provider, delivery.id, delivery.remote_id, delivery.key)
        row = (*where, body, transaction.now_ms)
        return transaction.execute(_KEEP, row).rowcount == 1

    return operation


def take(at_hand: Sequence[tuple[str, str]]) -> Operation[tuple[tuple[str, str, Status], ...]]:
    """Take what was delivered for jobs, named by provider and remote id; each is heard once."""

    def operation(transaction: Transaction) -> tuple[tuple[str, str, Status], ...]:
        if not at_hand or transaction.execute(_ANY).fetchone() is None:
            return ()
        taken: list[tuple[str, str, Status]] = []
        heard: list[tuple[str, str]] = []
        for provider, remote in at_hand:
            for name, body in transaction.execute(_FOR_JOB, (provider, remote)).fetchall():
                taken.append((provider, remote, _status(body)))
                heard.append((provider, name))
        transaction.execute_many(_HEARD, heard)
        return tuple(taken)

    return operation


def remote_id(provider: str, key: str) -> Question[str | None]:
    """Ask what a provider calls the job submitted under a key, as far as it has said so."""

    def question(connection: Connection) -> str | None:
        row = connection.execute(_REMOTE_ID, (provider, key)).fetchone()
        return None if row is None else str(row[0])

    return question


def forget(before_ms: int) -> Operation[int]:
    """Throw away deliveries that came before a moment; return how many they were."""

    def operation(transaction: Transaction) -> int:
        return transaction.execute(_FORGET, (before_ms,)).rowcount

    return operation


def _status(body: str) -> Status:
    kind, fields = json.loads(body)
    fields = _as_written(fields)
    if kind == Working.__name__:
        return Working(**fields)
    if kind == Finished.__name__:
        return Finished(**fields)
    return ProviderFailure(**{**fields, "category": ErrorCategory(fields["category"])})


def _as_written(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(each) if isinstance(each, list) else each for name, each in fields.items()}
