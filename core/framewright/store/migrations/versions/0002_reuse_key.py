"""Finished steps are found by what their result depends on."""

import sqlalchemy as sa
from alembic import op

from framewright.store.column_types import WORDS

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let each step run carry its reuse key; runs from before have none."""
    op.add_column("step_run", sa.Column("key", WORDS, nullable=True))
    op.create_index("step_run_by_key", "step_run", ["tenant", "key"], unique=False)
