"""Brings a PostgreSQL database to the schema of this program, by the same revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.store import schema
from framewright.store.postgres_connection import connect, lock_key, schema_of
from framewright.store.postgres_statements import Statements

if TYPE_CHECKING:
    from framewright.store.place import PostgresUrl

IS_THERE = "SELECT 1 WHERE to_regclass('alembic_version') IS NOT NULL"


def bring_up_to_date(place: PostgresUrl) -> None:
    """Apply what is missing, all or nothing; of those who begin at once all but one wait.

    Raises `StorageError` for a database of a newer program.
    """
    with connect(place) as connection:
        if schema.current(Statements(connection), IS_THERE) == schema.HEAD:
            return
        key = lock_key(schema_of(connection))
        connection.execute("SELECT pg_advisory_lock($1)", (key,))
        # The lock goes with the connection.
        found = schema.current(Statements(connection), IS_THERE)
        if found != schema.HEAD:
            _upgrade(place, found)


def _upgrade(place: PostgresUrl, found: str | None) -> None:
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: connect(place, raw=False), poolclass=NullPool
    )
    with engine.begin() as bound:
        schema.upgrade(bound, found)
