"""A keyring in a file of the home folder, for processes that tests start."""

from __future__ import annotations

import json
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class FileKeyring(KeyringBackend):
    priority = 1  # type: ignore[assignment]

    def get_password(self, service: str, username: str) -> str | None:
        return _held().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        _hold({**_held(), f"{service} {username}": password})

    def delete_password(self, service: str, username: str) -> None:
        held = _held()
        if held.pop(f"{service} {username}", None) is None:
            raise PasswordDeleteError(username)
        _hold(held)


def _file() -> Path:
    return Path.home() / "keyring.json"


def _held() -> dict[str, str]:
    return json.loads(_file().read_text("utf-8")) if _file().exists() else {}


def _hold(held: dict[str, str]) -> None:
    _file().write_text(json.dumps(held), "utf-8")
