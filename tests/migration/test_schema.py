"""The migrations lead to exactly the tables that the code declares."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DatabaseError

from framewright.protocols import HandClock
from framewright.store import runs, schema, tables
from framewright.store.database import Database

if TYPE_CHECKING:
    from pathlib import Path


OLD_JOBS = (("leased", "none"), ("leased", "submitted"), ("succeeded", "none"))


def _migrated(folder: Path) -> Path:
    async def work() -> None:
        await (await Database.open(folder / "workspace.db", HandClock())).close()

    asyncio.run(work())
    return folder / "workspace.db"


def test_migrations_and_tables_agree(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{_migrated(tmp_path)}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        differences = compare_metadata(context, tables.EventRow.metadata)
    engine.dispose()
    assert differences == []


def test_the_code_knows_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", "framewright.store:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


def test_every_row_names_its_tenant(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{_migrated(tmp_path)}")
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
