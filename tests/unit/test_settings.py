"""Settings that are wrong are said in words of their own: where, what is allowed, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest
from pydantic import BaseModel

from framewright.errors import SettingsError
from framewright.settings import ALLOWED, FILE_NAME, Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def _told(folder: Path, text: str) -> tuple[str, str]:
    (folder / FILE_NAME).write_text(text, "utf-8")
    with pytest.raises(SettingsError) as told:
        load_settings(folder)
    return told.value.message.replace(str(folder / FILE_NAME), "FILE"), told.value.action


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "max_parallel_steps = 0",
            "FILE: max_parallel_steps is a whole number from 1 to 10000, and not 0.",
        ),
        ("telemetry = 'maybe'", 'FILE: telemetry is true or false, and not "maybe".'),
        (
            "catalogs = 3",
            'FILE: catalogs is a list of catalog files, such as ["models.json"], and not 3.',
        ),
        ("limits = 3", "FILE: limits is a table: [limits], and not 3."),
        (
            "[limits]\nrates = { far = '600/min' }",
            "FILE: limits.rates.far is a number of jobs up to 999999 in a second, minute, hour or"
            ' day, such as "600/minute", and not "600/min".',
        ),
        (
            "[limits]\nmodels = { 'local/music' = 'one' }",
            'FILE: limits.models."local/music" is a whole number of jobs, 1 or more, and not'
            ' "one".',
        ),
        (
            "[limits]\ntenants = { ann = 3 }",
            "FILE: limits.tenants.ann is a table, such as { most = 8, weight = 2.0 }, and not 3.",
        ),
        (
            "[budgets]\nper = 'week'",
            'FILE: budgets.per is "day", "month" or "total", and not "week".',
        ),
        (
            "[budgets]\nproject = -1",
            "FILE: budgets.project is an amount in US dollars, 0 or more, such as 50.0, and not"
            " -1.",
        ),
    ],
)
def test_a_wrong_value_is_told_with_what_is_allowed(tmp_path: Path, text: str, said: str) -> None:
    message, action = _told(tmp_path, text)
    assert message == said
    assert action.startswith("Correct ")
    assert str(tmp_path) in action


def test_an_unknown_setting_is_told_with_the_near_one(tmp_path: Path) -> None:
    assert _told(tmp_path, "[limits]\nmodel = { a = 1 }") == (
        "FILE: nothing is set by limits.model.",
        "Write models.",
    )
    assert _told(tmp_path, "[budgets]\nyearly = 3")[1] == "Known there are: per, project, tenants."
    _, action = _told(tmp_path, "[limits.tenants.ann]\nzzz = 3")
    assert action == "Known there are: most, weight, models."


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    message, _ = _told(tmp_path, "telemetry = 3\n[limits]\nhours = 0")
    assert "telemetry" in message
    assert "limits.hours" in message


def test_a_password_is_never_repeated(tmp_path: Path) -> None:
    for text in ("url = ['postgresql://ann:secret@host']", "password = 'secret'"):
        assert "secret" not in "".join(_told(tmp_path, f"[store]\n{text}"))


def test_a_variable_is_named_where_it_is_to_blame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRAMEWRIGHT_TENANT", "Ann B")
    message, action = _told(tmp_path, "")
    assert message.startswith("FRAMEWRIGHT_TENANT: tenant is a name of small letters")
    assert message.endswith('and not "Ann B".')
    assert action == "Change or unset FRAMEWRIGHT_TENANT."


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    message, action = _told(tmp_path, "a = = 1")
    assert message.startswith("FILE is not TOML:")
    assert "line 1" in message
    assert action
    (tmp_path / FILE_NAME).write_bytes(b"tenant = '\xff'")
    with pytest.raises(SettingsError, match="not UTF-8"):
        load_settings(tmp_path)
    (tmp_path / FILE_NAME).unlink()
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(SettingsError, match="can not be read: Is a directory"):
        load_settings(tmp_path)


def test_there_are_words_for_every_setting() -> None:
    assert set(_places(Settings, "")) == set(ALLOWED)


def _places(model: type[BaseModel], above: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield f"{above}{name}"
        yield from _inside(field.annotation, f"{above}{name}")


def _inside(kind: object, above: str) -> Iterator[str]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from _places(kind, f"{above}.")
    origin = getattr(kind, "__origin__", None)
    if origin in (dict, tuple):
        yield f"{above}.*"
        yield from _inside(get_args(kind)[1 if origin is dict else 0], f"{above}.*")
