"""The append-only log of events, read from a cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from framewright.domain.event import Body, Event

if TYPE_CHECKING:
    from framewright.store.database import Operation, Question
    from framewright.store.engine import Connection

_BODY: TypeAdapter[Any] = TypeAdapter(Body)
_OF_RUN = """SELECT seq, at_ms, tenant, run, body FROM event
    WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?"""

_OF_TENANT = """SELECT seq, at_ms, tenant, run, body FROM event
    WHERE tenant = ? AND seq > ? ORDER BY seq LIMIT ?"""


def append(tenant: str, run: str | None, body: Body) -> Operation[None]:
    """Record an event that changes no other row."""
    return lambda transaction: transaction.record(tenant, run, body)


def of_run(run: str, after: int = 0, most: int = 100_000) -> Question[tuple[Event, ...]]:
    """Ask for a run's events behind a cursor, oldest first.

    Kinds of event that only a newer program knows are left out.
    """

    def question(connection: Connection) -> tuple[Event, ...]:
        rows = connection.execute(_OF_RUN, (run, after, most))
        return tuple(event for row in rows if (event := _read(*row)) is not None)

    return question


def of_tenant(tenant: str, after: int, most: int) -> Question[tuple[tuple[Event, ...], int]]:
    """Ask for a tenant's events behind a cursor, oldest first, and where the next ones begin.

    That is behind the last one, whether or not this program knows its kind.
    """

    def question(connection: Connection) -> tuple[tuple[Event, ...], int]:
        rows = connection.execute(_OF_TENANT, (tenant, after, most)).fetchall()
        found = tuple(event for row in rows if (event := _read(*row)) is not None)
        return found, rows[-1][0] if rows else after

    return question


def _read(seq: int, at_ms: int, tenant: str, run: str | None, body: str) -> Event | None:
    try:
        known = _BODY.validate_json(body)
    except ValidationError:
        return None
    return Event.model_construct(seq=seq, at_ms=at_ms, tenant=tenant, run=run, body=known)
