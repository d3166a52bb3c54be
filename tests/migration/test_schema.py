"""The migrations lead to exactly the tables that the code declares."""

from __future__ import annotations

import asyncio
import sqlite3
from functools import partial
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from framewright.protocols import HandClock
from framewright.store import runs, schema, tables
from framewright.store.database import Database
from framewright.store.place import PostgresUrl
from framewright.store.postgres_connection import connect

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from framewright.store.place import Place
    from postgres_server import PostgresServer


OLD_JOBS = (("leased", "none"), ("leased", "submitted"), ("succeeded", "none"))


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A store without tables, once of either kind."""
    if request.param == "sqlite":
        return tmp_path / "workspace.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_schema()


def _migrated(place: Place) -> Engine:
    async def work() -> None:
        # Several processes may find it empty at the same time.
        opening = [Database.open(place, HandClock()) for _ in range(3)]
        for database in await asyncio.gather(*opening):
            await database.close()

    asyncio.run(work())
    if isinstance(place, PostgresUrl):
        connecting = partial(connect, place, raw=False)
        return create_engine("postgresql+psycopg://", creator=connecting, poolclass=NullPool)
    return create_engine(f"sqlite:///{place}")


def _is_ours(_: object, name: str | None, *__: object) -> bool:
    """Tell whether the code declares a thing; the order of rows SQLite keeps by itself."""
    return "rowid" not in (name or "")


def test_migrations_and_tables_agree(empty: Place) -> None:
    engine = _migrated(empty)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _is_ours})
        differences = compare_metadata(context, tables.EventRow.metadata)
    engine.dispose()
    assert differences == []


def test_indexes_of_some_rows_are_so_on_both(empty: Place) -> None:
    engine = _migrated(empty)
    with engine.connect() as connection:
        dialect = connection.dialect.name
        found = inspect(connection).get_indexes("job")
        some = {
            str(each["name"]): each.get("dialect_options", {}).get(f"{dialect}_where")
            for each in found
        }
    engine.dispose()
    whole = {"job_by_key"}
    assert {name for name, where in some.items() if where is None} <= whole


def test_words_are_ordered_by_their_letters_codes(empty: Place) -> None:
    """Whose turn it is must not depend on the language a server speaks."""
    engine = _migrated(empty)
    with engine.begin() as connection:
        words = ["a", "B", "_", "\U0010ffff", "é", "z"]
        for word in words:
            row = {"word": word}
            connection.execute(text("INSERT INTO tenant_share VALUES (:word, 0)"), row)
        found = connection.execute(text("SELECT tenant FROM tenant_share ORDER BY tenant"))
        assert [word for (word,) in found] == sorted(words)
    engine.dispose()


def test_the_code_knows_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", "framewright.store:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


def test_every_row_names_its_tenant(empty: Place) -> None:
    engine = _migrated(empty)
    found = inspect(engine)
    for table in set(found.get_table_names()) - {"alembic_version", "sqlite_sequence"}:
        assert "tenant" in {column["name"] for column in found.get_columns(table)}, table
    engine.dispose()


def test_a_workspace_of_the_first_schema_keeps_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    config = Config()
    config.set_main_option("script_location", "framewright.store:migrations")
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text("INSERT INTO plan VALUES ('p', 'local', 'T', '{}', 1)"))
        connection.execute(
            text("INSERT INTO run VALUES ('r', 'local', 'p', 'T', 'succeeded', 0, 1, 2)")
        )
        connection.execute(
            text("INSERT INTO step_run VALUES ('r', 's', 'local', 'succeeded', 1, '[]', NULL)")
        )
        for number, (state, phase) in enumerate(OLD_JOBS):
            connection.execute(
                text(
                    "INSERT INTO job (id, tenant, key, request_hash, correlation, provider, state,"
                    " phase, request, created_ms, updated_ms) VALUES (:id, 'local', :id, '', '',"
                    " 'fake', :state, :phase, '{\"model\": \"fake/a\"}', 5, 5)"
                ),
                {"id": f"j{number}", "state": state, "phase": phase},
            )
    engine.dispose()

    async def work() -> None:
        database = await Database.open(path, HandClock())
        (record,) = await database.read(runs.steps("r"))
        assert record.step == "s"
        assert await database.read(runs.finished("local", {"s": "some key"})) == {}
        rows = "SELECT state, phase, owner, model, rank FROM job ORDER BY id"
        found = await database.read(lambda at: at.execute(rows).fetchall())
        # What had begun in a process of before waits again; what a provider may have stays so.
        assert found == [
            ("queued", "none", "before", "fake/a", 5),
            ("leased", "submitted", "before", "fake/a", 5),
            ("succeeded", "none", None, "fake/a", 5),
        ]
        await database.close()

    asyncio.run(work())


def test_a_migration_that_is_cut_off_leaves_nothing(tmp_path: Path) -> None:
    at = sqlite3.connect(tmp_path / "workspace.db", isolation_level=None)

    def cut(action: int, name: str | None, *_: str | None) -> int:
        ends = action == sqlite3.SQLITE_CREATE_TABLE and name == "attempt"
        return sqlite3.SQLITE_DENY if ends else sqlite3.SQLITE_OK

    at.set_authorizer(cut)
    with pytest.raises(DatabaseError):
        schema.bring_up_to_date(at)
    at.set_authorizer(None)
    assert at.execute("SELECT name FROM sqlite_master").fetchall() == []
    schema.bring_up_to_date(at)
    assert schema.current(at) == schema.HEAD
    at.close()
