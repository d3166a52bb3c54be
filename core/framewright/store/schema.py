"""Brings a workspace's database to the schema of this program, by Alembic's revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewright.errors import StorageError

if TYPE_CHECKING:
    import sqlite3

HEAD = "0007"
"""The newest revision in `migrations/versions`; a test holds the two together."""


def current(connection: sqlite3.Connection) -> str | None:
    """Return the revision a database is at; None for an empty one."""
    known = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
    ).fetchone()
    if known is None:
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
    # Alembic takes a third of a second to import; a workspace needs it once.
    from importlib.resources import files

    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    config = Config()
    config.set_main_option("script_location", str(files("framewright.store") / "migrations"))
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    connection.execute("BEGIN IMMEDIATE")
    try:
        with engine.connect() as bound:
            config.attributes["connection"] = bound
            command.upgrade(config, "head")
            bound.commit()
    except CommandError as error:
        message = f"This workspace was written by a newer Framewright (schema {found})."
        raise StorageError(message, action="Update Framewright, then open it again.") from error
    finally:
        if connection.in_transaction:
            connection.rollback()
