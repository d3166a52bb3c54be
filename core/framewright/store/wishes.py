"""What a person wants of a job, left in the store for whichever process carries it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.domain.job import Wish

if TYPE_CHECKING:
    from collections.abc import Collection

    from framewright.store.database import Operation
    from framewright.store.transaction import Transaction

_LEAVE = """UPDATE job SET wish = ? WHERE id = ?
    AND state NOT IN ('succeeded', 'dead', 'cancelled')"""
_OF_OWNER = "SELECT id, wish FROM job WHERE owner = ? AND wish IS NOT NULL"
_HEARD = "UPDATE job SET wish = NULL WHERE id = ?"


def leave(job: str, wish: Wish) -> Operation[bool]:
    """Leave a wish with a job; False where it has ended."""

    def operation(transaction: Transaction) -> bool:
        return transaction.execute(_LEAVE, (wish.value, job)).rowcount == 1

    return operation


def take(owner: str, at_hand: Collection[str]) -> Operation[dict[str, Wish]]:
    """Take up what is wished of an owner's jobs that are at hand; each wish is heard once."""

    def operation(transaction: Transaction) -> dict[str, Wish]:
        asked = transaction.execute(_OF_OWNER, (owner,)).fetchall()
        heard = {job: Wish(wish) for job, wish in asked if job in at_hand}
        transaction.execute_many(_HEARD, [(job,) for job in heard])
        return heard

    return operation
