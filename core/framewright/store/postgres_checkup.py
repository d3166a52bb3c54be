"""Looks whether a PostgreSQL database can keep a store, and changes nothing there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg

from framewright.store import schema
from framewright.store.postgres_connection import connect, schema_of, told_by_postgres
from framewright.store.postgres_schema import IS_THERE
from framewright.store.postgres_statements import Statements

if TYPE_CHECKING:
    from framewright.store.place import PostgresUrl

FEW_CONNECTIONS = 10
"""Two replicas' worth: each keeps five."""
_FACTS = """SELECT split_part(current_setting('server_version'), ' ', 1),
    pg_is_in_recovery(), current_setting('fsync') = 'on',
    has_schema_privilege(current_schema(), 'CREATE'),
    current_setting('max_connections')::int - (SELECT count(*) FROM pg_stat_activity
        WHERE backend_type = 'client backend')"""
_CLOSED = """SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND NOT
    has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT, INSERT, UPDATE, DELETE')
    ORDER BY tablename LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was found; a problem or a doubt is a sentence for a person."""

    found: str
    problem: str = ""
    """Why nothing can be kept there."""
    doubt: str = ""
    """What may go wrong later."""


def examined(place: PostgresUrl) -> Checkup:
    """Return how a database is; raises `StorageError` where it can not be reached or used."""
    with connect(place) as connection:
        try:
            return _examined(connection, place)
        except psycopg.Error as error:
            raise told_by_postgres(error, place) from error


def _examined(connection: psycopg.Connection, place: PostgresUrl) -> Checkup:
    row = connection.execute(_FACTS).fetchone()
    assert row is not None
    version, is_copy, is_synced, may_create, free = row
    name = schema_of(connection)
    found = f"PostgreSQL {version} at {place}, schema {name}"
    closed = connection.execute(_CLOSED).fetchone()
    if closed is not None:
        words = f"Its user may not write in the table {closed[0]} of the schema {name}."
        return Checkup(found, words)
    revision = schema.current(Statements(connection), IS_THERE)
    if is_copy:
        return Checkup(found, "It is a copy that can only be read; name the primary server.")
    if revision is not None and revision > schema.HEAD:
        return Checkup(found, f"Its tables ({revision}) are of a newer Framewright; update here.")
    if revision != schema.HEAD and not may_create:
        return Checkup(found, f"Its user may not make tables: GRANT CREATE ON SCHEMA {name}.")
    if revision is None:
        found += " (empty; whoever opens the workspace makes the tables)"
    elif revision != schema.HEAD:
        found += f" (tables {revision}; whoever opens the workspace brings them to {schema.HEAD})"
    if not is_synced:
        return Checkup(found, doubt="It runs with fsync=off: a power cut loses what was accepted.")
    if free < FEW_CONNECTIONS:
        return Checkup(found, doubt=f"It has {free} connections left, and each replica takes five.")
    return Checkup(found)
