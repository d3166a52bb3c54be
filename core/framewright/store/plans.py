"""Plans as they were accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.domain.plan import Plan

if TYPE_CHECKING:
    from framewright.store.database import Operation, Question
    from framewright.store.engine import Connection
    from framewright.store.transaction import Transaction

_INSERT = "INSERT INTO plan (id, tenant, title, body, created_ms) VALUES (?, ?, ?, ?, ?)"
_BODY = "SELECT body FROM plan WHERE tenant = ? AND id = ?"


def insert(tenant: str, plan_id: str, plan: Plan) -> Operation[None]:
    """Keep a plan under an id."""
    body = plan.model_dump_json()

    def operation(transaction: Transaction) -> None:
        transaction.execute(_INSERT, (plan_id, tenant, plan.title, body, transaction.now_ms))

    return operation


def find(tenant: str, plan_id: str) -> Question[Plan | None]:
    """Ask for a plan by its id."""

    def question(connection: Connection) -> Plan | None:
        row = connection.execute(_BODY, (tenant, plan_id)).fetchone()
        return None if row is None else Plan.model_validate_json(row[0])

    return question
