"""The first schema: plans, runs, steps, jobs, assets, uploads and events."""

import sqlalchemy as sa
from alembic import op

from framewright.store.column_types import WHOLE, WORDS, rowid

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "asset",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("hash", WORDS, nullable=False),
        sa.Column("suffix", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("info", WORDS, nullable=False),
        sa.Column("created_ms", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "hash"),
    )
    op.create_index("asset_by_time", "asset", ["tenant", "created_ms"], unique=False)
    op.create_table(
        "event",
        sa.Column("seq", WHOLE, nullable=False),
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("run", WORDS, nullable=True),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.Column("body", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sqlite_autoincrement=True,
    )
    op.create_index("event_of_run", "event", ["run", "seq"], unique=False)
    op.create_table(
        "job",
        sa.Column("id", WORDS, nullable=False),
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("request_hash", WORDS, nullable=False),
        sa.Column("correlation", WORDS, nullable=False),
        sa.Column("provider", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("phase", WORDS, nullable=False),
        sa.Column("remote_id", WORDS, nullable=True),
        sa.Column("request", WORDS, nullable=False),
        sa.Column("result", WORDS, nullable=True),
        sa.Column("created_ms", WHOLE, nullable=False),
        sa.Column("updated_ms", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("job_by_key", "job", ["tenant", "key"], unique=True)
    op.create_table(
        "plan",
        sa.Column("id", WORDS, nullable=False),
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("title", WORDS, nullable=False),
        sa.Column("body", WORDS, nullable=False),
        sa.Column("created_ms", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "provenance",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("asset", WORDS, nullable=False),
        sa.Column("origin", WORDS, nullable=False),
        sa.Column("body", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("provenance_once", "provenance", ["tenant", "asset", "origin"], unique=True)
    op.create_table(
        "upload",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("asset", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("created_ms", WHOLE, nullable=False),
        *rowid(op.get_bind().dialect.name),
        sa.PrimaryKeyConstraint("tenant", "id"),
    )
    op.create_table(
        "run",
        sa.Column("id", WORDS, nullable=False),
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("plan", WORDS, nullable=False),
        sa.Column("title", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("created_ms", WHOLE, nullable=False),
        sa.Column("ended_ms", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(
            ["plan"],
            ["plan.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("run_by_time", "run", ["tenant", "created_ms"], unique=False)
    op.create_table(
        "step_run",
        sa.Column("run", WORDS, nullable=False),
        sa.Column("step", WORDS, nullable=False),
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("cycle", WHOLE, nullable=False),
        sa.Column("outputs", WORDS, nullable=False),
        sa.Column("error", WORDS, nullable=True),
        *rowid(op.get_bind().dialect.name),
        sa.ForeignKeyConstraint(
            ["run"],
            ["run.id"],
        ),
        sa.PrimaryKeyConstraint("run", "step"),
    )
