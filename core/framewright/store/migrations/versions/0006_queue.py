"""Jobs wait in a fair queue and belong to one process at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let each job say whose turn it is and who carries it; those from before are over."""
    op.add_column("job", sa.Column("model", sa.String(), nullable=False, server_default=""))
    op.add_column("job", sa.Column("rank", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("job", sa.Column("epoch", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("job", sa.Column("owner", sa.String(), nullable=True))
    op.execute("UPDATE job SET model = json_extract(request, '$.model'), rank = created_ms")
    # No process of before can be at work: what it did itself ended with it.
    op.execute("UPDATE job SET state = 'queued' WHERE state = 'leased' AND phase = 'none'")
    op.execute(
        "UPDATE job SET owner = 'before' WHERE state NOT IN ('succeeded', 'dead', 'cancelled')"
    )
    op.create_index(
        "job_ready",
        "job",
        ["owner", "tenant", "provider", "model", "rank", "id"],
        sqlite_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "job_live",
        "job",
        ["provider", "model", "tenant"],
        sqlite_where=sa.text("state IN ('leased', 'unknown')"),
    )
    op.create_table(
        "tenant_share",
        sa.Column("tenant", sa.String(), primary_key=True),
        sa.Column("finish", sa.Float(), nullable=False),
    )
