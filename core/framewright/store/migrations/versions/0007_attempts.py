"""Jobs wait before their next attempt; failed attempts and ailing models are on record."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let each job count its attempts and hear what a person wishes of it."""
    op.add_column("job", sa.Column("attempt", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("job", sa.Column("run_at_ms", sa.Integer(), nullable=True))
    op.add_column("job", sa.Column("wish", sa.String(), nullable=True))
    op.add_column(
        "job", sa.Column("amended", sa.Boolean(), nullable=False, server_default=sa.text("0"))
    )
    op.create_index("job_wish", "job", ["owner"], sqlite_where=sa.text("wish IS NOT NULL"))
    op.create_index(
        "job_dead", "job", ["tenant", "updated_ms"], sqlite_where=sa.text("state = 'dead'")
    )
    op.create_table(
        "attempt",
        sa.Column("job", sa.String(), sa.ForeignKey("job.id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("began_ms", sa.Integer(), nullable=True),
        sa.Column("ended_ms", sa.Integer(), nullable=False),
        sa.Column("remote_id", sa.String(), nullable=True),
        sa.Column("request", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
    )
    op.create_table(
        "health",
        sa.Column("tenant", sa.String(), primary_key=True),
        sa.Column("provider", sa.String(), primary_key=True),
        sa.Column("model", sa.String(), primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("open_until_ms", sa.Integer(), nullable=True),
        sa.Column("open_ms", sa.Integer(), nullable=False),
        sa.Column("probe", sa.String(), nullable=True),
        sa.Column("throttled_until_ms", sa.Integer(), nullable=True),
    )
