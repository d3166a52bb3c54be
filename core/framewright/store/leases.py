"""Leases: what a process holds for a bounded time, and renews while it is at work.

Each owner of jobs has one while it has jobs at hand, and changes it at each renewal: who hangs is
known by that (`router.lateness`). The sweeper has one, so that there is one at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framewright.store.database import Operation, Question
    from framewright.store.transaction import Transaction

LEASE_MS = 60_000
"""For how long a lease is said to hold."""
_TAKE = """INSERT INTO lease (name, tenant, owner, until_ms) VALUES (?, '', ?, ?)
    ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until_ms = excluded.until_ms"""
# Never the same twice, whatever the clock says.
_RENEW = """INSERT INTO lease (name, tenant, owner, until_ms) VALUES (?, '', ?, ?)
    ON CONFLICT (name) DO UPDATE SET until_ms = CASE WHEN excluded.until_ms > lease.until_ms
        THEN excluded.until_ms ELSE lease.until_ms + 1 END"""
_OWNERS = "SELECT name, until_ms FROM lease WHERE name = owner"
_REST = "DELETE FROM lease WHERE name = ?"
_HOLDER = "SELECT owner, until_ms FROM lease WHERE name = ?"
_END = "DELETE FROM lease WHERE owner = ?"
_FORGET = "DELETE FROM lease WHERE until_ms < ?"


def renew(owner: str) -> Operation[None]:
    """Say that an owner is at work."""

    def operation(transaction: Transaction) -> None:
        until = transaction.now_ms + LEASE_MS
        transaction.execute(_RENEW, (owner, owner, until))

    return operation


def end(owner: str) -> Operation[None]:
    """Let go of all that an owner holds."""

    def operation(transaction: Transaction) -> None:
        transaction.execute(_END, (owner,))

    return operation


def rest(owner: str) -> Operation[None]:
    """Say that an owner has no job at hand."""

    def operation(transaction: Transaction) -> None:
        transaction.execute(_REST, (owner,))

    return operation


def of_owners() -> Question[dict[str, int]]:
    """Ask for the leases of all owners that have jobs at hand."""
    return lambda connection: dict(connection.execute(_OWNERS).fetchall())


def elect(name: str, owner: str, lease_ms: int) -> Operation[bool]:
    """Take an office, or keep it, where nobody else holds it; tell whether it is the owner's."""

    def operation(transaction: Transaction) -> bool:
        at = transaction.now_ms
        held = transaction.execute(_HOLDER, (name,)).fetchone()
        # A clock that was put back leaves nobody in office for longer than was meant.
        if held is not None and held[0] != owner and at < held[1] <= at + lease_ms:
            return False
        transaction.execute(_TAKE, (name, owner, at + lease_ms))
        return True

    return operation


def forget(before_ms: int) -> Operation[None]:
    """Throw away leases that ended before a moment."""

    def operation(transaction: Transaction) -> None:
        transaction.execute(_FORGET, (before_ms,))

    return operation
