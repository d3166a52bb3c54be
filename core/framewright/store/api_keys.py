"""Keys of programs that ask over the network: only digests of them are on record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framewright.store.database import Operation, Question
    from framewright.store.engine import Connection
    from framewright.store.transaction import Transaction

_INSERT = "INSERT INTO api_key (id, tenant, digest, rate, created_ms) VALUES (?, ?, ?, ?, ?)"
_FIND = "SELECT id, tenant, digest, rate, created_ms, revoked_ms FROM api_key WHERE id = ?"
_ALL = "SELECT id, tenant, digest, rate, created_ms, revoked_ms FROM api_key ORDER BY created_ms"
_ANY = "SELECT 1 FROM api_key WHERE revoked_ms IS NULL LIMIT 1"
_REVOKE = "UPDATE api_key SET revoked_ms = ? WHERE id = ? AND revoked_ms IS NULL"


@dataclass(frozen=True, slots=True)
class ApiKeyRecord:
    """One key as it stands in the store."""

    id: str
    tenant: str
    digest: str
    """SHA-256 of the key, in hexadecimal."""
    rate: str
    created_ms: int
    revoked_ms: int | None


def insert(key: str, tenant: str, digest: str, rate: str) -> Operation[None]:
    """Put a key on record."""

    def operation(transaction: Transaction) -> None:
        transaction.execute(_INSERT, (key, tenant, digest, rate, transaction.now_ms))

    return operation


def find(key: str) -> Question[ApiKeyRecord | None]:
    """Ask for a key by its id, revoked or not."""

    def question(connection: Connection) -> ApiKeyRecord | None:
        row = connection.execute(_FIND, (key,)).fetchone()
        return None if row is None else ApiKeyRecord(*row)

    return question


def every() -> Question[tuple[ApiKeyRecord, ...]]:
    """Ask for all keys of all tenants, oldest first."""
    return lambda connection: tuple(ApiKeyRecord(*row) for row in connection.execute(_ALL))


def any_valid() -> Question[bool]:
    """Ask whether there is a key that is not revoked."""
    return lambda connection: connection.execute(_ANY).fetchone() is not None


def revoke(key: str) -> Operation[bool]:
    """Let a key be of no use any more; False where it is none, or was revoked before."""
    return lambda transaction: transaction.execute(_REVOKE, (transaction.now_ms, key)).rowcount == 1
