"""A person's word on a step that waits for one."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let each step run carry what a person said: 1 yes, 0 no, nothing yet."""
    op.add_column("step_run", sa.Column("approved", sa.Boolean(), nullable=True))
