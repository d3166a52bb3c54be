"""When a provider began with a job, so that times can be learned."""

import sqlalchemy as sa
from alembic import op

from framewright.store.column_types import WHOLE

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let each job carry when it was first handed over; jobs from before have no such time."""
    op.add_column("job", sa.Column("started_ms", WHOLE, nullable=True))
