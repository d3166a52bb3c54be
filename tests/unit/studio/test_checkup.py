"""The doctor on a workspace's settings and on the database that replicas share."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from framewright import Studio
from framewright.settings import STORE_VARIABLE, load_settings
from framewright.store import postgres_checkup, schema
from framewright.studio import checkup
from framewright.studio.doctor import examine
from framewright.studio.settings_names import unknown_names

if TYPE_CHECKING:
    from pathlib import Path

    from framewright.studio.diagnosis import Item
    from postgres_server import PostgresServer

SLIPS = """
[limits]
models = { "local/musik" = 1, "local/music" = 1 }
providers = { lokal = 1, local = 2 }
rates = { local = "1/second", "local/previz-stil" = "1/second", nowhere = "2/day" }
tenants = { ann = { models = { "local/musicc" = 1 } }, "Bob!" = { most = 1 } }

[budgets]
tenants = { "Ann B" = 1.0, ann = 2.0 }
"""


def _slips(folder: Path) -> tuple[str, ...]:
    (folder / "settings.toml").write_text(SLIPS, "utf-8")
    models = ("local/music", "local/previz-still")
    return unknown_names(load_settings(folder), models, ("local",))


def test_names_that_nothing_has_are_told_with_the_near_ones(tmp_path: Path) -> None:
    told = _slips(tmp_path)
    # What is right is not told.
    assert len(told) == 7
    wanted = {
        "local/musik": "local/music",
        "lokal": "local",
        "local/previz-stil": "local/previz-still",
        "local/musicc": "local/music",
    }
    for slip, meant in wanted.items():
        (sentence,) = (each for each in told if f" {slip}," in each)
        assert sentence.endswith(f"Did you mean {meant}?")
    (nowhere,) = (each for each in told if "nowhere" in each)
    assert "Did you mean" not in nowhere
    assert sum("no tenant can be called that" in each for each in told) == 2


def test_the_doctor_and_an_open_workspace_tell_of_such_names(tmp_path: Path) -> None:
    _slips(tmp_path)
    found = checkup.settings(tmp_path)
    assert found.state == "warning"
    assert "Did you mean local?" in found.found

    async def remarks() -> tuple[str, ...]:
        async with Studio.open(tmp_path) as studio:
            return studio.remarks

    assert any("lokal" in each for each in asyncio.run(remarks()))


def test_settings_that_can_not_be_read_are_lacking(tmp_path: Path) -> None:
    assert checkup.settings(tmp_path).state == "ok"
    (tmp_path / "settings.toml").write_text("telemetry = 3", "utf-8")
    found = checkup.settings(tmp_path)
    assert found.state == "missing"
    assert "true or false" in found.found
    assert found.remedy
    (tmp_path / "settings.toml").write_text("[store]\nurl = 'postgresql://a:b@h/d'", "utf-8")
    assert "password" in checkup.settings(tmp_path).found


# ---- the store


@pytest.fixture
def server(postgres: PostgresServer) -> PostgresServer:
    return postgres


def _store(folder: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Item:
    monkeypatch.setenv(STORE_VARIABLE, url)
    (found,) = (each for each in examine(folder).items if each.name == "Store")
    return found


def test_without_a_shared_store_nothing_is_told_of_one(tmp_path: Path) -> None:
    names = {each.name for each in examine(tmp_path).items}
    assert "File system" in names
    assert "Store" not in names


def test_a_store_that_is_well(
    tmp_path: Path, server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The servers of tests do not sync.
    monkeypatch.setattr(
        postgres_checkup, "_FACTS", postgres_checkup._FACTS.replace("= 'on'", "= 'off'")
    )
    found = _store(tmp_path, server.new_store().url, monkeypatch)
    assert found.state == "ok", found
    assert "PostgreSQL 1" in found.found
    empty = _store(tmp_path, server.new_schema().url, monkeypatch)
    assert empty.state == "ok"
    assert "makes the tables" in empty.found


def test_a_server_that_may_lose_what_it_has_is_doubted(
    tmp_path: Path, server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _store(tmp_path, server.new_store().url, monkeypatch)
    assert found.state == "warning"
    assert "fsync=off" in found.found
    assert found.remedy.startswith("psql ")


def test_a_store_of_a_newer_program(
    tmp_path: Path, server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = server.new_store().url
    monkeypatch.setattr(schema, "HEAD", "0001")
    found = _store(tmp_path, url, monkeypatch)
    assert found.state == "missing"
    assert "newer Framewright" in found.found


def test_a_user_who_may_not(
    tmp_path: Path, server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty, full = server.new_schema().url, server.new_store().url
    if not server.run("SELECT 1 FROM pg_roles WHERE rolname = 'guest'"):
        server.run("CREATE ROLE guest LOGIN")
    found = _store(tmp_path, full.replace("framewright@", "guest@"), monkeypatch)
    assert found.state == "missing"
    assert "may not write in the table account" in found.found
    name = empty.rpartition("%3D")[2]
    server.run(f"GRANT USAGE ON SCHEMA {name} TO guest")
    found = _store(tmp_path, empty.replace("framewright@", "guest@"), monkeypatch)
    assert found.state == "missing"
    assert f"GRANT CREATE ON SCHEMA {name}" in found.found


def test_a_store_that_can_not_be_reached_and_a_password_that_stays_hidden(
    tmp_path: Path, server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for url in (
        f"postgresql://ann:s3cret@/films?host={tmp_path}",
        f"postgresql:///films?host={tmp_path}&user=ann&password=s3cret",
        server.url().replace("framewright@", "framewright:s3cret@").replace("public", "absent"),
        "postgresql://ann:s3cret@host:port/films",
        "mysql://ann:s3cret@host/films",
    ):
        found = _store(tmp_path, url, monkeypatch)
        assert found.state == "missing"
        assert found.remedy
        assert "s3cret" not in found.model_dump_json()
