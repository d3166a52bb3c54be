"""One transaction of the writer: statements, and the events they record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framewright.domain.event import Body, Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from framewright.store.engine import Answer, Connection

_APPEND = "INSERT INTO event (tenant, run, at_ms, body) VALUES (?, ?, ?, ?) RETURNING seq"


class Transaction:
    """What an operation of the writer may do; used on the writer's thread only."""

    def __init__(self, connection: Connection, now_ms: int, latest_ms: int = 0) -> None:
        self._connection = connection
        self.now_ms = now_ms
        """Unix time in milliseconds of this group of writes."""
        self.latest_ms = now_ms if now_ms >= latest_ms else latest_ms + 1
        """The same, but later than in every group before it though the clock was put back."""
        self.recorded: list[Event] = []

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Answer:
        """Run one statement."""
        return self._connection.execute(statement, values)

    def execute_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each row."""
        self._connection.executemany(statement, rows)

    def record(self, tenant: str, run: str | None, body: Body) -> None:
        """Append an event; it is published once the transaction is committed."""
        row = (tenant, run, self.now_ms, body.model_dump_json())
        (seq,) = self.execute(_APPEND, row).fetchone()
        # The body was validated when it was built; doing it again would cost more than the insert.
        self.recorded.append(
            Event.model_construct(seq=seq, at_ms=self.now_ms, tenant=tenant, run=run, body=body)
        )
