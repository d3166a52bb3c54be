"""Types of columns as SQLite has them from the beginning, and as PostgreSQL needs them.

PostgreSQL's INTEGER ends at 2**31, before any time in milliseconds; its words are compared by
the language of the server unless a column says otherwise, and the queue's order must not
depend on that.
"""

from __future__ import annotations

import sqlalchemy as sa

WHOLE = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
WORDS = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def rowid(dialect: str) -> list[sa.Column[int]]:
    """Return the column that says in which order rows came; SQLite has it in every table."""
    if dialect == "sqlite":
        return []
    return [sa.Column("rowid", sa.BigInteger(), sa.Identity(always=True), unique=True)]
