"""Providers' deliveries, how fast they take jobs, and leases that end by time."""

import sqlalchemy as sa
from alembic import op

from framewright.store.column_types import WHOLE, WORDS

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let what comes from outside, and who is at work, stand on record."""
    op.create_index(
        "job_waiting",
        "job",
        ["tenant", "provider", "model"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "inbox",
        sa.Column("provider", WORDS, primary_key=True),
        sa.Column("delivery", WORDS, primary_key=True),
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("remote_id", WORDS, nullable=False),
        sa.Column("key", WORDS, nullable=True),
        sa.Column("body", WORDS, nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.Column("heard", sa.Boolean(), nullable=False),
    )
    op.create_index(
        "inbox_unheard",
        "inbox",
        ["provider", "remote_id"],
        sqlite_where=sa.text("NOT heard"),
        postgresql_where=sa.text("NOT heard"),
    )
    op.create_index("inbox_by_key", "inbox", ["provider", "key"])
    op.create_table(
        "rate",
        sa.Column("tenant", WORDS, primary_key=True),
        sa.Column("name", WORDS, primary_key=True),
        sa.Column("tokens", sa.Float(), nullable=True),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.Column("remaining", WHOLE, nullable=True),
        sa.Column("resets_ms", WHOLE, nullable=True),
    )
    op.create_table(
        "lease",
        sa.Column("name", WORDS, primary_key=True),
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("owner", WORDS, nullable=False),
        sa.Column("until_ms", WHOLE, nullable=False),
    )
