"""The store's statements as PostgreSQL takes them: all that differs is here."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from framewright.store.engine import Answer

# What stands in quotes or behind two dashes is nobody's placeholder.
_PART = re.compile(
    r"""(?P<kept>'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*)|(?P<value>\?)""",
)
# Of SQLite's functions on JSON the store uses this one, on columns, by names.
_EXTRACT = re.compile(r"json_extract\((?P<column>\w+), '\$\.(?P<path>[\w.]+)'\)")


@lru_cache(maxsize=1_024)
def translated(statement: str) -> str:
    """Return a statement with `$1`, `$2` for its values and PostgreSQL's way into JSON."""
    count = 0

    def numbered(part: re.Match[str]) -> str:
        nonlocal count
        if part["value"] is None:
            return part["kept"]
        count += 1
        return f"${count}"

    return _PART.sub(numbered, _EXTRACT.sub(_into_json, statement))


def _into_json(part: re.Match[str]) -> str:
    return f"({part['column']}::json #>> '{{{part['path'].replace('.', ',')}}}')"


class Statements:
    """A PostgreSQL connection that takes the store's statements."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> Answer:
        """Run one statement."""
        try:
            return self._connection.execute(translated(statement), values)
        except psycopg.DataError:
            if (storable := _without_nul(values)) == list(values):
                raise
            return self._connection.execute(translated(statement), storable)

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]], /) -> None:
        """Run one statement for each row."""
        with self._connection.cursor() as cursor:
            cursor.executemany(translated(statement), [_without_nul(row) for row in rows])


def _without_nul(values: Sequence[Any]) -> list[Any]:
    """Return values with the one character replaced that PostgreSQL keeps in no text."""
    return [each.replace("\0", "\ufffd") if isinstance(each, str) else each for each in values]
