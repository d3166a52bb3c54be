"""Jobs wait before their next attempt; failed attempts and ailing models are on record."""

import sqlalchemy as sa
from alembic import op

from framewright.store.column_types import WHOLE, WORDS

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let each job count its attempts and hear what a person wishes of it."""
    op.add_column("job", sa.Column("attempt", WHOLE, nullable=False, server_default="1"))
    op.add_column("job", sa.Column("run_at_ms", WHOLE, nullable=True))
    op.add_column("job", sa.Column("wish", WORDS, nullable=True))
    op.add_column(
        "job", sa.Column("amended", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index(
        "job_wish",
        "job",
        ["owner"],
        sqlite_where=sa.text("wish IS NOT NULL"),
        postgresql_where=sa.text("wish IS NOT NULL"),
    )
    op.create_index(
        "job_dead",
        "job",
        ["tenant", "updated_ms"],
        sqlite_where=sa.text("state = 'dead'"),
        postgresql_where=sa.text("state = 'dead'"),
    )
    op.create_table(
        "attempt",
        sa.Column("job", WORDS, sa.ForeignKey("job.id"), primary_key=True),
        sa.Column("number", WHOLE, primary_key=True),
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("epoch", WHOLE, nullable=False),
        sa.Column("began_ms", WHOLE, nullable=True),
        sa.Column("ended_ms", WHOLE, nullable=False),
        sa.Column("remote_id", WORDS, nullable=True),
        sa.Column("request", WORDS, nullable=True),
        sa.Column("error", WORDS, nullable=False),
    )
    op.create_table(
        "health",
        sa.Column("tenant", WORDS, primary_key=True),
        sa.Column("provider", WORDS, primary_key=True),
        sa.Column("model", WORDS, primary_key=True),
        sa.Column("failures", WHOLE, nullable=False),
        sa.Column("open_until_ms", WHOLE, nullable=True),
        sa.Column("open_ms", WHOLE, nullable=False),
        sa.Column("probe", WORDS, nullable=True),
        sa.Column("throttled_until_ms", WHOLE, nullable=True),
    )
