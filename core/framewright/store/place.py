"""Where a store is: a file in the workspace, or a PostgreSQL server that replicas share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from typing_extensions import override

from framewright.errors import SettingsError
from framewright.settings import PASSWORD

SCHEMES = ("postgresql://", "postgres://")


@dataclass(frozen=True, slots=True, repr=False)
class PostgresUrl:
    """A database of a PostgreSQL server.

    Raises `SettingsError` for another kind of URL, or where the driver is not installed.
    """

    url: str

    def __post_init__(self) -> None:
        """Refuse what no PostgreSQL server is named by."""
        if not self.url.startswith(SCHEMES):
            message = f"{self.url.partition(':')[0]}: is not a kind of store."
            raise SettingsError(message, action="Write postgresql://user@host/database.")
        try:
            # Nobody who keeps to SQLite needs the driver, nor the time to load it.
            import psycopg  # noqa: F401
        except ImportError as error:
            message = "A store on PostgreSQL needs the package psycopg."
            action = "pip install 'framewright[postgres]'"
            raise SettingsError(message, action=action) from error

    @override
    def __str__(self) -> str:
        """Return it as it may be shown and logged: without the password."""
        return PASSWORD.sub(lambda found: f"{found[1] or found[2]}***", self.url)

    @override
    def __repr__(self) -> str:
        """Return the same for programmers."""
        return f"PostgresUrl({str(self)!r})"


Place = Path | PostgresUrl
