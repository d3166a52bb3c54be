"""Brings a workspace's database to the schema of this program, by Alembic's revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.errors import StorageError

if TYPE_CHECKING:
    import sqlite3

    import sqlalchemy

    from framewright.store.engine import Connection

HEAD = "0011"
"""The newest revision in `migrations/versions`; a test holds the two together."""


_IS_THERE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"


def current(connection: Connection, is_there: str = _IS_THERE) -> str | None:
    """Return the revision a database is at; None for an empty one.

    `is_there` finds a row where the database has a table of revisions.
    """
    if connection.execute(is_there).fetchone() is None:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Apply what is missing, all or nothing.

    The caller holds the workspace's write lock, and the connection is in no transaction and
    begins none by itself. Raises `StorageError` for a database of a newer program.
    """
    found = current(connection)
    if found == HEAD:
        return
    # SQLAlchemy takes a third of a second to import; a workspace needs it once.
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    # In a transaction that it did not begin itself, Alembic does not commit after each revision.
    with engine.connect() as bound, bound.begin():
        # Not before: on connecting, SQLAlchemy rolls back whatever has begun.
        connection.execute("BEGIN IMMEDIATE")
        upgrade(bound, found)


def upgrade(bound: sqlalchemy.Connection, found: str | None) -> None:
    """Apply the revisions behind the one that was found, in the connection's transaction.

    Raises `StorageError` for a database of a newer program.
    """
    from importlib.resources import files

    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(files("framewright.store") / "migrations"))
    config.attributes["connection"] = bound
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        message = f"This workspace was written by a newer Framewright (schema {found})."
        raise StorageError(message, action="Update Framewright, then open it again.") from error
