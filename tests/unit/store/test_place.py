from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from framewright.errors import SettingsError
from framewright.settings import store_url
from framewright.store.place import PostgresUrl
from framewright.studio.workspace import Workspace, prepare

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ann@host/films", "postgresql://ann@host/films"),
        ("postgresql://ann:s3cret@host/films", "postgresql://ann:***@host/films"),
        ("postgres://ann:p@ss@host:5432/films", "postgres://ann:***@host:5432/films"),
        ("postgresql://host/films?user=a&password=s3cret&x=1", None),
        ("postgresql:///films?sslpassword=s3cret", None),
    ],
)
def test_a_password_is_never_shown(url: str, shown: str | None) -> None:
    place = PostgresUrl(url)
    assert "s3cret" not in f"{place} {place!r}"
    assert "p@ss" not in f"{place} {place!r}"
    assert shown is None or str(place) == shown


@pytest.mark.parametrize("url", ["mysql://host/films", "workspace.db", "", "postgresql:films"])
def test_another_kind_of_store_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="is not a kind of store"):
        PostgresUrl(url)


def test_without_the_driver_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SettingsError, match="psycopg") as refused:
        PostgresUrl("postgresql://host/films")
    assert "framewright[postgres]" in refused.value.action


def test_the_settings_say_where_the_store_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert prepare(tmp_path).place == tmp_path / "workspace.db"
    # What is only prepared holds nothing yet.
    assert not Workspace(tmp_path).exists()
    (tmp_path / "settings.toml").write_text('[store]\nurl = "postgresql://host/films"\n', "utf-8")
    assert prepare(tmp_path).place == PostgresUrl("postgresql://host/films")
    assert Workspace(tmp_path).exists()
    monkeypatch.setenv("FRAMEWRIGHT_STORE_URL", "postgresql://other:s3cret@host/films")
    assert prepare(tmp_path).place == PostgresUrl("postgresql://other:s3cret@host/films")


def test_a_password_in_the_settings_is_refused(tmp_path: Path) -> None:
    text = '[store]\nurl = "postgresql://ann:s3cret@host/films"\n'
    (tmp_path / "settings.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsError, match="password") as refused:
        store_url(tmp_path)
    assert "s3cret" not in f"{refused.value.message} {refused.value.action}"
    assert "PGPASSWORD" in refused.value.action
