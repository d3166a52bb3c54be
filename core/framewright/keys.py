"""Keys of providers: in the environment, or in the system's keyring; never anywhere else.

Which of them the keyring holds stands by name in a small file of the person's settings, so that
nothing has to open (and perhaps unlock) a keyring to know what can be used here.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from framewright.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable

SERVICE = "framewright"
"""What our entries are called in the keyring; the user of an entry is the provider's name."""
FILE_NAME = "keys.json"
FOLDER_VARIABLE = "FRAMEWRIGHT_CONFIG_HOME"
"""Environment variable that says where a person's own settings are."""
MOST_LETTERS = 4_096


@dataclass(frozen=True, slots=True)
class Key:
    """A secret, and where it is from; its text shows nothing of it."""

    secret: str = field(repr=False)
    source: str
    """The environment variable, or `keyring`."""


class KeyringError(InputError):
    """The system's keyring can not be used."""

    code = "keyring"


def place_of(provider: str, variables: Iterable[str]) -> str | None:
    """Return where a provider's key is, `keyring` or a variable's name; None where it has none.

    Opens no keyring.
    """
    for name in variables:
        if os.environ.get(name, "").strip():
            return name
    return "keyring" if provider in _listed() else None


def find(provider: str, variables: Iterable[str]) -> Key | None:
    """Return a provider's key; the environment wins. May wait for the keyring to be unlocked.

    Raises `KeyringError` where the keyring should have it and does not give it.
    """
    where = place_of(provider, variables)
    if where is None:
        return None
    if where != "keyring":
        return Key(os.environ[where].strip(), where)
    import keyring
    import keyring.errors

    try:
        secret = keyring.get_password(SERVICE, provider)
    except keyring.errors.KeyringError as error:
        message = f"The keyring does not give the key of {provider}: {type(error).__name__}."
        action = "Unlock it, or set the key in the environment."
        raise KeyringError(message, action=action) from None
    if not secret:
        message = f"The keyring has no key of {provider} any more."
        action = f"Set it again with `framewright keys set {provider}`."
        raise KeyringError(message, action=action)
    return Key(secret, "keyring")


def keep(provider: str, secret: str) -> None:
    """Put a provider's key into the system's keyring; raises `KeyringError` where there is none."""
    secret = secret.strip()
    if not secret or len(secret) > MOST_LETTERS or any(each.isspace() for each in secret):
        raise InputError("That is no key.", action="Paste the key alone, without spaces.")
    import keyring
    import keyring.errors

    try:
        keyring.set_password(SERVICE, provider, secret)
    except keyring.errors.KeyringError:
        message = "This system has no keyring that can be used."
        action = "Set the key in the environment instead; `framewright keys` names the variable."
        raise KeyringError(message, action=action) from None
    _write({*_listed(), provider})


def forget(provider: str) -> None:
    """Take a provider's key out of the keyring; raises `NotFoundError` where it is not there."""
    if provider not in _listed():
        raise NotFoundError(f"The keyring holds no key of {provider}.")
    import keyring
    import keyring.errors

    try:
        keyring.delete_password(SERVICE, provider)
    except keyring.errors.PasswordDeleteError:
        pass  # Somebody took it out already.
    except keyring.errors.KeyringError:
        message = "The keyring does not answer."
        raise KeyringError(message, action="Unlock it, then try again.") from None
    _write(_listed() - {provider})


def settings_folder() -> Path:
    """Return the folder of a person's own settings, of all workspaces together."""
    if named := os.environ.get(FOLDER_VARIABLE):
        return Path(named)
    import platformdirs

    return platformdirs.user_config_path(SERVICE)


def _listed() -> frozenset[str]:
    """Return the providers whose key the keyring is said to hold."""
    try:
        told = json.loads((settings_folder() / FILE_NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return frozenset()
    names = told.get("keyring") if isinstance(told, dict) else None
    return frozenset(each for each in names or () if isinstance(each, str))


def _write(names: Iterable[str]) -> None:
    folder = settings_folder()
    folder.mkdir(parents=True, exist_ok=True)
    where: Literal["keyring"] = "keyring"
    text = json.dumps({where: sorted(names)}, indent=1)
    beside = folder / f".{FILE_NAME}.{os.getpid()}"
    beside.write_text(text + "\n", "utf-8")
    beside.replace(folder / FILE_NAME)
